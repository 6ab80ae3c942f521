"""A provider's quarterly spreadsheet: the file as it came, what was found in it, and what became of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from sutg.common.catalogue import Catalogue, Erasure, NotPersonal, Retention
from sutg.common.periods import Period
from sutg.privacy.fields import EncryptedBytesField
from sutg.tenancy.access import READ, REPLACE, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class ReturnFile(TenantModel):
    """Where one file stands. The trust sees that a return is there and how far it is, and nothing of what it says."""

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        UNREADABLE = "unreadable", "Cannot be read"
        CHECKED = "checked", "Checked, waiting for you"
        LOADING = "loading", "Being loaded"
        LOADED = "loaded", "Loaded"
        REPLACED = "replaced", "Replaced by a later file"
        DISCARDED = "discarded", "Discarded"

    tenancy = Access(provider=WRITE, trust=READ)
    catalogue = NotPersonal(
        "where a file stands; what is in it lies sealed elsewhere", texts="quarter filename sha256 refusal"
    )

    quarter = models.CharField(max_length=7, help_text="As 2024-Q1: a quarter of the financial year.")
    filename = models.CharField(max_length=255)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State.choices)
    refusal = models.CharField(max_length=1000, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    # Who works on it at the moment, and until when nobody else may: a lost worker's file is taken up again.
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True, help_text="When it was loaded, replaced or discarded.")
    replaces_id = models.UUIDField(null=True)
    replaces = TenantForeignKey("cafes.ReturnFile", "replaces_id", null=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["-uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "quarter"],
                condition=Q(state="loaded"),
                name="cafes_returnfile_one_loaded",
                violation_error_message="A return for this quarter is loaded already.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="cafes_returnfile_confirmed",
                violation_error_message="A confirmation has a time and a person.",
            ),
        ]
        indexes = [models.Index(fields=["provider", "quarter", "state"], name="cafes_returnfile_quarter")]

    def __str__(self) -> str:
        return f"Return for {self.quarter}"

    @property
    def period(self) -> Period:
        return Period.parse(self.quarter)


class ReturnContent(TenantModel):
    """The bytes as they came, sealed: kept so that what was loaded can be shown for as long as the visits are."""

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.RETURN,
        personal={"content": "rows about visitors as a provider sent them, to show what was loaded"},
        after=Erasure("return_file__settled_at"),
    )

    return_file_id = models.UUIDField()
    return_file = TenantForeignKey("cafes.ReturnFile", "return_file_id")
    content = EncryptedBytesField()

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "return_file_id"], name="cafes_returncontent_once"),
        ]

    def __str__(self) -> str:
        return str(self.return_file_id)


class ReturnCheck(TenantModel):
    """What a check found: the tally, and which café each name was said to mean."""

    tenancy = Access(provider=WRITE)
    catalogue = Catalogue(
        Retention.RETURN,
        personal={"tally": "quotes answers of rows that were refused or need a person, so that they can be put right"},
        plain={"tally": "bounded lists of coded answers and wordings; the reader takes no names out of a file"},
        other="aliases",
        after=Erasure("return_file__settled_at", clear="tally aliases"),
    )

    return_file_id = models.UUIDField()
    return_file = TenantForeignKey("cafes.ReturnFile", "return_file_id")
    aliases = models.JSONField(default=dict, help_text="Name as written → the café's name.")
    tally = models.JSONField(null=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "return_file_id"], name="cafes_returncheck_once"),
        ]

    def __str__(self) -> str:
        return str(self.return_file_id)

    @property
    def found(self) -> dict[str, Any]:
        """The tally of a file that has been checked."""
        if self.tally is None:
            msg = "This file has not been checked."
            raise ValueError(msg)
        return dict(self.tally)
