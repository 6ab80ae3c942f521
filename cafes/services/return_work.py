"""The jobs of a return: check it, load it.

A job first claims the file for a short time and renews the claim as it goes, so that the file of a lost worker is taken
up again and two workers never load one file. What a job reports of its progress goes through a connection of its own:
its work is one transaction, invisible until it ends, all or nothing.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.models import F, Q
from django.utils import timezone

from cafes.models import ReturnCheck, ReturnContent, ReturnFile
from cafes.returns import Quarter, Tally, UnreadableReturn, check_return, read_return
from cafes.selectors.cafes import cafe_ids_by_name
from cafes.selectors.sessions import days_recorded_here
from cafes.services.return_files import confirm_return, lock_for_move, move, name_cafes
from cafes.services.visit_rows import replace_visits
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor

State = ReturnFile.State
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
_GAVE_UP = (
    "This file could not be read to its end in three tries, although nothing in it was found wrong. "
    "Save it again as a new .xlsx or .csv file, and tell the service desk if that does not help."
)
_CHANGED = (
    "Nothing was loaded: the provider’s cafés, or what they recorded themselves, have changed since this file was "
    "checked, and it would no longer come to the numbers that were shown. Check it again."
)


@transaction.atomic
def claim(*, return_file_id: uuid.UUID, state: str, by: Actor) -> bool:
    """Take a file in ``state`` for a while; False when somebody works on it, it moved on, or it was tried too often."""
    now = timezone.now()
    free = ReturnFile.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=now), id=return_file_id, state=state
    )
    if free.filter(attempts__gte=MOST_ATTEMPTS).exists():
        _give_up(return_file_id, state, by)
        return False
    return bool(free.update(lease_until=now + LEASE, attempts=F("attempts") + 1))


def _give_up(return_file_id: uuid.UUID, state: str, by: Actor) -> None:
    to = State.UNREADABLE if state == State.CHECKING else State.CHECKED
    file = lock_for_move(return_file_id, to)
    file.refusal, file.lease_until = _GAVE_UP, None
    if to == State.CHECKED:
        file.confirmed_at, file.confirmed_by = None, ""
    move(file, to)
    record("return_given_up", by=by, subject=file.id, provider_id=file.provider_id, state=file.state)


def check_return_file(*, return_file_id: uuid.UUID, by: Actor) -> ReturnFile:
    """Read a claimed file from beginning to end and store what was found, or why it cannot be read."""
    with transaction.atomic():
        file = ReturnFile.objects.get(id=return_file_id)
        aliases = ReturnCheck.objects.get(return_file_id=file.id).aliases
        cafes = list(cafe_ids_by_name())
        content = ReturnContent.objects.get(return_file_id=file.id).content.open()
        recorded = days_recorded_here(file.period)
    try:
        tally = check_return(
            io.BytesIO(content),
            filename=file.filename,
            cafes=cafes,
            quarter=Quarter.parse(file.quarter),
            aliases=aliases,
            recorded=recorded,
            on_progress=ProgressNote(file).write,
        )
    except UnreadableReturn as unreadable:
        return _finish_check(return_file_id, by, refusal=unreadable.reason)
    return _finish_check(return_file_id, by, tally=tally)


@transaction.atomic
def _finish_check(return_file_id: uuid.UUID, by: Actor, *, tally: Tally | None = None, refusal: str = "") -> ReturnFile:
    to = State.CHECKED if tally else State.UNREADABLE
    file = lock_for_move(return_file_id, to)
    if tally is not None:
        ReturnCheck.objects.filter(return_file_id=file.id).update(tally=as_stored(tally))
        file.rows_done = file.rows_total = tally.rows
    file.refusal, file.lease_until, file.attempts = refusal[:1000], None, 0
    move(file, to)
    record("return_checked", by=by, subject=file.id, provider_id=file.provider_id, state=file.state)
    return file


def load_return_file(*, return_file_id: uuid.UUID, by: Actor) -> ReturnFile:
    """Load a claimed and confirmed file: its visits replace those of the file loaded before it for this quarter.

    One transaction: all of the file, the figures that follow from it and the end of the earlier file, or nothing.
    """
    with transaction.atomic():
        file = ReturnFile.objects.get(id=return_file_id)
        check = ReturnCheck.objects.get(return_file_id=file.id)
        content = ReturnContent.objects.get(return_file_id=file.id).content.open()
        cafes = cafe_ids_by_name()
        recorded = days_recorded_here(file.period)
    outcomes = read_return(
        io.BytesIO(content),
        filename=file.filename,
        cafes=list(cafes),
        quarter=Quarter.parse(file.quarter),
        aliases=check.aliases,
        recorded=recorded,
        on_progress=ProgressNote(file).write,
    )
    try:
        with transaction.atomic():
            loaded = replace_visits(file=file, outcomes=outcomes, cafe_ids=cafes, by=by)
            # The load holds the cafés by now: whoever opens a session waits, and then finds the return.
            if loaded != check.found["accepted"] or days_recorded_here(file.period) != recorded:
                raise _NoLongerAsShown
            return _finish_load(return_file_id, loaded, by)
    except _NoLongerAsShown:
        return _hand_back(return_file_id, by)


class _NoLongerAsShown(Exception):
    """What the file comes to changed between its check and its loading: somebody confirmed something else."""


@transaction.atomic
def _hand_back(return_file_id: uuid.UUID, by: Actor) -> ReturnFile:
    file = lock_for_move(return_file_id, State.CHECKED)
    file.refusal, file.lease_until = _CHANGED, None
    file.confirmed_at, file.confirmed_by = None, ""
    move(file, State.CHECKED)
    record("return_handed_back", by=by, subject=file.id, provider_id=file.provider_id)
    return file


def _finish_load(return_file_id: uuid.UUID, visits: int, by: Actor) -> ReturnFile:
    now = timezone.now()
    file = lock_for_move(return_file_id, State.LOADED)
    earlier = ReturnFile.objects.select_for_update().filter(quarter=file.quarter, state=State.LOADED).first()
    if earlier is not None:
        earlier.settled_at = now
        move(earlier, State.REPLACED)
        file.replaces_id = earlier.id
    file.settled_at, file.lease_until, file.rows_done = now, None, file.rows_total or 0
    move(file, State.LOADED)
    record("return_loaded", by=by, subject=file.id, provider_id=file.provider_id, visits=visits)
    return file


def as_stored(tally: Tally) -> dict[str, Any]:
    """The tally as JSON: the command's figures, and beside them what the page shows."""
    return {
        **tally.as_json(),
        "rejected_rows": [[row.sheet, row.row, row.reason, row.message] for row in tally.rejected[:1000]],
        "repeats": [[row.sheet, row.row, row.first_sheet, row.first_row] for row in tally.repeats[:1000]],
        "candidates": tally.needs_cafe_alias,
        "wordings": dict(tally.ethnicity_wordings.most_common(200)),
        "skipped_sheets": [list(skipped) for skipped in tally.skipped_sheets],
    }


