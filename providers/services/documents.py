"""Keeping documents: a first version, further ones, and who read them."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from providers.document_types import type_of
from providers.models import Document, DocumentContent, DocumentVersion, Provider
from providers.selectors.documents import READ_EVENT
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor


@transaction.atomic
def add_document(
    *, provider: Provider, kind: str, title: str, filename: str, content: bytes, by: Actor, now: datetime
) -> Document:
    """Keep a new document with its first version, under the provider's scope.

    Refused with the reason when the file is not one we take (:func:`providers.document_types.type_of`), and when there
    is a document of this kind and name.
    """
    mime = type_of(content).mime
    try:
        with transaction.atomic():
            document = Document.objects.create(provider=provider, kind=kind, title=title)
    except IntegrityError as error:
        if "providers_document_title" not in str(error):
            raise
        raise DomainError(
            "There is a document of this kind and name. Upload a new version of it.", field="title"
        ) from error
    record("document_added", by=by, subject=document.id, provider_id=provider.id, kind=kind)
    _keep(document, 1, mime, filename, content, by, now)
    return document


@transaction.atomic
def add_version(*, document_id: uuid.UUID, filename: str, content: bytes, by: Actor, now: datetime) -> DocumentVersion:
    """Keep a further version; those before stay as they are.

    Refused when the file is not one we take, is the very file that the latest version is, or the document is put aside.
    """
    document = _lock(document_id)
    if document.put_aside_at is not None:
        raise DomainError("This document was put aside. Add it anew.", field="file")
    mime = type_of(content).mime
    latest = DocumentVersion.objects.filter(document_id=document.id).first()
    if latest is not None and latest.sha256 == hashlib.sha256(content).hexdigest():
        raise DomainError("This very file is the latest version. Nothing was added.", field="file")
    return _keep(document, latest.number + 1 if latest else 1, mime, filename, content, by, now)


@transaction.atomic
def put_document_aside(*, document_id: uuid.UUID, by: Actor, now: datetime) -> Document:
    """Offer a document no longer. It is kept, with all its versions. Refused a second time."""
    document = _lock(document_id)
    if document.put_aside_at is not None:
        raise DomainError("This document was put aside already.")
    document.put_aside_at, document.put_aside_by = now, str(by)
    document.save(update_fields=["put_aside_at", "put_aside_by"])
    record("document_put_aside", by=by, subject=document.id, provider_id=document.provider_id)
    return document


@transaction.atomic
def read_document(*, document_version_id: uuid.UUID, by: Actor) -> tuple[DocumentVersion, bytes]:
    """The bytes of one version, under the provider's scope. That it was read, and by whom, is recorded."""
    version = DocumentVersion.objects.select_related("document").filter(id=document_version_id).first()
    if version is None:
        raise NotFound
    content: bytes = DocumentContent.objects.get(document_version_id=version.id).content.open()
    record(READ_EVENT, by=by, subject=version.document_id, provider_id=version.provider_id, version=version.number)
    return version, content


def _lock(document_id: uuid.UUID) -> Document:
    document: Document | None = Document.objects.select_for_update().filter(id=document_id).first()
    if document is None:
        raise NotFound
    return document


def _keep(
    document: Document, number: int, mime: str, filename: str, content: bytes, by: Actor, now: datetime
) -> DocumentVersion:
    version = DocumentVersion.objects.create(
        provider_id=document.provider_id,
        document_id=document.id,
        number=number,
        mime=mime,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=now,
        uploaded_by=str(by),
    )
    DocumentContent.objects.create(
        provider_id=document.provider_id, document_version_id=version.id, content=content, filename=filename[-255:]
    )
    record(
        "document_uploaded",
        by=by,
        subject=document.id,
        provider_id=document.provider_id,
        version=number,
        bytes=version.size,
    )
    return version
