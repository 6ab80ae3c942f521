"""Years of sessions in seconds: the same rows for the same seed, written a set at a time."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Role
from cafes.models import Cafe, Session, Visit, Visitor
from providers.models import Membership, Provider
from reports.services.figures import refresh_figures
from sutg.tenancy.bulk import Column, insert_rows
from tests.factories import make_cafe
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.support.scale_desk import plant_desk

SINCE = date(2020, 1, 6)
VISITS_A_SESSION = 6
_REASONS = ["anxiety", "stress", "isolation", "housing", "depression"]


def plant_years(
    provider: Provider, *, seed: int, people: int, last: date, weeks: int, cafes: int = 2, with_figures: bool = True
) -> list[Cafe]:
    """``people`` members of staff and as many visitors; for each café two closed sessions a week, up to ``last``."""
    chance = random.Random(seed)  # noqa: S311  rows to look at, not secrets
    found = [make_cafe(provider=provider) for _ in range(cafes)]
    days = [last - timedelta(days=7 * week + part) for week in range(weeks) for part in (0, 3)]
    users = _plant_people(people, chance)
    with acting_for(provider):
        Membership.objects.bulk_create(
            Membership(provider=provider, user=user, role=Role.CAFE_WORKER, since=SINCE) for user in users
        )
        for cafe in found:
            visitors = Visitor.objects.bulk_create(Visitor(provider=provider, cafe_id=cafe.id) for _ in range(people))
            sessions = _plant_sessions(provider, cafe, days)
            _plant_visits(provider, cafe, sessions, [visitor.id for visitor in visitors], chance)
        if with_figures:
            refresh_figures(
                provider_id=provider.id, cafe_days={cafe.id: days for cafe in found}, by=TESTS, reason="recorded"
            )
    plant_desk(provider, found, rows=people)
    return found


def _plant_people(people: int, chance: random.Random) -> list[User]:
    with acting_for_trust():
        return User.objects.bulk_create(
            User(email=f"{uuid.UUID(int=chance.getrandbits(128)).hex}@example.org", full_name=f"Person {number}")
            for number in range(people)
        )


def _plant_sessions(provider: Provider, cafe: Cafe, days: Sequence[date]) -> dict[uuid.UUID, date]:
    n = len(days)
    ids = [uuid.uuid4() for _ in days]
    by = [str(TESTS)] * n
    insert_rows(
        Session._meta.db_table,
        {
            "provider_id": Column("uuid", [provider.id] * n),
            "id": Column("uuid", ids),
            "cafe_id": Column("uuid", [cafe.id] * n),
            "held_on": Column("date", days),
            "opens": Column("time", [time(17)] * n),
            "closes": Column("time", [time(21)] * n),
            "state": Column("text", [Session.State.CLOSED.value] * n),
            "opened_at": Column("timestamptz", [f"{day} 17:00Z" for day in days]),
            "opened_by": Column("text", by),
            "closed_at": Column("timestamptz", [f"{day} 21:00Z" for day in days]),
            "closed_by": Column("text", by),
            "door_tally": Column("smallint", [VISITS_A_SESSION] * n),
            "unrecorded_visits": Column("smallint", [0] * n),
            **{blank: Column("text", [""] * n) for blank in ("cancelled_by", "cancel_reason", "tally_reason")},
        },
    )
    return dict(zip(ids, days, strict=True))


def _plant_visits(
    provider: Provider,
    cafe: Cafe,
    sessions: dict[uuid.UUID, date],
    visitors: Sequence[uuid.UUID],
    chance: random.Random,
) -> None:
    made = [(session, day) for session, day in sessions.items() for _ in range(VISITS_A_SESSION)]
    n = len(made)
    values: dict[str, Any] = {
        "provider_id": Column("uuid", [provider.id] * n),
        "id": Column("uuid", [uuid.uuid4() for _ in made]),
        "client_uuid": Column("uuid", [uuid.uuid4() for _ in made]),
        "session_id": Column("uuid", [session for session, _ in made]),
        "cafe_id": Column("uuid", [cafe.id] * n),
        "visitor_id": Column("uuid", [chance.choice(visitors) for _ in made]),
        "visited_on": Column("date", [day for _, day in made]),
        "recorded_at": Column("timestamptz", [f"{day} 18:00Z" for _, day in made]),
        "recorded_by": Column("text", [str(TESTS)] * n),
        "reasons": Column("text[]", [[chance.choice(_REASONS)] for _ in made]),
        "support": Column("text[]", [["one_to_one"] for _ in made]),
        "ethnic_category": Column("text", [chance.choice(["A", "H", "N", "99"]) for _ in made]),
        "age_band": Column("text", [chance.choice(["18-24", "35-44", ""]) for _ in made]),
        "gender": Column("text", [chance.choice(["female", "male", ""]) for _ in made]),
    }
    blanks = ("ethnicity_as_written", "onward_referral", "postcode_district", "alternative")
    insert_rows(Visit._meta.db_table, {**values, **{blank: Column("text", [""] * n) for blank in blanks}})
