"""Rows of every tenant table for one provider, made by the factories, without a list of tables."""

from __future__ import annotations

import inspect
import re
import uuid
from collections.abc import Callable
from typing import Any

from django.db import models

from providers.models import Provider
from sutg.audit.services import record
from sutg.privacy.fields import EncryptedBytesField, EncryptedField
from sutg.tenancy.catalogue import tenant_models
from sutg.tenancy.models import TenantModel
from tests import factories
from tests.factories.scoped import TESTS, acting_for

# Written by one service and by nothing else: that service is their factory.
WRITTEN_BY_A_SERVICE = {"audit.ProviderEvent"}
# Codes that pages translate and count by; a canary in them would show in figures that may be shown.
_CODED = {"category", "measure", "period_kind", "ethnic_category", "gender", "age_band", "quarter", "role"}


def factory_of(model: type[models.Model]) -> Callable[..., Any] | None:
    """``make_return_file`` for ReturnFile; None when there is none."""
    return getattr(factories, f"make_{snake_case(model.__name__)}", None)


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def plant(provider: Provider, *, canaries: bool = False, **given: dict[str, Any]) -> dict[str, Any]:
    """One row of each tenant table, by the snake-case name of its model; ``given`` adds fields to a factory's.

    With ``canaries``, every free text carries a word that appears nowhere else (:func:`canaries_of`).
    """
    planted = {}
    for model in tenant_models():
        name = snake_case(model.__name__)
        fields = (_canary_fields(model, provider) if canaries else {}) | given.get(name, {})
        planted[name] = _make(model, provider, planted, fields)
    return planted


def canary(provider: Provider, model: type[models.Model], field: str) -> str:
    """A word for one field: found in a response, it says what leaked and whence."""
    return f"zq{uuid.uuid5(provider.id, f'{model.__name__}.{field}').hex[:10]}"


def canaries_of(provider: Provider) -> dict[str, str]:
    """Word → the field it was planted in."""
    return {
        canary(provider, model, field): f"{model.__name__}.{field}"
        for model in tenant_models()
        for field in _canary_fields(model, provider)
    }


def _make(model: type[TenantModel], provider: Provider, planted: dict[str, Any], fields: dict[str, Any]) -> Any:
    if model._meta.label in WRITTEN_BY_A_SERVICE:
        with acting_for(provider):
            word = canary(provider, model, "detail")
            record("tests.planted", by=TESTS, provider_id=provider.id, word=word)
            return model.objects.filter(detail__word=word).last()
    factory = factory_of(model)
    assert factory is not None, f"{model.__name__} has no factory"
    # Rows hang together: the session is the planted café's, the check the planted file's.
    earlier = {name: planted[name] for name in inspect.signature(factory).parameters if name in planted}
    return factory(provider=provider, **earlier | fields)


def _canary_fields(model: type[TenantModel], provider: Provider) -> dict[str, Any]:
    if model._meta.label in WRITTEN_BY_A_SERVICE:
        return {"detail": {}}
    factory = factory_of(model)
    taken = inspect.signature(factory).parameters if factory else {}
    takes_any = any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in taken.values())
    return {
        field.name: _as_value(field, canary(provider, model, field.name))
        for field in model._meta.local_fields
        if (takes_any or field.name in taken) and _is_free_text(field) and not _belongs_to_a_time(model, field)
    }


def _is_free_text(field: models.Field[Any, Any]) -> bool:
    if field.name in _CODED or field.choices:
        return False
    if isinstance(field, models.CharField):
        return (field.max_length or 100) >= 12
    return isinstance(field, models.TextField | models.JSONField | models.BinaryField | EncryptedField)


def _belongs_to_a_time(model: type[models.Model], field: models.Field[Any, Any]) -> bool:
    """``confirmed_by`` without its ``confirmed_at``, which the database refuses."""
    time = field.name.removesuffix("_by") + "_at"
    return any(other.name == time and other.null for other in model._meta.local_fields)


def _as_value(field: models.Field[Any, Any], word: str) -> Any:
    if isinstance(field, models.BinaryField | EncryptedBytesField):
        return word.encode()
    if isinstance(field, models.JSONField):
        return {word: word}
    return word
