"""Where cafés are open and how long, beside who lives there: public facts about places. No visit is read here."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cafes.models import Cafe, CafeStatus, OpeningPattern
from cafes.selectors.cafes import status_on, statuses_of
from providers.models import Neighbourhood
from reports.viewers import Viewer
from sutg.common.periods import Period

_MOST_QUARTERS = 40


@dataclass(frozen=True, slots=True)
class Opening:
    """What is open in one neighbourhood, or several, on a day."""

    cafes: int = 0
    hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Ground:
    """A neighbourhood as the facts have it. ``people`` is None where the list size is unknown.

    ``deprived`` is the share of small areas in England's most deprived fifth, over the local ``authorities`` in which
    the neighbourhood has cafés: it is not known any closer.
    """

    code: str
    name: str
    people: int | None
    authorities: tuple[str, ...]
    deprived: float | None


@dataclass(frozen=True, slots=True)
class _Dated:
    """A café's moves and weekly openings, from which any day's state is worked out."""

    neighbourhood_code: str
    statuses: list[CafeStatus]
    patterns: list[OpeningPattern]

    def hours_on(self, day: date) -> float | None:
        """Open hours of a week as it was on ``day``; None where the café was not open."""
        status = status_on(self.statuses, day)
        if status is None or status.state != CafeStatus.State.OPEN:
            return None
        return sum(_length(pattern) for pattern in self.patterns if _is_in_force(pattern, day))


class Coverage:
    """The grounds that a viewer may see, and what was open there on any day."""

    def __init__(self, grounds: Iterable[Ground], cafes: Iterable[_Dated]) -> None:
        self.grounds = list(grounds)
        self._cafes = list(cafes)

    def on(self, day: date) -> dict[str, Opening]:
        """Neighbourhood → what was open there; each is given, those with nothing too."""
        cafes: defaultdict[str, int] = defaultdict(int)
        hours: defaultdict[str, float] = defaultdict(float)
        for cafe in self._cafes:
            open_hours = cafe.hours_on(day)
            if open_hours is not None:
                cafes[cafe.neighbourhood_code] += 1
                hours[cafe.neighbourhood_code] += open_hours
        return {ground.code: Opening(cafes[ground.code], hours[ground.code]) for ground in self.grounds}

    def quarter_ends(self, today: date) -> list[Period]:
        """The quarters that are over, from the one in which the first café opened; the latest forty at most."""
        opened = [s.since for cafe in self._cafes for s in cafe.statuses if s.state == CafeStatus.State.OPEN]
        if not opened:
            return []
        found, quarter = [], Period.quarter_of(min(opened))
        while quarter.end < today:
            found.append(quarter)
            quarter = Period.quarter_of(quarter.end + timedelta(days=1))
        return found[-_MOST_QUARTERS:]


def read_coverage(viewer: Viewer) -> Coverage:
    """The viewer's neighbourhoods and their cafés, in five queries. Call it in the viewer's scope."""
    neighbourhoods = Neighbourhood.objects.prefetch_related("local_authorities").order_by("name")
    cafes = Cafe.objects.order_by("id")
    if viewer.neighbourhood_codes is not None:
        neighbourhoods = neighbourhoods.filter(code__in=viewer.neighbourhood_codes)
        cafes = cafes.filter(neighbourhood_id__in=viewer.neighbourhood_codes)
    return Coverage(map(_ground, neighbourhoods), _dated(list(cafes)))


def _dated(cafes: list[Cafe]) -> list[_Dated]:
    statuses = statuses_of(cafes)
    patterns: defaultdict[uuid.UUID, list[OpeningPattern]] = defaultdict(list)
    for pattern in OpeningPattern.objects.filter(cafe_id__in=[cafe.id for cafe in cafes]):
        patterns[pattern.cafe_id].append(pattern)
    return [_Dated(cafe.neighbourhood_id, statuses[cafe.id], patterns[cafe.id]) for cafe in cafes]


def _ground(neighbourhood: Neighbourhood) -> Ground:
    authorities = list(neighbourhood.local_authorities.all())
    small_areas = sum(authority.small_areas for authority in authorities)
    deprived = sum(authority.small_areas_most_deprived_fifth for authority in authorities)
    return Ground(
        neighbourhood.code,
        neighbourhood.name,
        neighbourhood.list_size,
        tuple(authority.name for authority in authorities),
        deprived / small_areas if small_areas else None,
    )


def _is_in_force(pattern: OpeningPattern, day: date) -> bool:
    return pattern.since <= day and (pattern.until is None or day <= pattern.until)


def _length(pattern: OpeningPattern) -> float:
    """Hours from opening to closing: both are local times of one day."""
    day = date(2024, 1, 1)
    length = datetime.combine(day, pattern.closes) - datetime.combine(day, pattern.opens)  # noqa: DTZ  wall clock
    return length.total_seconds() / 3600
