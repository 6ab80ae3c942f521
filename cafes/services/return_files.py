"""What people do with a return: hand it in, say which café is meant, load it, put it aside.

A return is checked and loaded by a job (cafes.services.return_work). Each move here goes along ``MOVES`` and holds the
row, so that two people or a double click cannot both make it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from cafes.models import ReturnCheck, ReturnContent, ReturnFile
from cafes.selectors.cafes import cafe_ids_by_name
from cafes.selectors.returns import find_loaded
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.common.periods import Period, PeriodKind
from sutg.common.uploads import LARGEST
from sutg.tenancy.scope import Actor

State = ReturnFile.State


class AlreadyLoaded(DomainError):
    """The very file is loaded for this quarter: there is nothing to add."""


MOVES: Mapping[str, frozenset[str]] = {
    State.CHECKING: frozenset({State.CHECKED, State.UNREADABLE, State.DISCARDED}),
    State.CHECKED: frozenset({State.CHECKING, State.LOADING, State.DISCARDED}),
    State.LOADING: frozenset({State.LOADED, State.CHECKED}),
    State.LOADED: frozenset({State.REPLACED}),
    State.UNREADABLE: frozenset({State.DISCARDED}),
}


@transaction.atomic
def receive_return(*, provider_id: uuid.UUID, period: Period, filename: str, content: bytes, by: Actor) -> ReturnFile:
    """Keep a file as it came, to be checked. Nothing is read from it here.

    Refused when it is empty, too large, or the very file that is loaded for this quarter already.
    """
    if period.kind is not PeriodKind.QUARTER:
        raise DomainError("A return is for a quarter.", field="quarter")
    if not content:
        raise DomainError("The file is empty.", field="file")
    if len(content) > LARGEST:
        largest = LARGEST // 1_000_000
        raise DomainError(
            f"The file is larger than {largest} MB. Remove pictures and other sheets from it.", field="file"
        )
    sha256 = hashlib.sha256(content).hexdigest()
    loaded = find_loaded(str(period))
    if loaded is not None and loaded.sha256 == sha256:
        on = timezone.localtime(loaded.settled_at)
        raise AlreadyLoaded(f"This very file was loaded on {on.day} {on:%B %Y}. Nothing was added.", field="file")
    file = ReturnFile.objects.create(
        provider_id=provider_id,
        quarter=str(period),
        filename=filename[-255:],
        size=len(content),
        sha256=sha256,
        state=State.CHECKING,
        uploaded_by=str(by),
    )
    ReturnContent.objects.create(provider_id=provider_id, return_file_id=file.id, content=content)
    ReturnCheck.objects.create(provider_id=provider_id, return_file_id=file.id)
    record("return_received", by=by, subject=file.id, provider_id=provider_id, quarter=file.quarter, bytes=file.size)
    return file


@transaction.atomic
def name_cafes(*, return_file_id: uuid.UUID, aliases: Mapping[str, str], by: Actor) -> ReturnFile:
    """Say which café each name as written means, and have the file checked again. Replaces what was said before."""
    file = lock_for_move(return_file_id, State.CHECKING)
    check = ReturnCheck.objects.select_for_update().get(return_file_id=file.id)
    names = cafe_ids_by_name()
    for written, name in aliases.items():
        if name not in names:
            raise DomainError(f"“{written}” was said to be a café that this provider does not run.", field="cafes")
    check.aliases = dict(aliases)
    check.save(update_fields=["aliases"])
    file.rows_done, file.rows_total, file.attempts, file.lease_until = 0, None, 0, None
    move(file, State.CHECKING)
    record("return_cafes_named", by=by, subject=file.id, provider_id=file.provider_id, names=len(aliases))
    return file


@transaction.atomic
def confirm_return(*, return_file_id: uuid.UUID, by: Actor) -> ReturnFile:
    """Have a checked file loaded as it was shown. Refused when nothing in it was accepted."""
    file = lock_for_move(return_file_id, State.LOADING)
    check = ReturnCheck.objects.get(return_file_id=file.id)
    if not check.found["accepted"]:
        raise DomainError("No row of this file was accepted, so there is nothing to load.")
    file.confirmed_at, file.confirmed_by = timezone.now(), str(by)
    file.rows_done, file.rows_total, file.attempts, file.lease_until = 0, check.found["rows"], 0, None
    file.refusal = ""
    move(file, State.LOADING)
    record("return_confirmed", by=by, subject=file.id, provider_id=file.provider_id)
    return file


@transaction.atomic
def discard_return(*, return_file_id: uuid.UUID, by: Actor) -> ReturnFile:
    """Put a file aside that is not loaded. It is kept, and no figure comes from it."""
    file = lock_for_move(return_file_id, State.DISCARDED)
    file.settled_at = timezone.now()
    move(file, State.DISCARDED)
    record("return_discarded", by=by, subject=file.id, provider_id=file.provider_id)
    return file


def lock_for_move(return_file_id: uuid.UUID, to: str) -> ReturnFile:
    """Hold the row until the transaction ends; refuse when it cannot move to ``to`` from where it stands."""
    file = ReturnFile.objects.select_for_update().filter(id=return_file_id).first()
    if file is None:
        raise NotFound
    if to not in MOVES.get(file.state, frozenset()):
        raise DomainError(
            f"This return is {file.get_state_display().lower()}, so this can’t be done now. Reload the page."
        )
    return file


def move(file: ReturnFile, to: str) -> None:
    """Save ``file`` in the state ``to``; the caller has held it by :func:`lock_for_move`."""
    file.state = to
    file.save()
