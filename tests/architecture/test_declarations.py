"""What every address, table and act declares about itself."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from accounts.permissions import catalogue
from accounts.roles import Role
from sutg.celery import app as celery
from sutg.tenancy.access import Access
from sutg.tenancy.catalogue import tenant_models
from sutg.tenancy.models import TenantModel
from sutg.tenancy.operations import EnableTenancy
from sutg.tenancy.shared import shared_tables
from sutg.tenancy.tasks import ScopedTask
from tests.support.planting import WRITTEN_BY_A_SERVICE, factory_of
from tests.support.walk import routes

OURS = {"accounts", "providers", "cafes", "reports", "audit", "outbox", "privacy"}
OUR_MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]

# Written by migrations from fact files, and the same for every test.
REFERENCE = {"providers.Place", "providers.LocalAuthority", "providers.Neighbourhood"}
# A time that needs no person beside it, and why.
TIMES_WITHOUT_A_PERSON = {
    "accounts.User.created_at": "accounts are made by invitation, and the invitation is recorded",
    "providers.Provider.created_at": "made by the service administrator, and recorded in the trust's record",
    "privacy.ProviderKey.created_at": "made by the first use of what it is for",
    **{
        f"providers.{kind}.{name}": why
        for kind in ("Invitation", "TrustInvitation")
        for name, why in {
            "expires_at": "follows from the sending: no act",
            "mail_due_at": "when a job turns to it: no act",
        }.items()
    },
    "cafes.Tablet.code_expires_at": "follows from the making of the link: no act",
    "cafes.Tablet.enrolled_at": "the tablet’s own act, recorded as the device’s",
    "cafes.Tablet.share_kept_at": "the tablet’s own act, recorded as the device’s",
    "cafes.Tablet.last_seen_at": "when a message came: no act",
    "cafes.Tablet.oldest_held_at": "what the tablet says of its queue: no act",
    "cafes.TabletRecord.received_at": "when a message came; who recorded it is in what it became",
    "cafes.Visitor.created_at": "comes with the visit that recorded it",
    "cafes.ReturnFile.settled_at": "loaded or replaced by a job; a person's discard is in the record",
    "cafes.Session.withdrawn_at": "taken back by a return, or by a change of openings, both recorded with their person",
    "cafes.Incident.happened_at": "when it happened: nobody's act on the record",
    "outbox.OutboxMessage.due_at": "when it may be tried next: nobody's act",
    "outbox.OutboxMessage.delivered_at": "when the outside answered: nobody's act",
    "cafes.Visit.withdrawn_at": "by a return, which names who confirmed it, or by hand: its last revision says who",
    "cafes.Visit.arrived_at": "when a visitor came: nobody's act on the record",
}


def test_every_address_of_ours_names_a_permission() -> None:
    unnamed = [route.name for route in routes() if not route.is_third_party and not route.permissions]

    assert unnamed == []


def test_every_permission_is_held_and_reads_as_a_sentence() -> None:
    faults = [
        p.name
        for p in catalogue()
        if bool(p.roles) is p.is_for_devices or not p.sentence.endswith(".") or p.sentence[0].isupper()
    ]

    assert faults == []


def test_every_role_may_see_its_start_page() -> None:
    held = {role for permission in catalogue() for role in permission.roles}

    assert held == set(Role)


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_tenant_model_declares_what_its_migrations_enable(model: type[TenantModel]) -> None:
    enabled = [
        operation.access
        # By name, which is their order within an app: the loader's own is that of a set.
        for _, migration in sorted(MigrationLoader(None).disk_migrations.items())
        if migration.app_label == model._meta.app_label
        for operation in migration.operations
        if isinstance(operation, EnableTenancy) and operation.model_name == model._meta.model_name
    ]

    assert enabled[-1:] == [model.tenancy]
    assert isinstance(model.tenancy, Access)


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_model_is_a_tenants_or_listed_as_shared_with_a_reason(model: type[models.Model]) -> None:
    shared = shared_tables().get(model._meta.db_table)

    assert issubclass(model, TenantModel) != (shared is not None)
    assert shared is None or shared.reason


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_model_has_a_factory(model: type[models.Model]) -> None:
    label = model._meta.label
    named = {"providers.NeighbourhoodLead": "make_lead"}.get(label)
    factories = importlib.import_module("tests.factories")

    found = hasattr(factories, named) if named else factory_of(model) is not None

    assert found or label in REFERENCE | WRITTEN_BY_A_SERVICE | {"audit.TrustEvent"}


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_time_of_a_persons_act_has_its_person(model: type[models.Model]) -> None:
    names = {field.name for field in model._meta.get_fields()}
    alone = [
        f"{model._meta.label}.{name}"
        for name in names
        if name.endswith("_at") and f"{name.removesuffix('_at')}_by" not in names
    ]

    assert [name for name in alone if name not in TIMES_WITHOUT_A_PERSON] == []


def test_no_exception_outlives_its_field() -> None:
    known = {f"{model._meta.label}.{field.name}" for model in OUR_MODELS for field in model._meta.get_fields()}

    assert set(TIMES_WITHOUT_A_PERSON) <= known


@pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)
def test_constraints_of_a_tenant_model_start_with_the_provider(model: type[TenantModel]) -> None:
    first = [
        (constraint.fields or [str(getattr(constraint.expressions[0], "name", constraint.expressions[0]))])[0]
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    ]

    assert set(first) <= {"provider"}
    assert not any(field.unique for field in model._meta.local_concrete_fields)


def test_every_task_of_ours_carries_a_scope_or_says_that_it_serves_nobody() -> None:
    celery.loader.import_default_modules()
    tasks = [task for name, task in celery.tasks.items() if name.split(".")[0] in {*OURS, "sutg"}]

    assert tasks
    assert all(isinstance(task, ScopedTask) for task in tasks)
