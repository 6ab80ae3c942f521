"""What visitors say of themselves, from the page into the database and back, held against the publishers' own lists.

The lists are read where the project keeps them as they were published, not from the copies that the product reads.
"""

from __future__ import annotations

import csv
import re
import uuid
from collections import Counter
from itertools import zip_longest
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cafes.demographics import BY_NAME, QUESTIONS, Answers, Standing
from cafes.entries import Anonymous, Particulars, VisitEntry
from cafes.models import Cafe, Demographics, Session, Visit
from cafes.services.visits import Recorded, record_visits
from providers.models import Provider
from tests.factories import make_cafe, make_open_session, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import NOW, figures
from tests.integration.cafes.test_visit_page import signed_in
from tests.support.shared import shared_file

pytestmark = pytest.mark.django_db

# Question → the list it is asked from. Whether an interpreter is needed is yes or no, and has no list.
LISTS = {
    "age_band": "age_band",
    "gender_identity": "gender_identity",
    "gender_same_at_birth": "gender_same_at_birth",
    "ethnic_group": "ethnic_group_census2021",
    "religion": "religion_group",
    "sexual_orientation": "sexual_orientation",
    "disability": "disability",
    "marital_status": "marital_status",
    "pregnancy_maternity": "pregnancy_maternity",
    "carer_status": "carer_status",
    "veteran_status": "veteran_status",
    "language": "language",
    "settled_accommodation": "settled_accommodation",
}
# Our returns tell those over 65 in two bands, which the page does too.
FINER = {"65+": ("65-74", "75+")}
# The publisher's list of the census has no code for these, nor that of languages; the NHS's Z and 99 stand in.
ADDED = {
    "ethnic_group": {"Z": Standing.DECLINED, "99": Standing.NOT_ASKED},
    "language": {"Z": Standing.DECLINED},
}


def rows_of(name: str) -> list[dict[str, str]]:
    with shared_file(f"reference/codelists/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def published_codes(question: str) -> dict[str, Standing]:
    """Each code of a question as its publisher lists it; a blank one was not asked."""
    found = {
        code: Standing(row.get("missing_kind") or Standing.ANSWERED)
        for row in rows_of(LISTS[question])
        for code in FINER.get(row["code"], (row["code"],))
    }
    return found | ADDED.get(question, {})


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider)


@pytest.fixture
def session(provider: Provider, cafe: Cafe) -> Session:
    return make_open_session(provider=provider, cafe=cafe)


@pytest.fixture
def worker(provider: Provider, cafe: Cafe) -> Client:
    return signed_in(provider, cafe)


def said_at(provider: Provider, visit_id: uuid.UUID) -> Answers:
    with acting_for(provider):
        row = Demographics.objects.filter(visit_id=visit_id).first()
        return row.answers if row else Answers()


def recorded_with(session: Session, answers: list[Answers]) -> list[uuid.UUID]:
    entries = [VisitEntry(uuid.uuid4(), session.id, Anonymous(), Particulars(), said) for said in answers]
    with acting_for(session.provider):
        settled = record_visits(entries=entries, by=TESTS, now=NOW)
    assert all(isinstance(each, Recorded) for each in settled)
    return [each.visit_id for each in settled if isinstance(each, Recorded)]


def chosen_in(page: str, name: str) -> list[str]:
    """The codes that the page shows as chosen, of a select or of checkboxes."""
    select = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)
    if select:
        return re.findall(r'<option value="([^"]+)" selected', select[0])
    return [
        re.search(r'value="([^"]*)"', tag)[1]  # type: ignore[index]
        for tag in re.findall(rf'<input[^>]* name="{name}"[^>]*>', page)
        if " checked" in tag
    ]


def offered_by(page: str, name: str) -> list[str]:
    select = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)
    if select:
        return [code for code in re.findall(r'<option value="([^"]*)"', select[0]) if code]
    return re.findall(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)


def as_one(code: str, question: str) -> Any:
    return ((code,) if code else ()) if BY_NAME[question].many else code


