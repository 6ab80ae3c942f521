"""Where a café is, and where else it delivers."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet

# The forms that Royal Mail uses, with one space before the last three (BS 7666); GIR 0AA is no place to go to.
POSTCODE = r"^([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9][ABD-HJLNP-UW-Z]{2})$"


class CafeAddressQuerySet(TenantQuerySet["CafeAddress"]):
    def in_use_from(self, day: date) -> Self:
        """Where the café is on ``day`` or will be later."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day))


class CafeAddress(TenantModel):
    """A building, from one day to another, both included: where the café is, or a further delivery point."""

    class Kind(models.TextChoices):
        MAIN = "main", "Where the café is"
        DELIVERY_POINT = "delivery_point", "Delivery point"

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("buildings that the public is told about", texts="building street town postcode")

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="addresses")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    building = models.CharField(max_length=200)
    street = models.CharField(max_length=200)
    town = models.CharField(max_length=100)
    postcode = models.CharField(max_length=8, validators=[RegexValidator(POSTCODE)])
    since = models.DateField()
    until = models.DateField(null=True)

    objects: ClassVar = TenantManager.from_queryset(CafeAddressQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id"],
                condition=Q(kind="main", until__isnull=True),
                name="cafes_cafeaddress_one_main",
                violation_error_message="A café is in one place at a time.",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="cafes_cafeaddress_dates",
                violation_error_message="The last day must not be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(postcode__regex=POSTCODE),
                name="cafes_cafeaddress_postcode",
                violation_error_message="Enter a full UK postcode, like LE4 5AB.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.building}, {self.street}, {self.town} {self.postcode}"
