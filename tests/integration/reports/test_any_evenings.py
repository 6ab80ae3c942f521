"""Whatever a café does in whatever order, its sums add up: reconciliation, locks and adjustments together."""

from __future__ import annotations

import itertools
import os
import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from cafes.codes import CorrectionReason
from cafes.models import Session
from tests.integration.reports.evenings import CODES, EVENINGS, MONTHS, Evenings

pytestmark = pytest.mark.django_db
Step = tuple[Any, ...]

# Few of each, so that they meet; what makes something to change comes more often than what changes it.
_numbers = st.integers(0, len(EVENINGS) - 1)
_codes = st.sampled_from(CODES)
_positions = st.integers(0, 5)
_reasons = st.sampled_from([CorrectionReason.LEFT_OUT.value, CorrectionReason.WRONG_PERSON.value, ""])
_differences = st.integers(-2, 6)
_explained = st.sampled_from(["", *Session.TallyReason.values])
_months = st.sampled_from(MONTHS)
_RECORD = st.tuples(st.just("record"), _numbers, _codes, _reasons)
_JOIN = st.sampled_from([("join", 0, 1, 2), ("join", 0, 2, 3), ("join", 0, 1, 3), ("join", 1, 1, 2), ("join", 0, 1, 1)])
_CORRECTIONS = (
    _RECORD,
    _RECORD,
    _JOIN,
    st.tuples(st.just("part"), _positions),
    st.tuples(st.just("change"), _positions, st.one_of(_codes, st.none()), _reasons),
    st.tuples(st.just("withdraw"), _positions, _reasons),
    st.tuples(st.just("reconcile"), _numbers, _differences, _explained, _reasons),
)
_AS_THEY_COME = st.one_of(
    *_CORRECTIONS,
    st.tuples(st.just("open"), _numbers),
    st.tuples(st.just("close"), _numbers, _differences, _explained),
    st.tuples(st.just("sign"), _months, st.booleans()),
    st.tuples(st.just("overdue"), _months),
)
# An evening or two; whatever comes; then, mostly, all is closed and signed, and put right afterwards.
DONE = st.tuples(
    st.lists(_RECORD, max_size=4),
    st.lists(_AS_THEY_COME, max_size=9),
    st.lists(st.tuples(st.just("settle"), st.integers(0, 2)), max_size=1),
    st.lists(st.one_of(*_CORRECTIONS), min_size=2, max_size=9),
)


@pytest.mark.parametrize("examples", [25, pytest.param(1_000, marks=pytest.mark.soak)], ids=["share", "whole"])
def test_any_evenings_corrections_and_signatures_add_up_after_every_step(examples: int) -> None:
    number = int(os.environ.get("SUTG_SEED") or random.SystemRandom().randrange(2**32))
    print(f"SUTG_SEED={number}")

    @seed(number)
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(DONE)
    def live_through(done: tuple[list[Step], ...]) -> None:
        with transaction.atomic():
            evenings = Evenings()
            for step in itertools.chain(*done):
                evenings.do(*step)
            transaction.set_rollback(True)

    live_through()
