"""``make demo-reset``: throw the embedded database away and load the demo data afresh."""

from __future__ import annotations

import os

from sutg.local import databases, preconditions, processes, steps
from sutg.local import environment as environments
from sutg.local.errors import LocalError
from sutg.local.paths import current_state


def main(arguments: list[str]) -> int:
    """Drop, create, migrate, load. Refuses while a run is using the data, and for a database of somebody's own."""
    if os.environ.get("DATABASE_URL"):
        msg = (
            "DATABASE_URL names a database of your own, which demo-reset leaves alone: unset it to reset the embedded."
        )
        raise LocalError(msg)
    state = current_state()
    preconditions.require_single_run(state)
    processes.end_marked(state.identity(), grace=3)
    credentials, port = environments.start(state)
    databases.recreate(credentials, port)
    for stamp in state.stamps.iterdir():
        stamp.unlink()
    environment = {**os.environ, **environments.ensure()}
    steps.migrate(state, environment)
    del environment["OWNER_DATABASE_URL"]
    steps.set_up_demo(state, environment)
    print("The demo data is as on the first day: make run serves it.")
    return 0
