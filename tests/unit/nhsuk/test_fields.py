"""A date in three boxes, and the words of refusals."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from sutg.common.errors import DomainError
from sutg.nhsuk.forms import Form, SplitDateField, add_domain_error


class BirthForm(Form):
    born = SplitDateField(label="Date of birth", min_value=date(1910, 1, 1), max_value=date(2010, 12, 31))


def born(day: str, month: str, year: str) -> BirthForm:
    return BirthForm({"born_day": day, "born_month": month, "born_year": year})


@pytest.mark.parametrize("month", ["3", "03", "Mar", "march", "MARCH"])
def test_split_date_month_as_people_write_it_is_read(month: str) -> None:
    form = born("4", month, "1984")

    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1984, 3, 4)


@pytest.mark.parametrize(
    ("typed", "message", "parts"),
    [
        (("", "", ""), "Enter date of birth", None),
        (("4", "3", ""), "Date of birth must include a year", ["year"]),
        (("", "", "1984"), "Date of birth must include a day and month", ["day", "month"]),
        (("31", "6", "1984"), "Date of birth must be a real date", []),
        (("32", "6", "1984"), "Date of birth must be a real date", ["day"]),
        (("4", "13", "1984"), "Date of birth must be a real date", ["month"]),
        (("4", "Tuesday", "1984"), "Date of birth must be a real date", ["month"]),
        (("4", "3", "84"), "Date of birth must include a year of 4 numbers, like 2024", ["year"]),
        (("4", "3", "²³"), "Date of birth must be a real date", ["year"]),
        (("4", "3", "1899"), "Date of birth must have a year after 1900", ["year"]),
        (("4", "3", "1905"), "Date of birth must be on or after 1 January 1910", []),
        (("4", "3", "2011"), "Date of birth must be on or before 31 December 2010", []),
    ],
)
def test_split_date_wrong_names_what_is_wrong(
    typed: tuple[str, str, str], message: str, parts: list[str] | None
) -> None:
    form = born(*typed)

    assert form.errors["born"] == [message]
    params = form.errors.as_data()["born"][0].params
    assert (params["parts"] if params else None) == parts


def test_split_date_label_with_percent_sign_is_shown_as_it_is() -> None:
    class Odd(Form):
        when = SplitDateField(label="100% date")

    assert Odd({"when_day": "1"}).errors["when"] == ["100% date must include a month and year"]


def test_split_date_optional_and_empty_is_none() -> None:
    class Optional(Form):
        when = SplitDateField(required=False)

    form = Optional({"when_day": "", "when_month": "", "when_year": ""})

    assert form.is_valid()
    assert form.cleaned_data["when"] is None


def test_split_date_same_day_has_not_changed() -> None:
    data = {"when_day": "4", "when_month": "3", "when_year": "1984"}
    field = SplitDateField()

    assert not field.has_changed(date(1984, 3, 4), field.widget.value_from_datadict(data, {}, "when"))


class WordsForm(Form):
    name = forms.CharField(label="Café name", max_length=3)
    nhs = forms.CharField(label="NHS number")
    question = forms.CharField(label="What helped?")
    place = forms.ChoiceField(label="Place", choices=[("a", "A")])
    agree = forms.BooleanField(label="I agree")
    sheet = forms.FileField(label="Return")
    email = forms.EmailField(label="Email address")
    visits = forms.IntegerField(label="Visits", min_value=1)
    cost = forms.DecimalField(label="Cost")
    link = forms.URLField(label="Link", assume_scheme="https")
    own = forms.CharField(label="Own", error_messages={"required": "Say something of your own"})


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("name", "Enter café name"),
        ("nhs", "Enter NHS number"),
        ("question", "Answer the question “What helped?”"),
        ("place", "Select place"),
        ("agree", "Select “I agree” to continue"),
        ("sheet", "Select a file"),
        ("own", "Say something of your own"),
    ],
)
def test_wording_nothing_given_says_what_to_do(field: str, message: str) -> None:
    assert WordsForm({}).errors[field] == [message]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "long", "Café name must be 3 characters or fewer"),
        ("place", "z", "Choose place from the list"),
        ("email", "nobody", "Enter an email address in the correct format, like name@example.com"),
        ("visits", "many", "Visits must be a whole number"),
        ("visits", "0", "Visits must be 1 or more"),
        ("cost", "many", "Cost must be a number"),
        ("link", "not a link", "Enter link in the correct format, like https://www.example.com"),
    ],
)
def test_wording_wrong_value_says_what_is_wrong(field: str, value: str, message: str) -> None:
    assert WordsForm({field: value}).errors[field] == [message]


def test_wording_message_of_a_field_class_stays() -> None:
    class Careful(forms.CharField):
        default_error_messages = {"required": "Careful"}

    class Careless(Form):
        thing = Careful()

    assert Careless({}).errors["thing"] == ["Careful"]


@pytest.mark.parametrize(("named", "shown_at"), [("name", "name"), (None, "__all__"), ("elsewhere", "__all__")])
def test_domain_error_goes_to_its_field_or_to_the_top(named: str | None, shown_at: str) -> None:
    class Small(Form):
        name = forms.CharField()

    form = Small({"name": "x"})
    form.is_valid()

    add_domain_error(form, DomainError("That name is taken", field=named))

    assert form.errors[shown_at] == ["That name is taken"]


def test_split_date_field_given_a_date_keeps_it() -> None:
    field: Any = SplitDateField(required=True)

    assert field.clean(date(2024, 1, 1)) == date(2024, 1, 1)
    with pytest.raises(ValidationError):
        field.clean(None)
