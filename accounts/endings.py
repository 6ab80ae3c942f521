"""Why access is ended: a code that the record keeps, and what it means to a person."""

from __future__ import annotations

from django.db.models import TextChoices


class EndReason(TextChoices):
    LEFT = "left", "They leave, or have left"
    CHANGED = "changed", "Their work has changed"
    MISTAKE = "mistake", "The role was given by mistake"
    CONCERN = "concern", "There is a concern about how it was used"
    REVIEW = "review", "A review of access found that it is not needed"
