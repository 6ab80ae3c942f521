"""Ready strings and rows for the pages of documents."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import slugify

from providers.document_types import BY_MIME
from providers.models import Document, DocumentVersion
from sutg.audit.models import ProviderEvent
from sutg.nhsuk.formats import nhs_date, nhs_datetime


@dataclass(frozen=True, slots=True)
class DocumentPresenter:
    """A document by one version of it; ``is_own``: for the provider's own people."""

    version: DocumentVersion
    is_own: bool = True

    @property
    def title(self) -> str:
        return str(self.version.document.title)

    @property
    def kind(self) -> str:
        return str(self.version.document.get_kind_display())

    @property
    def href(self) -> str:
        """Where it is downloaded."""
        if self.is_own:
            return reverse("providers:download_own_document", args=[self.version.id])
        return reverse("providers:download_any_document", args=[self.version.provider_id, self.version.id])

    @property
    def page_href(self) -> str:
        return reverse("providers:document", args=[self.version.document_id])

    @property
    def facts(self) -> str:
        """“Insurance certificate, PDF, 1.2 MB, version 2 of 3 May 2026”."""
        version = self.version
        uploaded = f"version {version.number} of {nhs_date(version.uploaded_at)}"
        return f"{self.kind}, {BY_MIME[version.mime].label}, {_size(version.size)}, {uploaded}"


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{max(1, round(count / 1000))} KB"


def file_name(version: DocumentVersion) -> str:
    """What a download is called: made of the document's name, with the ending of what the file is."""
    name = slugify(version.document.title) or "document"
    return f"{name}-{version.number}{BY_MIME[version.mime].ending}"


@dataclass(frozen=True, slots=True)
class DocumentHistory:
    """One document's page: its versions, and who read them."""

    document: Document
    versions: Sequence[DocumentVersion]
    reads: Sequence[ProviderEvent]
    names: Mapping[str, str]
    file_names: Mapping[uuid.UUID, str]

    def version_rows(self) -> list[dict[str, str]]:
        return [
            {
                "number": str(version.number),
                "href": reverse("providers:download_own_document", args=[version.id]),
                "file": self.file_names.get(version.id, ""),
                "facts": f"{BY_MIME[version.mime].label}, {_size(version.size)}",
                "when": nhs_datetime(version.uploaded_at),
                "who": self.names[version.uploaded_by],
            }
            for version in self.versions
        ]

    def read_rows(self) -> list[list[str]]:
        return [
            [self.names[event.actor], f"Version {event.detail.get('version')}", nhs_datetime(event.at)]
            for event in self.reads
        ]
