"""Taking in what a tablet sends: id and hash decide, every record is kept, and each has its receipt."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from cafes.models import Tablet, TabletRecord
from cafes.numbering import accounted_to, count_held, missing_numbers
from cafes.payloads import kind_of
from cafes.sealed_records import CannotOpen, DeviceKeys, Envelope, Receipt, hash_of
from cafes.services.tablet_acts import Acts
from sutg.audit.services import record
from sutg.common.errors import NotFound
from sutg.tenancy.bulk import Column, insert_rows
from sutg.tenancy.scope import Actor

State = TabletRecord.State
# A tablet that is further from our time than this has a wrong clock; less is the way of the message.
CLOCK_IS_WRONG = timedelta(minutes=2)
# Its keys are not among them: they would be sealed anew with every message.
_NOTED = [
    "last_seen_at",
    "app_version",
    "is_persistent",
    "last_number",
    "accounted_to",
    "missing",
    "held",
    "oldest_held_at",
]
_IDS = ("provider_id", "id", "tablet_id", "record_id", "applied_to")
_TEXTS = ("hash", "kind", "state", "reason", "set_aside_because", "settled_by")
_UNREADABLE = "This record cannot be opened: it was damaged, or sealed for another tablet."
_TWO_CONTENTS = "Two different contents came under one id. Compare the two, and settle which stands."


@dataclass(frozen=True, slots=True)
class Incoming:
    """One record as it travels; ``hash`` is base64url of SHA-256."""

    id: uuid.UUID
    number: int
    hash: str
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Manifest:
    """``held``: inclusive ranges of numbers that the tablet has and that have no receipt yet."""

    last_number: int
    held: tuple[tuple[int, int], ...] = ()
    oldest_held_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """``sent_at`` is by the tablet's clock."""

    sent_at: datetime
    app_version: str
    is_persistent: bool
    manifest: Manifest
    records: tuple[Incoming, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A record that is here. ``reason`` is set where a person has to look at it."""

    receipt: Receipt
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    results: tuple[Taken, ...]
    missing: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Received:
    """``rows``: every record that came, by id and hash; ``fresh`` are new. ``numbers`` have arrived."""

    keys: DeviceKeys
    rows: dict[tuple[uuid.UUID, str], TabletRecord]
    fresh: list[TabletRecord]
    numbers: set[int]


@transaction.atomic
def take_in(*, tablet_id: uuid.UUID, message: Message, by: Actor, now: datetime) -> Answer:
    """Store what is new, apply what can be applied, and say which numbers never came. Nothing is refused.

    The same message again has the same answer. :class:`NotFound` for a tablet that is not enrolled.
    """
    # One message of a tablet at a time: eight posts of one record wait for each other, and find it.
    tablet = Tablet.objects.standing().select_for_update().filter(id=tablet_id).first()
    if tablet is None or tablet.secrets is None:
        raise NotFound
    ahead = message.sent_at - now
    ahead = ahead if abs(ahead) > CLOCK_IS_WRONG else timedelta()
    received = receive_records(tablet, message.records, ahead, now)
    _note(tablet, message, received.numbers, ahead, now)
    if received.fresh:
        _record_arrival(tablet, received.fresh, by)
    return Answer(
        tuple(_taken(tablet, received.keys, received.rows[each.id, each.hash]) for each in message.records),
        tuple(tablet.missing),
    )


def receive_records(tablet: Tablet, records: Sequence[Incoming], ahead: timedelta, now: datetime) -> Received:
    """Store what is new of ``records`` and apply what can be, with what waited for it; the caller holds the tablet.

    ``ahead``: by how much the tablet's clock is ahead of ours.
    """
    assert tablet.secrets is not None  # noqa: S101  narrows the type: it was enrolled
    keys = DeviceKeys.from_bytes(tablet.secrets.open())
    known = _known(records)
    fresh = _receive(tablet, keys, records, known, now)
    numbers = numbers_above(tablet, fresh)
    waiting = list(TabletRecord.objects.waiting().filter(tablet_id=tablet.id).order_by("number"))
    acts = Acts(tablet, now, ahead, frozenset(numbers), tablet.accounted_to)
    acts.apply([row for row in (*waiting, *fresh) if row.state == State.WAITING])
    _store(fresh)
    for row in waiting:
        if row.state != State.WAITING:
            if row.settled_at is not None:
                row.settled_at = now  # the tablet is told again of what a person sent on its way
            row.save()
    return Received(keys, known | {(row.record_id, row.hash): row for row in fresh}, fresh, numbers)


def _known(records: Sequence[Incoming]) -> dict[tuple[uuid.UUID, str], TabletRecord]:
    """What is here already of these records, and of others under their ids."""
    found = TabletRecord.objects.filter(record_id__in=[incoming.id for incoming in records])
    return {(row.record_id, row.hash): row for row in found}


def _receive(
    tablet: Tablet,
    keys: DeviceKeys,
    records: Sequence[Incoming],
    known: dict[tuple[uuid.UUID, str], TabletRecord],
    now: datetime,
) -> list[TabletRecord]:
    """Rows for the records that are new, each once, opened as far as they can be."""
    fresh: dict[tuple[uuid.UUID, str], TabletRecord] = {}
    contents = {record_id for record_id, _ in known}
    for incoming in records:
        if (incoming.id, incoming.hash) in known or (incoming.id, incoming.hash) in fresh:
            continue
        row = _row(tablet, keys, incoming, now)
        if incoming.id in contents and row.state == State.WAITING:
            row.state, row.reason = State.ATTENTION, _TWO_CONTENTS
        contents.add(incoming.id)
        fresh[incoming.id, incoming.hash] = row
    return list(fresh.values())


def _row(tablet: Tablet, keys: DeviceKeys, incoming: Incoming, now: datetime) -> TabletRecord:
    row = TabletRecord(
        provider_id=tablet.provider_id,
        tablet_id=tablet.id,
        record_id=incoming.id,
        hash=incoming.hash,
        number=incoming.number,
        received_at=now,
        state=State.WAITING,
    )
    try:
        payload = keys.open(incoming.envelope, device_id=tablet.id, cafe_id=tablet.cafe_id, record_id=incoming.id)
        if hash_of(payload) != incoming.hash:
            raise CannotOpen
    except CannotOpen:
        # Kept as it came: what we cannot read today, somebody may tomorrow.
        envelope = incoming.envelope
        row.payload = "\n".join([envelope.key, envelope.iv, envelope.data]).encode()
        row.state, row.reason = State.ATTENTION, _UNREADABLE
    else:
        row.payload, row.kind = payload, kind_of(payload)
    return row


def _store(rows: Sequence[TabletRecord]) -> None:
    """Insert new records in one statement; the database refuses a content that is there already."""
    if not rows:
        return
    insert_rows(
        TabletRecord._meta.db_table,
        {
            **{name: Column("uuid", [getattr(row, name) for row in rows]) for name in _IDS},
            **{name: Column("text", [getattr(row, name) for row in rows]) for name in _TEXTS},
            "number": Column("integer", [row.number for row in rows]),
            "payload": Column("bytea", [row.payload.as_stored() if row.payload is not None else None for row in rows]),
            "received_at": Column("timestamptz", [row.received_at for row in rows]),
        },
    )


def numbers_above(tablet: Tablet, fresh: Iterable[TabletRecord]) -> set[int]:
    """Numbers of this tablet that have arrived, above those that are all accounted for."""
    above = TabletRecord.objects.filter(tablet_id=tablet.id, number__gt=tablet.accounted_to)
    return {*above.values_list("number", flat=True), *(row.number for row in fresh)}


def _note(tablet: Tablet, message: Message, numbers: set[int], ahead: timedelta, now: datetime) -> None:
    """What the tablet says of itself, and which of its numbers are neither here nor there."""
    manifest = message.manifest
    tablet.last_seen_at, tablet.app_version = now, message.app_version
    tablet.is_persistent = message.is_persistent
    tablet.last_number = max(tablet.last_number, manifest.last_number, *numbers, 0)
    tablet.accounted_to = accounted_to(tablet.accounted_to, numbers)
    tablet.missing = missing_numbers(tablet.accounted_to, tablet.last_number, numbers, manifest.held)
    tablet.held = count_held(tablet.accounted_to, numbers, manifest.held)
    tablet.oldest_held_at = None
    if tablet.held and manifest.oldest_held_at is not None:
        # By our clock: a tablet whose clock is a day slow must not alarm anybody.
        tablet.oldest_held_at = min(manifest.oldest_held_at - ahead, now)
    tablet.save(update_fields=_NOTED)


def _record_arrival(tablet: Tablet, fresh: Sequence[TabletRecord], by: Actor) -> None:
    states = [row.state for row in fresh]
    record(
        "tablet_records_received",
        by=by,
        subject=tablet.id,
        provider_id=tablet.provider_id,
        records=len(fresh),
        attention=states.count(State.ATTENTION),
        waiting=states.count(State.WAITING),
        missing=len(tablet.missing),
    )


def _taken(tablet: Tablet, keys: DeviceKeys, row: TabletRecord) -> Taken:
    receipt = keys.receipt(
        device_id=tablet.id,
        record_id=row.record_id,
        content_hash=row.hash,
        received_at=row.received_at.isoformat(),
    )
    return Taken(receipt, row.reason if row.state == State.ATTENTION else "")
