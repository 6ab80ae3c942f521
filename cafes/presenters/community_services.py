"""Community services as the directory shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from django.urls import reverse

from cafes.models import OwnService, SharedService
from cafes.selectors.community_services import to_check
from sutg.nhsuk.formats import nhs_date


@dataclass(frozen=True, slots=True)
class ServicePresenter:
    """One service, for somebody who may change it or not."""

    service: OwnService | SharedService
    today: date
    may_keep: bool = False

    @property
    def is_own(self) -> bool:
        return isinstance(self.service, OwnService)

    @property
    def kind(self) -> str:
        return self.service.get_kind_display()

    @property
    def phone_href(self) -> str:
        return "tel:" + "".join(sign for sign in self.service.phone if sign.isdigit() or sign == "+")

    @property
    def site(self) -> str:
        """The website without what a person need not read."""
        return urlsplit(self.service.website).netloc.removeprefix("www.")

    @property
    def checked(self) -> str:
        return f"Checked {nhs_date(self.service.checked_on)}"

    @property
    def is_to_check(self) -> bool:
        return bool(to_check([self.service], self.today))

    def _href(self, action: str) -> str:
        return reverse(f"cafes:{action}_{'own' if self.is_own else 'shared'}_service", args=[self.service.id])

    @property
    def edit_href(self) -> str:
        return self._href("edit")

    @property
    def confirm_href(self) -> str:
        return self._href("confirm")

    @property
    def end_href(self) -> str:
        return self._href("end")


def grouped(shown: Iterable[ServicePresenter]) -> list[tuple[str, list[ServicePresenter]]]:
    """Services by what they help with, in the order in which they come."""
    return [(kind, list(services)) for kind, services in groupby(shown, key=lambda service: service.kind)]
