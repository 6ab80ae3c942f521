"""Every kind of field becomes its NHS.UK component, labelled, with its error, and nothing unescaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.test.html import Element, parse_html
from django.utils.safestring import mark_safe

from sutg.nhsuk import forms as ours
from tests.unit.nhsuk.conftest import CANARY

FIELD = '{% from "nhsuk/forms/macros.jinja" import field %}{{ field(form["x"]) }}'
CHOICES = [("a", "First"), ("b", "Second")]

KINDS: dict[str, tuple[forms.Field, str]] = {
    "text": (forms.CharField(), "nhsuk-input"),
    "email": (forms.EmailField(widget=ours.EmailInput), "nhsuk-input"),
    "number": (forms.IntegerField(), "nhsuk-input--width-5"),
    "money": (forms.DecimalField(widget=ours.MoneyInput), "nhsuk-input-wrapper__prefix"),
    "textarea": (forms.CharField(widget=ours.Textarea(rows=3)), "nhsuk-textarea"),
    "count": (forms.CharField(widget=ours.CharacterCount(maxlength=9)), "nhsuk-character-count"),
    "select": (forms.ChoiceField(choices=CHOICES), "nhsuk-select"),
    "radios": (forms.ChoiceField(choices=CHOICES, widget=ours.Radios), "nhsuk-radios"),
    "checkboxes": (forms.MultipleChoiceField(choices=CHOICES, widget=ours.Checkboxes), "nhsuk-checkboxes"),
    "checkbox": (forms.BooleanField(), "nhsuk-checkboxes"),
    "file": (forms.FileField(), "nhsuk-file-upload"),
    "password": (forms.CharField(widget=ours.PasswordInput), "nhsuk-password-input"),
    "date": (ours.SplitDateField(), "nhsuk-date-input"),
    "other": (forms.DateField(widget=forms.SelectDateWidget), "nhsuk-form-group"),
}


def make(field: forms.Field, data: dict[str, Any] | None = None, **kwargs: Any) -> ours.Form:
    return type("Made", (ours.Form,), {"x": field})(data, **kwargs)


def elements(html: str, name: str) -> list[dict[str, str]]:
    """Return the attributes of every element called ``name``."""
    found: list[dict[str, str]] = []

    def walk(node: Any) -> None:
        if isinstance(node, Element):
            if node.name == name:
                found.append({key: value or "" for key, value in node.attributes})
            for child in node.children:
                walk(child)

    walk(parse_html(html))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_field_each_kind_is_its_component(kind: str, render: Callable[..., str]) -> None:
    field, expected = KINDS[kind]

    html = render(FIELD, form=make(field))

    assert expected in html


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "other"])
def test_field_each_kind_has_a_label_for_every_input(kind: str, render: Callable[..., str]) -> None:
    html = render(FIELD, form=make(KINDS[kind][0]))

    inputs = [tag for name in ("input", "select", "textarea") for tag in elements(html, name)]
    labelled = {tag["for"] for tag in elements(html, "label")}
    assert inputs
    assert {tag["id"] for tag in inputs} == labelled


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "other"])
def test_field_each_kind_in_error_says_so_and_is_linked(kind: str, render: Callable[..., str]) -> None:
    form = make(KINDS[kind][0], {})
    summary = '{% from "nhsuk/forms/macros.jinja" import error_summary %}{{ error_summary(form) }}'

    html = render(FIELD, form=form)
    (link,) = elements(render(summary, form=form), "a")

    assert "nhsuk-error-message" in html
    assert 'id="id_x-error"' in html
    assert "id_x-error" in str([tag.get("aria-describedby") for tag in described(html)])
    ids = {tag.get("id") for name in ("input", "select", "textarea") for tag in elements(html, name)}
    assert link["href"].removeprefix("#") in ids


def described(html: str) -> list[dict[str, str]]:
    return [tag for name in ("input", "select", "textarea", "fieldset") for tag in elements(html, name)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mark", [str, mark_safe], ids=["plain", "marked safe"])
def test_field_canary_in_label_value_choice_and_error_is_escaped(
    kind: str, mark: Callable[[str], str], render: Callable[..., str]
) -> None:
    field = KINDS[kind][0].__class__(label=mark(CANARY), widget=KINDS[kind][0].widget)
    if isinstance(field, forms.ChoiceField):
        field.choices = [(CANARY, mark(CANARY))]
    form = make(field, {"x": CANARY, "x_day": CANARY})
    form.add_error("x", mark(CANARY))
    page = FIELD + '{% from "nhsuk/forms/macros.jinja" import error_summary %}{{ error_summary(form) }}'

    html = render(page, form=form)

    assert "canary" in html
    assert "<script" not in html


def test_field_help_that_django_marked_safe_is_html(render: Callable[..., str]) -> None:
    html = render(FIELD, form=make(forms.CharField(help_text=mark_safe("<ul><li>Long</li></ul>"))))

    assert "<ul><li>Long</li></ul>" in html


def test_field_attributes_that_work_against_people_are_left_out(render: Callable[..., str]) -> None:
    widget = ours.TextInput({"placeholder": "no", "autofocus": True, "data-x": "1"})
    html = render(FIELD, form=make(forms.CharField(max_length=3, widget=widget)))

    (tag,) = elements(html, "input")
    assert not {"placeholder", "autofocus", "maxlength", "required"} & set(tag)
    assert tag["data-x"] == "1"


def test_field_text_of_several_lines_comes_back_unchanged(render: Callable[..., str]) -> None:
    typed = "first\n  second\n\nthird"
    radios = forms.ChoiceField(choices=CHOICES, widget=ours.Radios(reveals={"b": "more"}))
    more = forms.CharField(widget=ours.Textarea)
    form = type("Made", (ours.Form,), {"x": radios, "more": more})({"x": "b", "more": typed})

    html = render(FIELD, form=form)

    assert f">{typed}</textarea>" in html


def test_fields_revealed_field_is_rendered_once(render: Callable[..., str]) -> None:
    radios = forms.ChoiceField(choices=CHOICES, widget=ours.Radios(reveals={"b": "more"}))
    form = type("Made", (ours.Form,), {"x": radios, "more": forms.CharField()})()

    html = str(form)

    assert html.count('name="more"') == 1


def test_field_overrides_win_over_the_widget(render: Callable[..., str]) -> None:
    text = (
        '{% from "nhsuk/forms/macros.jinja" import field %}'
        '{{ field(form["x"], label="Other", hint="Help", width=4, label_size="l", page_heading=true) }}'
    )
    html = render(text, form=make(forms.CharField(widget=ours.TextInput(width=20))))

    assert "nhsuk-input--width-4" in html
    assert "nhsuk-label--l" in html
    assert '<h1 class="nhsuk-label-wrapper">' in html
    assert "Help" in html


def test_checkboxes_options_become_hints_dividers_and_exclusive(render: Callable[..., str]) -> None:
    widget = ours.Checkboxes(exclusive={"b"}, divider_before={"b": "or"}, hints={"a": "A hint"})
    html = render(FIELD, form=make(forms.MultipleChoiceField(choices=CHOICES, widget=widget), {"x": ["a"]}))

    assert 'data-behaviour="exclusive"' in html
    assert "nhsuk-checkboxes__divider" in html
    assert "A hint" in html
    assert [tag["value"] for tag in elements(html, "input") if "checked" in tag] == ["a"]


def test_select_empty_choice_is_named(render: Callable[..., str]) -> None:
    html = render(FIELD, form=make(forms.ChoiceField(choices=[("", "---------"), *CHOICES])))

    assert "Select an option" in html


def test_form_as_a_string_renders_components_and_hidden_fields() -> None:
    html = str(make(forms.CharField(widget=forms.HiddenInput)))

    assert html == '<input type="hidden" name="x" id="id_x">'


def test_as_field_group_renders_the_component() -> None:
    assert "nhsuk-form-group" in make(forms.CharField())["x"].as_field_group()


def test_formset_renders_its_forms_and_lists_their_errors(render: Callable[..., str]) -> None:
    formset_class = forms.formset_factory(
        type(make(forms.CharField(label="Name"))), extra=0, min_num=1, renderer=ours.NhsukRenderer()
    )
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-x": ""}
    formset = formset_class(data)
    summary = '{% from "nhsuk/forms/macros.jinja" import error_summary %}{{ error_summary(formset) }}'

    assert 'name="form-0-x"' in str(formset)
    assert elements(render(summary, formset=formset), "a") == [{"href": "#id_form-0-x"}]
    assert render("{{ has_errors(formset) }}", formset=formset) == "True"


def test_error_summary_without_errors_is_nothing(render: Callable[..., str]) -> None:
    text = '{% from "nhsuk/forms/macros.jinja" import error_summary %}{{ error_summary(form, missing) }}'

    assert render(text, form=make(forms.CharField())).strip() == ""


def test_submit_is_sent_once(render: Callable[..., str]) -> None:
    html = render('{% from "nhsuk/forms/macros.jinja" import submit %}{{ submit("Save") }}')

    assert 'data-prevent-double-click="true"' in html


def test_error_summary_lists_errors_of_no_field_without_a_link(render: Callable[..., str]) -> None:
    class Strict(ours.Form):
        secret = forms.CharField(widget=forms.HiddenInput)

        def clean(self) -> None:
            raise forms.ValidationError("The two do not fit")

    summary = '{% from "nhsuk/forms/macros.jinja" import error_summary %}{{ error_summary(form) }}'

    html = render(summary, form=Strict({}))

    assert "The two do not fit" in html
    assert "Enter secret" in html
    assert elements(html, "a") == []


def test_error_summary_lists_errors_of_a_whole_formset(render: Callable[..., str]) -> None:
    formset_class = forms.formset_factory(type(make(forms.CharField())), min_num=2, validate_min=True)
    formset = formset_class({"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"})
    summary = '{% from "nhsuk/forms/macros.jinja" import error_summary %}{{ error_summary(formset) }}'

    assert "Please submit at least 2 forms" in render(summary, formset=formset)


def test_field_several_errors_are_lines_and_each_is_escaped(render: Callable[..., str]) -> None:
    form = make(forms.CharField(required=False), {"x": "y"})
    form.add_error("x", [CANARY, "Second"])

    html = render(FIELD, form=form)

    assert html.count('<span class="app-error-line">') == 2
    assert "<script" not in html


def test_select_groups_are_flattened(render: Callable[..., str]) -> None:
    choices = [("Leicester", [("a", "First")]), ("Rutland", [("b", "Second")])]

    html = render(FIELD, form=make(forms.ChoiceField(choices=choices)))

    assert [tag["value"] for tag in elements(html, "option")] == ["a", "b"]


def test_radios_have_no_empty_choice(render: Callable[..., str]) -> None:
    field = forms.ChoiceField(choices=[("", "---------"), *CHOICES], widget=ours.Radios)

    assert [tag["value"] for tag in elements(render(FIELD, form=make(field)), "input")] == ["a", "b"]


def test_whole_number_has_a_number_pad_and_its_message(render: Callable[..., str]) -> None:
    form = make(forms.IntegerField(label="Visits", widget=ours.WholeNumberInput(width=4)), {"x": "many"})

    html = render(FIELD, form=form)

    assert 'inputmode="numeric"' in html
    assert "nhsuk-input--width-4" in html
    assert "Visits must be a whole number" in html


def test_date_of_birth_is_filled_in_by_the_browser(render: Callable[..., str]) -> None:
    field = ours.SplitDateField(widget=ours.SplitDateInput({"autocomplete": "bday"}))

    inputs = elements(render(FIELD, form=make(field)), "input")

    assert [tag["autocomplete"] for tag in inputs] == ["bday-day", "bday-month", "bday-year"]


def test_date_label_leads_to_the_first_box_and_django_cannot_draw_it_bare() -> None:
    bound = make(ours.SplitDateField())["x"]

    assert bound.id_for_label == "id_x_day"
    assert bound.field.widget.value_omitted_from_data({}, {}, "x")
    with pytest.raises(NotImplementedError):
        str(bound)
