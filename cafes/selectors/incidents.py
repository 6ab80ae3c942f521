"""Finding incidents, and who is to be told of them."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from cafes.models import Incident, IncidentNote
from providers.models import Membership
from providers.selectors.safeguarding import safeguarding_user_ids
from sutg.common.errors import NotFound


def incidents(*, cafe_ids: frozenset[uuid.UUID] | None, raised_by: str = "") -> QuerySet[Incident]:
    """Incidents of ``cafe_ids`` (None: of every café), or those that ``raised_by`` wrote down; the latest first."""
    found: QuerySet[Incident] = Incident.objects.select_related("cafe")
    if raised_by:
        return found.filter(raised_by=raised_by)
    return found if cafe_ids is None else found.filter(cafe_id__in=cafe_ids)


def find_incident(incident_id: uuid.UUID, *, cafe_ids: frozenset[uuid.UUID] | None, raised_by: str = "") -> Incident:
    """One of :func:`incidents`; :class:`NotFound` when it is not among them."""
    found = incidents(cafe_ids=cafe_ids, raised_by=raised_by).filter(id=incident_id).first()
    if found is None:
        raise NotFound
    return found


def notes_of(incident: Incident) -> list[IncidentNote]:
    """What was written, in the order in which it was."""
    return list(IncidentNote.objects.filter(incident_id=incident.id))


def people_to_tell(incident: Incident, day: date, *, everybody: bool) -> list[User]:
    """Who answers for the café on ``day``: its leads and the provider's managers.

    At first the café's own leads, or the managers where it has none. A grave one goes further at once: a safeguarding
    concern to the provider's safeguarding lead and deputy, or to the managers where none is named; serious harm to all
    of these. With ``everybody`` it goes to all of them. Whoever wrote it down knows, and is left out while there is
    somebody else.
    """
    held = Membership.objects.held_on(day).filter(role__in=[Role.CAFE_LEAD, Role.PROVIDER_MANAGER])
    leads: set[uuid.UUID] = set()
    managers: set[uuid.UUID] = set()
    for membership in held:
        if membership.role == Role.PROVIDER_MANAGER:
            managers.add(membership.user_id)
        elif not membership.cafe_ids or incident.cafe_id in membership.cafe_ids:
            leads.add(membership.user_id)
    author = {uuid.UUID(incident.raised_by.removeprefix("user:"))} if incident.raised_by.startswith("user:") else set()
    first = leads - author or managers - author
    wanted = (leads | managers) if everybody else first | _further(incident, day, author, managers)
    wanted = (wanted - author) or wanted or managers
    return list(User.objects.filter(id__in=wanted, is_active=True).order_by("full_name"))


def _further(incident: Incident, day: date, author: set[uuid.UUID], managers: set[uuid.UUID]) -> set[uuid.UUID]:
    is_safeguarding = incident.kind in Incident.SAFEGUARDING
    if not is_safeguarding and incident.severity != Incident.Severity.SERIOUS:
        return set()
    named = safeguarding_user_ids(day) - author
    return named if is_safeguarding and named else named | managers
