"""What events are called in sentences. Each room says what its own mean in ``AppConfig.ready()``."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps

# Completes “Grace Okafor …”. What triggers note is put into words from the table, below.
_SENTENCES: dict[str, str] = {
    "row_added": "added",
    "row_changed": "changed",
    "row_removed": "removed",
    "record_read": "was shown a named record",
    "audit_checked": "checked the audit record",
    "audit_downloaded": "downloaded events of the audit record",
    "field_keys_rotated": "sealed values under a new key",
}
_RECORDS: dict[str, tuple[str, str]] = {}


def describe_events(sentences: Mapping[str, str]) -> None:
    """Say what events are called: a name, and what completes “Grace Okafor …”."""
    _SENTENCES.update(sentences)


def describe_record(table: str, words: str, *, url_name: str = "") -> None:
    """Say what a named record in ``table`` is called, and the page that shows it by its id."""
    _RECORDS[table] = (words, url_name)


def sentence_of(name: str) -> str:
    """An event that nobody described is called by its name."""
    return _SENTENCES.get(name) or name.rpartition(".")[2].replace("_", " ").replace("cafe", "café")


def described_events() -> dict[str, str]:
    return dict(_SENTENCES)


def record_of(table: str) -> tuple[str, str]:
    """What a record of ``table`` is called, and the name of the page that shows one; "" where none does."""
    return _RECORDS.get(table) or (words_of(table, 1), "")


def words_of(table: str, count: int) -> str:
    """“visits” for ``cafes_visit``, as its model calls them; the table's own name where it has no model."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)
    return table
