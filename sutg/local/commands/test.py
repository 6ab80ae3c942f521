"""``make test``: every test, or those that ARGS names."""

from __future__ import annotations

from sutg.local.commands import tools


def main(arguments: list[str]) -> int:
    """Run pytest on both cores and return its exit code; stories of one browser stay on one of them."""
    return tools.run(
        tools.python("-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments), tools.environment("test")
    )
