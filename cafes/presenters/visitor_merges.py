"""Ready strings for the list of joined return codes; which codes they are nobody can read."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from cafes.models import VisitorMerge
from sutg.nhsuk.formats import nhs_date, nhs_time


@dataclass(frozen=True, slots=True)
class MergePresenter:
    merge: VisitorMerge

    @property
    def href(self) -> str:
        return reverse("cafes:part_codes", args=[self.merge.id])

    @property
    def cafe(self) -> str:
        return str(self.merge.cafe.name)

    @property
    def joined(self) -> str:
        at = timezone.localtime(self.merge.merged_at)
        return f"{nhs_date(at.date())} at {nhs_time(at.time())}"

    @property
    def stands(self) -> bool:
        return self.merge.undone_at is None

    @property
    def parted(self) -> str:
        at = self.merge.undone_at
        return f"Parted on {nhs_date(timezone.localtime(at).date())}" if at else ""
