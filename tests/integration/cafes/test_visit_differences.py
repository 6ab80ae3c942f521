"""One client UUID, two contents: a repeat is told from something else, and the second is kept until it is settled."""

from __future__ import annotations

import dataclasses
import uuid

import pytest

from cafes.demographics import Answers
from cafes.entries import Anonymous, Named, Particulars, ReturnCode, SupportGiven, VisitEntry
from cafes.models import DifferingVisit, Session, Visit, VisitRevision
from cafes.services.visit_changes import ChangedMeanwhile, change_visit, withdraw_visit
from cafes.services.visit_contents import change_from, content_of
from cafes.services.visit_differences import settle_difference
from cafes.services.visits import Recorded, record_visit, record_visits
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_own_service, make_provider, make_visit
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import CODE, NOW, closed, entry, opened

pytestmark = pytest.mark.django_db
FIRST, SECOND = DifferingVisit.Outcome.FIRST, DifferingVisit.Outcome.SECOND


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def session(provider: Provider) -> Session:
    return opened(provider)


def told_twice(provider: Provider, session: Session) -> tuple[VisitEntry, VisitEntry]:
    """One visit as it was recorded, and what came under its client UUID afterwards."""
    first = entry(session, reasons=("stress",), distress_before=8)
    second = dataclasses.replace(first, who=CODE, particulars=Particulars(reasons=("housing",), distress_after=2))
    with acting_for(provider):
        record_visit(entry=first, by=TESTS, now=NOW)
        record_visit(entry=second, by=TESTS, now=NOW)
    return first, second


def settled(provider: Provider, outcome: str, version: int = 1, reason: str = "") -> Visit:
    with acting_for(provider):
        row = DifferingVisit.objects.get()
        settle_difference(differing_visit_id=row.id, outcome=outcome, version=version, by=TESTS, now=NOW, reason=reason)
        return Visit.objects.get()


def test_visit_sent_again_with_other_words_keeps_both(provider: Provider, session: Session) -> None:
    first, second = told_twice(provider, session)

    with acting_for(provider):
        again = [record_visit(entry=each, by=TESTS, now=NOW) for each in (first, second)]
        visit, kept = Visit.objects.get(), DifferingVisit.objects.get()
        events = ProviderEvent.objects.filter(name="visit_differs").count()

    assert [(receipt.is_repeat, receipt.differs) for receipt in again] == [(True, False), (True, True)]
    assert (visit.reasons, visit.distress_before, visit.version) == (["stress"], 8, 1)
    assert change_from(kept.content.open()).particulars.reasons == ("housing",)
    assert (kept.visit_id, events) == (visit.id, 1)


def test_batch_with_one_client_uuid_twice_keeps_both(provider: Provider, session: Session) -> None:
    first = entry(session, reasons=("stress",))
    second = dataclasses.replace(first, particulars=Particulars(reasons=("housing",)))

    with acting_for(provider):
        receipts = record_visits(entries=[first, second, first], by=TESTS, now=NOW)
        assert (Visit.objects.get().reasons, DifferingVisit.objects.count()) == (["stress"], 1)

    assert [r.differs for r in receipts if isinstance(r, Recorded)] == [False, True, False]


def test_contents_that_say_the_same_in_other_order_are_one_content(session: Session) -> None:
    support = (SupportGiven("group"), SupportGiven("one_to_one", 20))
    one = entry(session, ReturnCode("blue heron"), reasons=("stress", "anxiety"), support=support)
    other = dataclasses.replace(
        one,
        who=ReturnCode("BLUE  heron"),
        particulars=dataclasses.replace(
            one.particulars, reasons=("anxiety", "stress", "stress"), support=support[::-1]
        ),
    )

    assert content_of(one) == content_of(other)
    assert content_of(one) != content_of(dataclasses.replace(one, answers=Answers(age_band="25-29")))
    assert content_of(one) != content_of(dataclasses.replace(one, who=Anonymous()))


def test_content_read_back_says_what_was_written(session: Session) -> None:
    services = (uuid.uuid4(), uuid.uuid4())
    facts = Particulars(reasons=("stress",), support=(SupportGiven("group"),), signposted=services)
    who, answers = Named("Ada", "0116", uuid.uuid4()), Answers(disability=("02", "09"), language="gu")
    said = VisitEntry(uuid.uuid4(), session.id, who, facts, answers)

    change = change_from(content_of(said))

    assert (change.who, change.answers) == (said.who, said.answers)
    assert set(change.particulars.signposted or ()) == set(services)
    assert dataclasses.replace(change.particulars, signposted=services) == said.particulars


def test_visit_of_which_the_first_content_is_unknown_differs(provider: Provider, session: Session) -> None:
    old = make_visit(provider=provider, session=session)

    with acting_for(provider):
        receipt = record_visit(entry=VisitEntry(old.client_uuid, session.id), by=TESTS, now=NOW)

    assert (receipt.visit_id, receipt.differs) == (old.id, True)


