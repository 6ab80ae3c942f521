#!/usr/bin/env python3
"""Django's command line, for this project. Finds its Python and its database by itself, so it works in any terminal."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Commands that need the login that owns the tables; every other runs as web and worker do, without its rights.
OWNER_COMMANDS = {
    "flush",
    "makemigrations",
    "migrate",
    "optimizemigration",
    "showmigrations",
    "sqlflush",
    "sqlmigrate",
    "squashmigrations",
    "test",
}


def use_project_python() -> None:
    """Start again with the clone's own Python when this one lacks Django; say how to get it when there is none."""
    if find_spec("django"):
        return
    python = HERE / ".venv" / "bin" / "python"
    if not python.exists() or Path(sys.prefix) == HERE / ".venv":
        sys.exit("The project's packages are not installed yet: run make setup.")
    os.execv(python, [str(python), *sys.argv])


def use_local_environment(command: str) -> None:
    """Fill in what the environment leaves open, starting the embedded database if need be."""
    from sutg.local.environment import ensure
    from sutg.local.errors import LocalError

    is_given = bool(os.environ.get("OWNER_DATABASE_URL"))
    try:
        found = ensure()
    except LocalError as error:
        sys.exit(str(error))
    if command not in OWNER_COMMANDS and not is_given:
        found.pop("OWNER_DATABASE_URL", None)
    os.environ.update(found)


def main() -> None:
    """Run the command."""
    use_project_python()
    sys.path.insert(0, str(HERE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sutg.settings")
    if not os.environ.get("DATABASE_URL"):
        use_local_environment(sys.argv[1] if len(sys.argv) > 1 else "")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
