"""The demo's tablets: one in order that brought an evening, and one that has not been heard of for three days."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from django.utils import timezone

from cafes.models import Cafe, Session, Tablet, Visit
from cafes.sealed_records import Envelope, from_text, hash_of, to_text
from cafes.services.tablet_records import Incoming, Manifest, Message, take_in
from cafes.services.tablets import Enrolment, add_tablet, enrol_tablet
from providers.models import Provider
from sutg.demo.personas import FIRST
from sutg.demo.sessions import CAFE
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, ActorKind, Scope

BY = Actor.job("demo")
VERSION = "0.1.0"


def seed_tablets(say: Callable[[str], None]) -> None:
    """Tablets of one provider; where there are some already they are left alone."""
    provider = Provider.objects.get(slug=FIRST)
    now = timezone.now()
    with scopes.enter(Scope.provider(BY, provider.id)), transaction.atomic():
        if Tablet.objects.exists():
            return
        cafe = Cafe.objects.get(name=CAFE)
        front = _enrolled(cafe, "Front desk", now - timedelta(days=30))
        _brings(front, now - timedelta(minutes=20), records=list(_left_over(front)), last=2)
        other = Cafe.objects.exclude(id=cafe.id).order_by("name").first()
        if other is not None:
            # What a tablet says of itself, three days ago: five records that it had not sent, and one that is nowhere.
            quiet = _enrolled(other, "Kitchen", now - timedelta(days=60))
            _brings(quiet, now - timedelta(days=3, hours=2), records=[], last=6, held=((2, 6),), is_persistent=False)
    say("2 tablets")


def _enrolled(cafe: Cafe, name: str, at: datetime) -> Enrolment:
    _, link = add_tablet(cafe_id=cafe.id, name=name, by=BY, now=at)
    return enrol_tablet(link=link, now=at)


def _brings(
    enrolment: Enrolment,
    at: datetime,
    *,
    records: list[Incoming],
    last: int,
    held: tuple[tuple[int, int], ...] = (),
    is_persistent: bool = True,
) -> None:
    manifest = Manifest(last, held, at - timedelta(hours=5) if held else None)
    message = Message(at, VERSION, is_persistent, manifest, tuple(records))
    tablet_id = enrolment.tablet.id
    take_in(tablet_id=tablet_id, message=message, by=Actor(ActorKind.DEVICE, str(tablet_id)), now=at)


def _left_over(enrolment: Enrolment) -> Iterator[Incoming]:
    """Two records that need a person: a visit that came twice in other words than it was first recorded with."""
    pair = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_text(enrolment.server_key))
    info = f"sutg-tablet-1 {enrolment.tablet.id}".encode()
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(pair.exchange(ec.ECDH(), theirs))
    public = to_text(pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    for number, (record_id, payload) in enumerate(_payloads(enrolment.tablet), start=1):
        iv = os.urandom(12)
        context = f"sutg-tablet-1\n{enrolment.tablet.cafe_id}\n{record_id}".encode()
        data = to_text(AESGCM(key).encrypt(iv, payload, context))
        yield Incoming(record_id, number, hash_of(payload), Envelope(public, to_text(iv), data))


def _payloads(tablet: Tablet) -> Iterator[tuple[uuid.UUID, bytes]]:
    sessions = Session.objects.filter(cafe_id=tablet.cafe_id, state=Session.State.CLOSED).order_by("-held_on")
    session = sessions.first()
    if session is None:
        return
    recorded = Visit.objects.standing().filter(session_id=session.id, client_uuid__isnull=False).order_by("id").first()
    facts = {"session": str(session.id), "came_for": "self", "reasons": ["anxiety"], "distress_before": 8}
    late = (session.closed_at or timezone.now()) + timedelta(minutes=10)
    if recorded is not None:
        yield recorded.client_uuid, _payload(facts, late - timedelta(hours=2))
    yield uuid.uuid5(session.id, "made after closing"), _payload(facts, late)


def _payload(facts: dict[str, Any], at: datetime) -> bytes:
    said = {"version": 1, "salt": to_text(os.urandom(16)), "kind": "visit", "recordedBy": ""}
    return json.dumps({**said, "recordedAt": at.isoformat(), "body": facts}).encode()
