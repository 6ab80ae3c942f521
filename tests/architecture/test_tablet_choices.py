"""The tablet's app asks what the pages ask."""

from __future__ import annotations

from cafes import tablet_choices


def test_the_tablets_code_lists_are_those_of_the_pages() -> None:
    committed = tablet_choices.FILE.read_text(encoding="utf-8")

    current = tablet_choices.as_text()

    assert committed == current, "Run manage.py write_tablet_choices"