def test_every_question_has_exactly_the_codes_of_its_published_list_in_their_meaning() -> None:
    for question in LISTS:
        ours = {option.code: option.standing for option in BY_NAME[question].options}
        assert ours == published_codes(question), question
    assert {question.name for question in QUESTIONS} - LISTS.keys() == {"interpreter_needed"}


def test_page_offers_every_code_but_those_that_say_nobody_asked(worker: Client, session: Session) -> None:
    page = worker.get(reverse("cafes:record_visit", args=[session.id])).content.decode()

    for question in LISTS:
        asked = [code for code, standing in published_codes(question).items() if standing is not Standing.NOT_ASKED]
        assert sorted(offered_by(page, question)) == sorted(asked), question


def test_every_code_chosen_on_the_page_is_stored_and_shown_as_it_was_chosen(
    worker: Client, provider: Provider, session: Session
) -> None:
    """Languages apart, of which the page takes as many as the next longest list; the test below takes all."""
    asked = {
        question: [code for code, standing in published_codes(question).items() if standing is not Standing.NOT_ASKED]
        for question in LISTS
    }
    rounds = max(len(codes) for question, codes in asked.items() if question != "language")
    for chosen in list(zip_longest(*asked.values(), fillvalue=""))[:rounds]:
        typed = {question: code for question, code in zip(asked, chosen, strict=True) if code}
        client_uuid = str(uuid.uuid4())
        saved = worker.post(
            reverse("cafes:record_visit", args=[session.id]), {"client_uuid": client_uuid, "who": "anonymous", **typed}
        )
        assert saved.status_code == 302, typed
        with acting_for(provider):
            visit_id = Visit.objects.get(client_uuid=client_uuid).id
        stored = said_at(provider, visit_id)
        assert {name: getattr(stored, name) for name in asked} == {
            name: as_one(typed.get(name, ""), name) for name in asked
        }
        page = worker.get(reverse("cafes:visit", args=[session.id, visit_id])).content.decode()
        assert {name: chosen_in(page, name) for name in asked} == {
            name: [typed[name]] if name in typed else [] for name in asked
        }


def test_every_code_of_every_list_comes_back_as_its_list_writes_it(provider: Provider, session: Session) -> None:
    asked = [(question, code, standing) for question in LISTS for code, standing in published_codes(question).items()]
    visit_ids = recorded_with(session, [Answers(**{name: as_one(code, name)}) for name, code, _ in asked])
    with acting_for(provider):
        rows = {row.visit_id: row.answers for row in Demographics.objects.filter(visit_id__in=visit_ids)}

    for visit_id, (name, code, standing) in zip(visit_ids, asked, strict=True):
        question, kept = BY_NAME[name], getattr(rows.get(visit_id, Answers()), name)
        stored = (kept[0] if kept else "") if question.many else kept
        assert (question.published(stored), question.standing_of(stored)) == (code, standing), name
        # What nobody asked is no row at all: it can be asked next time.
        assert (visit_id in rows) is (standing is not Standing.NOT_ASKED), name


def test_census_groups_count_under_the_nhs_code_and_the_group_of_the_published_mapping(session: Session) -> None:
    groups = rows_of("ethnic_group_census2021")
    recorded_with(session, [Answers(ethnic_group=row["code"]) for row in groups])

    counted = figures(session.provider)

    assert len(groups) == 19
    for measure, column in (("visits_by_ethnic_category", "nhs_code"), ("visits_by_ethnic_group", "group")):
        found = {category: number for (name, category), number in counted.items() if name == measure and number}
        assert found == dict(Counter(row[column] for row in groups))


def test_declined_and_not_asked_are_counted_apart_and_as_neither_is_an_answer(session: Session) -> None:
    recorded_with(session, [Answers(ethnic_group="Z", age_band="Z", gender_identity="Z")] * 2 + [Answers()])

    counted = figures(session.provider)

    assert (counted["visits_by_ethnic_group", "Z"], counted["visits_by_ethnic_group", "99"]) == (2, 1)
    assert (counted["visits_by_age_band", "declined"], counted["visits_by_age_band", "not_known"]) == (2, 1)
    assert counted["visits_by_gender", "not_stated"] == 3
