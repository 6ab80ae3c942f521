"""Finding community services."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q

from cafes.models import OwnService, SharedService, Visit, VisitSignpost
from sutg.common.errors import NotFound
from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.scope import require

Service = OwnService | SharedService
# A number that nobody answers any more sends a person in distress away with nothing.
CHECK_AFTER = timedelta(days=365)


def community_services(*, kind: str = "", words: str = "") -> list[Service]:
    """What the scope's people may point visitors to, by kind and name: the trust's and, for a provider, its own."""
    condition = Q(kind=kind) if kind else Q()
    for word in words.split():
        condition &= Q(name__icontains=word) | Q(what_for__icontains=word)
    found: list[Service] = list(SharedService.objects.current().filter(condition))
    if require().role is ScopeRole.PROVIDER:
        found += OwnService.objects.current().filter(condition)
    return sorted(found, key=lambda service: (service.get_kind_display(), service.name.casefold()))


def kept_services() -> list[Service]:
    """The directory that the scope's own people keep: the provider's, or else the trust's."""
    if require().role is ScopeRole.PROVIDER:
        return list(OwnService.objects.current())
    return list(SharedService.objects.current())


def services_for_signposting(visit: Visit | None = None) -> list[Service]:
    """What somebody may be pointed to now, and where the visitor of ``visit`` was pointed, ended services too."""
    current = community_services()
    if visit is None:
        return current
    known = {service.id for service in current}
    signposts = VisitSignpost.objects.filter(visit_id=visit.id).select_related("own_service", "shared_service")
    return current + [each.service for each in signposts if each.service.id not in known]


def find_service(provider_id: uuid.UUID | None, service_id: uuid.UUID) -> Service:
    """A current service of a provider's directory, or for None of the trust's; :class:`NotFound` otherwise."""
    rows = SharedService.objects.current() if provider_id is None else OwnService.objects.current()
    service: Service | None = rows.filter(id=service_id).first()
    if service is None:
        raise NotFound
    return service


def to_check(services: Iterable[Service], today: date) -> list[Service]:
    """Those of which nobody has made sure for a year."""
    return [service for service in services if service.checked_on <= today - CHECK_AFTER]
