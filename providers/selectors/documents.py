"""Documents, their versions, and who read them."""

from __future__ import annotations

import uuid

from providers.models import Document, DocumentContent, DocumentVersion
from sutg.audit.models import ProviderEvent
from sutg.common.errors import NotFound

READS_SHOWN = 50
READ_EVENT = "document_read"


def latest_versions(provider_id: uuid.UUID) -> list[DocumentVersion]:
    """The latest version of each document that is not put aside, by kind and title. One query."""
    rows = DocumentVersion.objects.filter(provider_id=provider_id, document__put_aside_at=None)
    newest = rows.select_related("document").order_by("document_id", "-number").distinct("document_id")
    return sorted(newest, key=lambda version: (version.document.kind, version.document.title, version.id))


def find_document(document_id: uuid.UUID) -> Document:
    """The scope's document of this id, put aside or not; :class:`NotFound` when there is none."""
    document: Document | None = Document.objects.filter(id=document_id).first()
    if document is None:
        raise NotFound
    return document


def versions_of(document: Document) -> list[DocumentVersion]:
    """Every version, the latest first."""
    return list(DocumentVersion.objects.filter(provider_id=document.provider_id, document_id=document.id))


def file_names_of(document: Document) -> dict[uuid.UUID, str]:
    """What the uploaders called the files, by the version's id. Under the provider's scope only."""
    rows = DocumentContent.objects.filter(
        provider_id=document.provider_id, document_version__document_id=document.id
    ).defer("content")
    return {row.document_version_id: row.filename.open() for row in rows}


def documents_put_aside(provider_id: uuid.UUID) -> list[Document]:
    """What is kept and no longer offered, the latest first."""
    rows = Document.objects.filter(provider_id=provider_id, put_aside_at__isnull=False)
    return list(rows.order_by("-put_aside_at", "id"))


def reads_of(document: Document) -> list[ProviderEvent]:
    """Who read it last, the latest first: the last :data:`READS_SHOWN` times."""
    events = ProviderEvent.objects.filter(provider_id=document.provider_id, subject=document.id, name=READ_EVENT)
    return list(events.order_by("-at", "-id")[:READS_SHOWN])
