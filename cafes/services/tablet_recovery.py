"""A forgotten PIN loses nothing: the share of a tablet's data key, and who may have a new PIN by it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cafes.models import Tablet
from cafes.selectors.tablets import people_who_open
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor


@dataclass(frozen=True, slots=True)
class Recovery:
    """``share`` as it was deposited: the data key under the tablet's device key."""

    share: bytes
    user_id: uuid.UUID
    name: str


@transaction.atomic
def keep_share(*, tablet_id: uuid.UUID, share: bytes, by: Actor, now: datetime) -> None:
    """Keep what the tablet deposits, sealed, in place of what it deposited before; the same again changes nothing."""
    tablet = _hold(tablet_id)
    if tablet.recovery_share is not None and tablet.recovery_share.open() == share:
        return
    is_first = tablet.recovery_share is None
    tablet.recovery_share, tablet.share_kept_at = share, now
    tablet.save(update_fields=["recovery_share", "share_kept_at"])
    record("tablet_share_kept", by=by, subject=tablet.id, provider_id=tablet.provider_id, first=is_first)


@transaction.atomic
def allow_new_pin(*, tablet_id: uuid.UUID, user_id: uuid.UUID, by: Actor, now: datetime) -> Tablet:
    """Let this person set a new PIN on this tablet, once, within 15 minutes. It takes the place of an earlier leave."""
    tablet = _hold(tablet_id)
    if tablet.recovery_share is None:
        raise DomainError("This tablet has not sent what a new PIN needs. Connect it to the internet, and try again.")
    if all(person.user_id != user_id for person in people_who_open(tablet.cafe_id, now)):
        raise DomainError("Choose somebody who works at this café.", field="person")
    tablet.pin_for, tablet.pin_allowed_at, tablet.pin_allowed_by = user_id, now, str(by)
    tablet.save(update_fields=_ALLOWANCE)
    record("tablet_pin_allowed", by=by, subject=tablet.id, provider_id=tablet.provider_id, person=str(user_id))
    return tablet


@transaction.atomic
def give_share(*, tablet_id: uuid.UUID, by: Actor, now: datetime) -> Recovery:
    """Give the share back to the tablet, once, for the person who was allowed it. :class:`DomainError` otherwise."""
    tablet = _hold(tablet_id)
    refusal = DomainError("Nobody may set a new PIN on this tablet now. Ask your manager to allow it.")
    if not tablet.allows_pin(now) or tablet.recovery_share is None:
        raise refusal
    person = next((each for each in people_who_open(tablet.cafe_id, now) if each.user_id == tablet.pin_for), None)
    if person is None:  # left since
        raise refusal
    share = tablet.recovery_share.open()
    tablet.pin_for, tablet.pin_allowed_at, tablet.pin_allowed_by = None, None, ""
    tablet.save(update_fields=_ALLOWANCE)
    record("tablet_share_given", by=by, subject=tablet.id, provider_id=tablet.provider_id, person=str(person.user_id))
    return Recovery(share, person.user_id, person.name)


_ALLOWANCE = ["pin_for", "pin_allowed_at", "pin_allowed_by"]


def _hold(tablet_id: uuid.UUID) -> Tablet:
    tablet = Tablet.objects.standing().select_for_update().filter(id=tablet_id, enrolled_at__isnull=False).first()
    if tablet is None:
        raise NotFound
    return tablet
