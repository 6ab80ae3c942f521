"""Running the project's tools with the environment that they need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sutg.local import environment as environments
from sutg.local.paths import REPOSITORY
from sutg.local.prepare import find_node, npm_command


def python(*arguments: str) -> list[str]:
    """Command line of a Python module; console scripts do not survive spaces in the clone's path."""
    return [sys.executable, *arguments]


def npm(script: str) -> list[str]:
    """Command line of a script of package.json."""
    return npm_command(find_node(), "run", "--silent", script)


def environment(kind: str) -> dict[str, str]:
    """Variables for tools and tests, both logins included, the embedded server running."""
    found = {**os.environ, **environments.ensure()}
    found["SUTG_ENV"] = os.environ.get("SUTG_ENV") or kind
    if (REPOSITORY / "package.json").exists():
        found["PATH"] = f"{find_node()}{os.pathsep}{found.get('PATH', '')}"
    return found


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command in the clone, its output straight to the terminal, and return its exit code."""
    return subprocess.run(command, cwd=REPOSITORY, env=environment, check=False).returncode


def exists(*parts: str) -> bool:
    """Whether the clone has that file or folder."""
    return Path(REPOSITORY, *parts).exists()
