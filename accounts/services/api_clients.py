"""Programs that read figures for a person, such as a report that refreshes itself each month.

They are rows of sign-in's own tables, to which no scope role has a right: each service steps out of the caller's scope.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.idp.oidc.models import Client, Token
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.hats import Hat
from accounts.models import User
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor

FIGURES = "figures"
MOST = 10


def create_api_client(*, user: User, hat: Hat, name: str, by: Actor) -> tuple[Client, str]:
    """Register a program that may read what ``user`` may read under ``hat``; the client and its secret.

    The secret is given out here once and kept as a hash. What the program may see is decided at each call by what its
    owner may see then, so that a role that ends ends it too.
    """
    secret = secrets.token_urlsafe(32)
    with scopes.enter(None), transaction.atomic():
        User.objects.select_for_update().get(id=user.id)  # so that two clicks cannot pass the limit together
        if Client.objects.filter(owner=user).count() >= MOST:
            raise DomainError(f"You have {MOST} already. Remove one that is no longer used.", field="name")
        client = Client(name=name, owner=user, data={"hat": hat.key}, secret=make_password(secret, hasher=_HASHER))
        client.set_grant_types([Client.GrantType.CLIENT_CREDENTIALS])
        client.set_scopes([FIGURES])
        client.set_default_scopes([FIGURES])
        client.set_response_types([])
        client.save()
        record("api_client_created", by=by, client=client.id)
    return client, secret


def remove_api_client(*, user: User, client_id: str, by: Actor) -> None:
    """Take a program's access away at once, tokens included. :class:`NotFound` for anybody else's."""
    with scopes.enter(None), transaction.atomic():
        removed, _ = Client.objects.filter(owner=user, id=client_id).delete()
        if not removed:
            raise NotFound
        record("api_client_removed", by=by, client=client_id)


def end_programs_of(*, user: User, hat_key: str, by: Actor) -> int:
    """Take away the access of every program that read for ``user`` under a hat that has ended; their number.

    None goes to a new owner: whoever left knows its secret. A colleague registers it anew, with a secret of its own.
    """
    with scopes.enter(None), transaction.atomic():
        ended = list(Client.objects.filter(owner=user, data__hat=hat_key).values_list("id", flat=True))
        Client.objects.filter(id__in=ended).delete()
        for client_id in ended:
            record("api_client_removed", by=by, client=client_id)
    return len(ended)


def remove_old_tokens(*, now: datetime) -> int:
    """Delete the tokens that have expired; their number."""
    removed, _ = Token.objects.filter(expires_at__lt=now).delete()
    return int(removed)


_HASHER = "random_secret_sha256"