def test_difference_settled_for_the_second_changes_the_visit_and_keeps_the_first(
    provider: Provider, session: Session
) -> None:
    told_twice(provider, session)

    visit = settled(provider, SECOND)

    assert (visit.reasons, visit.distress_before, visit.distress_after) == (["housing"], None, 2)
    assert visit.visitor_id is not None
    with acting_for(provider):
        assert VisitRevision.objects.get().before["reasons"] == ["stress"]
        assert DifferingVisit.objects.get().settled_by == str(TESTS)
        event = ProviderEvent.objects.get(name="visit_difference_settled")
    assert (event.subject, event.detail) == (visit.id, {"outcome": "second"})


def test_difference_settled_for_the_first_changes_nothing_and_is_not_asked_again(
    provider: Provider, session: Session
) -> None:
    _, second = told_twice(provider, session)

    visit = settled(provider, FIRST)

    with acting_for(provider):
        record_visit(entry=second, by=TESTS, now=NOW)
        assert not DifferingVisit.objects.unsettled().exists()
    assert (visit.reasons, visit.version) == (["stress"], 1)
    with pytest.raises(DomainError, match="settled this meanwhile"):
        settled(provider, FIRST)


def test_difference_of_a_changed_visit_is_not_settled_unseen(provider: Provider, session: Session) -> None:
    told_twice(provider, session)
    with acting_for(provider):
        visit = Visit.objects.get()
        change_visit(visit_id=visit.id, version=1, change=change_from(content_of(entry(session))), by=TESTS, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        settled(provider, SECOND)

    with acting_for(provider):
        assert DifferingVisit.objects.unsettled().exists()


def test_difference_of_a_closed_session_needs_a_reason(provider: Provider, session: Session) -> None:
    told_twice(provider, session)
    closed(session, 1)

    with pytest.raises(DomainError, match="with a reason"):
        settled(provider, SECOND)

    assert settled(provider, SECOND, reason="mistyped").reasons == ["housing"]


def test_difference_of_a_withdrawn_visit_does_not_bring_it_back(provider: Provider, session: Session) -> None:
    told_twice(provider, session)
    with acting_for(provider):
        visit_id = Visit.objects.get().id
        withdraw_visit(visit_id=visit_id, version=1, reason="duplicate", by=TESTS, now=NOW)

    with pytest.raises(DomainError, match="was withdrawn"):
        settled(provider, SECOND)

    assert settled(provider, FIRST).withdrawn_at is not None


def test_difference_settled_without_saying_which_is_refused(provider: Provider, session: Session) -> None:
    told_twice(provider, session)

    with pytest.raises(DomainError, match="which of the two"):
        settled(provider, "third")


def test_difference_of_another_provider_is_not_found(provider: Provider, session: Session) -> None:
    told_twice(provider, session)
    with acting_for(provider):
        theirs = DifferingVisit.objects.get().id

    with acting_for(make_provider()), pytest.raises(NotFound):
        settle_difference(differing_visit_id=theirs, outcome=FIRST, version=1, by=TESTS, now=NOW)


def test_services_signposted_are_kept_in_both_directories_and_through_changes(
    provider: Provider, session: Session
) -> None:
    own, other = (make_own_service(provider=provider).id for _ in range(2))
    said = entry(session, signposted=(own, other))

    with acting_for(provider):
        visit_id = record_visit(entry=said, by=TESTS, now=NOW).visit_id
        unsaid = dataclasses.replace(said.particulars, signposted=None)
        for version, particulars in enumerate((unsaid, dataclasses.replace(unsaid, signposted=(own,))), start=1):
            change = dataclasses.replace(change_from(content_of(said)), particulars=particulars)
            visit = change_visit(visit_id=visit_id, version=version, change=change, by=TESTS, now=NOW)
        kept = list(VisitRevision.objects.order_by("version").values_list("before", flat=True))
        assert [signpost.own_service_id for signpost in visit.signposts.all()] == [own]

    assert [before["signposted"] for before in kept] == [sorted([str(own), str(other)])] * 2


def test_service_of_another_provider_cannot_be_signposted(provider: Provider, session: Session) -> None:
    theirs = make_own_service(provider=make_provider()).id

    with acting_for(provider), pytest.raises(DomainError) as refused:
        record_visit(entry=entry(session, signposted=(theirs,)), by=TESTS, now=NOW)

    assert refused.value.field == "signposted"


def test_repeat_with_a_code_that_no_list_knows_is_kept_and_breaks_nothing(provider: Provider, session: Session) -> None:
    first = entry(session)
    again = dataclasses.replace(first, answers=Answers(ethnic_group="??", disability=("!!",)))
    with acting_for(provider):
        record_visit(entry=first, by=TESTS, now=NOW)

        repeated = record_visit(entry=again, by=TESTS, now=NOW)

        assert (repeated.is_repeat, repeated.differs) == (True, True)
        assert b"??" in DifferingVisit.objects.get().content.open()
