"""``make soak``: the long runs, whole."""

from __future__ import annotations

from sutg.local.commands import tools


def main(arguments: list[str]) -> int:
    """Run the tests marked soak and return pytest's exit code."""
    return tools.run(tools.python("-m", "pytest", "-m", "soak", *arguments), tools.environment("test"))
