"""``make bench``: the figures that the README quotes, one benchmark after the other."""

from __future__ import annotations

from sutg.local.commands import tools
from sutg.local.errors import LocalError
from sutg.local.paths import REPOSITORY


def main(arguments: list[str]) -> int:
    """Run benchmarks/*.py, or those named (``make bench ARGS=tenancy``); the exit code of the first that fails."""
    found = [path for path in sorted(REPOSITORY.glob("benchmarks/*.py")) if not path.name.startswith("_")]
    chosen = [path for path in found if not arguments or path.stem in arguments]
    if not chosen:
        known = ", ".join(path.stem for path in found) or "none"
        msg = f"There is no such benchmark; known are: {known}."
        raise LocalError(msg)
    environment = tools.environment("test")
    for path in chosen:
        print(f"== {path.stem}", flush=True)
        code = tools.run(tools.python("-m", f"benchmarks.{path.stem}"), environment)
        if code:
            return code
    return 0
