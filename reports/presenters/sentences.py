"""The result in plain words, for the top of the page."""

from __future__ import annotations

from reports.disclosure import Disclosed, NoSessions
from reports.measures import BY_NEWNESS, NEW, NOT_ANSWERS, PEOPLE, RETURNING, SESSIONS, VISITS, Measure
from reports.presenters.words import count_in_words, highest, joined, sentence_start
from reports.questions import Question
from reports.selectors.activity import Activity, Cell
from reports.selectors.areas import OWN_CODE, Level
from sutg.common.periods import Period, PeriodKind

_MOST_NAMED = 3


def had_sessions(question: Question, activity: Activity) -> bool:
    """Whether anything is recorded of the area in the period."""
    return not isinstance(_value(question, activity, VISITS), NoSessions)


def summary_of(question: Question, activity: Activity) -> str:
    """One or two sentences with what the page's figures come to."""
    if not had_sessions(question, activity):
        return f"No session {_of(question)} is recorded {_when(question.period)}."
    measure = question.show.measure
    if measure == BY_NEWNESS:
        return _new_and_returning(question, activity)
    return _most_common(question, activity) if measure.categories else _totals(question, activity)


def _totals(question: Question, activity: Activity) -> str:
    visits = count_in_words(_value(question, activity, VISITS), "visit", "visits")
    sessions = count_in_words(_value(question, activity, SESSIONS), "session", "sessions")
    people = count_in_words(_value(question, activity, PEOPLE), "person was", "people were")
    return (
        f"{sentence_start(_when(question.period))} {_where(question)} recorded {visits} in {sessions}. "
        f"{sentence_start(people)} known by a reference."
    )


def _new_and_returning(question: Question, activity: Activity) -> str:
    new, returning = (_value(question, activity, BY_NEWNESS, category.code) for category in (NEW, RETURNING))
    return (
        f"{sentence_start(_when(question.period))} {_where(question)} recorded "
        f"{count_in_words(new, 'visit', 'visits')} by people who were new and "
        f"{count_in_words(returning, 'visit', 'visits')} by people who had been before."
    )


def _most_common(question: Question, activity: Activity) -> str:
    measure, when, noun = question.show.measure, sentence_start(_when(question.period)), question.show.noun
    found = highest(
        (category.label, _value(question, activity, measure, category.code))
        for category in measure.categories
        if category.code not in NOT_ANSWERS
    )
    if found is None:
        return f"{when} there were fewer than 5 visits {_of(question)} under each answer, so that none is shown."
    names, value = found
    count = count_in_words(value, "visit", "visits")
    if len(names) > _MOST_NAMED:
        return f"{when} no {noun} stands out {_of(question)}: {len(names)} have {count} each."
    if len(names) > 1:
        tied = joined([_quoted(name) for name in names])
        return f"{when} {tied} were equally common {_of(question)}, with {count} each."
    return f"{when} the most common {noun} {_of(question)} was {_quoted(names[0])}, with {count}."


def _value(question: Question, activity: Activity, measure: Measure, category: str = "") -> Disclosed:
    return activity.value(Cell(question.period, question.area, measure, category))


def _when(period: Period) -> str:
    return f"{'in' if period.kind is PeriodKind.MONTH else 'from'} {period.label}"


def _where(question: Question) -> str:
    area = question.area
    if area.level is Level.CAFE:
        return area.name
    return "your cafés" if area.code == OWN_CODE else f"cafés in {area.name}"


def _of(question: Question) -> str:
    return f"at {_where(question)}"


def _quoted(answer: str) -> str:
    return f"“{answer}”"
