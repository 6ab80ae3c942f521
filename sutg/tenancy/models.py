"""The base of every table that belongs to a provider, and the manager that fails closed."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

from sutg.common.ids import new_id
from sutg.tenancy import scope as scopes
from sutg.tenancy.access import Access
from sutg.tenancy.errors import ScopeForbids

_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[_Row]):
    """Filters in business words are added by subclasses; the provider is already in every query."""

    def _within(self, scope: scopes.Scope) -> Self:
        access: Access = self.model.tenancy  # type: ignore[attr-defined]
        if not access.right_of(scope.role):
            msg = f"{scope.role} has no right to {self.model._meta.label}."
            raise ScopeForbids(msg)
        # The policy would do for safety; the predicate keeps the ordered index (0.4 ms instead of 33 ms).
        return self.filter(provider_id=scope.provider_id) if scope.provider_id else self

    def order_by(self, *field_names: Any) -> Self:
        """Refuses a field whose column holds ciphertext (sutg.privacy.fields): its order is none."""
        for name in field_names:
            plain = name.lstrip("-") if isinstance(name, str) else ""
            field = self.model._meta._forward_fields_map.get(plain)  # type: ignore[attr-defined]
            if not getattr(field, "is_sortable", True):
                msg = f"{plain} is encrypted: rows cannot be sorted by it."
                raise FieldError(msg)
        return super().order_by(*field_names)


class TenantManager(models.Manager[_Row]):
    """Puts the provider into every query; without a scope there is no query."""

    # Django reuses managers for related look-ups; this one holds no state.
    use_in_migrations = False
    _queryset_class: type[TenantQuerySet[Any]] = TenantQuerySet

    def get_queryset(self) -> TenantQuerySet[_Row]:
        scope = scopes.require()
        return self._queryset_class(model=self.model, using=self._db, hints=self._hints)._within(scope)  # type: ignore[attr-defined]


class TenantModel(models.Model):
    """A row of one provider, known by ``(provider_id, id)``; ``id`` is safe to show outside.

    Every unique constraint and foreign key starts with ``provider_id``, so that none joins two tenants or tells one
    about another. ``tenancy`` names the right of each scope role and is repeated in the table's first migration.
    """

    tenancy: Access

    pk = models.CompositePrimaryKey("provider_id", "id")
    provider = models.ForeignKey(
        settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )
    id = models.UUIDField(default=new_id, editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        # Related look-ups and save() go through the same lock.
        base_manager_name = "objects"
        default_manager_name = "objects"
