"""The demo: it loads the returns the way people do, and its year adds up to what a correct load finds."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Sum
from django.test import Client

from accounts.roles import Role
from providers.models import Provider
from reports.models import Figure
from sutg.demo.apps import refuse_deployment
from sutg.demo.personas import PERSONAS
from sutg.demo.seed import seed, seed_organisations
from tests.factories.scoped import acting_for
from tests.support.shared import shared_file

pytestmark = pytest.mark.django_db


def _code(reason: str) -> str:
    """“Money or debt” as figures name it."""
    return reason.lower().replace(" ", "_").replace("-", "_")


def silence(_: str) -> None: ...


def test_demo_loaded_adds_up_to_what_a_correct_load_finds(capsys: pytest.CaptureFixture[str]) -> None:
    expected = json.loads(shared_file("data/returns/expected.json").read_text(encoding="utf-8"))
    visits, months, reasons = Counter(), Counter(), Counter()
    for file in expected.values():
        visits[file["provider"]] += file["accepted"]
        months.update(file["visits_by_month"])
        reasons.update({(file["provider"], _code(reason)): n for reason, n in file["visits_by_reason"].items()})

    seed(silence)
    seed(silence)  # stopped and run again, it adds nothing

    found_months, found_reasons = Counter(), Counter()
    for provider in Provider.objects.all():
        with acting_for(provider):
            returned = Figure.objects.filter(period_start__lt=date(2025, 4, 1))  # what was recorded live lies later
            totals = returned.filter(measure="visits", category="")
            year = totals.filter(period_kind="year").aggregate(Sum("value"))["value__sum"]
            assert year == visits[provider.name], provider.name
            for start, value in totals.filter(period_kind="month").values_list("period_start", "value"):
                found_months[f"{start:%Y-%m}"] += value
            by_reason = returned.filter(measure="visits_by_reason", period_kind="year")
            for reason, value in by_reason.values_list("category", "value"):
                found_reasons[provider.name, reason] += value
    assert +found_months == +months
    assert +found_reasons == +reasons


def test_personas_are_one_for_each_role_and_of_two_providers() -> None:
    assert {persona.role for persona in PERSONAS} == set(Role)
    assert len({persona.provider for persona in PERSONAS if persona.provider}) == 2


@pytest.mark.parametrize("key", [persona.key for persona in PERSONAS])
def test_persona_signs_in_with_one_click_and_sees_what_needs_doing(client: Client, key: str) -> None:
    seed_organisations(silence)

    response = client.post("/demo/sign-in/", {"persona": key}, follow=True)

    assert response.status_code == 200
    assert "What needs doing next" in response.text


def test_unknown_persona_is_not_found(client: Client) -> None:
    assert client.post("/demo/sign-in/", {"persona": "nobody"}).status_code == 404


def test_deployment_check_refuses_the_demo() -> None:
    assert settings.SUTG_ENV == "test"
    assert [message.id for message in refuse_deployment()] == ["demo.E001"]


def test_personas_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_personas")

    printed = capsys.readouterr().out
    assert all(persona.name in printed for persona in PERSONAS)
