"""What is sealed opens where it was sealed, and nowhere else."""

from __future__ import annotations

import base64
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sutg.privacy.envelope import CannotOpen, Place, key_id_of, seal, unseal
from sutg.privacy.keys import KeyRing, read_ring

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
places = st.builds(Place, names, names, st.none() | st.uuids(), st.uuids())
rings = st.dictionaries(
    st.from_regex(r"[A-Za-z0-9_-]{1,16}", fullmatch=True), st.binary(min_size=32, max_size=32), min_size=1
).map(lambda keys: KeyRing(next(iter(keys)), keys))
RING = read_ring(f"k:{base64.b64encode(b'k' * 32).decode()}")
PLACE = Place("t", "c", uuid.UUID(int=1), uuid.UUID(int=2))


@given(value=st.binary(max_size=500), place=places, ring=rings)
def test_value_sealed_opens_in_its_place(value: bytes, place: Place, ring: KeyRing) -> None:
    sealed = seal(value, place, keys=ring)

    assert unseal(sealed, place, keys=ring) == value
    assert key_id_of(sealed) == ring.current


@given(value=st.binary(max_size=100), place=places, other=places)
def test_value_moved_to_another_place_does_not_open(value: bytes, place: Place, other: Place) -> None:
    sealed = seal(value, place, keys=RING)

    for part in ("table", "column", "provider_id", "row_id"):
        moved = replace(place, **{part: getattr(other, part)})
        if moved != place:
            with pytest.raises(CannotOpen):
                unseal(sealed, moved, keys=RING)


@given(table=names, column=names)
def test_place_whose_names_run_together_differently_is_another(table: str, column: str) -> None:
    place = Place(table + column[:1], column[1:] or "x", None, PLACE.row_id)
    other = Place(table, column[:1] + (column[1:] or "x"), None, PLACE.row_id)

    assert place.as_bytes() != other.as_bytes()


@given(value=st.binary(max_size=100), data=st.data())
def test_value_altered_in_any_byte_does_not_open(value: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(value, PLACE, keys=RING))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(CannotOpen):
        unseal(bytes(sealed), PLACE, keys=RING)


@given(value=st.binary(max_size=100), length=st.integers(0, 130))
def test_value_cut_short_does_not_open(value: bytes, length: int) -> None:
    sealed = seal(value, PLACE, keys=RING)

    if length < len(sealed):
        with pytest.raises(CannotOpen):
            unseal(sealed[:length], PLACE, keys=RING)


@given(junk=st.binary(max_size=60))
def test_bytes_that_were_never_sealed_do_not_open(junk: bytes) -> None:
    with pytest.raises(CannotOpen):
        unseal(junk, PLACE, keys=RING)


@given(value=st.binary(max_size=100), ring=rings)
def test_value_under_a_key_of_the_same_id_and_other_bytes_does_not_open(value: bytes, ring: KeyRing) -> None:
    sealed = seal(value, PLACE, keys=ring)
    wrong = KeyRing(ring.current, {**ring.keys, ring.current: bytes(b ^ 1 for b in ring.keys[ring.current])})

    with pytest.raises(CannotOpen, match="altered or moved"):
        unseal(sealed, PLACE, keys=wrong)


def test_value_whose_key_left_the_ring_names_the_key() -> None:
    sealed = seal(b"x", PLACE, keys=read_ring(f"gone:{base64.b64encode(b'g' * 32).decode()}"))

    with pytest.raises(CannotOpen, match="under the key gone, which is not in the ring"):
        unseal(sealed, PLACE, keys=RING)


def test_same_value_sealed_twice_looks_different() -> None:
    sealed = {seal(b"Ada", PLACE, keys=RING) for _ in range(100)}

    assert len(sealed) == 100


def test_refusal_to_open_names_the_row_and_never_the_value() -> None:
    sealed = seal(b"Ada Lovelace", PLACE, keys=RING)

    with pytest.raises(CannotOpen) as refused:
        unseal(sealed, replace(PLACE, row_id=uuid.UUID(int=3)), keys=RING)

    assert str(uuid.UUID(int=3)) in str(refused.value)
    assert "Ada" not in str(refused.value)
