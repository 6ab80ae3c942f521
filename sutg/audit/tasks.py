"""The jobs that seal the record and check it."""

from __future__ import annotations

from sutg.audit.checking import check_record
from sutg.audit.sealing import seal_everything
from sutg.celery import app
from sutg.tenancy.scope import Actor


@app.task(scope_free=True)
def seal_audit() -> None:
    """Seal what was written since the last time; harmless when two run."""
    seal_everything(by=Actor.job("seal_audit"))


@app.task(scope_free=True)
def check_audit() -> None:
    """Go through every chain; what is broken is in the log, and on the page of information governance."""
    check_record(by=Actor.job("check_audit"))
