"""``make test``: every test, or those that ARGS names."""

from __future__ import annotations

from sutg.local.commands import tools


def main(arguments: list[str]) -> int:
    """Run pytest and return its exit code."""
    return tools.run(tools.python("-m", "pytest", *arguments), tools.environment("test"))
