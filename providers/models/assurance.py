"""What a provider must have in force: insurance, and policies that are reviewed in time."""

from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet

_Row = TypeVar("_Row", bound=models.Model, covariant=True)


class AssuranceQuerySet(TenantQuerySet[_Row]):
    def standing(self) -> Self:
        """Without those that were written down by mistake."""
        return self.filter(withdrawn_at__isnull=True)


class Assurance(models.Model):
    """In force from ``since`` to ``until``, both included. A renewal is a new row, so that the earlier one is kept."""

    since = models.DateField()
    until = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True


def _rules(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(until__gte=F("since")),
            name=f"{name}_dates",
            violation_error_message="The last day must not be before the first.",
        ),
        models.CheckConstraint(
            condition=Q(withdrawn_at=None) ^ ~Q(withdrawn_by=""),
            name=f"{name}_withdrawn",
            violation_error_message="What was withdrawn has a time and a person.",
        ),
    ]


class Insurance(Assurance, TenantModel):
    """One insurance for one term. ``cover`` is in whole pounds."""

    class Kind(models.TextChoices):
        PUBLIC_LIABILITY = "public_liability", "Public liability"
        EMPLOYERS_LIABILITY = "employers_liability", "Employers’ liability"
        PROFESSIONAL_INDEMNITY = "professional_indemnity", "Professional indemnity"
        TRUSTEE_INDEMNITY = "trustee_indemnity", "Trustee indemnity"
        BUILDINGS_AND_CONTENTS = "buildings_and_contents", "Buildings and contents"
        CYBER = "cyber", "Cyber"

    # Without these no café opens: visitors and staff would not be covered.
    REQUIRED = (Kind.PUBLIC_LIABILITY, Kind.EMPLOYERS_LIABILITY)

    tenancy = Access(provider=WRITE, trust=READ)
    catalogue = NotPersonal("what an organisation is insured for", texts="insurer policy_number")

    kind = models.CharField(max_length=30, choices=Kind.choices)
    insurer = models.CharField(max_length=200)
    policy_number = models.CharField(max_length=60)
    cover = models.PositiveBigIntegerField(help_text="Whole pounds.")

    objects: ClassVar = TenantManager.from_queryset(AssuranceQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["kind", "-until", "-added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "policy_number", "since"],
                condition=Q(withdrawn_at=None),
                name="providers_insurance_once",
                violation_error_message="This insurance is written down already.",
            ),
            *_rules("providers_insurance"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.since} to {self.until}"


class Policy(Assurance, TenantModel):
    """One policy as the organisation approved it: ``since`` is that day, ``until`` the day by which it is reviewed."""

    class Kind(models.TextChoices):
        SAFEGUARDING_ADULTS = "safeguarding_adults", "Safeguarding adults"
        SAFEGUARDING_CHILDREN = "safeguarding_children", "Safeguarding children"
        DATA_PROTECTION = "data_protection", "Data protection and confidentiality"
        HEALTH_AND_SAFETY = "health_and_safety", "Health and safety"
        EQUALITY = "equality", "Equality, diversity and inclusion"
        COMPLAINTS = "complaints", "Complaints"
        SAFER_RECRUITMENT = "safer_recruitment", "Safer recruitment"
        VOLUNTEERS = "volunteers", "Volunteers"
        LONE_WORKING = "lone_working", "Lone working"
        WHISTLEBLOWING = "whistleblowing", "Whistleblowing"

    REQUIRED = (
        Kind.SAFEGUARDING_ADULTS,
        Kind.SAFEGUARDING_CHILDREN,
        Kind.DATA_PROTECTION,
        Kind.HEALTH_AND_SAFETY,
        Kind.EQUALITY,
        Kind.COMPLAINTS,
    )

    tenancy = Access(provider=WRITE, trust=READ)
    catalogue = NotPersonal("which policies an organisation has, and when they are reviewed")

    kind = models.CharField(max_length=30, choices=Kind.choices)

    objects: ClassVar = TenantManager.from_queryset(AssuranceQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["kind", "-until", "-added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "since"],
                condition=Q(withdrawn_at=None),
                name="providers_policy_once",
                violation_error_message="This policy is written down already.",
            ),
            *_rules("providers_policy"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.since} to {self.until}"
