"""The catalogue of permissions: each has a name, a sentence that a reviewer can read, and the roles that have it.

Every app declares its own in its ``permissions`` module by :func:`declare`; every page and endpoint names one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.roles import EVERY_ROLE, Role


@dataclass(frozen=True, slots=True)
class Permission:
    """``sentence`` completes “A person with this permission may …”, or of a device “An enrolled tablet may …”."""

    name: str
    sentence: str
    roles: frozenset[Role]
    is_for_devices: bool = False

    def __str__(self) -> str:
        return self.name


_CATALOGUE: dict[str, Permission] = {}


def declare(name: str, sentence: str, *, roles: Iterable[Role] = (), is_for_devices: bool = False) -> Permission:
    """Add a permission to the catalogue; a second of the same name is a programming fault."""
    if name in _CATALOGUE:
        msg = f"The permission {name} is declared twice."
        raise ValueError(msg)
    permission = Permission(name, sentence, frozenset(roles), is_for_devices)
    _CATALOGUE[name] = permission
    return permission


def catalogue() -> list[Permission]:
    return sorted(_CATALOGUE.values(), key=lambda permission: permission.name)


def permissions_of(role: Role) -> list[Permission]:
    return [permission for permission in catalogue() if role in permission.roles]


SEE_HOME = declare("accounts.see_home", "see the start page with what to do next.", roles=EVERY_ROLE)
CHANGE_HAT = declare(
    "accounts.change_hat",
    "choose for which organisation they act, among those they belong to.",
    roles=EVERY_ROLE,
)
SEE_PERMISSIONS = declare(
    "accounts.see_permissions",
    "read what each role may do.",
    roles=[Role.SERVICE_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE],
)
KEEP_RETENTION = declare(
    "accounts.keep_retention",
    "see what is held of people, why and for how long, set the periods, and hold records back from being erased.",
    roles=[Role.INFORMATION_GOVERNANCE],
)
SEE_AUDIT = declare(
    "accounts.see_audit",
    "search the record of who did what in every organisation, and download what is found.",
    roles=[Role.INFORMATION_GOVERNANCE],
)
SEE_READINGS = declare(
    "accounts.see_readings",
    "see who in their organisation was shown records that may name somebody who came to a café.",
    roles=[Role.PROVIDER_MANAGER],
)
USE_API = declare(
    "accounts.use_api",
    "let a report fetch, in their name, the figures that they may see.",
    roles=[
        Role.PROVIDER_MANAGER,
        Role.GRANT_OFFICER,
        Role.GRANT_ASSESSOR,
        Role.GRANT_APPROVER,
        Role.EQUALITY_LEAD,
        Role.REPRESENTATIVE,
        Role.NEIGHBOURHOOD_LEAD,
    ],
)
