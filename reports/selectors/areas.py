"""The areas and cafés that a viewer may ask about, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from cafes.models import Cafe
from providers.models import Neighbourhood
from reports.viewers import Viewer
from sutg.common.errors import NotFound

LLR_CODE = "LLR"
LLR_NAME = "Leicester, Leicestershire and Rutland"
OWN_CODE = "OWN"
OWN_NAME = "The cafés you lead"


class Level(StrEnum):
    """How wide an area is, widest first: the order in which areas are listed."""

    TOTAL = "total"
    PLACE = "place"
    NEIGHBOURHOOD = "neighbourhood"
    CAFE = "cafe"


@dataclass(frozen=True, slots=True)
class Area:
    """A café or an area, with the areas it lies in. ``code`` is a café's id, or an area's code."""

    level: Level
    code: str
    name: str
    place_code: str = ""
    neighbourhood_code: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """The order of areas: it must not change with a name, since pages of the API are cut along it."""
        return list(Level).index(self.level), self.code

    def lies_in(self, other: Area) -> bool:
        match other.level:
            case Level.TOTAL:
                return True
            case Level.PLACE:
                return self.place_code == other.code
            case Level.NEIGHBOURHOOD:
                return self.neighbourhood_code == other.code
            case _:
                return self == other


class VisibleAreas:
    """Everything one viewer may ask about, found by code; whatever is not among it does not exist for them."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._by_code = {area.code: area for area in sorted(areas, key=lambda area: area.key)}

    def __iter__(self) -> Iterator[Area]:
        return iter(self._by_code.values())

    def find(self, code: str, *levels: Level) -> Area:
        """The area of this code, of one of ``levels`` if any are named; :class:`NotFound` when there is none to see."""
        area = self._by_code.get(code)
        if area is None or (levels and area.level not in levels):
            raise NotFound
        return area

    def within(self, outer: Area, *levels: Level) -> list[Area]:
        """The areas of ``levels`` inside ``outer``, in order."""
        return [area for area in self if area.level in levels and area.lies_in(outer)]

    @property
    def widest(self) -> Area | None:
        """The area that holds the most; None when the viewer has none."""
        return next(iter(self), None)


def visible_areas(viewer: Viewer) -> VisibleAreas:
    """The viewer's areas, in three queries at most. Call it in the viewer's scope."""
    cafes = list(_cafes_of(viewer).select_related("neighbourhood__place"))
    if viewer.is_provider:
        neighbourhoods: Sequence[Neighbourhood] = [cafe.neighbourhood for cafe in cafes]
        total = [Area(Level.TOTAL, OWN_CODE, viewer.name if viewer.cafe_ids is None else OWN_NAME)] if cafes else []
    else:
        # Those without a café are listed too: that nobody is reached there is what a reader has to see.
        neighbourhoods = _neighbourhoods_of(viewer)
        total = [Area(Level.TOTAL, LLR_CODE, LLR_NAME)] if viewer.sees_everything else []
    shown = cafes if viewer.sees_single_cafes else []
    return VisibleAreas([*total, *_places(viewer, neighbourhoods), *_areas(neighbourhoods), *map(_cafe, shown)])


def _cafes_of(viewer: Viewer) -> QuerySet[Cafe]:
    cafes: QuerySet[Cafe] = Cafe.objects.all()
    if viewer.cafe_ids is not None:
        cafes = cafes.filter(id__in=viewer.cafe_ids)
    if viewer.neighbourhood_codes is not None:
        cafes = cafes.filter(neighbourhood_id__in=viewer.neighbourhood_codes)
    return cafes


def _neighbourhoods_of(viewer: Viewer) -> list[Neighbourhood]:
    found = Neighbourhood.objects.select_related("place")
    if viewer.neighbourhood_codes is not None:
        found = found.filter(code__in=viewer.neighbourhood_codes)
    return list(found)


def _places(viewer: Viewer, neighbourhoods: Iterable[Neighbourhood]) -> Iterator[Area]:
    if viewer.sees_everything:
        for place in {neighbourhood.place for neighbourhood in neighbourhoods}:
            yield Area(Level.PLACE, place.code, place.name, place_code=place.code)


def _areas(neighbourhoods: Iterable[Neighbourhood]) -> Iterator[Area]:
    for found in set(neighbourhoods):
        yield Area(Level.NEIGHBOURHOOD, found.code, found.name, found.place_id, found.code)


def _cafe(cafe: Cafe) -> Area:
    return Area(Level.CAFE, str(cafe.id), cafe.name, cafe.neighbourhood.place_id, cafe.neighbourhood_id)
