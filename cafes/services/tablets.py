"""Giving a café a tablet, and taking its access away."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from cafes.models import Cafe, Tablet
from cafes.sealed_records import DeviceKeys, to_text
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.common.ids import new_id
from sutg.common.links import Link, new_link
from sutg.tenancy.scope import Actor, ActorKind

ENROLMENT, TOKEN = "sutg.cafes.tablet_enrolment", "sutg.cafes.tablet_token"
ENROLMENT_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a tablet is given, once. ``token`` and ``receipt_key`` are secrets; keys are base64url."""

    tablet: Tablet
    token: str
    server_key: str
    receipt_key: str


@transaction.atomic
def add_tablet(*, cafe_id: uuid.UUID, name: str, by: Actor, now: datetime) -> tuple[Tablet, Link]:
    """Add a tablet to a café. The link enrols it, once, within 15 minutes; it is shown and not kept."""
    cafe = Cafe.objects.filter(id=cafe_id).first()
    if cafe is None:
        raise NotFound
    tablet_id = new_id()
    link = new_link(ENROLMENT, cafe.provider_id, tablet_id)
    try:
        with transaction.atomic():
            tablet = Tablet.objects.create(
                provider_id=cafe.provider_id,
                id=tablet_id,
                cafe_id=cafe.id,
                name=name,
                added_at=now,
                added_by=str(by),
                code_digest=link.digest,
                code_expires_at=now + ENROLMENT_LASTS,
            )
    except IntegrityError as error:
        if "cafes_tablet_name" not in str(error):
            raise
        raise DomainError("This café has a tablet of that name.", field="name") from error
    record("tablet_added", by=by, subject=tablet.id, provider_id=tablet.provider_id)
    return tablet, link


@transaction.atomic
def renew_link(*, tablet_id: uuid.UUID, by: Actor, now: datetime) -> Link:
    """Another link for a tablet: the first has run out, or its app was removed. What it enrolled before is shut out."""
    tablet = _hold(tablet_id)
    link = new_link(ENROLMENT, tablet.provider_id, tablet.id)
    tablet.code_digest, tablet.code_expires_at = link.digest, now + ENROLMENT_LASTS
    tablet.save(update_fields=["code_digest", "code_expires_at"])
    record("tablet_link_renewed", by=by, subject=tablet.id, provider_id=tablet.provider_id)
    return link


@transaction.atomic
def enrol_tablet(*, link: Link, now: datetime) -> Enrolment:
    """Exchange an enrolment link for the tablet's token and keys. Raises :class:`DomainError` for one that is spent.

    A tablet that is enrolled anew keeps its keys, so that what was sealed for them is still opened; its earlier token
    is worth nothing from now on.
    """
    tablet = Tablet.objects.standing().select_for_update().filter(id=link.row_id).first()
    if tablet is None or not link.opens(tablet.code_digest) or (tablet.code_expires_at or now) <= now:
        raise DomainError("This link was used or has run out. Ask for a new one.")
    keys = DeviceKeys.from_bytes(tablet.secrets.open()) if tablet.secrets is not None else DeviceKeys.generate()
    token = new_link(TOKEN, tablet.provider_id, tablet.id)
    tablet.secrets = keys.as_bytes()
    tablet.token_digest, tablet.enrolled_at = token.digest, now
    tablet.code_digest, tablet.code_expires_at = "", None
    tablet.save()
    device = Actor(ActorKind.DEVICE, str(tablet.id))
    record("tablet_enrolled", by=device, subject=tablet.id, provider_id=tablet.provider_id)
    return Enrolment(tablet, token.as_text(), keys.public_key, to_text(keys.receipt_key))


@transaction.atomic
def revoke_tablet(*, tablet_id: uuid.UUID, by: Actor, now: datetime) -> Tablet:
    """Take a tablet's access away, from its next message on. Its keys stay: what it sealed can still be read here.

    Taken away already, it stays as it is: whoever asks twice has what they wanted.
    """
    tablet = Tablet.objects.select_for_update().filter(id=tablet_id).first()
    if tablet is None:
        raise NotFound
    if tablet.revoked_at is not None:
        return tablet
    tablet.revoked_at, tablet.revoked_by = now, str(by)
    tablet.code_digest, tablet.code_expires_at = "", None
    tablet.save()
    record("tablet_revoked", by=by, subject=tablet.id, provider_id=tablet.provider_id, held=tablet.held)
    return tablet


@transaction.atomic
def void_links(*, by: Actor) -> int:
    """Void every enrolment link of the scope's provider that nobody has used; their number."""
    waiting = list(Tablet.objects.standing().select_for_update().exclude(code_digest="").order_by("id"))
    for tablet in waiting:
        tablet.code_digest, tablet.code_expires_at = "", None
        tablet.save(update_fields=["code_digest", "code_expires_at"])
        record("tablet_link_voided", by=by, subject=tablet.id, provider_id=tablet.provider_id)
    return len(waiting)


def find_enrolled(link: Link) -> Tablet | None:
    """The tablet whose token this is; None for one that was revoked or enrolled anew since."""
    tablet = Tablet.objects.standing().filter(id=link.row_id).first()
    return tablet if tablet is not None and link.opens(tablet.token_digest) else None


def _hold(tablet_id: uuid.UUID) -> Tablet:
    tablet = Tablet.objects.standing().select_for_update().filter(id=tablet_id).first()
    if tablet is None:
        raise NotFound
    return tablet
