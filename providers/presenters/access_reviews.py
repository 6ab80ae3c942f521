"""Reviews of access in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from providers.presenters.access import RolePresenter
from providers.selectors.access import HeldRole
from providers.selectors.access_reviews import AnyReview, ReviewState
from sutg.nhsuk.formats import nhs_date, nhs_datetime


def state_sentence(state: ReviewState) -> str:
    """How the review of this quarter stands."""
    if state.is_signed:
        return f"The review of {state.quarter.label} is signed."
    due = f"The review of {state.quarter.label} is to be signed by {nhs_date(state.quarter.end)}."
    if state.missed is None:
        return due
    return f"No review was signed for {state.missed.label}. {due} Do it now."


@dataclass(frozen=True, slots=True)
class ReviewPresenter:
    """One signed review; ``names`` knows who signed."""

    review: AnyReview
    names: Mapping[str, str]
    href: str

    @property
    def title(self) -> str:
        return f"Review of {self.review.period.label}"

    @property
    def signature(self) -> str:
        return f"Signed by {self.names[self.review.signed_by]} on {nhs_datetime(self.review.signed_at)}"

    @property
    def counts(self) -> str:
        kept, ended = len(self.review.kept_ids), len(self.review.ended_ids)
        return f"{kept} {'role' if kept == 1 else 'roles'} kept, {ended} ended"

    def lines(
        self, ids: Iterable[uuid.UUID], roles: Mapping[uuid.UUID, HeldRole], cafes: Mapping[uuid.UUID, str] | None
    ) -> list[str]:
        """“Callum Reid: Café lead, Belgrave Neighbourhood Café”, by name."""
        day = self.review.signed_at.date()
        found = [roles[role_id] for role_id in ids if role_id in roles]
        return sorted(f"{held.user.full_name}: {RolePresenter(held, day, cafes).title}" for held in found)
