"""Documents: the list, uploading one or a further version, who read them, and the download."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from providers.acting import own_provider, reading_documents_of
from providers.forms.documents import NewDocumentForm, UploadForm
from providers.models import DocumentVersion
from providers.permissions import KEEP_OWN_DOCUMENTS, READ_ANY_DOCUMENT, READ_OWN_DOCUMENTS
from providers.presenters.documents import DocumentHistory, DocumentPresenter, file_name
from providers.selectors.documents import (
    documents_put_aside,
    file_names_of,
    find_document,
    latest_versions,
    reads_of,
    versions_of,
)
from providers.services.documents import add_document, add_version, put_document_aside, read_document
from sutg.common.errors import DomainError, NotFound
from sutg.nhsuk.forms import add_domain_error


@require_GET
@requires(READ_OWN_DOCUMENTS)
def list_documents(request: PersonRequest) -> HttpResponse:
    provider = own_provider(request.principal)
    may_keep = request.principal.can(KEEP_OWN_DOCUMENTS)
    context = {
        "documents": [DocumentPresenter(version) for version in latest_versions(provider.id)],
        "put_aside": documents_put_aside(provider.id) if may_keep else [],
        "may_keep": may_keep,
    }
    return render(request, "providers/documents.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_DOCUMENTS, atomic=False)
def upload_document(request: PersonRequest) -> HttpResponse:
    form = NewDocumentForm(*_sent(request), too_large=getattr(request, "upload_too_large", False))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        upload = given["file"]
        content = upload.read()
        try:
            with transaction.atomic():
                document = add_document(
                    provider=own_provider(request.principal),
                    kind=given["kind"],
                    title=given["title"],
                    filename=upload.name,
                    content=content,
                    by=request.principal.actor,
                    now=timezone.now(),
                )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "The document was added.")
            return redirect("providers:document", document.id)
    with transaction.atomic():
        return render(request, "providers/upload_document.jinja", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_DOCUMENTS, atomic=False)
def show_document(request: PersonRequest, document_id: uuid.UUID) -> HttpResponse:
    """One document, and the form for a further version of it."""
    with transaction.atomic():
        find_document(document_id)
    form = UploadForm(*_sent(request), too_large=getattr(request, "upload_too_large", False))
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        content = upload.read()
        try:
            add_version(
                document_id=document_id,
                filename=upload.name,
                content=content,
                by=request.principal.actor,
                now=timezone.now(),
            )
        except NotFound:
            raise
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "The new version was added. The earlier ones are kept.")
            return redirect("providers:document", document_id)
    with transaction.atomic():
        return _page(request, document_id, form)


def _page(request: PersonRequest, document_id: uuid.UUID, form: UploadForm) -> HttpResponse:
    document = find_document(document_id)
    versions, reads = versions_of(document), reads_of(document)
    actors = {version.uploaded_by for version in versions} | {event.actor for event in reads}
    history = DocumentHistory(document, versions, reads, names_of(actors), file_names_of(document))
    return render(request, "providers/document.jinja", {"document": document, "history": history, "form": form})


@require_POST
@requires(KEEP_OWN_DOCUMENTS)
def put_aside(request: PersonRequest, document_id: uuid.UUID) -> HttpResponse:
    try:
        put_document_aside(document_id=document_id, by=request.principal.actor, now=timezone.now())
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "The document was put aside. It is kept, and no longer offered.")
    return redirect("providers:documents")


@require_GET
@requires(READ_OWN_DOCUMENTS)
def download_own(request: PersonRequest, document_version_id: uuid.UUID) -> HttpResponse:
    return _download(*read_document(document_version_id=document_version_id, by=request.principal.actor))


@require_GET
@requires(READ_ANY_DOCUMENT, atomic=False)
def download_any(request: PersonRequest, organisation_id: uuid.UUID, document_version_id: uuid.UUID) -> HttpResponse:
    with reading_documents_of(request.principal, organisation_id):
        return _download(*read_document(document_version_id=document_version_id, by=request.principal.actor))


def _download(version: DocumentVersion, content: bytes) -> HttpResponse:
    """As a file to keep, never as a page: whatever is in it runs nowhere in the service's name."""
    response = HttpResponse(content, content_type=version.mime)
    response["Content-Disposition"] = f'attachment; filename="{file_name(version)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _sent(request: PersonRequest) -> tuple[object, object]:
    is_sent = request.method == "POST"
    return request.POST if is_sent else None, request.FILES if is_sent else None
