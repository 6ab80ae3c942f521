"""What this room's events are called on the audit page: what completes “Grace Okafor …”."""

from __future__ import annotations

from sutg.audit.wording import describe_events

EVENTS = {
    "reports.figures_refreshed": "counted figures anew",
    "reports.month_locked": "locked a month",
}


def describe() -> None:
    """Called once, when the app is ready."""
    describe_events(EVENTS)
