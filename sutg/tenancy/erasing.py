"""Deleting rows whose time is over, from tables that let nothing else be deleted.

The trigger asks whether the transaction said that it erases; the saying ends with the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

ERASED_BY_AGE: Final = """
CREATE OR REPLACE FUNCTION sutg_erased_by_age() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('sutg.erasing', true), '') <> 'on' THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = 'rows of ' || TG_TABLE_NAME || ' are erased by their age alone';
    END IF;
    RETURN OLD;
END $$
"""
_SAY: Final = "SELECT set_config('sutg.erasing', %s, true)"


@contextmanager
def erasing() -> Iterator[None]:
    """Say that the open transaction erases; what is deleted inside the block may go."""
    with connection.cursor() as cursor:
        cursor.execute(_SAY, ["on"])
        yield
        # An error inside rolls the transaction back, and the setting with it.
        cursor.execute(_SAY, [""])
