"""The register of staff and volunteers: sealed, versioned, and telling in time what runs out."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from providers.models import Provider, StaffCheck, StaffMember
from providers.selectors.staff import count_pressing, standings_of_staff
from providers.services.staff import (
    REMIND_OF_CHECK,
    Person,
    add_staff_check,
    add_staff_member,
    change_staff_member,
    record_leaving,
    withdraw_staff_check,
)
from providers.staff_reminders import remind_of_check
from sutg.audit.models import ProviderEvent
from sutg.common.errors import ChangedMeanwhile, DomainError, NotFound
from sutg.outbox.models import OutboxMessage
from tests.factories import make_cafe, make_membership, make_provider, make_staff_check, make_staff_member, make_user
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()
LIST = "/organisation/staff/"


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider, user=make_user(full_name="Meena Solanki")).user)


def a_person(**changes: Any) -> Person:
    return Person(**{"name": "Joan Marsh", "kind": "volunteer", "post": "host", "since": TODAY, **changes})


def added(provider: Provider, **changes: Any) -> StaffMember:
    with acting_for(provider):
        return add_staff_member(provider=provider, person=a_person(**changes), by=TESTS, now=NOW)


def checked(provider: Provider, member: StaffMember, **changes: Any) -> StaffCheck:
    values = {"kind": "dbs_enhanced", "since": TODAY, "until": None, **changes}
    with acting_for(provider):
        return add_staff_check(staff_member_id=member.id, by=TESTS, now=NOW, **values)


def left(provider: Provider, member: StaffMember, day: Any = TODAY) -> StaffMember:
    with acting_for(provider):
        return record_leaving(staff_member_id=member.id, until=day, by=TESTS, now=NOW)


def reminders(provider: Provider) -> list[OutboxMessage]:
    with acting_for(provider):
        return list(OutboxMessage.objects.filter(kind=REMIND_OF_CHECK).order_by("not_before"))


def test_person_is_kept_sealed_and_the_act_is_recorded(provider: Provider) -> None:
    member = added(provider, phone="0116 496 0000", lived_experience="yes")

    with acting_for(provider), connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, lived_experience FROM providers_staffmember")
        ((name, phone, said),) = cursor.fetchall()
        events = set(ProviderEvent.objects.filter(subject=member.id).values_list("name", flat=True))
    assert b"Joan" not in bytes(name)
    assert b"0116" not in bytes(phone)
    assert b"yes" not in bytes(said)
    assert "staff_member_added" in events


def test_person_at_another_providers_cafe_or_with_its_account_is_not_found(provider: Provider) -> None:
    other = make_provider()
    cafe = make_cafe(provider=other)
    stranger = make_membership(provider=other).user

    for changes in ({"cafe_ids": (cafe.id,)}, {"user_id": stranger.id}):
        with pytest.raises(NotFound):
            added(provider, **changes)


def test_account_that_is_linked_already_is_refused_until_that_person_left(provider: Provider) -> None:
    user = make_membership(provider=provider).user
    first = added(provider, user_id=user.id)
    with pytest.raises(DomainError) as refusal:
        added(provider, user_id=user.id)
    left(provider, first)

    again = added(provider, user_id=user.id)

    assert refusal.value.field == "account"
    assert again.user_id == user.id


def test_second_of_two_who_change_one_person_is_told(provider: Provider) -> None:
    member = added(provider)
    change = {"staff_member_id": member.id, "by": TESTS, "now": NOW}
    with acting_for(provider):
        change_staff_member(person=a_person(name="Joan March"), seen=1, **change)

        with pytest.raises(ChangedMeanwhile):
            change_staff_member(person=a_person(name="J Marsh"), seen=1, **change)

    with acting_for(provider):
        assert StaffMember.objects.get(id=member.id).name.open() == "Joan March"


def test_leaving_before_the_first_day_or_twice_is_refused(provider: Provider) -> None:
    member = added(provider)
    with pytest.raises(DomainError, match="before the first"):
        left(provider, member, TODAY - timedelta(days=1))
    left(provider, member)

    with pytest.raises(DomainError, match="already"):
        left(provider, member)


def test_first_day_after_the_last_is_refused(provider: Provider) -> None:
    member = left(provider, added(provider))
    late = a_person(since=TODAY + timedelta(days=1))

    with pytest.raises(DomainError) as refusal, acting_for(provider):
        change_staff_member(staff_member_id=member.id, person=late, seen=member.version, by=TESTS, now=NOW)

    assert refusal.value.field == "since"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"since": TODAY + timedelta(days=1)}, "since"),
        ({"until": TODAY - timedelta(days=1)}, "until"),
        ({}, "kind"),
    ],
    ids=["ahead", "wrong way round", "again"],
)
def test_check_that_cannot_be_is_refused(provider: Provider, changes: dict[str, Any], field: str) -> None:
    member = added(provider)
    checked(provider, member)

    with pytest.raises(DomainError) as refusal:
        checked(provider, member, **changes)

    assert refusal.value.field == field


def test_anything_of_another_providers_register_is_not_found(provider: Provider) -> None:
    other = make_provider()
    member = added(other)
    check = checked(other, member)

    with pytest.raises(NotFound):
        checked(provider, member)
    with pytest.raises(NotFound):
        left(provider, member)
    with pytest.raises(NotFound), acting_for(provider):
        withdraw_staff_check(staff_check_id=check.id, by=TESTS, now=NOW)
    with pytest.raises(NotFound), acting_for(provider):
        change_staff_member(staff_member_id=member.id, person=a_person(), seen=1, by=TESTS, now=NOW)


def test_dbs_check_of_another_level_renews_the_earlier_and_one_taken_back_does_not(provider: Provider) -> None:
    member = added(provider)
    old = checked(
        provider, member, kind="dbs_basic", since=TODAY - timedelta(days=900), until=TODAY - timedelta(days=1)
    )
    new = checked(provider, member, until=TODAY + timedelta(days=900))

    with acting_for(provider):
        renewed = [one.check.id for one in standings_of_staff([member.id])[member.id]]
        withdraw_staff_check(staff_check_id=new.id, by=TESTS, now=NOW)
        with pytest.raises(DomainError, match="already"):
            withdraw_staff_check(staff_check_id=new.id, by=TESTS, now=NOW)
        back = [one.check.id for one in standings_of_staff([member.id])[member.id]]

    assert renewed == [new.id]
    assert back == [old.id]


def test_end_of_a_check_is_told_three_times_without_a_name(provider: Provider) -> None:
    manager = make_membership(provider=provider, role=Role.PROVIDER_MANAGER).user
    checked(provider, added(provider), until=TODAY + timedelta(days=100))
    told = reminders(provider)

    with acting_for(provider):
        remind_of_check(told[0])

    assert [message.detail["days"] for message in told] == [60, 30, 0]
    assert mail.outbox[-1].to == [manager.email]
    assert "DBS check, enhanced" in mail.outbox[-1].subject
    assert "Joan" not in mail.outbox[-1].subject + str(mail.outbox[-1].body)


@pytest.mark.parametrize("what", ["left", "renewed", "withdrawn"])
def test_end_of_a_check_that_no_longer_matters_is_not_told(provider: Provider, what: str) -> None:
    make_membership(provider=provider, role=Role.PROVIDER_MANAGER)
    member = make_staff_member(provider=provider, since=TODAY - timedelta(days=5))
    check = checked(provider, member, until=TODAY + timedelta(days=100))
    (first, *_) = reminders(provider)
    if what == "left":
        left(provider, member, TODAY - timedelta(days=1))
    elif what == "renewed":
        checked(provider, member, kind="dbs_standard", until=TODAY + timedelta(days=800))
    else:
        with acting_for(provider):
            withdraw_staff_check(staff_check_id=check.id, by=TESTS, now=NOW)

    with acting_for(provider):
        said = remind_of_check(first)

    assert said == f"{what} before"
    assert mail.outbox == []


def test_what_presses_counts_people_who_are_here(provider: Provider) -> None:
    here = make_staff_member(provider=provider, since=TODAY)
    gone = make_staff_member(provider=provider, since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))
    ended = {"since": TODAY - timedelta(days=9), "until": TODAY - timedelta(days=1)}
    for member in (here, gone):
        make_staff_check(provider=provider, staff_member=member, **ended)
    make_staff_check(
        provider=provider, staff_member=here, kind="first_aid", since=TODAY, until=TODAY + timedelta(days=60)
    )

    with acting_for(provider):
        assert count_pressing(TODAY) == (1, 1)


def test_trust_has_no_right_to_the_register(provider: Provider) -> None:
    make_staff_check(provider=provider)

    with acting_for_trust():
        for model in (StaffMember, StaffCheck):
            with pytest.raises(Exception, match="no right"):
                model.objects.count()


def posted(**changes: str) -> dict[str, str]:
    day = {"since_day": str(TODAY.day), "since_month": str(TODAY.month), "since_year": str(TODAY.year)}
    values = {"name": "Joan Marsh", "kind": "volunteer", "post": "host", "version": "0", "account": ""}
    return values | day | {"lived_experience": "", "phone": ""} | changes


def test_manager_adds_a_person_and_their_reading_is_recorded(manager: Client, provider: Provider) -> None:
    page = manager.post(f"{LIST}new/", posted(), follow=True)
    manager.get(LIST)

    with acting_for(provider):
        names = set(ProviderEvent.objects.values_list("name", flat=True))
    assert "They are on the register" in page.text
    assert "They have not said" in page.text
    assert {"record_read", "staff_register_read"} <= names


def test_form_that_is_refused_keeps_what_was_typed(manager: Client, provider: Provider) -> None:
    page = manager.post(f"{LIST}new/", posted(kind="", phone="12"))

    assert "Select if they are paid or a volunteer" in page.text
    assert "Enter a phone number" in page.text
    assert 'value="Joan Marsh"' in page.text


def test_second_manager_sees_what_the_first_one_changed(manager: Client, provider: Provider) -> None:
    member = make_staff_member(provider=provider)
    address = f"{LIST}{member.id}/edit/"
    manager.post(address, posted(name="Joan March", version="1"))

    page = manager.post(address, posted(name="J Marsh", version="1"))
    again = manager.post(address, posted(name="J Marsh", version="2"), follow=True)

    assert "Joan March" in page.text
    assert 'value="J Marsh"' in page.text
    assert "Saved." in again.text


@pytest.mark.parametrize("role", [Role.CAFE_LEAD, Role.CAFE_WORKER, Role.PROVIDER_FINANCE])
def test_register_is_the_managers_alone(provider: Provider, role: Role) -> None:
    member = make_staff_member(provider=provider)
    client = signed_in(make_membership(provider=provider, role=role).user)

    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{member.id}/").status_code == 403


def test_person_whose_name_was_erased_is_shown_and_not_changed(manager: Client, provider: Provider) -> None:
    past = TODAY - timedelta(days=9)
    member = make_staff_member(provider=provider, name=None, since=past, until=past)

    page = manager.get(f"{LIST}{member.id}/")

    assert "Name erased" in page.text
    assert "Change what is written down" not in page.text
    with pytest.raises(DomainError, match="erased"):
        checked(provider, member)


def test_page_of_nobody_is_not_found(manager: Client) -> None:
    assert manager.get(f"{LIST}{uuid.uuid4()}/").status_code == 404


def test_pages_cost_as_many_queries_with_many_people_as_with_one(manager: Client, provider: Provider) -> None:
    member = make_staff_member(provider=provider)
    make_staff_check(provider=provider, staff_member=member)
    addresses = [LIST, f"{LIST}{member.id}/", "/"]

    def cost() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert manager.get(address).status_code == 200
            found.append(len(captured))
        return found

    few = cost()
    for days in range(1, 6):
        other = make_staff_member(provider=provider)
        make_staff_check(provider=provider, staff_member=other)
        make_staff_check(provider=provider, staff_member=member, since=TODAY - timedelta(days=days))

    assert cost() == few
