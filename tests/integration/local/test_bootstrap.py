"""The first step of every make target, under Pythons that will not do."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from sutg.local import prepare
from sutg.local.paths import REPOSITORY


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        ("echo False; exit 0", "Python 3.11 or newer is needed"),
        ("echo 'no such command' >&2; exit 127", "Python 3.11 or newer is needed"),
        ("echo True; exit 1", "install python3-venv"),
    ],
    ids=["too old", "broken", "without venv"],
)
def test_bootstrap_with_an_unfit_python_says_so(tmp_path: Path, behaviour: str, sentence: str) -> None:
    fake = tmp_path / "a python"
    fake.write_text(f"#!/bin/sh\n{behaviour}\n", encoding="utf-8")
    fake.chmod(0o755)

    done = subprocess.run(
        [sys.executable, "-I", str(REPOSITORY / "sutg" / "local" / "bootstrap.py"), "setup"],
        env={"PYTHON": str(fake), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_bootstrap_speaks_to_pythons_that_are_too_old() -> None:
    source = (REPOSITORY / "sutg" / "local" / "bootstrap.py").read_text(encoding="utf-8")

    # What an old Python cannot read, it cannot refuse in a sentence either.
    tree = ast.parse(source, feature_version=(3, 4))

    assert not any(isinstance(node, ast.JoinedStr | ast.AnnAssign) for node in ast.walk(tree))
    assert "__future__" not in source


def test_step_is_done_again_only_when_its_sources_change(tmp_path: Path) -> None:
    source, stamp = tmp_path / "source", tmp_path / "stamp"
    source.write_text("one", encoding="utf-8")
    stamp.write_text(prepare.digest([source]), encoding="ascii")

    before = prepare.is_stamped(stamp, prepare.digest([source]))
    source.write_text("two", encoding="utf-8")

    assert before
    assert not prepare.is_stamped(stamp, prepare.digest([source]))


def test_full_disk_during_a_step_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('OSError: [Errno 28] No space left on device')"]

    with pytest.raises(SystemExit, match="The disk is full: "):
        prepare.run(failing, "The Python packages could not be installed")


def test_unreachable_index_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('NewConnectionError: Temporary failure')"]

    with pytest.raises(SystemExit, match="the package index cannot be reached"):
        prepare.run(failing, "The Python packages could not be installed")
