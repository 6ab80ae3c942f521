"""The foreign key between two rows of one tenant."""

from __future__ import annotations

from typing import Any

from django.db import models


class TenantForeignKey(models.ForeignObject):  # type: ignore[type-arg]
    """A reference by ``(provider_id, <column>)`` to ``(provider_id, id)``, so that it cannot reach another tenant.

    ``column`` names a UUIDField of the same model that holds the other row's id. The constraint itself is created by
    :class:`sutg.tenancy.operations.EnableTenancy`; ``on_delete`` is left to it, which refuses.
    """

    # The other side's key is composite, which Django's check of one unique field does not know.
    requires_unique_target = False

    def __init__(self, to: Any, column: str, *, related_name: str = "+", **kwargs: Any) -> None:
        self.column_name = column
        for derived in ("from_fields", "to_fields", "on_delete"):
            kwargs.pop(derived, None)
        super().__init__(
            to,
            on_delete=models.DO_NOTHING,
            from_fields=("provider_id", column),
            to_fields=("provider_id", "id"),
            related_name=related_name,
            **kwargs,
        )

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for derived in ("from_fields", "to_fields", "on_delete"):
            kwargs.pop(derived, None)
        kwargs["column"] = self.column_name
        return name, path, args, kwargs
