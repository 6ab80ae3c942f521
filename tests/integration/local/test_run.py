"""``make run``: ready, looked after, stopped in order, and clear when it cannot start."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from sutg.local import preconditions
from sutg.local.errors import LocalError
from sutg.local.processes import marked_pids
from tests.integration.local.runs import Run
from tests.integration.local.standin import Clone, free_port, wait_for


def test_run_says_where_it_serves_and_who_may_sign_in(running: Run) -> None:
    ready = next(line for line in running.said if line.startswith("Ready in "))

    assert f"at http://localhost:{running.port}" in ready
    assert running.said[-2:] == ["A persona to sign in as", "no owner"]


def test_pages_are_served_without_the_owners_login(running: Run) -> None:
    served = running.get()

    assert (served["login"], served["has_owner"]) == ("sutg_app", False)


def test_second_run_names_the_first(running: Run) -> None:
    code, said = running.clone.run("-m", "sutg.local", "run", PORT=str(free_port()))

    assert code == 1
    assert said.startswith(f"Another run (process {running.process.pid}) holds the data in ")
    assert said.count("\n") == 1


def test_parts_that_are_killed_come_back(running: Run) -> None:
    killed = {word: running.pid_of(word) for word in ("granian", "worker", "beat")}
    assert running.clone.server

    for pid in (*killed.values(), running.clone.server.pid):
        os.kill(pid, signal.SIGKILL)

    for word, pid in killed.items():
        running.wait_for_another(word, pid)
    wait_for(running.get, "the pages")


def test_run_after_kill_nine_of_everything_clears_up_serves_and_stops(run: Run) -> None:
    marker = run.clone.state.identity()
    assert run.clone.server
    started = set(marked_pids(marker))
    # One is left alive on purpose: the next run must know it for its own.
    for pid in (run.process.pid, *started - {run.pid_of("worker")}, run.clone.server.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    run.process.communicate()

    again = Run(run.clone)
    again.wait_until_ready()
    served, living = again.get(), set(marked_pids(marker))
    again.process.send_signal(signal.SIGINT)
    said, _ = again.process.communicate(timeout=30)

    assert served["login"] == "sutg_app"
    assert not started & living
    # The set-up steps were done for the same sources, so they are not done again.
    assert not [line for line in again.said if line.startswith(("Preparing", "Loading"))]
    assert (again.process.returncode, "Stopped in" in said) == (0, True)
    assert run.clone.server is None
    assert marked_pids(marker) == []


def test_taken_port_is_named_with_another_to_try(clone: Clone) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, said = clone.run("-m", "sutg.local", "run", PORT=str(port))

    assert code == 1
    assert said.startswith(f"Port {port} is taken by another program: ")
    assert "PORT=" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(LocalError, match="it must be a number from 1 to 65535"):
        preconditions.require_port(port)


def test_full_disk_is_refused_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=499_000_000))

    with pytest.raises(LocalError, match=r"^The disk is full: .* has 499 MB free and 500 MB are needed"):
        preconditions.require_space(tmp_path)


def test_part_that_cannot_start_ends_the_run_with_its_last_words(fresh_clone: Clone) -> None:
    (fresh_clone.folder / "sutg" / "wsgi.py").write_text("raise RuntimeError('the pages are broken')\n")

    code, said = fresh_clone.run("-m", "sutg.local", "run", PORT=str(free_port()))

    assert code == 1
    assert "the pages are broken" in said
    assert "The web part does not start" in said.splitlines()[-1]


def test_manage_gives_the_owners_login_to_migrations_alone(clone: Clone) -> None:
    ordinary = clone.run("manage.py", "demo_personas")
    migration = clone.run("manage.py", "migrate", "--database", "owner")

    assert ordinary == (0, "A persona to sign in as\nno owner\n")
    assert migration[0] == 0


def test_manage_without_packages_says_what_to_run(clone: Clone) -> None:
    done = subprocess.run(
        ["/usr/bin/env", "python3", "-I", "-S", "manage.py", "check"],
        cwd=clone.folder,
        env=clone.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (1, "The project's packages are not installed yet: run make setup.\n")
