"""No field about a person without a word on why it is held, how it is kept and for how long."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import models

from sutg.common.catalogue import Catalogue, NotPersonal, Retention, erasure_of
from sutg.privacy.declarations import faults_of
from sutg.privacy.fields import EncryptedTextField
from sutg.privacy.retention import due, rules
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope
from tests.architecture.test_declarations import OUR_MODELS


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_model_catalogues_every_field_of_its_own(model: type[models.Model]) -> None:
    faults = list(faults_of(model))

    assert faults == []


@pytest.mark.parametrize(
    "model",
    [model for model in OUR_MODELS if isinstance(model.__dict__.get("catalogue"), Catalogue)],
    ids=lambda model: model._meta.label,
)
def test_model_with_personal_data_says_what_becomes_of_it(model: Any) -> None:
    """``after=Erasure(…)`` or ``after=Kept(…)`` in its catalogue, unless its class is kept: see docs/privacy.md."""
    assert erasure_of(model.catalogue) is not None


def test_every_kind_that_is_erased_can_be_found_and_erased() -> None:
    """Paths and fields exist; what is deleted may be deleted, and what is cleared may be changed."""
    found = rules()

    assert {rule.kind for rule in found} >= {"cafes.Visit", "cafes.VisitorIdentity", "cafes.ReturnContent"}
    for rule in found:
        with scopes.enter(Scope.provider(Actor.job("tests"), uuid.uuid4())):
            assert "WHERE" in str(due(rule, date(2020, 1, 1), [uuid.uuid4()]).query)
        needed = "DELETE" if rule.deletes else "UPDATE"
        assert needed in rule.model.tenancy.provider.privileges, rule.kind


def model_with(catalogue: Any = None) -> type[models.Model]:
    """A model as somebody might write it, known to nobody else."""
    meta = type("Meta", (), {"app_label": "tests_catalogue", "managed": False})
    fields = {
        "name": models.CharField(max_length=10),
        "notes": EncryptedTextField(),
        "colour": models.CharField(max_length=5, choices=[("r", "Red")]),
        "seen_by": models.CharField(max_length=10),
    }
    declared = {"catalogue": catalogue} if catalogue else {}
    from django.apps import apps

    apps.all_models.pop("tests_catalogue", None)
    return type("Loose", (models.Model,), {"__module__": __name__, "Meta": meta, **fields, **declared})


KEPT = Retention.NAMED


@pytest.mark.parametrize(
    ("catalogue", "fault"),
    [
        (None, "has no catalogue"),
        (NotPersonal("none", texts="notes"), "a free text that is not named: name"),
        (NotPersonal("none", texts="name notes gone"), "declares gone"),
        (Catalogue(KEPT, {"name notes": "x"}, plain={"name": "y"}), "does not say what colour is"),
        (Catalogue(KEPT, {"name notes": "x"}, other="colour"), "unencrypted, without a reason in plain: name"),
        (Catalogue(KEPT, {"name": "x"}, plain={"name": "y"}, other="colour notes"), "encrypts notes without saying"),
        (
            Catalogue(KEPT, {"name notes": "x"}, plain={"name notes": "y"}, other="colour"),
            "a reason in plain for notes, which needs none",
        ),
        (
            Catalogue(KEPT, {"name notes colour": "x"}, plain={"name": "y"}, other="colour"),
            "calls colour both personal and not",
        ),
        (Catalogue(KEPT, {"name notes id": "x"}, plain={"name": "y"}, other="colour"), "declares id"),
    ],
)
@pytest.mark.filterwarnings("ignore:Model .* was already registered")
def test_model_whose_catalogue_is_wrong_is_told_how(catalogue: Any, fault: str) -> None:
    faults = list(faults_of(model_with(catalogue)))

    assert any(fault in found for found in faults), faults


@pytest.mark.filterwarnings("ignore:Model .* was already registered")
def test_model_that_names_every_field_is_found_in_order() -> None:
    whole = Catalogue(KEPT, {"name notes": "x"}, plain={"name": "y"}, other="colour")

    assert list(faults_of(model_with(whole))) == []
    assert list(faults_of(model_with(NotPersonal("none", texts="name notes")))) == []
