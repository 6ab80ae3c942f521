"""Noting which community services a visitor was pointed to."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from cafes.entries import Particulars
from cafes.models import OwnService, SharedService, VisitSignpost
from sutg.common.errors import DomainError


class Directory:
    """Which of the asked services are in the trust's directory, and which in the provider's own.

    Services that have ended count: a tablet may tell days later of what was true when it was written down.
    """

    def __init__(self, asked: Collection[uuid.UUID]) -> None:
        self.shared = set(SharedService.objects.filter(id__in=asked).values_list("id", flat=True)) if asked else set()
        self.own = set(OwnService.objects.filter(id__in=asked).values_list("id", flat=True)) if asked else set()

    def check(self, particulars: Particulars) -> None:
        """Refuse a service that is in neither."""
        if not set(particulars.signposted or ()) <= self.shared | self.own:
            raise DomainError("Choose services from the directory", field="signposted")

    def rows(self, provider_id: uuid.UUID, visit_id: uuid.UUID, particulars: Particulars) -> list[VisitSignpost]:
        return [
            VisitSignpost(
                provider_id=provider_id,
                visit_id=visit_id,
                own_service_id=service_id if service_id in self.own else None,
                shared_service_id=service_id if service_id not in self.own else None,
            )
            for service_id in sorted(set(particulars.signposted or ()))
        ]