class ProgressNote:
    """Writes how far a job is, and renews its claim, over a connection outside the job's transaction.

    Progress is a comfort: when it cannot be written the work goes on.
    """

    def __init__(self, file: ReturnFile, *, every: timedelta = timedelta(seconds=0.5)) -> None:
        self.file = file
        self.every = every
        self.next = timezone.now() + every

    def write(self, done: int, total: int | None) -> None:
        now = timezone.now()
        if now < self.next:
            return
        self.next = now + self.every
        with suppress(DatabaseError):
            self._update(done, total)

    def _update(self, done: int, total: int | None) -> None:
        connection = connections.create_connection(DEFAULT_DB_ALIAS)
        try:
            connection.set_autocommit(False)
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE cafes_returnfile SET rows_done = %s, rows_total = coalesce(%s, rows_total), "
                    "lease_until = %s WHERE provider_id = %s AND id = %s",
                    [done, total, timezone.now() + LEASE, self.file.provider_id, self.file.id],
                )
            connection.commit()
        finally:
            connection.close()


Job = Callable[..., ReturnFile]
JOBS: dict[str, Job] = {State.CHECKING: check_return_file, State.LOADING: load_return_file}


def work_on(*, return_file_id: uuid.UUID, state: str, by: Actor) -> ReturnFile | None:
    """Claim the file and do what its state asks for; None when it was not to be had."""
    if not claim(return_file_id=return_file_id, state=state, by=by):
        return None
    return JOBS[state](return_file_id=return_file_id, by=by)


@transaction.atomic
def work_through(*, file: ReturnFile, aliases: Mapping[str, str], by: Actor) -> ReturnFile:
    """Check, name the cafés, confirm and load a file just handed in, in one transaction and without a worker."""
    work_on(return_file_id=file.id, state=State.CHECKING, by=by)
    if aliases:
        name_cafes(return_file_id=file.id, aliases=aliases, by=by)
        work_on(return_file_id=file.id, state=State.CHECKING, by=by)
    confirm_return(return_file_id=file.id, by=by)
    loaded = work_on(return_file_id=file.id, state=State.LOADING, by=by)
    if loaded is None or loaded.state != State.LOADED:
        raise DomainError("The file could not be loaded as it was checked. Nothing was stored.")
    return loaded
