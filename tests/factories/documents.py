from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone

from providers.document_types import PDF
from providers.models import Document, DocumentContent, DocumentVersion, Provider
from tests.factories.scoped import TESTS, acting_for

A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def make_document(*, provider: Provider, **fields: Any) -> Document:
    values = {"kind": Document.Kind.POLICY, "title": "Safeguarding policy", **fields}
    with acting_for(provider):
        return Document.objects.create(provider=provider, **values)


def make_document_version(*, provider: Provider, document: Document | None = None, **fields: Any) -> DocumentVersion:
    document = document or make_document(provider=provider)
    values = {
        "number": 1,
        "mime": PDF.mime,
        "size": len(A_PDF),
        "sha256": hashlib.sha256(A_PDF).hexdigest(),
        "uploaded_at": timezone.now(),
        "uploaded_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return DocumentVersion.objects.create(provider=provider, document_id=document.id, **values)


def make_document_content(
    *, provider: Provider, document_version: DocumentVersion | None = None, **fields: Any
) -> DocumentContent:
    version = document_version or make_document_version(provider=provider)
    values = {"content": A_PDF, "filename": "policy.pdf", **fields}
    with acting_for(provider):
        return DocumentContent.objects.create(provider=provider, document_version_id=version.id, **values)
