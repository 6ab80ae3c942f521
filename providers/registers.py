"""The public registers on which an organisation of the United Kingdom may stand, and how each writes its numbers.

Schemes are those of org-id.guide: an id is the scheme, a hyphen and the number as the register writes it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sutg.common.errors import DomainError

COMPANIES_HOUSE = "GB-COH"
# Prefixes of Companies House beside plain numbers: Scotland, Northern Ireland, partnerships, societies, CIOs and so on.
_PREFIXES = (
    "AC|BR|CE|CS|FC|FE|GE|GS|IC|IP|LP|NA|NC|NF|NI|NL|NO|NP|NR|NZ|OC|OE|PC|RC|RS|SA|SC|SE|SF|SI|SL|SO|SP|SR|SZ|ZC|R0"
)


@dataclass(frozen=True, slots=True)
class Register:
    """``pattern``: how a number is kept; ``prefix``: what people may leave out; ``digits``: what it is padded to."""

    scheme: str
    name: str
    pattern: str
    example: str
    prefix: str = ""
    digits: int = 0


CHARITY_REGISTERS: Mapping[str, Register] = {
    register.scheme: register
    for register in (
        Register("GB-CHC", "Charity Commission for England and Wales", r"^[1-9][0-9]{5,6}$", "1234567"),
        Register("GB-SC", "Scottish Charity Regulator", r"^SC[0-9]{6}$", "SC012345", prefix="SC", digits=6),
        Register("GB-NIC", "Charity Commission for Northern Ireland", r"^1[0-9]{5}$", "100123"),
    )
}
COMPANIES = Register(
    COMPANIES_HOUSE, "Companies House", rf"^([0-9]{{8}}|({_PREFIXES})[0-9]{{6}})$", "01234567", digits=8
)


def tidy_charity_number(scheme: str, written: str) -> str:
    """“sc 12345” on the Scottish register as “SC012345”; :class:`DomainError` when that register has no such number."""
    register = CHARITY_REGISTERS.get(scheme)
    if register is None:
        raise DomainError("Select the register on which the charity is.", field="charity_register")
    packed = _packed(written).removeprefix("NIC")
    if register.prefix and packed.removeprefix(register.prefix).isdigit():
        packed = register.prefix + packed.removeprefix(register.prefix).zfill(register.digits)
    return _checked(register, packed, "charity_number")


def tidy_company_number(written: str) -> str:
    """“1234567” as “01234567”; :class:`DomainError` when Companies House writes no number like that."""
    packed = _packed(written)
    return _checked(COMPANIES, packed.zfill(COMPANIES.digits) if packed.isdigit() else packed, "company_number")


def org_ids(*, charity_register: str, charity_number: str, company_number: str) -> list[str]:
    """Ids by org-id.guide; the first is the one to publish: of a charity that is a company too, the charity's."""
    charity = [f"{charity_register}-{charity_number}"] if charity_number else []
    return charity + ([f"{COMPANIES_HOUSE}-{company_number}"] if company_number else [])


def is_org_id(written: str) -> bool:
    """Whether it is an id of one of these registers, written as the register writes its numbers."""
    registers = (*CHARITY_REGISTERS.values(), COMPANIES)
    return any(
        written.startswith(f"{register.scheme}-")
        and re.fullmatch(register.pattern, written.removeprefix(f"{register.scheme}-"))
        for register in registers
    )


def _packed(written: str) -> str:
    return re.sub(r"[\s./-]", "", written.upper())


def _checked(register: Register, packed: str, field: str) -> str:
    if not re.fullmatch(register.pattern, packed, re.ASCII):
        raise DomainError(f"Enter a number as {register.name} writes it, like {register.example}.", field=field)
    return packed
