from __future__ import annotations

import base64
import uuid

import pytest

from sutg.privacy.keys import KeyRingError, read_ring

ONE, OTHER = (base64.b64encode(byte * 32).decode() for byte in (b"1", b"2"))


def test_ring_of_several_keys_writes_under_the_first() -> None:
    ring = read_ring(f"2026b:{ONE}, 2026a:{OTHER}")

    assert ring.current == "2026b"
    assert list(ring) == ["2026b", "2026a"]


def test_ring_with_the_key_from_before_rings_keeps_it_behind_the_others() -> None:
    ring = read_ring(f"new:{ONE}", OTHER)

    assert (ring.current, list(ring)) == ("new", ["new", "0"])
    assert ring.keys["0"] == base64.b64decode(OTHER)


def test_ring_of_the_single_key_from_before_rings_is_that_key() -> None:
    assert read_ring("", ONE).current == "0"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "holds no key"),
        (ONE, "has no id"),
        (f"a b:{ONE}", "has no id"),
        (f"{'x' * 17}:{ONE}", "has no id"),
        (f"a:{ONE},a:{OTHER}", "a is in the ring twice"),
        ("a:c2hvcnQ=", "a is not 32 bytes"),
        ("a:not base64", "a is not 32 bytes"),
    ],
)
def test_ring_that_cannot_be_used_is_refused_without_naming_a_key(written: str, says: str) -> None:
    with pytest.raises(KeyRingError, match=says) as refused:
        read_ring(written)

    assert ONE not in str(refused.value)


def test_ring_in_a_log_line_shows_ids_alone() -> None:
    ring = read_ring(f"a:{ONE}")

    assert repr(ring) == "<KeyRing of a>"


def test_data_keys_of_two_providers_differ() -> None:
    ring = read_ring(f"a:{ONE},b:{OTHER}")
    provider, another = uuid.uuid4(), uuid.uuid4()

    keys = {ring.data_key(key_id, owner) for key_id in ring for owner in (provider, another, None)}

    assert len(keys) == 6
    assert ring.data_key("a", provider) == ring.data_key("a", provider)
