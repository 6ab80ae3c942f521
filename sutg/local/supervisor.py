"""``make run``: the database, the set-up steps, then web, worker and beat, kept alive under one process."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from sutg.local import cluster as clusters
from sutg.local import environment as environments
from sutg.local import locks, parts, postmaster, preconditions, processes, server, steps
from sutg.local.errors import LocalError
from sutg.local.parts import Part
from sutg.local.paths import State, current_state

_TICK = 0.1
_START_PATIENCE = 90.0
_STOP_PATIENCE = 12.0  # an idle Celery worker takes up to seven to notice
_DEATHS_BEFORE_READY = 2
_LOW_SPACE = 200_000_000


class Stopped(Exception):
    """Somebody asked the run to stop."""


class Supervisor:
    """One run of the platform on this machine."""

    def __init__(self, state: State, began: float) -> None:
        self.state = state
        self.began = began
        self.parts: list[Part] = []
        self.is_embedded = not os.environ.get("DATABASE_URL")
        self.next_look = 0.0
        self.is_ready = False
        self.is_space_low = False

    def run(self) -> None:
        """Serve until asked to stop; LocalError when it cannot start."""
        self._clear_leftovers()
        try:
            environment = self._prepare()
            self._start_parts(environment)
            self._wait_until_ready(environment)
            while True:
                self._look_after_parts()
                self._look_around()
                time.sleep(_TICK)
        finally:
            self._stop()

    def _clear_leftovers(self) -> None:
        # The run lock is ours, so whatever carries our mark was left by a run that was killed.
        count = processes.end_marked(self.state.identity(), grace=3)
        if count:
            self._say(f"Ended {count} processes that an earlier run left behind.")

    def _prepare(self) -> dict[str, str]:
        found = environments.ensure()
        environment = {**os.environ, **found, processes.MARKER: self.state.identity()}
        steps.migrate(self.state, environment)
        # From here on nobody has a login with rights of its own.
        for name in ("OWNER_DATABASE_URL", "SUPERUSER_DATABASE_URL"):
            environment.pop(name, None)
        steps.set_up_demo(self.state, environment)
        return environment

    def _start_parts(self, environment: dict[str, str]) -> None:
        self.parts = parts.build_parts(self.state, environment)
        for part in self.parts:
            part.start()

    def _wait_until_ready(self, environment: dict[str, str]) -> None:
        listing = steps.personas(self.state, environment)
        port = int(environment["PORT"])
        deadline = time.monotonic() + _START_PATIENCE
        while not answers(port):
            self._look_after_parts()
            for part in self.parts:
                if part.deaths >= _DEATHS_BEFORE_READY or time.monotonic() > deadline:
                    print(part.last_words(), file=sys.stderr)
                    msg = f"The {part.name} part does not start; the lines above and {part.log} say why."
                    raise LocalError(msg)
            time.sleep(0.05)
        self.is_ready = True
        self._say(f"Ready in {time.time() - self.began:.1f} s at http://localhost:{port} (Ctrl-C stops it)")
        if listing:
            self._say(listing)

    def _look_after_parts(self) -> None:
        for part in self.parts:
            ending = part.collect_death()
            if ending:
                self._say(f"{part.name} ended ({ending}); starting it again. Its log: {part.log}")
            if part.process is None and time.monotonic() >= part.due_at:
                part.start()

    def _look_around(self) -> None:
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + 1
        if self.is_embedded:
            self._look_after_database()
        for part in self.parts:
            part.keep_log_small()
        is_low = preconditions.free_space(self.state.root) < _LOW_SPACE
        if is_low and not self.is_space_low:
            self._say(f"The disk of {self.state.root} is nearly full: free some space soon.")
        self.is_space_low = is_low

    def _look_after_database(self) -> None:
        # The keeper restarts the server; here only a keeper that was itself killed is replaced.
        if locks.is_held(self.state.lock("keeper")):
            return
        self._say("The database keeper ended; starting it again.")
        _, port = environments.start(self.state)
        if any(f":{port}/" not in part.environment["DATABASE_URL"] for part in self.parts):
            self._say("The database has moved to another port; starting the other parts again.")
            parts.stop_all(self.parts, patience=_STOP_PATIENCE)
            found = environments.ensure()
            for part in self.parts:
                part.environment |= {"DATABASE_URL": found["DATABASE_URL"]}

    def _stop(self) -> None:
        self._say("Stopping …")
        # A second Ctrl-C must not leave the database without its orderly stop.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        began = time.monotonic()
        # Before it was ready nobody has given it anything to finish.
        parts.stop_all(self.parts, patience=_STOP_PATIENCE if self.is_ready else 1)
        if self.is_embedded:
            self._stop_database()
        self._say(f"Stopped in {time.monotonic() - began:.1f} s.")

    def _stop_database(self) -> None:
        if not server.release(self.state) and postmaster.find(clusters.locate(self.state)):
            self._say("The database stays up because another command is using it; it stops with that command.")

    @staticmethod
    def _say(text: str) -> None:
        # A terminal that was closed must not keep the run from stopping in order.
        with contextlib.suppress(OSError):
            print(text, flush=True)


def answers(port: int) -> bool:
    """Whether the web part serves: ``/readyz`` says so, or any page while there is no such address."""
    for path in ("/readyz", "/"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if status != 404:
            return status < 500
    return True


def main(arguments: list[str]) -> int:
    """Run until stopped. Exit code 0 after an orderly stop."""
    began = float(os.environ.pop("SUTG_STARTED_AT", 0) or time.time())
    _stop_on_signals()
    state = current_state()
    preconditions.require_single_run(state)
    preconditions.require_space(state.root)
    os.environ["PORT"] = str(preconditions.require_port(os.environ.get("PORT") or "8000"))
    try:
        Supervisor(state, began).run()
    except Stopped:
        return 0
    return 0


def _stop_on_signals() -> None:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if _parent_is_make():
        processes.die_with_parent()


def _parent_is_make() -> bool:
    # Under make, and only there, the run ends with its parent: a make that was killed should not leave it running.
    parent = Path(processes.command_line(os.getppid()).split(" ", 1)[0]).name
    return "MAKELEVEL" in os.environ and parent in ("make", "gmake")
