"""What a provider says of itself, what it has in force, and who is told when that ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.roles import Role
from providers.models import Insurance, Policy, ProfileVersion, Provider, SafeguardingHolder, SafeguardingPost
from providers.reminders import remind
from providers.selectors.profiles import State, standing_on
from providers.selectors.safeguarding import safeguarding_posts, safeguarding_user_ids
from providers.services.assurance import REMIND, add_insurance, add_policy, withdraw_assurance
from providers.services.profiles import Profile, save_profile
from providers.services.safeguarding import Named, name_safeguarding_lead
from sutg.audit.models import ProviderEvent
from sutg.common.errors import ChangedMeanwhile, DomainError, NotFound
from sutg.outbox.delivery import NotDelivered
from sutg.outbox.models import OutboxMessage
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope
from tests.factories import (
    make_insurance,
    make_membership,
    make_policy,
    make_profile_version,
    make_provider,
    make_safeguarding_holder,
    make_safeguarding_post,
)
from tests.factories.scoped import TESTS, acting_for

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
CHARITY = Profile(legal_form="charity", charity_register="GB-CHC", charity_number="1234567", phone="0116 496 0000")


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


def saved(provider: Provider, profile: Profile = CHARITY, seen: int = 0) -> ProfileVersion:
    with acting_for(provider):
        return save_profile(provider=provider, profile=profile, seen=seen, by=TESTS, now=NOW)


def insured(provider: Provider, **changes: Any) -> Insurance:
    values = {
        "kind": "public_liability",
        "insurer": "Hall Mutual",
        "policy_number": "HM-1",
        "cover": 5_000_000,
        "since": TODAY,
        "until": TODAY + timedelta(days=364),
        **changes,
    }
    with acting_for(provider):
        return add_insurance(provider=provider, by=TESTS, now=NOW, **values)


def named(provider: Provider, lead: Any, deputy: Any = None, today: date = TODAY) -> None:
    with acting_for(provider):
        name_safeguarding_lead(
            provider=provider,
            lead=Named(lead.id, "0116 496 0000"),
            deputy=Named(deputy.id) if deputy else None,
            today=today,
            by=TESTS,
            now=NOW,
        )


def events(provider: Provider) -> list[str]:
    with acting_for(provider):
        return list(ProviderEvent.objects.order_by("id").values_list("name", flat=True))


def due(provider: Provider) -> list[OutboxMessage]:
    with acting_for(provider):
        return list(OutboxMessage.objects.filter(kind=REMIND).order_by("not_before"))


def delivering(provider: Provider, message: OutboxMessage) -> str:
    with scopes.enter(Scope.provider(TESTS, provider.id)):
        return remind(message)


def test_profile_saved_is_a_state_with_numbers_as_registers_write_them_and_is_recorded(provider: Provider) -> None:
    version = saved(provider, replace(CHARITY, charity_register="GB-SC", charity_number="sc 12345"))

    assert (version.number, version.charity_number) == (1, "SC012345")
    assert version.org_ids == ["GB-SC-SC012345"]
    assert "profile_saved" in events(provider)
    with acting_for(provider):
        assert "0116" not in repr(list(ProviderEvent.objects.values()))


def test_profile_changed_keeps_every_state_before(provider: Provider) -> None:
    saved(provider)
    saved(provider, replace(CHARITY, phone="0116 496 0001"), seen=1)

    with acting_for(provider):
        states = list(ProfileVersion.objects.values_list("number", "phone"))
    assert states == [(2, "0116 496 0001"), (1, "0116 496 0000")]


def test_profile_saved_without_a_change_adds_no_state(provider: Provider) -> None:
    saved(provider)

    again = saved(provider, seen=1)

    assert again.number == 1
    assert events(provider).count("profile_saved") == 1


@pytest.mark.parametrize("seen", [0, 2])
def test_profile_somebody_else_saved_meanwhile_is_refused(provider: Provider, seen: int) -> None:
    saved(provider)

    with pytest.raises(ChangedMeanwhile):
        saved(provider, replace(CHARITY, phone=""), seen=seen)


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (Profile(legal_form="charity"), "charity_number"),
        (Profile(legal_form="cic"), "company_number"),
        (replace(CHARITY, legal_form="charitable_company"), "company_number"),
        (replace(CHARITY, charity_register=""), "charity_register"),
        (replace(CHARITY, charity_number="12"), "charity_number"),
        (replace(CHARITY, company_number="none"), "company_number"),
    ],
)
def test_profile_without_the_numbers_of_its_form_is_refused(provider: Provider, profile: Profile, field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        saved(provider, profile)

    assert refusal.value.field == field


def test_profile_state_is_never_changed_by_the_provider_nor_seen_by_another(provider: Provider) -> None:
    saved(provider)

    with acting_for(make_provider()):
        assert not ProfileVersion.objects.exists()
    with pytest.raises(Exception, match="permission denied"), acting_for(provider), transaction.atomic():
        ProfileVersion.objects.update(phone="")


@pytest.mark.parametrize(
    "fields", [{"charity_number": "12"}, {"charity_register": ""}, {"company_number": "12"}], ids=str
)
def test_number_no_register_writes_is_refused_by_the_database_too(provider: Provider, fields: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        make_profile_version(provider=provider, **fields)


def test_insurance_added_has_its_end_told_at_60_30_and_0_days(provider: Provider) -> None:
    insurance = insured(provider)

    told_on = [timezone.localdate(message.not_before) for message in due(provider)]
    assert told_on == [insurance.until - timedelta(days=days) for days in (60, 30, 0)]
    assert "insurance_added" in events(provider)


@pytest.mark.parametrize(("days_left", "mails"), [(59, 2), (29, 1), (-1, 0)])
def test_insurance_added_late_is_told_of_only_in_time_to_come(provider: Provider, days_left: int, mails: int) -> None:
    insured(provider, since=TODAY - timedelta(days=300), until=TODAY + timedelta(days=days_left))

    assert len(due(provider)) == mails


@pytest.mark.parametrize(
    ("changes", "field"), [({"until": TODAY - timedelta(days=1)}, "until"), ({"cover": 0}, "cover")], ids=str
)
def test_insurance_that_makes_no_sense_is_refused(provider: Provider, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        insured(provider, **changes)

    assert refusal.value.field == field


def test_insurance_added_twice_is_one(provider: Provider) -> None:
    insured(provider)

    with pytest.raises(DomainError, match="already"):
        insured(provider)
    assert len(due(provider)) == 3


def test_policy_approved_in_time_to_come_is_refused(provider: Provider) -> None:
    with pytest.raises(DomainError) as refusal, acting_for(provider):
        add_policy(
            provider=provider,
            kind="complaints",
            since=TODAY + timedelta(days=1),
            until=TODAY + timedelta(days=9),
            by=TESTS,
            now=NOW,
        )

    assert refusal.value.field == "since"


def test_insurance_taken_back_stays_and_may_be_written_again(provider: Provider) -> None:
    wrong = insured(provider)
    with acting_for(provider):
        withdraw_assurance(kind=Insurance, assurance_id=wrong.id, by=TESTS, now=NOW)

    again = insured(provider)

    with acting_for(provider):
        assert set(Insurance.objects.standing()) == {again}
        assert Insurance.objects.count() == 2
    with pytest.raises(DomainError, match="already"), acting_for(provider):
        withdraw_assurance(kind=Insurance, assurance_id=wrong.id, by=TESTS, now=NOW)
    assert "insurance_withdrawn" in events(provider)


def test_insurance_of_another_provider_is_not_found(provider: Provider) -> None:
    theirs = insured(make_provider())

    with pytest.raises(NotFound), acting_for(provider):
        withdraw_assurance(kind=Insurance, assurance_id=theirs.id, by=TESTS, now=NOW)


def test_reminder_goes_to_the_managers_and_names_nobody(provider: Provider) -> None:
    manager = make_membership(provider=provider).user
    make_membership(provider=provider, role=Role.PROVIDER_FINANCE)
    make_membership(provider=provider, until=date(2024, 6, 1))
    insured(provider)

    delivering(provider, due(provider)[0])

    (letter,) = mail.outbox
    assert letter.to == [manager.email]
    assert "Public liability insurance ends on" in letter.subject
    assert "/organisation/" in letter.body
    assert "HM-1" not in letter.body


def test_reminder_without_a_manager_waits(provider: Provider) -> None:
    insured(provider)

    with pytest.raises(NotDelivered):
        delivering(provider, due(provider)[0])


def test_reminder_of_what_was_renewed_or_taken_back_is_not_sent(provider: Provider) -> None:
    make_membership(provider=provider)
    first = insured(provider, until=TODAY + timedelta(days=90))
    message = due(provider)[0]
    renewal = insured(provider, policy_number="HM-2", since=first.until + timedelta(days=1))

    assert delivering(provider, message) == "renewed before"
    with acting_for(provider):
        withdraw_assurance(kind=Insurance, assurance_id=renewal.id, by=TESTS, now=NOW)
        withdraw_assurance(kind=Insurance, assurance_id=first.id, by=TESTS, now=NOW)
    assert delivering(provider, message) == "withdrawn before"
    assert mail.outbox == []


def test_reminder_of_a_term_followed_by_a_gap_is_sent(provider: Provider) -> None:
    make_membership(provider=provider)
    first = insured(provider, until=TODAY + timedelta(days=90))
    message = due(provider)[0]
    insured(provider, policy_number="HM-2", since=first.until + timedelta(days=2))

    delivering(provider, message)

    assert len(mail.outbox) == 1


def term(start: int, end: int) -> Policy:
    """A term in days from today."""
    return Policy(kind="complaints", since=TODAY + timedelta(days=start), until=TODAY + timedelta(days=end))


@pytest.mark.parametrize(
    ("terms", "state", "ends"),
    [
        ([], State.MISSING, None),
        ([(1, 400)], State.MISSING, None),
        ([(-400, -1)], State.EXPIRED, -1),
        ([(-400, 0)], State.SOON, 0),
        ([(-400, 60)], State.SOON, 60),
        ([(-400, 61)], State.IN_FORCE, 61),
        ([(-400, 10), (11, 370)], State.IN_FORCE, 370),
        ([(-400, 10), (12, 370)], State.SOON, 10),
        ([(-400, -5), (-4, 300)], State.IN_FORCE, 300),
        ([(-400, -5), (3, 300)], State.EXPIRED, -5),
        ([(-400, 300), (-200, 100)], State.IN_FORCE, 300),
        ([(-800, -300), (-400, -200)], State.EXPIRED, -200),
    ],
)
def test_kind_stands_by_the_last_day_without_a_gap(
    terms: list[tuple[int, int]], state: State, ends: int | None
) -> None:
    standing = standing_on(Policy, "complaints", [term(*one) for one in terms], TODAY)

    assert standing.state is state
    assert standing.ends == (None if ends is None else TODAY + timedelta(days=ends))


def test_lead_and_deputy_named_hold_from_today_and_the_one_before_ends(provider: Provider) -> None:
    before, lead, deputy = (make_membership(provider=provider) for _ in range(3))
    named(provider, before, today=TODAY - timedelta(days=10))

    named(provider, lead, deputy)

    with acting_for(provider):
        posts = safeguarding_posts(TODAY)
        yesterday = safeguarding_posts(TODAY - timedelta(days=1))
    assert {kind: held.user for kind, held in posts.items()} == {"lead": lead.user, "deputy": deputy.user}
    assert {kind: held.user for kind, held in yesterday.items()} == {"lead": before.user}
    assert events(provider).count("safeguarding_post_named") == 3


def test_lead_named_twice_on_one_day_is_the_second(provider: Provider) -> None:
    first, second = make_membership(provider=provider), make_membership(provider=provider)
    named(provider, first)

    named(provider, second)

    with acting_for(provider):
        assert safeguarding_posts(TODAY)["lead"].user == second.user
        assert SafeguardingPost.objects.count() == 2


def test_lead_named_again_as_before_changes_nothing(provider: Provider) -> None:
    lead = make_membership(provider=provider)
    named(provider, lead)

    named(provider, lead)

    with acting_for(provider):
        assert SafeguardingPost.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        ({"role": Role.PROVIDER_MANAGER}, True),
        ({"role": Role.CAFE_LEAD}, True),
        ({"role": Role.CAFE_LEAD, "cafe_ids": ["7b0a4bb5-40c5-4f8f-9f5c-0d3f6f0c2a01"]}, False),
        ({"role": Role.CAFE_WORKER}, False),
        ({"role": Role.PROVIDER_MANAGER, "until": date(2024, 6, 1)}, False),
    ],
    ids=str,
)
def test_lead_is_somebody_who_may_handle_every_cafes_incidents(
    provider: Provider, fields: dict[str, Any], allowed: bool
) -> None:
    member = make_membership(provider=provider, **fields)

    if allowed:
        named(provider, member)
    else:
        with pytest.raises(DomainError):
            named(provider, member)

    with acting_for(provider):
        assert SafeguardingHolder.objects.exists() == allowed


def test_lead_who_is_the_deputy_too_is_refused(provider: Provider) -> None:
    member = make_membership(provider=provider)
    again = make_membership(provider=provider, user=member.user, role=Role.CAFE_LEAD)

    with pytest.raises(DomainError) as refusal:
        named(provider, member, again)

    assert refusal.value.field == "deputy"


def test_member_of_another_provider_is_no_lead(provider: Provider) -> None:
    with pytest.raises(DomainError):
        named(provider, make_membership(provider=make_provider()))


def test_lead_who_left_is_told_nothing_more(provider: Provider) -> None:
    make_safeguarding_holder(provider=provider, user=make_membership(provider=provider, until=date(2024, 6, 1)).user)

    with acting_for(provider):
        assert safeguarding_user_ids(TODAY) == set()
        assert not safeguarding_posts(TODAY)["lead"].is_here


def test_two_leads_at_a_time_are_refused_by_the_database(provider: Provider) -> None:
    make_safeguarding_post(provider=provider)

    with pytest.raises(IntegrityError):
        make_safeguarding_post(provider=provider, since=TODAY)


@pytest.mark.parametrize("make", [make_insurance, make_policy])
def test_term_that_ends_before_it_begins_is_refused_by_the_database(
    provider: Provider, make: Callable[..., Any]
) -> None:
    with pytest.raises(IntegrityError):
        make(provider=provider, since=TODAY, until=TODAY - timedelta(days=1))


def test_reminders_are_due_at_eight_in_the_morning_whatever_the_season(provider: Provider) -> None:
    insured(provider, until=date(TODAY.year + 1, 8, 20))

    hours = {timezone.localtime(message.not_before).hour for message in due(provider)}

    assert hours == {8}
