"""Who is asking: a signed-in person wearing one hat."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.hats import Hat, scope_of
from accounts.models import User
from accounts.permissions import Permission
from sutg.tenancy.scope import Actor, Scope


@dataclass(frozen=True, slots=True)
class Principal:
    """``hat`` is None for somebody who holds no role today."""

    user: User
    hat: Hat | None
    hats: tuple[Hat, ...]

    def can(self, permission: Permission) -> bool:
        return self.hat is not None and self.hat.can(permission)

    @property
    def actor(self) -> Actor:
        return Actor.user(self.user.id)

    @property
    def scope(self) -> Scope | None:
        return scope_of(self.user, self.hat) if self.hat else None


def principal_of(user: User, hats: list[Hat], chosen: str) -> Principal:
    """The person under the hat they chose, or under their first."""
    hat = next((hat for hat in hats if hat.key == chosen), hats[0] if hats else None)
    return Principal(user, hat, tuple(hats))
