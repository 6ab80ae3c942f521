"""Ready strings and rows for the pages of this room."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.roles import Role
from providers.models import Invitation, InvitationState, MailState, TrustInvitation
from sutg.nhsuk.formats import nhs_date

_COLOURS = {
    InvitationState.PENDING: "blue",
    InvitationState.ACCEPTED: "green",
    InvitationState.EXPIRED: "grey",
    InvitationState.REVOKED: "white",
}


@dataclass(frozen=True, slots=True)
class InvitationPresenter:
    """One invitation in the list. ``names``: of actors; ``places``: of cafés and neighbourhoods, by id or code."""

    invitation: Invitation | TrustInvitation
    now: datetime
    names: Mapping[str, str]
    places: Mapping[uuid.UUID | str, str]

    @property
    def email(self) -> str:
        return self.invitation.email

    @property
    def state(self) -> InvitationState:
        return self.invitation.state_at(self.now)

    @property
    def state_label(self) -> str:
        return str(self.state.label)

    @property
    def colour(self) -> str:
        return _COLOURS[self.state]

    @property
    def is_open(self) -> bool:
        return self.state in {InvitationState.PENDING, InvitationState.EXPIRED}

    @property
    def role(self) -> str:
        """“Café lead, The Hearth”."""
        row = self.invitation
        held = [row.organisation.name if row.organisation else row.team] if isinstance(row, TrustInvitation) else []
        ids: list[uuid.UUID] | list[str] = row.cafe_ids if isinstance(row, Invitation) else row.neighbourhood_codes
        held += [self.places.get(place, "a café that is closed") for place in ids]
        return ", ".join([Role(row.role).label, *filter(None, held)])

    @property
    def mail(self) -> str:
        """How far the mail has come, while it matters."""
        if self.state is InvitationState.EXPIRED:
            return f"Expired on {nhs_date(self.invitation.expires_at)}"
        if self.state is not InvitationState.PENDING:
            return ""
        label = MailState(self.invitation.mail).label
        if self.invitation.mail == MailState.QUEUED and self.invitation.mail_attempts > 1:
            label = f"Not sent after {self.invitation.mail_attempts} tries, being tried again"
        return f"Email: {label[:1].lower()}{label[1:]}. Works until {nhs_date(self.invitation.expires_at)}"

    @property
    def history(self) -> str:
        """Who did what to it, and when."""
        row = self.invitation
        words = [f"Invited by {self.names[row.invited_by]} on {nhs_date(row.invited_at)}."]
        if row.accepted_at:
            words.append(f"Accepted on {nhs_date(row.accepted_at)}.")
        if row.revoked_at:
            words.append(f"Taken back by {self.names[row.revoked_by]} on {nhs_date(row.revoked_at)}.")
        return " ".join(words)

    @property
    def resend_href(self) -> str:
        return self._href("resend")

    @property
    def revoke_href(self) -> str:
        return self._href("revoke")

    def _href(self, act: str) -> str:
        kind = "invitation" if isinstance(self.invitation, Invitation) else "trust_invitation"
        return reverse(f"providers:{act}_{kind}", args=[self.invitation.id])
