"""Keys that belong to one provider and must outlive a rotation, sealed under the ring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sutg.common.catalogue import NotPersonal
from sutg.privacy.fields import EncryptedBytesField
from sutg.tenancy.access import WRITE, Access
from sutg.tenancy.models import TenantManager, TenantModel


class ProviderKey(TenantModel):
    """A random key for keyed hashes, which cannot be made anew: what was hashed is not kept.

    Rotation seals it under the next key of the ring and leaves it as it is, so that every hash goes on matching.
    """

    tenancy = Access(provider=WRITE)
    catalogue = NotPersonal("random bytes", texts="purpose key")

    purpose = models.CharField(max_length=40)
    key = EncryptedBytesField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "purpose"], name="privacy_providerkey_once"),
        ]

    def __str__(self) -> str:
        return self.purpose
