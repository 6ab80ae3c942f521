"""Finding providers."""

from __future__ import annotations

from django.db.models import QuerySet

from providers.models import Provider
from sutg.common.errors import NotFound


def providers() -> QuerySet[Provider]:
    """Every provider, by name."""
    return Provider.objects.all()


def find_provider(slug: str) -> Provider:
    """The provider of this slug; :class:`NotFound` when there is none."""
    provider = Provider.objects.filter(slug=slug).first()
    if provider is None:
        raise NotFound(f"No provider is called “{slug}”.")
    return provider
