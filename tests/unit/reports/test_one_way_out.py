"""Figures leave through reports, and out of reports only by disclosure control: read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.models import Adjustment, Figure, LockedFigure
from sutg.tenancy.access import Right
from sutg.tenancy.models import TenantModel
from sutg.tenancy.roles import ScopeRole

ROOT = Path(__file__).resolve().parents[3]
APPS = [*sorted(path.parent.name for path in ROOT.glob("*/apps.py")), "sutg"]
# Rooms above reports, which put the project together and show no figures of their own.
ABOVE = ("sutg/urls.py", "sutg/demo/")
# Where visits are checked and loaded: they may count what they store.
LOADING = ("cafes/services/", "cafes/returns/", "cafes/tasks/", "cafes/management/", "cafes/selectors/returns.py")
# Where one visit at a time is recorded and corrected by whoever works at the café; nothing is counted there.
RECORDING = (
    "cafes/forms/visits.py",
    "cafes/presenters/sessions.py",
    "cafes/presenters/tablet_records.py",
    "cafes/views/visits.py",
)
COUNTING = {"count", "aggregate", "annotate", "values", "values_list", "iterator", "in_bulk"}
RAW = {
    *(f"reports.models.{name}" for name in ("Figure", "figure", "LockedFigure", "locked_figure")),
    *(f"reports.models.{name}" for name in ("Adjustment", "adjustment")),
    "reports.selectors.figures",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                yield name, ast.parse(path.read_text(encoding="utf-8"), name)


def imports(tree: ast.Module) -> Iterator[str]:
    """Every module and every name of one that is imported, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def counted_models(tree: ast.AST) -> Iterator[str]:
    """Names of what a chain of calls starts from and counts at its end: ``Visit`` in ``Visit.objects.count()``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in COUNTING:
            root: ast.AST = node.func.value
            while isinstance(root, ast.Attribute | ast.Call):
                root = root.value if isinstance(root, ast.Attribute) else root.func
            if isinstance(root, ast.Name):
                yield root.id


def outside(name: str) -> bool:
    return not name.startswith(("reports/", *ABOVE))


def test_walk_finds_the_rooms() -> None:
    assert {"accounts", "cafes", "providers", "reports", "sutg"} <= set(APPS)
    assert "reports/disclosure.py" in dict(modules())


def test_nobody_outside_reports_imports_it() -> None:
    found = [(name, known) for name, tree in modules() if outside(name) for known in imports(tree)]

    assert [(name, known) for name, known in found if known.split(".")[0] == "reports"] == []


def test_stored_figures_are_read_by_the_selectors_that_wrap_them_alone() -> None:
    allowed = {
        *("reports/models/__init__.py", "reports/selectors/figures.py", "reports/selectors/activity.py"),
        # Where they are written; and the ledger of a provider, which no other role has a right to.
        *("reports/services/adjusting.py", "reports/selectors/adjustments.py"),
    }
    reading = {name for name, tree in modules() if RAW.intersection(imports(tree))}

    assert reading <= allowed


def test_disclosure_control_alone_unwraps_a_count() -> None:
    unwrapping = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr.endswith("__count"))
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith("__count"))
        or (isinstance(node, ast.Name) and node.id == "_unwrap")
        or (isinstance(node, ast.alias) and node.name == "_unwrap")
    }

    assert unwrapping == {"reports/disclosure.py"}


def test_undisclosed_counts_reach_no_page_file_or_endpoint() -> None:
    showing = ("reports/views/", "reports/api/", "reports/presenters/", "reports/forms.py", "reports/paging.py")
    seen = {
        name
        for name, tree in modules()
        if name.startswith(showing)
        and any(known.endswith((".Undisclosed", ".disclose", "selectors.figures")) for known in imports(tree))
    }

    assert seen == set()


def test_disclosure_control_is_applied_in_one_place() -> None:
    applying = {name for name, tree in modules() if "reports.disclosure.disclose" in imports(tree)}

    assert applying == {"reports/selectors/activity.py"}


@pytest.mark.parametrize("table", ["cafes_visit", "reports_figure", "cafes_visitor"])
def test_no_other_room_writes_sql_about_people(table: str) -> None:
    writing = {
        name
        for name, tree in modules()
        if outside(name) and not name.startswith(LOADING)
        for text in texts(tree)
        if f"FROM {table}" in text or f"from {table}" in text or f"JOIN {table}" in text
    }

    assert writing == set()


def test_nobody_counts_visits_or_visitors_but_those_who_load_them() -> None:
    counting = {
        name
        for name, tree in modules()
        if outside(name) and not name.startswith(LOADING)
        if {"Visit", "Visitor"}.intersection(counted_models(tree))
    }

    assert counting == set()


@pytest.mark.parametrize(
    "code",
    [
        "Visit.objects.filter(cafe_id=1).count()",
        "Visit.objects.standing().values('gender').annotate(n=Count('id'))",
        "Visit.objects.aggregate(Count('id'))",
    ],
)
def test_the_search_for_counting_finds_it(code: str) -> None:
    assert "Visit" in counted_models(ast.parse(code))


@pytest.mark.parametrize("layer", ["views", "api", "presenters", "forms"])
def test_no_page_or_endpoint_of_another_room_knows_visits(layer: str) -> None:
    knowing = {
        name
        for name, tree in modules()
        if outside(name) and name not in RECORDING and f"/{layer}" in name
        if {"cafes.models.Visit", "cafes.models.Visitor"} & set(imports(tree))
    }

    assert knowing == set()


def test_figures_may_be_read_by_their_provider_and_by_reports_alone() -> None:
    rights = {role: Figure.tenancy.right_of(role) for role in ScopeRole}

    assert {role for role, right in rights.items() if right is not Right.NONE} == {
        ScopeRole.PROVIDER,
        ScopeRole.REPORT,
    }


@pytest.mark.parametrize("model", [LockedFigure, Adjustment])
def test_exact_figures_of_locked_months_are_their_providers_alone(model: type[TenantModel]) -> None:
    rights = {role for role in ScopeRole if model.tenancy.right_of(role) is not Right.NONE}

    assert rights == {ScopeRole.PROVIDER}
    assert model.tenancy.right_of(ScopeRole.PROVIDER) is Right.ADD
