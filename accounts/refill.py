"""Puts what somebody had typed back into the page that they are shown again, whatever form it was typed into.

It works on the page as it is written, so that no form of the service has to do anything for it, and none can forget to.
Only the inputs change; the rest of the page stays as it is, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urlsplit

from django.utils.html import escape

from accounts.kept_forms import MARK, TOKEN, KeptForm

_LEFT_ALONE = {"submit", "button", "image", "reset", "password", "file"}


@dataclass
class _Control:
    """A tag of the page, and for a textarea also its text: ``start`` and ``end`` are places in the page."""

    tag: str
    name: str
    attributes: dict[str, str | None]
    start: int
    end: int
    text_end: int = 0


@dataclass
class _Form:
    action: str
    controls: list[_Control] = field(default_factory=list)
    folds: list[_Control] = field(default_factory=list)  # closed <details> within it

    def overlap(self, names: set[str]) -> int:
        return len({control.name for control in self.controls} & names)

    @property
    def has_files(self) -> bool:
        return any(control.attributes.get("type") == "file" for control in self.controls)


class _Reader(HTMLParser):
    """Finds the forms of a page that are sent by POST, and their controls."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__(convert_charrefs=False)
        self.path = path
        self.forms: list[_Form] = []
        self.main_at: int | None = None
        self._form: _Form | None = None
        self._select = ""
        self._lines = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        start = self._here()
        end = start + len(self.get_starttag_text() or "")
        if tag == "main":
            self.main_at = end
        elif tag == "form" and (attributes.get("method") or "").lower() == "post":
            self._form = _Form(urlsplit(attributes.get("action") or "").path or self.path)
            self.forms.append(self._form)
        elif tag == "select":
            self._select = attributes.get("name") or ""
        elif tag == "details" and self._form and "open" not in attributes:
            self._form.folds.append(_Control(tag, "", attributes, start, end))
        elif self._form and tag in {"input", "textarea", "option"}:
            name = self._select if tag == "option" else attributes.get("name") or ""
            self._form.controls.append(_Control(tag, name, attributes, start, end, end))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._form:
            self._form.controls[-1].text_end = self._here()

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def refilled(page: str, path: str, kept: KeptForm, note: str, note_on_files: str) -> str | None:
    """The page at ``path`` with what was kept in its form, and the note on top; None when it has no such form."""
    reader = _Reader(page, path)
    names = set(kept.typed)
    forms = [form for form in reader.forms if form.action == kept.action and form.overlap(names)]
    if not forms or reader.main_at is None:
        return None
    form = max(forms, key=lambda form: form.overlap(names))
    edits = [(reader.main_at, reader.main_at, note_on_files if form.has_files else note)]
    edits += [(fold.start, fold.end, _tag(fold.tag, {**fold.attributes, "open": None})) for fold in form.folds]
    edits += _edits(form, {name: list(values) for name, values in kept.typed.items()})
    for start, end, text in sorted(edits, reverse=True):
        page = page[:start] + text + page[end:]
    return page


def _edits(form: _Form, typed: dict[str, list[str]]) -> Iterator[tuple[int, int, str]]:
    for control in form.controls:
        kind = (control.attributes.get("type") or "text").lower()
        if control.name in {"", MARK, TOKEN} or (control.tag == "input" and kind in _LEFT_ALONE):
            continue
        if control.tag == "option" or kind in {"checkbox", "radio"}:
            yield control.start, control.end, _chosen(control, typed.get(control.name, []))
        elif typed.get(control.name):
            # Inputs that share a name were sent in their order on the page.
            value = typed[control.name].pop(0)
            if control.tag == "textarea":
                # The first line break of a textarea is not part of its text.
                yield control.end, control.text_end, "\n" + escape(value)
            else:
                yield control.start, control.end, _tag(control.tag, {**control.attributes, "value": value})


def _chosen(control: _Control, values: list[str]) -> str:
    word = "selected" if control.tag == "option" else "checked"
    attributes = {name: value for name, value in control.attributes.items() if name != word}
    default = "" if control.tag == "option" else "on"
    if (control.attributes.get("value") or default) in values:
        attributes[word] = None
    return _tag(control.tag, attributes)


def _tag(tag: str, attributes: dict[str, str | None]) -> str:
    written = (name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<{' '.join([tag, *written])}>"
