"""The daily job of retention."""

from __future__ import annotations

from django.utils import timezone

from sutg.celery import app
from sutg.privacy.erasing import apply, forecast
from sutg.tenancy.scope import Actor

JOB = Actor.job("apply retention")


@app.task(scope_free=True)
def apply_retention() -> int:
    """Erase what is past its period, and work out what will be within the week; how many rows were erased."""
    today = timezone.localdate()
    erased = apply(today=today, by=JOB)
    forecast(today=today, by=JOB)
    return sum(finding.rows for finding in erased)
