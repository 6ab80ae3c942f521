"""The tenant."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower

from sutg.common.catalogue import NotPersonal
from sutg.common.ids import new_id


class Provider(models.Model):
    """A voluntary, community or social enterprise organisation that is funded to run cafés.

    Its name is public, as its cafés are; what belongs to it lies in tables that carry its id.
    """

    catalogue = NotPersonal("an organisation whose name is public", texts="name slug")
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="providers_provider_name",
                violation_error_message="There is a provider of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
