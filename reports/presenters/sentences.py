"""The result in plain words, for the top of the page."""

from __future__ import annotations

from reports.disclosure import Disclosed, Exact, NoSessions, Rounded, Suppressed
from reports.measures import NOT_ANSWERS, PEOPLE, SESSIONS, VISITS, Category
from reports.presenters.tables import Question
from reports.selectors.activity import Activity, Cell
from reports.selectors.areas import OWN_CODE, Level
from sutg.common.periods import Period, PeriodKind
from sutg.nhsuk.formats import number as written

_MOST_NAMED = 3


def summary_of(question: Question, activity: Activity) -> str:
    """One or two sentences with what the page's figures come to."""
    visits = _value(question, activity)
    if isinstance(visits, NoSessions):
        return f"No session of {_where(question)} is recorded {_when(question.period)}."
    if question.show.measure.categories:
        return _most_common(question, activity)
    people = activity.value(Cell(question.period, question.area, PEOPLE))
    sessions = activity.value(Cell(question.period, question.area, SESSIONS))
    known = f"{_count(people, 'person was', 'people were')} known by a reference."
    return (
        f"{_start(_when(question.period))} {_where(question)} recorded "
        f"{_count(visits, 'visit', 'visits')} in {_count(sessions, 'session', 'sessions')}. "
        f"{_start(known)}"
    )


def _most_common(question: Question, activity: Activity) -> str:
    shown = [(value, c) for c in question.show.measure.categories if (value := _shown(question, activity, c))]
    when, where = _start(_when(question.period)), _where(question)
    answers = [(value, c) for value, c in shown if c.code not in NOT_ANSWERS]
    if not answers:
        return f"{when} every answer to this at {where} was given at fewer than 5 visits, so that none is shown."
    most = max(value.number for value, _ in answers)
    named = [category.label for value, category in answers if value.number == most]
    count = _count(next(value for value, _ in answers if value.number == most), "visit", "visits")
    if len(named) > _MOST_NAMED:
        return f"{when} no answer stands out at {where}: {len(named)} of them have {count} each."
    if len(named) > 1:
        return f"{when} the most common at {where} were {_joined(named)}, with {count} each."
    return f"{when} the most common at {where} was {named[0]}, with {count}."


def _shown(question: Question, activity: Activity, category: Category) -> Exact | Rounded | None:
    value = _value(question, activity, category.code)
    return value if isinstance(value, Exact | Rounded) and value.number else None


def _value(question: Question, activity: Activity, category: str = "") -> Disclosed:
    measure = question.show.measure if category else VISITS
    return activity.value(Cell(question.period, question.area, measure, category))


def _when(period: Period) -> str:
    return f"{'in' if period.kind is PeriodKind.MONTH else 'from'} {period.label}"


def _where(question: Question) -> str:
    area = question.area
    if area.level is Level.CAFE:
        return area.name
    return "your cafés" if area.code == OWN_CODE else f"cafés in {area.name}"


def _count(value: Disclosed, one: str, several: str) -> str:
    match value:
        case Exact(number):
            return f"{written(number)} {one if number == 1 else several}"
        case Rounded(number):
            return f"about {written(number)} {several}"
        case Suppressed():
            return f"fewer than 5 {several}"
        case NoSessions():
            return f"no {several}"


def _start(text: str) -> str:
    """Fit to begin a sentence; ``capitalize()`` would make the rest small."""
    return text[:1].upper() + text[1:]


def _joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
