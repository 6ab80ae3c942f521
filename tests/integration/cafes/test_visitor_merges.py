"""Joining and parting return codes: people and first visits always add up, and parting leaves no trace in figures."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from cafes.entries import Particulars, ReturnCode, VisitChange
from cafes.models import Cafe, Session, Visit, VisitorMerge
from cafes.selectors.visitor_merges import same_person
from cafes.services.visit_changes import change_visit
from cafes.services.visitor_merges import join_codes, part_codes
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_membership, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import NOW, TODAY, figures, opened, recorded

pytestmark = pytest.mark.django_db
CODES = ("blue heron", "old clock", "market day", "seven hills")


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider)


@pytest.fixture
def sessions(provider: Provider, cafe: Cafe) -> list[Session]:
    """Three days of one month."""
    return [opened(provider, cafe, TODAY - timedelta(days=days)) for days in (3, 2, 1)]


def joined(cafe: Cafe, first: str, second: str) -> VisitorMerge:
    with acting_for(cafe.provider):
        return join_codes(cafe_id=cafe.id, first=first, second=second, by=TESTS, now=NOW)


def parted(merge: VisitorMerge) -> None:
    with acting_for(merge.provider):
        part_codes(visitor_merge_id=merge.id, by=TESTS, now=NOW)


def counted(provider: Provider) -> dict[str, int]:
    found = figures(provider)
    names = {"people": ("people", ""), "visits": ("visits", ""), "new": ("visits_by_newness", "new")}
    return {name: found.get(key, 0) for name, key in names.items()}


def test_codes_joined_are_one_person_with_one_first_visit(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    for session, code in zip(sessions, CODES, strict=False):
        recorded(session, ReturnCode(code))
    before = counted(provider)

    merge = joined(cafe, "Old  Clock", "blue heron")

    assert before == {"people": 3, "visits": 3, "new": 3}
    assert counted(provider) == {"people": 2, "visits": 3, "new": 2}
    with acting_for(provider):
        assert Visit.objects.values("visitor_id").distinct().count() == 3
        event = ProviderEvent.objects.get(name="return_codes_joined")
    assert (event.subject, event.detail) == (merge.id, {"visits": 2})


def test_visit_with_a_joined_code_is_not_a_first_one(provider: Provider, cafe: Cafe, sessions: list[Session]) -> None:
    for code in CODES[:2]:
        recorded(sessions[0], ReturnCode(code))
    joined(cafe, *CODES[:2])

    recorded(sessions[1], ReturnCode(CODES[0]))
    recorded(sessions[1], ReturnCode(CODES[1]))

    assert counted(provider) == {"people": 1, "visits": 4, "new": 1}


def test_codes_parted_count_as_if_they_had_never_been_joined(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    for session, code in zip(sessions, CODES, strict=False):
        recorded(session, ReturnCode(code))
    before = figures(provider)
    merge = joined(cafe, *CODES[:2])

    parted(merge)

    assert figures(provider) == before
    with pytest.raises(DomainError, match="parted already"):
        parted(merge)
    with acting_for(provider):
        assert VisitorMerge.objects.get().undone_by == str(TESTS)
        assert ProviderEvent.objects.filter(name="return_codes_parted").count() == 1


def test_codes_joined_after_an_earlier_day_was_recorded_late_keep_one_first_visit(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    for day, code in ((1, 0), (1, 1), (0, 0)):
        recorded(sessions[day], ReturnCode(CODES[code]))
    before = counted(provider)

    merge = joined(cafe, *CODES[:2])

    assert (before["new"], counted(provider)["new"]) == (2, 1)
    parted(merge)
    assert counted(provider) == before


def whose(visit_id: uuid.UUID, provider: Provider, code: str) -> None:
    with acting_for(provider):
        version = Visit.objects.values_list("version", flat=True).get(id=visit_id)
        change = VisitChange(Particulars(), who=ReturnCode(code))
        change_visit(visit_id=visit_id, version=version, change=change, by=TESTS, now=NOW)


def test_codes_parted_after_a_visit_became_the_other_ones_leave_one_first_visit_each(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    recorded(sessions[0], ReturnCode(CODES[0]))
    mistaken = recorded(sessions[1], ReturnCode(CODES[1]))
    merge = joined(cafe, *CODES[:2])
    whose(mistaken, provider, CODES[0])

    parted(merge)

    assert counted(provider) == {"people": 1, "visits": 2, "new": 1}


def test_codes_parted_after_a_later_first_visit_leave_one_first_visit_each(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    earliest = recorded(sessions[0], ReturnCode(CODES[0]))
    again = recorded(sessions[1], ReturnCode(CODES[1]))
    merge = joined(cafe, *CODES[:2])
    whose(earliest, provider, CODES[2])
    whose(again, provider, CODES[3])
    recorded(sessions[2], ReturnCode(CODES[1]))
    whose(again, provider, CODES[1])

    parted(merge)

    assert counted(provider) == {"people": 2, "visits": 3, "new": 2}


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("blue heron", "never used", "second"),
        ("never used", "blue heron", "first"),
        ("blue heron", "BLUE HERON", "second"),
        ("old clock", "blue heron", "second"),
    ],
)
def test_codes_that_cannot_be_joined_are_refused(
    cafe: Cafe, sessions: list[Session], first: str, second: str, field: str
) -> None:
    for code in CODES[:2]:
        recorded(sessions[0], ReturnCode(code))
    joined(cafe, *CODES[:2])

    with pytest.raises(DomainError) as refused:
        joined(cafe, first, second)

    assert refused.value.field == field


def test_joining_in_the_middle_parted_leaves_what_was_said_of_the_others(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    for code in CODES:
        recorded(sessions[0], ReturnCode(code))
    first, middle, last = (joined(cafe, *pair) for pair in itertools.pairwise(CODES))
    together = counted(provider)["people"]

    parted(middle)

    assert (together, counted(provider)["people"]) == (1, 2)
    with acting_for(provider):
        assert [same_person(merge.one_id) for merge in (first, last)] == [
            {merge.one_id, merge.other_id} for merge in (first, last)
        ]


def test_code_of_another_cafe_or_provider_is_not_found(provider: Provider, cafe: Cafe, sessions: list[Session]) -> None:
    for code in CODES[:2]:
        recorded(sessions[0], ReturnCode(code))
    merge = joined(cafe, *CODES[:2])

    with pytest.raises(DomainError, match="not been used at this café"):
        joined(make_cafe(provider=provider), *CODES[:2])
    with acting_for(make_provider()):
        with pytest.raises(NotFound):
            join_codes(cafe_id=cafe.id, first=CODES[0], second=CODES[1], by=TESTS, now=NOW)
        with pytest.raises(NotFound):
            part_codes(visitor_merge_id=merge.id, by=TESTS, now=NOW)


Steps = list[tuple[int, int]]


@given(
    visits=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=8),
    steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6),
)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_joinings_and_partings_add_up_and_leave_no_trace(
    provider: Provider, cafe: Cafe, sessions: list[Session], visits: Steps, steps: Steps
) -> None:
    with transaction.atomic():
        for day, code in visits:
            recorded(sessions[day], ReturnCode(CODES[code]))
        before, used = figures(provider), {code for _, code in visits}
        standing: dict[uuid.UUID, tuple[VisitorMerge, int, int]] = {}
        for one, other in steps:
            _step(cafe, standing, used, one, other)
            pairs = [(one, other) for _, one, other in standing.values()]
            people = _people(used, pairs)
            assert counted(provider) == {"people": len(people), "visits": len(visits), "new": len(people)}
            assert _persons(standing) == {frozenset(person) for person in people if len(person) > 1}
        for merge, _, _ in standing.values():
            parted(merge)
        assert figures(provider) == before
        transaction.set_rollback(True)


def _step(
    cafe: Cafe, standing: dict[uuid.UUID, tuple[VisitorMerge, int, int]], used: set[int], one: int, other: int
) -> None:
    """Join two codes; where that may not be, part what was joined first."""
    try:
        merge = joined(cafe, CODES[one], CODES[other])
    except DomainError:
        if standing:
            parted(standing.pop(next(iter(standing)))[0])
    else:
        assert {one, other} <= used
        standing[merge.id] = (merge, one, other)


def _persons(standing: dict[uuid.UUID, tuple[VisitorMerge, int, int]]) -> set[frozenset[int]]:
    """Which codes the platform takes for one person's."""
    codes: dict[uuid.UUID, int] = {}
    for merge, one, other in standing.values():
        codes |= {merge.one_id: one, merge.other_id: other}
    if not codes:
        return set()
    with acting_for(next(iter(standing.values()))[0].provider):
        return {frozenset(codes[visitor] for visitor in same_person(each)) for each in codes}


