"""Guesses at the same moment: the count is taken before the password is looked at, one after the other."""

from __future__ import annotations

import threading

from django.core.cache import cache
from django.db import connections

from tests.integration.accounts.guessing import WRONG, person_with_a_password, try_password, was_counted_out

PER_ACCOUNT = 5


def test_guesses_at_the_same_moment_are_counted_one_by_one(committed_db: None) -> None:
    cache.clear()
    person = person_with_a_password()
    together, answers = threading.Barrier(8), []

    def guess(number: int) -> None:
        try:
            together.wait(10)
            answers.append(try_password(person.email, WRONG, f"198.51.100.{number}"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    checked = [answer for answer in answers if not was_counted_out(answer)]
    assert len(answers) == 8
    assert len(checked) <= PER_ACCOUNT
