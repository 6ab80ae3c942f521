"""Stand-in clones for the tests of sutg.local."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.integration.local.runs import Run, started
from tests.integration.local.standin import Clone, build_clone

# Spaces, an accent and a quote, and longer than the 107 bytes that the path of a socket may have.
AWKWARD = "a clone of Ann's café " + "with a long name " * 5


@contextmanager
def server_folder() -> Iterator[Path]:
    """What /var/lib/sutg is for real: a folder that the server's unprivileged user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="sutg-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server_root() -> Iterator[Path]:
    """A server folder for one test."""
    with server_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone in an awkward folder below one that only this user can enter, as a root-only home is."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    with server_folder() as folder:
        made = build_clone(home / AWKWARD, folder)
        yield made
        made.remove()


@pytest.fixture
def clone(shared_clone: Clone) -> Iterator[Clone]:
    """The module's clone, its server not running."""
    yield shared_clone
    if shared_clone.state.lock("keeper").exists():
        shared_clone.wait_until_stopped()


@pytest.fixture
def fresh_clone(tmp_path: Path, server_root: Path) -> Iterator[Clone]:
    """A clone for one test to do with as it likes."""
    made = build_clone(tmp_path / AWKWARD, server_root)
    yield made
    made.remove()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run that is ready, shared by the tests of a module, each of which leaves it running."""
    with server_folder() as folder:
        made = build_clone(tmp_path_factory.mktemp("shared") / AWKWARD, folder)
        with started(made) as run:
            yield run
        made.remove()


@pytest.fixture
def run(fresh_clone: Clone) -> Iterator[Run]:
    """A run that is ready, for one test to do with as it likes."""
    with started(fresh_clone) as run:
        yield run
