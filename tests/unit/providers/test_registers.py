"""Numbers of public registers, as people write them and as the registers do."""

from __future__ import annotations

import pytest

from providers.registers import is_org_id, org_ids, tidy_charity_number, tidy_company_number
from sutg.common.errors import DomainError


@pytest.mark.parametrize(
    ("register", "written", "kept"),
    [
        ("GB-CHC", "1234567", "1234567"),
        ("GB-CHC", " 212 345 ", "212345"),
        ("GB-SC", "sc012345", "SC012345"),
        ("GB-SC", "12345", "SC012345"),
        ("GB-SC", "SC 12345", "SC012345"),
        ("GB-NIC", "NIC 100123", "100123"),
        ("GB-NIC", "100123", "100123"),
    ],
)
def test_charity_number_is_kept_as_its_register_writes_it(register: str, written: str, kept: str) -> None:
    assert tidy_charity_number(register, written) == kept


@pytest.mark.parametrize(
    ("register", "written"),
    [
        ("GB-CHC", "12345"),
        ("GB-CHC", "12345678"),
        ("GB-CHC", "0123456"),
        ("GB-CHC", "SC012345"),
        ("GB-CHC", "١٢٣٤٥٦٧"),
        ("GB-CHC", ""),
        ("GB-SC", "SC0123456"),
        ("GB-SC", "NI012345"),
        ("GB-NIC", "200123"),
    ],
)
def test_charity_number_of_another_register_is_refused(register: str, written: str) -> None:
    with pytest.raises(DomainError) as refusal:
        tidy_charity_number(register, written)

    assert refusal.value.field == "charity_number"


def test_charity_number_without_its_register_is_refused() -> None:
    with pytest.raises(DomainError) as refusal:
        tidy_charity_number("", "1234567")

    assert refusal.value.field == "charity_register"


@pytest.mark.parametrize(
    ("written", "kept"),
    [("1234567", "01234567"), ("01234567", "01234567"), ("ni 012345", "NI012345"), ("CE012345", "CE012345")],
)
def test_company_number_is_kept_as_companies_house_writes_it(written: str, kept: str) -> None:
    assert tidy_company_number(written) == kept


@pytest.mark.parametrize("written", ["123456789", "XX012345", "SC12345", "1234567A", "ＳＣ012345"])
def test_company_number_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(DomainError) as refusal:
        tidy_company_number(written)

    assert refusal.value.field == "company_number"


def test_charity_that_is_a_company_is_known_by_its_charity_number_first() -> None:
    ids = org_ids(charity_register="GB-SC", charity_number="SC012345", company_number="SC123456")

    assert ids == ["GB-SC-SC012345", "GB-COH-SC123456"]
    assert all(is_org_id(one) for one in ids)


@pytest.mark.parametrize("written", ["", "GB-CHC-", "GB-CHC-12", "GB-COH-1234567", "XX-1-1234567", "1234567"])
def test_id_that_no_register_gives_is_none(written: str) -> None:
    assert not is_org_id(written)
