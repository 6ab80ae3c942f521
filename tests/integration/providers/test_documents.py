"""Documents: kept sealed and whole, never overwritten, given out as files, and every reading recorded."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from providers.models import Document, DocumentContent, DocumentVersion, Provider
from providers.services.documents import add_document, add_version, put_document_aside, read_document
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.roles import ScopeRole
from tests.factories import (
    make_appointment,
    make_document,
    make_document_content,
    make_document_version,
    make_membership,
    make_provider,
    make_user,
)
from tests.factories.documents import A_PDF
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
OTHER_PDF = A_PDF + b"\n"
OWN = "/organisation/documents/"


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider, user=make_user(full_name="Meena Solanki")).user)


@pytest.fixture
def officer() -> Client:
    return signed_in(make_appointment(role=Role.GRANT_OFFICER, user=make_user(full_name="Grace Okafor")).user)


def kept(provider: Provider, **changes: Any) -> Document:
    values = {"kind": "policy", "title": "Safeguarding", "filename": "ours.pdf", "content": A_PDF, **changes}
    with acting_for(provider):
        return add_document(provider=provider, by=TESTS, now=NOW, **values)


def versioned(provider: Provider, document: Document, content: bytes = OTHER_PDF) -> DocumentVersion:
    with acting_for(provider):
        return add_version(document_id=document.id, filename="new.pdf", content=content, by=TESTS, now=NOW)


def numbers(provider: Provider, document: Document) -> list[int]:
    with acting_for(provider):
        return list(DocumentVersion.objects.filter(document_id=document.id).values_list("number", flat=True))


def latest(provider: Provider, document: Document) -> DocumentVersion:
    with acting_for(provider):
        found: DocumentVersion = DocumentVersion.objects.filter(document_id=document.id)[0]
        return found


def a_file(content: bytes = A_PDF, name: str = "ours.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_document_is_kept_sealed_and_its_upload_is_recorded(provider: Provider) -> None:
    document = kept(provider, content=A_PDF.replace(b"endobj", b"SECRET"), filename="dbs-of-joan-marsh.pdf")

    with acting_for(provider):
        names = set(ProviderEvent.objects.filter(subject=document.id).values_list("name", flat=True))
        with connection.cursor() as cursor:
            cursor.execute("SELECT content, filename FROM providers_documentcontent")
            ((column, filename),) = cursor.fetchall()
    assert {"document_added", "document_uploaded"} <= names
    assert b"SECRET" not in bytes(column)
    assert b"joan" not in bytes(filename)


def test_version_added_leaves_those_before_as_they_were(provider: Provider) -> None:
    document = kept(provider)
    first = latest(provider, document)

    versioned(provider, document)

    assert numbers(provider, document) == [2, 1]
    with acting_for(provider):
        assert read_document(document_version_id=first.id, by=TESTS)[1] == A_PDF


def test_very_file_uploaded_again_is_refused(provider: Provider) -> None:
    document = kept(provider)

    with pytest.raises(DomainError, match="very file"):
        versioned(provider, document, A_PDF)

    assert numbers(provider, document) == [1]


def test_document_of_a_name_that_is_taken_is_refused_until_it_is_put_aside(provider: Provider) -> None:
    first = kept(provider)
    with pytest.raises(DomainError) as refusal:
        kept(provider)
    with acting_for(provider):
        put_document_aside(document_id=first.id, by=TESTS, now=NOW)

    again = kept(provider)

    assert refusal.value.field == "title"
    assert again.id != first.id


def test_document_put_aside_takes_no_version_and_is_not_put_aside_twice(provider: Provider) -> None:
    document = kept(provider)
    with acting_for(provider):
        put_document_aside(document_id=document.id, by=TESTS, now=NOW)

    with pytest.raises(DomainError, match="put aside"):
        versioned(provider, document)
    with pytest.raises(DomainError, match="already"), acting_for(provider):
        put_document_aside(document_id=document.id, by=TESTS, now=NOW)


def test_document_put_aside_is_found_again_by_the_manager_and_no_longer_by_the_trust(
    manager: Client, officer: Client, provider: Provider
) -> None:
    document = kept(provider, title="Constitution of 2012", filename="of-2012.pdf")
    manager.post(f"{OWN}{document.id}/aside/")

    listed = manager.get(OWN)
    page = manager.get(f"{OWN}{document.id}/")
    seen = officer.get(f"/providers/{provider.id}/")

    assert f"{OWN}{document.id}/" in listed.text
    assert "of-2012.pdf" in page.text
    assert "Add a new version" not in page.text
    assert "Constitution of 2012" not in seen.text


def test_document_of_another_provider_is_not_found(provider: Provider) -> None:
    theirs = kept(make_provider())

    with pytest.raises(NotFound):
        versioned(provider, theirs)
    with pytest.raises(NotFound), acting_for(provider):
        put_document_aside(document_id=theirs.id, by=TESTS, now=NOW)


def test_version_is_never_changed_and_its_number_is_given_once(provider: Provider) -> None:
    document = kept(provider)

    with pytest.raises(Exception, match="permission denied"), acting_for(provider), transaction.atomic():
        DocumentVersion.objects.update(sha256="0" * 64)
    with pytest.raises(IntegrityError):
        make_document_version(provider=provider, document=document)


@pytest.mark.database
@pytest.mark.parametrize("role", [ScopeRole.TRUST, ScopeRole.REPORT, ScopeRole.PUBLIC, ScopeRole.PATHWAY])
def test_content_is_no_right_of_any_role_but_the_providers(role: ScopeRole) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'providers_documentcontent', 'SELECT')", [role.value])

        assert cursor.fetchone() == (False,)


def test_manager_uploads_reads_and_sees_who_read(manager: Client, officer: Client, provider: Provider) -> None:
    given = {"kind": "policy", "title": "Safeguarding", "file": a_file()}
    page = manager.post(f"{OWN}new/", given, follow=True)
    with acting_for(provider):
        version = DocumentVersion.objects.get()

    download = officer.get(f"/providers/{provider.id}/documents/{version.id}/")
    after = manager.get(f"{OWN}{version.document_id}/")

    assert "Nobody yet" in page.text
    assert download.content == A_PDF
    assert "Grace Okafor" in after.text


def test_download_is_a_file_named_by_what_it_is(manager: Client, provider: Provider) -> None:
    document = kept(provider, title='Policy "A"\r\nSet-Cookie: x', filename="../../evil.html")

    response = manager.get(f"{OWN}versions/{latest(provider, document).id}/")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="policy-a-set-cookie-x-1.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"<html><script>", "web page"), (b"", "empty"), (b"0" * 10_000_001, "smaller than 10 MB")],
    ids=["web page", "empty", "large"],
)
def test_file_that_is_not_taken_says_why_and_loses_nothing_typed(
    manager: Client, provider: Provider, content: bytes, reason: str
) -> None:
    page = manager.post(f"{OWN}new/", {"kind": "policy", "title": "Our safeguarding", "file": a_file(content)})

    assert reason in page.text
    assert 'value="Our safeguarding"' in page.text
    with acting_for(provider):
        assert not Document.objects.exists()


def test_new_version_that_is_not_taken_says_why(manager: Client, provider: Provider) -> None:
    document = kept(provider)

    page = manager.post(f"{OWN}{document.id}/", {"file": a_file(b"MZ")})

    assert "This is a program" in page.text
    assert numbers(provider, document) == [1]


@pytest.mark.parametrize(
    ("role", "reads"), [(Role.CAFE_LEAD, True), (Role.PROVIDER_FINANCE, True), (Role.CAFE_WORKER, False)]
)
def test_document_is_read_by_leads_and_finance_and_kept_by_the_manager(
    provider: Provider, role: Role, reads: bool
) -> None:
    document = kept(provider)
    client = signed_in(make_membership(provider=provider, role=role).user)

    assert client.get(OWN).status_code == (200 if reads else 403)
    assert client.get(f"{OWN}versions/{latest(provider, document).id}/").status_code == (200 if reads else 403)
    assert client.get(f"{OWN}{document.id}/").status_code == 403


def test_document_of_another_provider_is_not_found_in_the_providers_path(officer: Client, provider: Provider) -> None:
    theirs = latest(other := make_provider(), kept(other))

    assert officer.get(f"/providers/{provider.id}/documents/{theirs.id}/").status_code == 404
    assert officer.get(f"/providers/{other.id}/documents/{theirs.id}/").status_code == 200


def test_trust_reads_that_there_is_a_document_and_not_what_it_says(provider: Provider) -> None:
    kept(provider)

    with acting_for_trust():
        assert Document.objects.count() == 1
        with pytest.raises(Exception, match="no right"):
            DocumentContent.objects.count()


def test_pages_cost_as_many_queries_with_many_documents_as_with_one(
    manager: Client, officer: Client, provider: Provider
) -> None:
    document = make_document(provider=provider)
    make_document_content(
        provider=provider, document_version=make_document_version(provider=provider, document=document)
    )
    addresses = [(manager, OWN), (manager, f"{OWN}{document.id}/"), (officer, f"/providers/{provider.id}/")]

    def cost() -> list[int]:
        found = []
        for client, address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    few = cost()
    for number in range(2, 8):
        further = make_document_version(provider=provider, document=document, number=number)
        make_document_content(provider=provider, document_version=further)
        make_document(provider=provider, title=f"Aside {number}", put_aside_at=NOW, put_aside_by=str(TESTS))
        other = make_document(provider=provider, title=f"Document {number}")
        make_document_version(provider=provider, document=other)

    assert cost() == few
