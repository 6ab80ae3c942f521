"""What was asked for: which figures, of where and of when."""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.selectors.areas import OWN_CODE, Area, Level, VisibleAreas
from reports.shows import Show
from sutg.common.periods import Period, PeriodKind

_INSIDE: dict[Level, tuple[Level, ...]] = {
    Level.TOTAL: (Level.PLACE, Level.NEIGHBOURHOOD),
    Level.PLACE: (Level.NEIGHBOURHOOD,),
    Level.NEIGHBOURHOOD: (Level.CAFE,),
    Level.CAFE: (),
}
_INSIDE_OWN = (Level.CAFE,)


@dataclass(frozen=True, slots=True)
class Question:
    """One choice of the filters, and which areas its tables have rows for."""

    show: Show
    area: Area
    period: Period
    areas: VisibleAreas = field(repr=False)

    @property
    def heading(self) -> str:
        return f"{self.show.label}: {self.area.name}, {self.period.label}"

    @property
    def months(self) -> list[Period]:
        """The months of a longer period; none of a month."""
        return [] if self.period.kind is PeriodKind.MONTH else self.period.split_into_months()

    @property
    def parts(self) -> list[tuple[Level, list[Area]]]:
        """The areas inside the one asked for, level by level: a provider's are its cafés."""
        levels = _INSIDE_OWN if self.is_own else _INSIDE[self.area.level]
        found = [(level, _by_name(self.areas.within(self.area, level))) for level in levels]
        # One part of one's own is all of it; one café of a neighbourhood is news to whoever does not run it.
        fewest = 2 if self.is_own else 1
        return [(level, parts) for level, parts in found if len(parts) >= fewest]

    @property
    def is_own(self) -> bool:
        """Whether these are a provider's own cafés."""
        widest = self.areas.widest
        return widest is not None and widest.code == OWN_CODE

    @property
    def rows(self) -> list[Area]:
        return [self.area, *(area for _, parts in self.parts for area in parts)]


def _by_name(areas: list[Area]) -> list[Area]:
    return sorted(areas, key=lambda area: area.name.casefold())
