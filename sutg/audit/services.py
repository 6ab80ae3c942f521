"""Writing to the record, in the transaction of what is recorded."""

from __future__ import annotations

import uuid
from typing import Any

from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.tenancy.models import TenantModel
from sutg.tenancy.scope import Actor


def record(
    name: str,
    *,
    by: Actor,
    subject: uuid.UUID | None = None,
    provider_id: uuid.UUID | None = None,
    **detail: int | str | bool | None,
) -> None:
    """Record that ``by`` did ``name`` to ``subject``. ``detail``: ids, codes and counts, never what people wrote."""
    facts: dict[str, Any] = {
        "name": name,
        "actor": str(by),
        "on_behalf_of": by.on_behalf_of,
        "subject": subject,
        "detail": detail,
    }
    if provider_id is None:
        TrustEvent.objects.create(**facts)
    else:
        ProviderEvent.objects.create(provider_id=provider_id, **facts)


def record_read(row: TenantModel, *, by: Actor, purpose: str) -> None:
    """Record that ``by`` was shown what identifies a person in ``row``, and for which ``purpose`` (a code).

    Called where a sealed value is opened to be shown, in the provider's scope and the transaction that reads the row.
    """
    record(
        "record_read",
        by=by,
        subject=row.id,
        provider_id=row.provider_id,
        table=row._meta.db_table,
        purpose=purpose,
    )
