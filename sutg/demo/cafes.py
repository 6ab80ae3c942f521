"""The demo's cafés: invented addresses, what people are told, weekly openings, and what is planned."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from cafes.models import Cafe, OpeningPattern, Session
from cafes.selectors.openings import sessions_ahead
from cafes.services.addresses import Place, move_cafe
from cafes.services.cafe_statuses import approve_cafe, open_cafe
from cafes.services.cafes import Facts, change_facts, propose_cafe
from cafes.services.openings import begin_opening, close_on_day
from cafes.services.planned_sessions import cancel_session
from providers.models import LocalAuthority, Neighbourhood, Provider
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

BY = Actor.job("demo")
SINCE = date(2024, 4, 1)
WEEKDAYS = {day.label: day.value for day in OpeningPattern.Weekday}
# No street or telephone number here exists: 0116 496 0000 to 0999 is kept by Ofcom for drama.
BUILDINGS = ("Community Hall", "Library", "Methodist Church Hall", "Leisure Centre", "Children's Centre")
STREETS = ("Invented Street", "Pretend Lane", "Makebelieve Road", "Example Avenue")
OFFERS: tuple[tuple[list[Cafe.Feature], list[str]], ...] = (
    (
        [Cafe.Feature.STEP_FREE, Cafe.Feature.ACCESSIBLE_TOILET, Cafe.Feature.HEARING_LOOP, Cafe.Feature.BUS_STOP],
        ["gu", "pa", "hi"],
    ),
    ([Cafe.Feature.STEP_FREE, Cafe.Feature.PARKING, Cafe.Feature.BLUE_BADGE, Cafe.Feature.QUIET_ROOM], ["pl"]),
    (
        [Cafe.Feature.STEP_FREE, Cafe.Feature.ACCESSIBLE_TOILET, Cafe.Feature.BUS_STOP, Cafe.Feature.CHILDREN],
        ["so", "ur", "q4"],
    ),
    ([Cafe.Feature.PARKING, Cafe.Feature.QUIET_ROOM, Cafe.Feature.ASSISTANCE_DOGS], []),
)


def seed_cafe(provider: Provider, row: dict[str, str], number: int) -> None:
    """Bring one café of the demo's list to life, ``number`` being its place there; left alone when it is there."""
    with scopes.enter(Scope.provider(BY, provider.id)), transaction.atomic():
        if Cafe.objects.filter(name=row["cafe"]).exists():
            return
        today = timezone.localdate()
        cafe = propose_cafe(
            provider=provider,
            name=row["cafe"],
            neighbourhood=Neighbourhood.objects.get(name=row["primary_care_network"]),
            local_authority=LocalAuthority.objects.get(name=row["local_authority"]),
            since=SINCE - timedelta(days=60),
            by=BY,
        )
        approve_cafe(cafe=cafe, since=SINCE - timedelta(days=30), reason="", today=today, by=BY)
        open_cafe(cafe=cafe, since=SINCE, reason="", today=today, by=BY)
        _tell(cafe, row, number, today)
        _open(cafe, row, number, today)


def _tell(cafe: Cafe, row: dict[str, str], number: int, today: date) -> None:
    town = row["local_authority"]
    place = Place(
        building=f"{town} {BUILDINGS[number % len(BUILDINGS)]}",
        street=f"{number + 1} {STREETS[number % len(STREETS)]}",
        town=town,
        # The unit is invented; the district is one of the area's.
        postcode=f"LE{number % 9 + 1} {number % 9 + 1}ZZ",
    )
    move_cafe(cafe=cafe, place=place, since=SINCE, by=BY)
    features, languages = OFFERS[number % len(OFFERS)]
    facts = Facts(
        for_whom="Anybody aged 18 and over who wants to talk, carers and families included. No booking.",
        features=[feature.value for feature in features],
        languages=languages,
        phone=f"0116 496 {number:04}",
    )
    change_facts(cafe=cafe, facts=facts, seen=cafe.version, today=today, by=BY)


def _open(cafe: Cafe, row: dict[str, str], number: int, today: date) -> None:
    begin_opening(
        cafe=cafe,
        weekday=WEEKDAYS[row["weekday"]],
        opens=time.fromisoformat(row["opens"]),
        closes=time.fromisoformat(row["closes"]),
        since=SINCE,
        today=today,
        by=BY,
    )
    planned = [session for session in sessions_ahead(cafe, today) if session.state == Session.State.PLANNED]
    if number % 10 == 0 and len(planned) > 3:
        reason = Session.CancelReason.VENUE
        cancel_session(cafe=cafe, session_id=planned[1].id, reason=reason, today=today, by=BY)
        close_on_day(cafe=cafe, day=planned[3].held_on, reason="Staff training", today=today, by=BY)
