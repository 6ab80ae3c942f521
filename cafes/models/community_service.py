"""Services of the community to which cafés point people: the directory that the trust and each provider keep."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from sutg.common.catalogue import NotPersonal
from sutg.common.ids import new_id
from sutg.tenancy.access import WRITE, Access
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class ServiceKind(models.TextChoices):
    """With what a service helps; signposting is counted by it."""

    BENEFITS = "benefits", "Benefits and welfare"
    DEBT = "debt", "Money and debt"
    HOUSING = "housing", "Housing and homelessness"
    EMPLOYMENT = "employment", "Work and training"
    FOOD = "food", "Food and essentials"
    BEREAVEMENT = "bereavement", "Bereavement"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic and sexual abuse"
    ALCOHOL_DRUGS = "alcohol_drugs", "Alcohol, drugs and gambling"
    TALKING = "talking", "Talking therapies and helplines"
    CARERS = "carers", "Support for carers"
    GROUPS = "groups", "Groups and activities"
    HEALTH = "health", "Physical health"
    LEGAL = "legal", "Legal advice and immigration"
    FAITH = "faith", "Faith and culture"
    LGBTQ = "lgbtq", "LGBTQ+"
    OTHER = "other", "Something else"


PUBLIC_FACTS = NotPersonal(
    "what a service tells the public about itself", texts="name what_for phone website address when_open place_codes"
)


class ServiceFacts(models.Model):
    """What a visitor needs to know of a service. All of it is public; nothing here is about a visitor.

    ``place_codes`` are the places it serves; none means all of them. ``checked_on`` is when somebody last made sure
    that the facts still hold; ``ended_on`` takes it out of the list and keeps it for what was recorded.
    """

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=ServiceKind.choices)
    what_for = models.CharField(max_length=500)
    phone = models.CharField(max_length=50, blank=True)
    website = models.URLField(max_length=300, blank=True)
    address = models.CharField(max_length=300, blank=True)
    when_open = models.CharField(max_length=200, blank=True)
    place_codes = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    checked_on = models.DateField()
    checked_by = models.CharField(max_length=120)
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class OwnServiceQuerySet(TenantQuerySet["OwnService"]):
    def current(self) -> Self:
        return self.filter(ended_on__isnull=True)


class OwnService(ServiceFacts, TenantModel):
    """A service that one provider's cafés point people to, kept by that provider."""

    tenancy = Access(provider=WRITE)
    catalogue = PUBLIC_FACTS

    objects: ClassVar = TenantManager.from_queryset(OwnServiceQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "provider",
                Lower("name"),
                condition=models.Q(ended_on__isnull=True),
                name="cafes_ownservice_name",
                violation_error_message="Your directory has a service of this name.",
            ),
        ]


class SharedServiceQuerySet(models.QuerySet["SharedService"]):
    def current(self) -> Self:
        return self.filter(ended_on__isnull=True)


class SharedService(ServiceFacts):
    """A service that every café may point people to, kept by the trust."""

    catalogue = PUBLIC_FACTS

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    objects = SharedServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(ended_on__isnull=True),
                name="cafes_sharedservice_name",
                violation_error_message="The directory has a service of this name.",
            ),
        ]
