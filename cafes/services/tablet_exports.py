"""The file that a tablet writes of what it could not send, read and loaded as if it had been sent: docs/tablet-sync.md.

Each record in it is sealed and named as in a message, so that the file needs no seal of its own.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cafes.models import Tablet, TabletRecord
from cafes.numbering import MOST_MISSING, accounted_to, missing_numbers
from cafes.sealed_records import Envelope
from cafes.services.tablet_records import Incoming, Received, receive_records
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

FORMAT = "sutg-tablet-export-1"
LARGEST = 20_000_000
AT_ONCE = 100
_LARGEST_NUMBER = 2**31 - 1
_LONGEST = {"key": 100, "iv": 20, "data": 50_000}
_FURTHEST_MS = timedelta(days=10_000).total_seconds() * 1000
_HASH = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ExportFile:
    """``records`` by number; ``damaged`` entries were none. ``clock_ahead``: of the tablet's clock, before ours."""

    device_id: uuid.UUID
    clock_ahead: timedelta
    records: tuple[Incoming, ...]
    damaged: int


@dataclass(slots=True)
class Loaded:
    """How many records were new here, were known, and need a person; and entries that were no record."""

    new: int = 0
    known: int = 0
    attention: int = 0
    damaged: int = 0


def read_export(content: bytes) -> ExportFile:
    """What a file holds. :class:`DomainError` for one that no tablet wrote; an entry that is damaged stops no other."""
    not_ours = DomainError("This is not a file that a tablet saved, or it is damaged.", field="file")
    try:
        written = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise not_ours from error
    if not isinstance(written, dict) or written.get("format") != FORMAT or not isinstance(written.get("records"), list):
        raise not_ours
    device_id = _uuid(written.get("device_id"))
    if device_id is None:
        raise not_ours
    read = [_record(each) for each in written["records"]]
    records = sorted((each for each in read if each is not None), key=lambda each: each.number)
    return ExportFile(device_id, _ahead(written.get("clock_ahead_ms")), tuple(records), read.count(None))


def load_export(*, tablet_id: uuid.UUID, export: ExportFile, by: Actor, now: datetime) -> Loaded:
    """Take in the records of a file, some at a time: what one step took in stays, and the file may be loaded again.

    Also of a tablet whose access ended: its keys are kept for this. Raises :class:`DomainError` for a file of another
    tablet, :class:`NotFound` for a tablet of another provider.
    """
    if export.device_id != tablet_id:
        raise DomainError("This file was saved by another tablet. Load it on that tablet’s page.", field="file")
    loaded = Loaded(damaged=export.damaged)
    for first in range(0, len(export.records), AT_ONCE):
        _load(tablet_id, export, export.records[first : first + AT_ONCE], loaded, by, now)
    return loaded


@transaction.atomic
def _load(
    tablet_id: uuid.UUID, export: ExportFile, records: tuple[Incoming, ...], loaded: Loaded, by: Actor, now: datetime
) -> None:
    tablet = Tablet.objects.select_for_update().filter(id=tablet_id).first()
    if tablet is None:
        raise NotFound
    if tablet.secrets is None:
        raise DomainError("This tablet was never set up, so that it has recorded nothing.")
    received = receive_records(tablet, records, export.clock_ahead, now)
    _note(tablet, export, received)
    attention = sum(row.state == TabletRecord.State.ATTENTION for row in received.fresh)
    loaded.new += len(received.fresh)
    loaded.known += len(records) - len(received.fresh)
    loaded.attention += attention
    record(
        "tablet_file_loaded",
        by=by,
        subject=tablet.id,
        provider_id=tablet.provider_id,
        records=len(records),
        new=len(received.fresh),
        attention=attention,
    )


def _note(tablet: Tablet, export: ExportFile, received: Received) -> None:
    """Which numbers are missing now. The tablet itself was not heard of: what it says of itself stays.

    All that it had and had not sent is in the file: a number before the file's last that is neither in it nor here
    was lost. Of later ones the file knows nothing.
    """
    tablet.accounted_to = accounted_to(tablet.accounted_to, received.numbers)
    tablet.last_number = max(tablet.last_number, *received.numbers, 0)
    last = export.records[-1].number
    in_file = [(each.number, each.number) for each in export.records]
    later = [n for n in tablet.missing if n > last and n not in received.numbers]
    found = missing_numbers(tablet.accounted_to, last, received.numbers, in_file)
    tablet.missing = [*found, *later][:MOST_MISSING]
    tablet.held = max(0, tablet.held - len(received.fresh))
    if not tablet.held:
        tablet.oldest_held_at = None
    tablet.save()


def _record(written: Any) -> Incoming | None:
    if not isinstance(written, Mapping):
        return None
    record_id, number, content_hash = _uuid(written.get("id")), written.get("number"), written.get("hash")
    envelope = written.get("envelope")
    if record_id is None or not isinstance(content_hash, str) or not _HASH.fullmatch(content_hash):
        return None
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= _LARGEST_NUMBER:
        return None
    if not isinstance(envelope, Mapping) or not all(
        _is_part(envelope.get(part), most) for part, most in _LONGEST.items()
    ):
        return None
    return Incoming(record_id, number, content_hash, Envelope(envelope["key"], envelope["iv"], envelope["data"]))


def _is_part(value: Any, most: int) -> bool:
    # What does not open is kept all the same, and put before a person.
    return isinstance(value, str) and 0 < len(value) <= most and value.isascii()


def _ahead(value: Any) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _FURTHEST_MS:
        return timedelta()
    return timedelta(milliseconds=value)


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
