"""What a provider's office gathers over the years besides sessions, for pages that list it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from cafes.models import Cafe, CafeStatus
from providers.models import Insurance, Membership, Policy, Provider, StaffCheck, StaffMember
from sutg.audit.services import record
from sutg.tenancy.scope import Actor
from tests.factories import (
    make_cafe_address,
    make_cafe_status,
    make_document,
    make_document_version,
    make_incident,
    make_incident_note,
    make_insurance,
    make_invitation,
    make_opening_exception,
    make_opening_pattern,
    make_own_service,
    make_policy,
    make_return_file,
    make_shared_service,
    make_staff_check,
    make_staff_member,
    make_tablet,
    make_trust_invitation,
)
from tests.factories.scoped import acting_for

_EVENTS_A_ROW = 20


def plant_desk(provider: Provider, cafes: Sequence[Cafe], *, rows: int) -> None:
    """``rows`` of each thing that the office keeps a list of, shared out among ``cafes``."""
    for cafe in cafes:
        make_cafe_status(provider=provider, cafe=cafe, state=CafeStatus.State.OPEN)
        make_cafe_address(provider=provider, cafe=cafe)
        make_opening_pattern(provider=provider, cafe=cafe)
    with acting_for(provider):
        first = StaffMember.objects.count()
    # Numbered on from what is there: titles and terms are unique.
    for number in range(first, first + rows):
        cafe = cafes[number % len(cafes)]
        _plant_people(provider, number)
        _plant_papers(provider, number)
        _plant_happenings(provider, cafe, number)
    _plant_record(provider, rows)


def _plant_people(provider: Provider, number: int) -> None:
    kinds = list(StaffCheck.Kind)
    member = make_staff_member(provider=provider, name=f"Member {number}", kind=list(StaffMember.Kind)[number % 2])
    make_staff_check(provider=provider, staff_member=member, kind=kinds[number % len(kinds)])
    make_invitation(provider=provider)
    make_trust_invitation()


def _plant_papers(provider: Provider, number: int) -> None:
    document = make_document(provider=provider, title=f"Document {number}")
    make_document_version(provider=provider, document=document)
    make_own_service(provider=provider)
    make_shared_service()
    make_return_file(provider=provider, quarter=f"{2001 + number}-Q1")
    # What ran out years ago: of each kind one is valid at a time.
    until = timezone.localdate() - timedelta(days=400 * (number + 1))
    ended = {"since": until - timedelta(days=365), "until": until}
    make_insurance(provider=provider, kind=next(iter(Insurance.Kind)), **ended)
    make_policy(provider=provider, kind=next(iter(Policy.Kind)), **ended)


def _plant_happenings(provider: Provider, cafe: Cafe, number: int) -> None:
    incident = make_incident(provider=provider, cafe=cafe)
    make_incident_note(provider=provider, incident=incident)
    make_opening_exception(provider=provider, cafe=cafe, day=timezone.localdate() + timedelta(days=number + 1))
    make_tablet(provider=provider, cafe=cafe)


def _plant_record(provider: Provider, rows: int) -> None:
    with acting_for(provider):
        # By a person: whose names a page asks for only when there is one.
        by = Actor.user(Membership.objects.values_list("user_id", flat=True)[0])
        for _ in range(rows * _EVENTS_A_ROW):
            record("tests.done", by=by, provider_id=provider.id)
