"""What visitors said of themselves when they were asked, in a table of its own that no figure is read from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cafes.demographics import Answers
from sutg.common.catalogue import Catalogue, Erasure, InUse, Retention
from sutg.tenancy.access import REPLACE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel

_ANSWERS = (
    "age_band gender_identity gender_same_at_birth ethnic_group religion sexual_orientation disability marital_status "
    "pregnancy_maternity carer_status veteran_status language interpreter_needed settled_accommodation"
)


class Demographics(TenantModel):
    """Asked once: of a visitor who is known again, or at one visit of somebody who is not.

    Columns are those of :class:`cafes.demographics.Answers`; blank was not asked.
    """

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={_ANSWERS: "whom the cafés reach, over the protected characteristics", "asked_at": "ask only once"},
        plain={_ANSWERS: "codes, of a visitor without a name in the same table"},
        after=Erasure("asked_at", in_use=InUse("cafes.Visit", "visitor_id", "visited_on"), held_by="visit__visitor_id"),
    )

    visitor_id = models.UUIDField(null=True)
    visitor = TenantForeignKey("cafes.Visitor", "visitor_id", null=True)
    visit_id = models.UUIDField(null=True)
    visit = TenantForeignKey("cafes.Visit", "visit_id", null=True)
    age_band = models.CharField(max_length=5, blank=True)
    gender_identity = models.CharField(max_length=2, blank=True)
    gender_same_at_birth = models.CharField(max_length=2, blank=True)
    ethnic_group = models.CharField(max_length=2, blank=True)
    religion = models.CharField(max_length=2, blank=True)
    sexual_orientation = models.CharField(max_length=2, blank=True)
    disability = ArrayField(models.CharField(max_length=2), default=list)
    marital_status = models.CharField(max_length=2, blank=True)
    pregnancy_maternity = models.CharField(max_length=2, blank=True)
    carer_status = models.CharField(max_length=2, blank=True)
    veteran_status = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=2, blank=True)
    interpreter_needed = models.CharField(max_length=1, blank=True)
    settled_accommodation = models.CharField(max_length=2, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "visitor_id"], name="cafes_demographics_visitor"),
            models.UniqueConstraint(fields=["provider", "visit_id"], name="cafes_demographics_visit"),
            models.CheckConstraint(
                condition=Q(visitor_id__isnull=True) ^ Q(visit_id__isnull=True),
                name="cafes_demographics_whose",
                violation_error_message="Answers are a visitor’s or a visit’s.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def answers(self) -> Answers:
        given = {name: getattr(self, name) for name in _ANSWERS.split()}
        return Answers(**given | {"disability": tuple(self.disability)})
