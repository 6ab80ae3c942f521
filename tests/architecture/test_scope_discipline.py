"""Where the source itself could undo a lock: found by reading it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("sutg", "accounts", "providers", "cafes", "reports")
FILES = [file for room in ROOMS for file in sorted((REPOSITORY / room).rglob("*.py"))]
OUTSIDE_TENANCY = [file for file in FILES if "sutg/tenancy" not in file.as_posix()]
MIGRATIONS = [file for file in FILES if "/migrations/" in file.as_posix()]


def _name(file: Path) -> str:
    return file.relative_to(REPOSITORY).as_posix()


def _enters_scope(node: ast.With | ast.AsyncWith) -> bool:
    return any(
        isinstance(call, ast.Call)
        and (call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")) == "enter"
        for item in node.items
        for call in ast.walk(item.context_expr)
    )


def _own_nodes(root: ast.AST) -> Iterator[ast.AST]:
    """Nodes below ``root``, but for those of functions defined inside it."""
    for child in ast.iter_child_nodes(root):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield child
        yield from _own_nodes(child)


def _is_context_manager(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("contextmanager" in ast.unparse(decorator) for decorator in function.decorator_list)


def yields_under_a_scope(source: str) -> list[int]:
    """Lines on which a generator hands control back with a scope of its own still entered."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or _is_context_manager(function):
            continue
        for block in _own_nodes(function):
            if isinstance(block, ast.With | ast.AsyncWith) and _enters_scope(block):
                found += [n.lineno for n in _own_nodes(block) if isinstance(n, ast.Yield | ast.YieldFrom)]
    return found


def test_generator_never_yields_from_inside_a_scope() -> None:
    found = [
        f"{_name(file)}:{line}"
        for file in OUTSIDE_TENANCY
        for line in yields_under_a_scope(file.read_text(encoding="utf-8"))
    ]

    assert found == [], "the caller would go on under this scope; see sutg.tenancy.streaming"


def test_generator_that_yields_from_inside_a_scope_is_found() -> None:
    source = "def rows(s):\n    with scopes.enter(s), atomic():\n        for x in y:\n            yield x\n"

    assert yields_under_a_scope(source) == [4]
    assert yields_under_a_scope("@contextmanager\n" + source) == []


@pytest.mark.parametrize(
    ("pattern", "why", "files"),
    [
        (r"set_config\s*\(", "sutg.tenancy alone writes settings", OUTSIDE_TENANCY),
        (r"\bSET\s+(LOCAL\s+|SESSION\s+)?(ROLE|SESSION AUTHORIZATION)\b", "sutg.tenancy alone takes roles", FILES),
        (r"\bWITH\s+HOLD\b", "a cursor may not outlive its transaction", FILES),
        (r"\.raw\(", "raw queries pass by the manager", OUTSIDE_TENANCY),
        (r"\.extra\(", "raw fragments pass by the manager", OUTSIDE_TENANCY),
        (r"_base_manager|models\.QuerySet\(|Manager\(\)\.using", "the manager is the first lock", OUTSIDE_TENANCY),
        (r"\b(IMMUTABLE|SECURITY DEFINER|LEAKPROOF|MATERIALIZED)\b", "rows of one tenant for another", MIGRATIONS),
        (r"\b(DISABLE|NO FORCE) ROW LEVEL SECURITY\b", "the second lock stays shut", MIGRATIONS),
        (r"ThreadPoolExecutor|sync_to_async|run_in_executor", "a scope is handed to a thread by hand", FILES),
    ],
)
def test_source_does_not_go_round_a_lock(pattern: str, why: str, files: list[Path]) -> None:
    found = [
        f"{_name(file)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line) and not line.lstrip().startswith(("#", '"', "``")) and "``" not in line
    ]

    assert found == [], why


# Answers to what was sent twice: sealed for the person, under a key that names them and for whom they act.
MAY_USE_THE_CACHE = {"accounts/submissions.py"}


def test_cache_is_used_by_nothing_of_ours_that_is_not_listed() -> None:
    """No policy sees a cache: what goes in has the tenant in its key, and is listed with the reason."""
    found = [
        f"{_name(file)}:{node.lineno}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.core.cache")
        if _name(file) not in MAY_USE_THE_CACHE
    ]

    assert found == []
