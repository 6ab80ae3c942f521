"""What this room's events are called on the audit page: what completes “Grace Okafor …”."""

from __future__ import annotations

from sutg.audit.wording import describe_events

EVENTS = {
    "api_client_created": "gave a program access",
    "api_client_removed": "ended the access of a program",
    "appointed": "gave a person a role for the trust or a team",
    "appointment_ended": "ended a person’s role for the trust or a team",
    "factor_added": "set up a second step to sign in",
    "factor_removed": "removed a second step to sign in",
    "factor_reset": "made new recovery codes",
    "factors_removed": "took away every second step of a person who had lost them",
    "person_created": "added a person",
    "person_reopened": "gave a person who came back their account again",
}


def describe() -> None:
    """Called once, when the app is ready."""
    describe_events(EVENTS)
