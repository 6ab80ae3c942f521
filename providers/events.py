"""What this room's events are called on the audit page: what completes “Grace Okafor …”."""

from __future__ import annotations

from sutg.audit.wording import describe_events

EVENTS = {
    "provider_created": "added an organisation",
    "membership_granted": "gave a person a role in an organisation",
    "invited": "invited a person",
    "invitation_mailed": "sent the mail of an invitation",
    "invitation_mail_failed": "could not send the mail of an invitation",
    "invitation_resent": "sent an invitation again",
    "invitation_revoked": "took an invitation back",
    "invitation_accepted": "accepted an invitation",
    "neighbourhood_lead_appointed": "made a person lead of neighbourhoods",
}


def describe() -> None:
    """Called once, when the app is ready."""
    describe_events(EVENTS)
