from __future__ import annotations

import hashlib
import itertools
from typing import Any

from django.utils import timezone

from accounts.models import User
from cafes.entries import Particulars, VisitEntry
from cafes.models import (
    Demographics,
    DifferingVisit,
    OnDuty,
    Session,
    Visit,
    Visitor,
    VisitorIdentity,
    VisitorMerge,
    VisitRevision,
    VisitSignpost,
    VisitSupport,
)
from cafes.services.visit_contents import content_of
from providers.models import Provider
from tests.factories.accounts import make_user
from tests.factories.cafes import make_own_service, make_session, make_visit, make_visitor
from tests.factories.scoped import TESTS, acting_for

_numbers = itertools.count(1)


def make_open_session(*, provider: Provider, **fields: Any) -> Session:
    """A session of today that somebody opened."""
    now = timezone.localtime()
    values = {
        "held_on": now.date(),
        "opens": now.time().replace(hour=0, minute=0, second=next(_numbers) % 60, microsecond=0),
        "closes": now.time().replace(hour=23, minute=59, second=0, microsecond=0),
        "state": Session.State.OPEN,
        "opened_at": now,
        "opened_by": str(TESTS),
        **fields,
    }
    return make_session(provider=provider, **values)


def make_visitor_identity(
    *, provider: Provider, visitor: Visitor | None = None, name: str = "Ada Lovelace", **fields: Any
) -> VisitorIdentity:
    visitor = visitor or make_visitor(provider=provider)
    values = {
        "contact": "0116 496 0000",
        "name_digest": hashlib.sha256(name.encode()).digest(),
        "recorded_at": timezone.now(),
        "recorded_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return VisitorIdentity.objects.create(
            provider=provider, cafe_id=visitor.cafe_id, visitor_id=visitor.id, name=name, **values
        )


def make_visitor_merge(*, provider: Provider, visitor: Visitor | None = None, **fields: Any) -> VisitorMerge:
    """``visitor`` is who the other one turned out to be."""
    visitor = visitor or make_visitor(provider=provider)
    other = make_visitor(provider=provider)
    pair = {"one_id": visitor.id, "other_id": other.id, "kept_id": visitor.id, "merged_id": other.id}
    values = {**pair, "merged_at": timezone.now(), "merged_by": str(TESTS), **fields}
    with acting_for(provider):
        return VisitorMerge.objects.create(provider=provider, cafe_id=visitor.cafe_id, **values)


def make_visit_support(*, provider: Provider, visit: Visit | None = None, **fields: Any) -> VisitSupport:
    visit = visit or make_visit(provider=provider)
    values = {"kind": "one_to_one", "minutes": 20, **fields}
    with acting_for(provider):
        return VisitSupport.objects.create(provider=provider, visit_id=visit.id, **values)


def make_visit_revision(*, provider: Provider, visit: Visit | None = None, **fields: Any) -> VisitRevision:
    visit = visit or make_visit(provider=provider)
    values = {
        "version": next(_numbers),
        "kind": VisitRevision.Kind.CHANGED,
        "changed_at": timezone.now(),
        "changed_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return VisitRevision.objects.create(provider=provider, visit_id=visit.id, **values)


def make_visit_signpost(*, provider: Provider, visit: Visit | None = None, **fields: Any) -> VisitSignpost:
    visit = visit or make_visit(provider=provider)
    values = fields or {"own_service_id": make_own_service(provider=provider).id}
    with acting_for(provider):
        return VisitSignpost.objects.create(provider=provider, visit_id=visit.id, **values)


def make_differing_visit(*, provider: Provider, visit: Visit | None = None, **fields: Any) -> DifferingVisit:
    """Another content of a visit: anonymous, of somebody who came for stress."""
    visit = visit or make_visit(provider=provider)
    said = VisitEntry(visit.client_uuid, visit.session_id, particulars=Particulars(reasons=("stress",)))
    values = {
        "content": content_of(said),
        "digest": hashlib.sha256(content_of(said)).digest(),
        "received_at": timezone.now(),
        "received_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return DifferingVisit.objects.create(provider=provider, visit_id=visit.id, **values)


def make_demographics(*, provider: Provider, visitor: Visitor | None = None, **fields: Any) -> Demographics:
    visitor = visitor or make_visitor(provider=provider)
    values = {"ethnic_group": "W3", "asked_at": timezone.now(), "asked_by": str(TESTS), **fields}
    with acting_for(provider):
        return Demographics.objects.create(provider=provider, visitor_id=visitor.id, **values)


def make_on_duty(*, provider: Provider, session: Session | None = None, user: User | None = None) -> OnDuty:
    session = session or make_session(provider=provider)
    with acting_for(provider):
        return OnDuty.objects.create(provider=provider, session_id=session.id, user=user or make_user())
