"""Finding a person's programs. No scope role has a right to sign-in's own tables: they are reached outside any."""

from __future__ import annotations

from allauth.idp.oidc.models import Client

from accounts.models import User
from sutg.tenancy import scope as scopes


def api_clients_of(user: User) -> list[Client]:
    """The programs that read figures in this person's name, by name."""
    with scopes.enter(None):
        return list(Client.objects.filter(owner=user).order_by("name", "created_at"))


def programs_under(user: User, hat_key: str) -> list[str]:
    """The names of the programs that read for this person under one hat."""
    with scopes.enter(None):
        return list(
            Client.objects.filter(owner=user, data__hat=hat_key).order_by("name").values_list("name", flat=True)
        )
