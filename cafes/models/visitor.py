"""Whoever comes, and how the next visit is joined to the last. What joins them lies in a table of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sutg.common.catalogue import Catalogue, Erasure, InUse, Kept, Retention
from sutg.privacy.fields import EncryptedTextField
from sutg.tenancy.access import ADD, FORGET, READ, REPLACE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel

# Whoever came within the period is known again: it runs from their last visit.
_WHO_COMES = InUse("cafes.Visit", "visitor_id", "visited_on")


class Visitor(TenantModel):
    """Somebody who came back, or may: an id and nothing else."""

    tenancy = Access(provider=ADD, report=READ)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={"created_at": "when somebody first came"},
        after=Kept("people are counted by it; once code and name are erased nothing joins it to anybody"),
    )

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return str(self.id)


class VisitorReference(TenantModel):
    """The reference by which a café knows a visitor, as a keyed hash: it can be matched and not read.

    References are chosen at a café and known there, so that the same one at two cafés is two people.
    """

    tenancy = Access(provider=FORGET)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={"digest": "joins the visits of somebody who gave a return code"},
        plain={"digest": "a keyed hash, matched by the database and not to be read"},
        after=Erasure("visitor__created_at", in_use=_WHO_COMES),
    )

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    visitor_id = models.UUIDField()
    visitor = TenantForeignKey("cafes.Visitor", "visitor_id")
    digest = models.BinaryField(max_length=32)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "cafe_id", "digest"], name="cafes_reference_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class VisitorIdentity(TenantModel):
    """The name of a visitor who wants to be known by it. Found by the whole name, exactly; never listed.

    Visitors are known at a café, as they are by a return code, so that nobody is looked for across cafés.
    """

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.NAMED,
        personal={
            "name": "to be known by it, since the visitor wants to be",
            "contact": "to reach the visitor, where they left word how",
            "name_digest": "finds the visitor when they say their name",
            "recorded_at": "when the visitor gave their name",
        },
        plain={"name_digest": "a keyed hash, matched by the database and not to be read"},
        after=Erasure("recorded_at", in_use=_WHO_COMES),
    )

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    visitor_id = models.UUIDField()
    visitor = TenantForeignKey("cafes.Visitor", "visitor_id")
    name = EncryptedTextField(max_length=200)
    contact = EncryptedTextField(max_length=300, null=True)
    name_digest = models.BinaryField(max_length=32)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "visitor_id"], name="cafes_identity_once"),
        ]
        indexes = [
            models.Index(fields=["provider", "cafe_id", "name_digest"], name="cafes_identity_name"),
        ]

    def __str__(self) -> str:
        return str(self.id)
