"""Documents of a provider: what each is, every version of it, and the bytes, sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from providers.document_types import BY_MIME
from sutg.common.catalogue import Catalogue, Kept, NotPersonal, Retention
from sutg.privacy.fields import EncryptedBytesField, EncryptedTextField
from sutg.tenancy.access import ADD, READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class Document(TenantModel):
    """One document over time; its latest version is what holds. One that is put aside is kept and no longer offered."""

    class Kind(models.TextChoices):
        INSURANCE_CERTIFICATE = "insurance_certificate", "Insurance certificate"
        POLICY = "policy", "Policy"
        CONSTITUTION = "constitution", "Constitution or governing document"
        ACCOUNTS = "accounts", "Annual report and accounts"
        RISK_ASSESSMENT = "risk_assessment", "Risk assessment"
        OTHER = "other", "Other"

    tenancy = Access(provider=WRITE, trust=READ)
    catalogue = NotPersonal("which documents an organisation keeps; what they say lies sealed elsewhere", texts="title")

    kind = models.CharField(max_length=30, choices=Kind.choices)
    title = models.CharField(max_length=150)
    put_aside_at = models.DateTimeField(null=True)
    put_aside_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["kind", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "title"],
                condition=Q(put_aside_at=None),
                name="providers_document_title",
                violation_error_message="There is a document of this name.",
            ),
            models.CheckConstraint(
                condition=Q(put_aside_at=None) ^ ~Q(put_aside_by=""),
                name="providers_document_put_aside",
                violation_error_message="What was put aside has a time and a person.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(TenantModel):
    """One file as it was uploaded. Rows are added and never changed."""

    tenancy = Access(provider=ADD, trust=READ)
    catalogue = NotPersonal("that a file was uploaded, and of which kind", texts="sha256")

    document_id = models.UUIDField()
    document = TenantForeignKey("providers.Document", "document_id", related_name="versions")
    number = models.PositiveIntegerField(help_text="1 is the first, each later one is the next.")
    mime = models.CharField(max_length=100, choices=[(kind.mime, kind.label) for kind in BY_MIME.values()])
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "document_id", "number"], name="providers_documentversion_number"
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class DocumentContent(TenantModel):
    """The bytes as they came and what the uploader called them, sealed.

    The provider's own role alone reads them: the trust's officer takes that role.
    """

    # To be sealed anew when keys are changed, a sealed row must be one that its provider may update.
    tenancy = Access(provider=WRITE)
    catalogue = Catalogue(
        Retention.ORGANISATION,
        personal={
            "content": "a constitution or policy may name who is in office",
            "filename": "people name files after people; it tells the manager which file this was",
        },
        after=Kept("what an organisation was governed and insured by is kept as long as what it was paid for"),
    )

    document_version_id = models.UUIDField()
    document_version = TenantForeignKey("providers.DocumentVersion", "document_version_id")
    content = EncryptedBytesField()
    filename = EncryptedTextField(max_length=255)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "document_version_id"], name="providers_documentcontent_once"),
        ]

    def __str__(self) -> str:
        return str(self.document_version_id)
