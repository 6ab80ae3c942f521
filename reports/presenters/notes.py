"""What a reader has to know about the figures on a page."""

from __future__ import annotations

from collections.abc import Iterator

from reports.disclosure import Audience
from reports.measures import (
    BY_AGE_BAND,
    BY_ETHNIC_CATEGORY,
    BY_ETHNIC_GROUP,
    BY_REASON,
    PEOPLE,
    Measure,
)
from reports.questions import Question
from reports.selectors.activity import Activity

_CONTROLLED = (
    "* means a figure below 5, which may be 0. It is withheld so that nobody can be recognised.",
    "Other figures are rounded to the nearest 5. Totals are rounded by themselves, so rows may not add up to them.",
    "Numbers of sessions are exact: they say nothing about a person.",
    "Percentages and rates are not given, because they would let withheld figures be worked out.",
)
_EXACT = (
    "These are the exact figures of your own cafés.",
    "Small numbers can make people recognisable: do not publish these figures or pass them on.",
)
_NO_SESSIONS = "– means that no session is recorded: the café was closed, or its return has not come in."
_LOCKED = "Figures of a locked month stand. What changed since then is given beside what was first published."
_LOCKED_CONTROLLED = (
    "A locked figure is given anew only when at least 5 visits or people have been added or taken away, "
    "so that no change tells of one person."
)
_ETHNIC = (
    "Chinese is counted under Asian, as in the 2021 census.",
    "“Not stated” are people who were asked and declined; “not known” were not asked, or the answer was not recorded.",
    "“To be reviewed” are answers that the provider has still to code.",
)
_OF_MEASURE: dict[Measure, tuple[str, ...]] = {
    PEOPLE: (
        "People are counted by the reference they gave at a café, once in each period.",
        "Somebody who comes in two months counts in both of them, and once in the whole period.",
        "Somebody who goes to two cafés counts twice, and visits without a reference count nobody.",
    ),
    BY_REASON: ("A visit can have several reasons, and counts under each of them.",),
    BY_ETHNIC_GROUP: _ETHNIC,
    BY_ETHNIC_CATEGORY: _ETHNIC[1:],
    BY_AGE_BAND: ("“Another age band” are bands that a provider drew differently.",),
}


def notes_of(question: Question, audience: Audience, activity: Activity) -> list[str]:
    """The notes for one page, the rule for what is shown first."""
    notes = [*(_EXACT if audience is Audience.EXACT else _CONTROLLED), _NO_SESSIONS]
    periods = [question.period, *question.months]
    if any(activity.is_locked(period, question.area) for period in periods):
        notes.append(_LOCKED)
        if audience is not Audience.EXACT:
            notes.append(_LOCKED_CONTROLLED)
    return [*notes, *_of_measures(question)]


def _of_measures(question: Question) -> Iterator[str]:
    for measure in question.show.measures:
        yield from _OF_MEASURE.get(measure, ())
