"""The same clone for root with a private home, and for an ordinary user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.local.standin import HOLD, Clone, build_clone

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")


@pytest.fixture
def nobody() -> pwd.struct_passwd:
    """An unprivileged user that every system has."""
    return pwd.getpwnam("nobody")


@pytest.fixture
def ordinary_clone(server_root: Path, nobody: pwd.struct_passwd) -> Iterator[Clone]:
    """A clone that an ordinary user owns, run as that user."""
    home = Path(tempfile.mkdtemp(prefix="sutg ordinary "))
    made = build_clone(home / "clone", server_root)
    for path in (home, *home.rglob("*")):
        shutil.chown(path, nobody.pw_uid, nobody.pw_gid)
    made.user = nobody.pw_uid
    made.python, made.extra = reachable_python(nobody.pw_uid)
    yield made
    made.remove()
    shutil.rmtree(home, ignore_errors=True)


def test_root_with_a_private_home_runs_the_server_as_somebody_else(clone: Clone) -> None:
    holder = clone.start("-c", HOLD)
    assert holder.stdout
    holder.stdout.readline()
    assert clone.server

    owner = Path(f"/proc/{clone.server.pid}").stat().st_uid

    holder.communicate()
    assert owner != 0
    assert clone.cluster.root.parent == clone.server_root


def test_ordinary_user_keeps_everything_in_the_clone(ordinary_clone: Clone, nobody: pwd.struct_passwd) -> None:
    holder = ordinary_clone.start("-c", HOLD)
    assert holder.stdout
    assert holder.stdout.readline().startswith("postgresql://sutg_app:")
    assert ordinary_clone.server

    owner = Path(f"/proc/{ordinary_clone.server.pid}").stat().st_uid

    holder.communicate()
    assert owner == nobody.pw_uid
    assert ordinary_clone.cluster.root == ordinary_clone.state.root / "postgres"


def test_state_of_another_user_is_refused_in_one_sentence(ordinary_clone: Clone) -> None:
    ordinary_clone.query("SELECT 1")
    ordinary_clone.user = None

    code, said = ordinary_clone.run("manage.py", "setup_demo")

    assert code == 1
    assert said.count("\n") == 1
    assert "belongs to the user nobody: run as nobody" in said


def reachable_python(user: int) -> tuple[str, dict[str, str]]:
    """A Python of this version that an unprivileged user can start, with this suite's packages."""
    environment = {"PYTHONPATH": sysconfig.get_path("purelib")}
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        command = [python, "-c", "import django, psycopg"]
        try:
            done = subprocess.run(
                command,
                user=user,
                group=user,
                extra_groups=[],
                env=environment,
                cwd="/",
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if done.returncode == 0:
            return python, environment
    pytest.skip("no Python that an ordinary user can start sees the packages (the clone is in a private folder)")
