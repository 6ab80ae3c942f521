"""The words of the mails of this room. They say who asks for what, and hold nothing else."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from accounts.roles import HeldFor, Role
from providers.links import Link
from sutg.nhsuk.formats import nhs_date

INVITATION_SUBJECT = "You are invited to Step Up to Great"


def invitation_letter(*, link: Link, role: Role, held_for: str, invited_by: str, expires_at: datetime) -> str:
    """The mail of an invitation."""
    return (
        f"{invited_by} invites you to join Step Up to Great as {offered(role, held_for)}.\n"
        "\n"
        "To accept, open this link:\n"
        f"{settings.SERVICE_URL}/invitation/{link.as_text()}/\n"
        "\n"
        f"It works once, until {nhs_date(expires_at)}. If you did not expect this, you need not do anything.\n"
    )


def offered(role: Role, held_for: str) -> str:
    """“café lead with Belgrave Community Trust”, “grant officer for the trust”."""
    what = role.label[:1].lower() + role.label[1:]
    match role.held_for:
        case HeldFor.PROVIDER:
            return f"{what} with {held_for}"
        case HeldFor.NEIGHBOURHOODS:
            return f"{what} for {held_for}"
        case HeldFor.PATHWAY:
            return f"{what} in {held_for}"
        case _:
            return f"{what} for the trust"
