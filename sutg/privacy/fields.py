"""Fields whose column holds sealed bytes, and whose reading is an act.

``visitor.name = "Ada"`` seals on saving; ``visitor.name.open()`` reads. Everything else that touches the value (a
template, a log line, ``repr``, a comparison) gets no more than that there is one: opening is a call that a reader of
the code can find, and that stands beside the record of who looked (:func:`sutg.audit.services.record_read`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from sutg.privacy.envelope import Place, key_id_of, ring, seal, unseal

_SHOWN = "‹sealed›"


class _Hidden:
    """Bytes that do not show in ``repr``, a log or a traceback's locals."""

    __slots__ = ("value",)

    def __init__(self, value: bytes) -> None:
        self.value = value

    def __repr__(self) -> str:
        return _SHOWN


class Ciphertext(_Hidden):
    """What the column holds. By itself, as ``values()`` gives it, it cannot be opened: it does not know its row."""


class _Plaintext(_Hidden):
    """What was assigned and is not saved yet."""


class Sealed:
    """The value of an encrypted field of one row."""

    __slots__ = ("_field", "_held", "_row")

    def __init__(self, row: models.Model, field: EncryptedField, held: _Hidden) -> None:
        self._row, self._field, self._held = row, field, held

    def open(self) -> Any:
        """The value: text, or bytes of a bytes field. :class:`~sutg.privacy.envelope.CannotOpen` when it cannot be."""
        return self._field.from_bytes(self._bytes())

    @property
    def place(self) -> Place:
        return self._field.place_of(self._row)

    def as_stored(self) -> bytes:
        """What goes into the column: as it was, once it is seen to open there, or sealed anew under the current key.

        A row that was read before the keys were rotated would otherwise bring a retired key back when it is saved.
        """
        opened = self._bytes()
        if isinstance(self._held, Ciphertext) and key_id_of(self._held.value) == ring().current:
            return self._held.value
        return seal(opened, self.place)

    def _bytes(self) -> bytes:
        if isinstance(self._held, _Plaintext):
            return self._held.value
        return unseal(self._held.value, self.place)

    def __bool__(self) -> bool:
        msg = "A sealed value is neither empty nor full until it is opened; compare with None, or open it."
        raise TypeError(msg)

    def __repr__(self) -> str:
        return _SHOWN


class _Opening(DeferredAttribute):
    """Gives :class:`Sealed`, takes plain values. The row itself holds nothing that shows what they are."""

    field: EncryptedField

    def __get__(self, row: Any, owner: Any = None) -> Any:
        if row is None:
            return self
        held = super().__get__(row, owner)
        return held if held is None or not isinstance(held, _Hidden) else Sealed(row, self.field, held)

    def __set__(self, row: models.Model, value: Any) -> None:
        if isinstance(value, Sealed):
            if value.place != self.field.place_of(row):
                msg = f"A sealed {self.field.name} belongs to its own row; open it to write it to another."
                raise TypeError(msg)
            value = value._held
        elif value is not None and not isinstance(value, _Hidden):
            value = _Plaintext(self.field.as_bytes(value))
        row.__dict__[self.field.attname] = value


class EncryptedField(models.Field):  # type: ignore[type-arg]
    """Sealed bytes in the column. Cannot be searched, sorted by, indexed or unique; ``isnull`` is all one may ask.

    Lives on a :class:`~sutg.tenancy.models.TenantModel` whose provider may update it, since keys are rotated in the
    provider's scope.
    """

    descriptor_class = _Opening
    # Read by TenantQuerySet: the order of ciphertexts is no order.
    is_sortable = False
    empty_strings_allowed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False  # a form takes and shows plain values, through a service
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        return [*super().check(**kwargs), *self._check_use()]

    def _check_use(self) -> list[checks.CheckMessage]:
        from sutg.tenancy.models import TenantModel

        faults = []
        if self.unique or getattr(self, "db_index", False) or self.choices or self.has_default():
            faults.append("An encrypted field is neither indexed nor unique, and has no choices and no default.")
        model = self.model
        if not issubclass(model, TenantModel) or "UPDATE" not in model.tenancy.provider.privileges:
            faults.append("An encrypted field lives on a TenantModel that its provider may update.")
        return [checks.Error(fault, obj=self, id=f"privacy.E00{n}") for n, fault in enumerate(faults, 1)]

    def place_of(self, row: Any) -> Place:
        return Place(row._meta.db_table, str(self.column), getattr(row, "provider_id", None), row.id)

    def from_db_value(self, value: Any, *_: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        if value is None:
            return None
        if not isinstance(value, Sealed):
            msg = f"{self.name} is sealed for its row: assign it to the object and save that."
            raise TypeError(msg)
        return connection.Database.Binary(value.as_stored())

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        msg = f"{self.name} is encrypted: a query can ask no more than whether it is null."
        raise FieldError(msg)

    def clean(self, value: Any, model_instance: Any) -> Any:
        """Check what is inside; the sealed value stays as it is."""
        if isinstance(value, Sealed):
            super().clean(value.open(), model_instance)
            return value
        return super().clean(value, model_instance)

    def as_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_bytes(self, value: bytes) -> Any:
        raise NotImplementedError


class EncryptedTextField(EncryptedField):
    """Text of a person. ``max_length`` counts characters and is checked by ``full_clean``, as of any field."""

    def as_bytes(self, value: Any) -> bytes:
        if not isinstance(value, str):
            msg = f"{self.name} takes text."
            raise TypeError(msg)
        return value.encode()

    def from_bytes(self, value: bytes) -> str:
        return value.decode()

    @property
    def validators(self) -> list[Callable[..., None]]:
        from django.core.validators import MaxLengthValidator

        limit = [MaxLengthValidator(self.max_length)] if self.max_length else []
        return [*super().validators, *limit]


class EncryptedBytesField(EncryptedField):
    """A file, or a key."""

    def as_bytes(self, value: Any) -> bytes:
        if not isinstance(value, bytes | bytearray | memoryview):
            msg = f"{self.name} takes bytes."
            raise TypeError(msg)
        return bytes(value)

    def from_bytes(self, value: bytes) -> bytes:
        return value
