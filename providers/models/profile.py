"""What a provider says of itself, and every earlier state of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from providers.registers import CHARITY_REGISTERS, COMPANIES, org_ids
from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import ADD, READ, Access
from sutg.tenancy.models import TenantManager, TenantModel

_CHARITY = Q(charity_register="", charity_number="")
for _register in CHARITY_REGISTERS.values():
    _CHARITY |= Q(charity_register=_register.scheme, charity_number__regex=_register.pattern)


class ProfileVersion(TenantModel):
    """The profile as it was saved once. Rows are added and never changed: the highest ``number`` is what holds.

    Of two people who save the same state the second has the same number, which the database refuses.
    """

    class LegalForm(models.TextChoices):
        CHARITY = "charity", "Registered charity (trust or association)"
        CIO = "cio", "Charitable incorporated organisation (CIO or SCIO)"
        CHARITABLE_COMPANY = "charitable_company", "Charity that is a company limited by guarantee"
        CIC = "cic", "Community interest company (CIC)"
        COMPANY = "company", "Company limited by guarantee, not a charity"
        SOCIETY = "society", "Co-operative or community benefit society"
        UNINCORPORATED = "unincorporated", "Unincorporated group"

    tenancy = Access(provider=ADD, trust=READ)
    catalogue = NotPersonal(
        "what an organisation tells of itself; its numbers stand on public registers",
        texts="charity_number company_number address phone email website",
    )

    number = models.PositiveIntegerField(help_text="1 is the first state, each later one is the next.")
    legal_form = models.CharField(max_length=30, choices=LegalForm.choices)
    charity_register = models.CharField(
        max_length=10, blank=True, choices=[(one.scheme, one.name) for one in CHARITY_REGISTERS.values()]
    )
    charity_number = models.CharField(max_length=10, blank=True)
    company_number = models.CharField(max_length=8, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=200, blank=True)
    website = models.URLField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "number"], name="providers_profileversion_number"),
            models.CheckConstraint(
                condition=_CHARITY,
                name="providers_profileversion_charity",
                violation_error_message="A charity number is written as its register writes it.",
            ),
            models.CheckConstraint(
                condition=Q(company_number="") | Q(company_number__regex=COMPANIES.pattern),
                name="providers_profileversion_company",
                violation_error_message="A company number is written as Companies House writes it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_legal_form_display()}, state {self.number}"

    @property
    def org_ids(self) -> list[str]:
        """By org-id.guide, the one to publish first; none for an organisation on neither register."""
        return org_ids(
            charity_register=self.charity_register,
            charity_number=self.charity_number,
            company_number=self.company_number,
        )
