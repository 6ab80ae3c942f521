"""``make setup``: everything that a run needs, without serving."""

from __future__ import annotations


def main(arguments: list[str]) -> int:
    """Set up the database; the packages and the front end are ready by now."""
    from sutg.local.environment import ensure

    ensure()
    print("Everything is set up: make run serves it, make test tests it.")
    return 0
