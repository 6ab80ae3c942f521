"""The one page on which a visit is recorded, and later added to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms

from cafes.codes import (
    Alternative,
    CameFor,
    CorrectionReason,
    Helped,
    Outcome,
    Reason,
    RouteIn,
    SupportKind,
)
from cafes.demographics import QUESTIONS, Answers, Question
from cafes.entries import Anonymous, Named, Particulars, ReturnCode, SupportGiven, Who
from cafes.forms.fields import ClockField
from cafes.models import DifferingVisit
from sutg.nhsuk.forms import Checkboxes, Form, Radios, Select, TextInput, WholeNumberInput
from sutg.nhsuk.versions import VersionedForm

NOBODY = "new"
SCORES = [(str(score), str(score)) for score in range(11)]
MORE = ("came_for", "route_in", "alternative", "helped", "outcome", "arrived_at", "contact")
ABOUT = tuple(question.name for question in QUESTIONS)


def _choice(label: str, codes: Any, first: str = "Not recorded") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", first), *codes.choices], required=False, widget=Select())


def _score(label: str) -> forms.ChoiceField:
    # The number keys choose, while the group has the focus (static/js/number-keys.ts).
    widget = Radios({"data-number-keys": True, "class": "app-scale"}, inline=True, small=True)
    return forms.ChoiceField(label=label, choices=SCORES, required=False, widget=widget)


class VisitForm(Form):
    """What is always asked comes first; the rest is on the same page, folded away."""

    client_uuid = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label="Who came?",
        choices=[("anonymous", "Anonymous"), ("code", "Return code"), ("named", "By name, because they want it")],
        widget=Radios(small=True, reveals={"code": "code", "named": "name"}),
        error_messages={"required": "Select who came"},
    )
    code = forms.CharField(
        label="Return code",
        required=False,
        max_length=100,
        widget=TextInput({"autocomplete": "off", "spellcheck": "false"}, width=20),
    )
    name = forms.CharField(
        label="Name", required=False, max_length=200, widget=TextInput({"autocomplete": "off", "spellcheck": "false"})
    )
    distress_before = _score("Distress on arrival")
    reasons = forms.MultipleChoiceField(
        label="Reasons",
        choices=Reason.choices,
        required=False,
        widget=Checkboxes({"class": "app-two-columns"}, small=True),
    )
    support = forms.MultipleChoiceField(
        label="Support",
        choices=SupportKind.choices,
        required=False,
        widget=Checkboxes(small=True, reveals={"one_to_one": "minutes"}),
    )
    minutes = forms.IntegerField(label="Minutes", required=False, widget=WholeNumberInput(width=3))
    distress_after = _score("Distress on leaving")
    signposted = forms.MultipleChoiceField(label="Services", required=False, widget=Checkboxes(small=True))
    came_for = _choice("Came for", CameFor)
    route_in = _choice("How they came to the café", RouteIn)
    alternative = _choice("What they would have done otherwise", Alternative)
    helped = forms.MultipleChoiceField(
        label="What they say helped", choices=Helped.choices, required=False, widget=Checkboxes(small=True)
    )
    outcome = _choice("How the visit ended", Outcome)
    # Filled in when the page is opened, so that a visit sent twice says the same twice.
    arrived_at = ClockField(label="Time of arrival", required=False)
    contact = forms.CharField(
        label="How to reach them (named visitors only, optional)",
        required=False,
        max_length=300,
        widget=TextInput({"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        services: Sequence[tuple[str, str]],
        matches: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signposted"].choices = services  # type: ignore[attr-defined]
        if not services:
            del self.fields["signposted"]
        for question in QUESTIONS:
            self.fields[question.name] = _asked(question)
        if matches:
            self.fields["same_person"] = forms.ChoiceField(
                label="Somebody of this name has been here before. Is it the same person?",
                choices=[*matches, (NOBODY, "No, somebody else")],
                widget=Radios(),
                error_messages={"required": "Select whether it is the same person"},
            )

    def visitor(self) -> Who | None:
        cleaned = self.cleaned_data
        match cleaned["who"]:
            case "code":
                return ReturnCode(cleaned["code"])
            case "named":
                same = cleaned.get("same_person", NOBODY)
                known = None if same == NOBODY else uuid.UUID(same)
                return Named("" if known else cleaned["name"], cleaned["contact"], known)
            case "keep":
                return None
        return Anonymous()

    def particulars(self, minutes: Mapping[str, int | None] = MappingProxyType({})) -> Particulars:
        """What was typed. The page asks for minutes of one-to-one support alone, and keeps what others sent."""
        cleaned = self.cleaned_data
        spent = {**minutes, SupportKind.ONE_TO_ONE.value: cleaned["minutes"]}
        return Particulars(
            **{name: cleaned[name] for name in ("came_for", "route_in", "outcome", "alternative")},
            reasons=tuple(cleaned["reasons"]),
            support=tuple(SupportGiven(kind, spent.get(kind)) for kind in cleaned["support"]),
            helped=tuple(cleaned["helped"]),
            distress_before=_number(cleaned["distress_before"]),
            distress_after=_number(cleaned["distress_after"]),
            signposted=tuple(map(uuid.UUID, cleaned.get("signposted", []))),
            arrived_at=cleaned["arrived_at"],
        )

    def answers(self) -> Answers:
        given = {question.name: self.cleaned_data[question.name] for question in QUESTIONS}
        return Answers(**given | {"disability": tuple(given["disability"])})

    def has_faults_in(self, names: Sequence[str]) -> bool:
        return self.is_bound and any(name in self.errors for name in names)


class ChangeVisitForm(VisitForm, VersionedForm):
    """A visit as it was recorded, to be added to. ``is_closed``: a correction, which has a reason."""

    reason = forms.ChoiceField(
        label="Why is it changed?",
        choices=CorrectionReason.choices,
        widget=Radios(),
        error_messages={"required": "Select why it is changed"},
    )

    def __init__(self, *args: Any, kept_as: str, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["client_uuid"]
        choices = self.fields["who"].choices  # type: ignore[attr-defined]
        self.fields["who"].choices = [("keep", kept_as), *choices]  # type: ignore[attr-defined]
        if not is_closed:
            del self.fields["reason"]


class DifferenceForm(Form):
    """Which of two contents of one visit stands; a reason, where the session is closed and the second would."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Which of the two stands?",
        choices=DifferingVisit.Outcome.choices,
        widget=Radios(),
        error_messages={"required": "Select which of the two stands"},
    )
    reason = forms.ChoiceField(
        label="If the visit changes: why?", choices=CorrectionReason.choices, required=False, widget=Radios()
    )

    def __init__(self, *args: Any, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_closed:
            del self.fields["reason"]


class WithdrawForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="Why is the visit withdrawn?",
        choices=CorrectionReason.choices,
        widget=Radios(),
        error_messages={"required": "Select why the visit is withdrawn"},
    )


def _asked(question: Question) -> forms.Field:
    options = [(option.code, option.wording) for option in question.offered]
    if question.many:
        widget = Checkboxes(small=True, exclusive=question.exclusive)
        return forms.MultipleChoiceField(label=question.text, choices=options, required=False, widget=widget)
    return forms.ChoiceField(
        label=question.text, choices=[("", "Not asked"), *options], required=False, widget=Select()
    )


def _number(written: str) -> int | None:
    return int(written) if written else None