def _people(used: set[int], pairs: list[tuple[int, int]]) -> list[set[int]]:
    """Which codes are one person's, found in another way: by groups that grow together."""
    groups = [{code} for code in used]
    for one, other in pairs:
        touched = [group for group in groups if group & {one, other}]
        groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    return groups


# The page


def lead_of(provider: Provider, *cafes: Cafe) -> Client:
    client = Client()
    member = make_membership(provider=provider, role=Role.CAFE_LEAD, cafe_ids=[cafe.id for cafe in cafes])
    client.force_login(get_user_model().objects.get(id=member.user_id))
    return client


def test_lead_joins_two_codes_and_parts_them_on_the_page(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    for code in CODES[:2]:
        recorded(sessions[0], ReturnCode(code))
    lead, address = lead_of(provider, cafe), reverse("cafes:join_codes")

    refused = lead.post(address, {"cafe": str(cafe.id), "first": CODES[0], "second": "never used"}).content.decode()
    lead.post(address, {"cafe": str(cafe.id), "first": CODES[0], "second": CODES[1]})
    page = lead.get(address).content.decode()
    with acting_for(provider):
        part = reverse("cafes:part_codes", args=[VisitorMerge.objects.get().id])
    lead.post(part)
    again = lead.post(part, follow=True).content.decode()

    assert "has not been used at this café" in refused
    assert 'value="blue heron"' in refused
    assert part in page
    assert "heron" not in page
    assert "These codes were parted already." in again
    assert "Parted on" in again
    assert counted(provider)["people"] == 2


def test_codes_of_a_cafe_that_is_not_ones_own_are_not_joined(
    provider: Provider, cafe: Cafe, sessions: list[Session]
) -> None:
    for code in CODES[:2]:
        recorded(sessions[0], ReturnCode(code))
    merge = joined(cafe, *CODES[:2])
    elsewhere = lead_of(provider, make_cafe(provider=provider))

    page = elsewhere.post(reverse("cafes:join_codes"), {"cafe": str(cafe.id), "first": CODES[0], "second": CODES[1]})

    assert page.status_code == 200
    assert elsewhere.post(reverse("cafes:part_codes", args=[merge.id])).status_code == 404


def test_page_costs_the_same_with_many_joinings(
    provider: Provider, cafe: Cafe, sessions: list[Session], django_assert_max_num_queries: Any
) -> None:
    lead, costs = lead_of(provider, cafe), []
    for number in range(1, 4):
        for code in (f"first {number}", f"second {number}"):
            recorded(sessions[0], ReturnCode(code))
        joined(cafe, f"first {number}", f"second {number}")
        with django_assert_max_num_queries(30) as queries:
            lead.get(reverse("cafes:join_codes"))
        costs.append(len(queries))

    assert len(set(itertools.islice(costs, 3))) == 1
