"""What the models declare of their fields, held against the fields that they have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sutg.common.catalogue import Catalogue, Declaration, NotPersonal
from sutg.privacy.fields import EncryptedField

# Of every row: which it is, whose it is, and who acted (an id, never a name).
_KEYS = frozenset({"pk", "id", "provider"})
_TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    EncryptedField,
)


def fields_to_declare(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    """The fields of ``model`` that are neither keys, nor columns of keys, nor the actor of an act."""
    columns = {column for field in model._meta.local_fields for column in _columns_of(field)}
    return {
        field.name: field
        for field in model._meta.concrete_fields
        if field.name not in _KEYS | columns and not field.is_relation and not field.name.endswith("_by")
    }


def is_free_text(field: models.Field[Any, Any]) -> bool:
    """Whether anything at all could be written into it."""
    if isinstance(field, ArrayField):
        return is_free_text(field.base_field)
    if field.choices:
        return False
    return isinstance(field, _TEXTS)


def faults_of(model: type[models.Model]) -> Iterator[str]:
    """Each way in which the declaration of ``model`` and its fields disagree, as a sentence that says what to do."""
    declared: Declaration | None = model.__dict__.get("catalogue")
    fields = fields_to_declare(model)
    if declared is None:
        yield "has no catalogue = Catalogue(…) or NotPersonal(…): see docs/privacy.md"
        return
    for name in sorted(declared.named - fields.keys()):
        yield f"declares {name}, which is no field of it, or is a key"
    if isinstance(declared, NotPersonal):
        texts = {name for name, field in fields.items() if is_free_text(field)}
        for name in sorted(texts - declared.named):
            yield f"holds a free text that is not named: {name}"
    else:
        yield from _faults_of_personal(declared, fields)


def _faults_of_personal(declared: Catalogue, fields: dict[str, models.Field[Any, Any]]) -> Iterator[str]:
    for name in sorted(fields.keys() - declared.named):
        yield f"does not say what {name} is: personal and why, or other"
    for name in sorted(declared.reasons.keys() & set(declared.other.split())):
        yield f"calls {name} both personal and not"
    open_texts = {
        name
        for name in declared.reasons.keys() & fields.keys()
        if is_free_text(fields[name]) and not isinstance(fields[name], EncryptedField)
    }
    for name in sorted(open_texts - declared.unsealed.keys()):
        yield f"holds a personal text unencrypted, without a reason in plain: {name}"
    for name in sorted(declared.unsealed.keys() - open_texts):
        yield f"gives a reason in plain for {name}, which needs none"
    for name, field in sorted(fields.items()):
        if isinstance(field, EncryptedField) and name not in declared.reasons:
            yield f"encrypts {name} without saying why it is held"


def _columns_of(field: models.Field[Any, Any]) -> Iterator[str]:
    if isinstance(field, models.ForeignObject):  # noqa: TID251  asked, not made
        yield from (str(name) for name in field.from_fields)
