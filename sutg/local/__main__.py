"""``python -m sutg.local COMMAND``: what the Makefile's targets run once the clone is prepared."""

from __future__ import annotations

import importlib
import os
import sys

from sutg.local.errors import LocalError, explain
from sutg.local.paths import REPOSITORY

# Command → module whose ``main(arguments)`` runs it; imported late so that each loads only what it needs.
COMMANDS = {
    "setup": "sutg.local.commands.setup",
    "run": "sutg.local.supervisor",
    "test": "sutg.local.commands.test",
    "check": "sutg.local.commands.check",
    "fix": "sutg.local.commands.fix",
    "bench": "sutg.local.commands.bench",
    "soak": "sutg.local.commands.soak",
    "demo-reset": "sutg.local.commands.demo_reset",
}


def main(arguments: list[str]) -> int:
    """Run one command; a LocalError becomes one sentence and exit code 1."""
    if not arguments or arguments[0] not in COMMANDS:
        print(f"Usage: python -m sutg.local {{{' | '.join(COMMANDS)}}}", file=sys.stderr)
        return 2
    os.chdir(REPOSITORY)
    try:
        return int(importlib.import_module(COMMANDS[arguments[0]]).main(arguments[1:]))
    except LocalError as error:
        sentence = error
    except OSError as error:
        explained = explain(error)
        if explained is None:
            raise
        sentence = explained
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
