"""The jobs of returns. A message is only a hint: what is to be done stands in the database, and is taken up anyway."""

from __future__ import annotations

import logging
import uuid

from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from cafes.models import ReturnFile
from cafes.selectors.returns import left_returns
from cafes.services.return_work import work_on
from sutg.celery import app
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

logger = logging.getLogger(__name__)


@app.task
def work_on_return(return_file_id: str, state: str) -> None:
    """Check or load one return, on behalf of whoever asked."""
    by = scopes.require().actor
    work_on(return_file_id=uuid.UUID(return_file_id), state=state, by=by)


@app.task(scope_free=True)
def take_up_left_returns() -> None:
    """Send out again what a lost message or a lost worker left lying."""
    job = Actor.job("take up left returns")
    with scopes.enter(Scope.trust(job)), transaction.atomic():
        left = list(left_returns(timezone.now()))
    for file in left:
        by = Actor.job("take up left returns", on_behalf_of=file.confirmed_by or file.uploaded_by)
        with scopes.enter(Scope.provider(by, file.provider_id)):
            hint(file)


def hint(file: ReturnFile) -> None:
    """Tell a worker that ``file`` waits, under the present scope. A broker that is away only makes it wait longer."""
    try:
        work_on_return.delay(str(file.id), file.state)
    except OperationalError:
        logger.warning("return_hint_not_sent", extra={"return_file": str(file.id)})
