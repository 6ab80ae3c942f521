"""What allauth tells us of: the one place for its signals.

Its table of factors has ids that are no UUIDs, so that the database's own record does not watch it: each change of how
somebody proves who they are is recorded here.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.factors import PRIMARY_TYPES, record_second_factor
from accounts.kept_forms import find_forms
from accounts.middleware import SESSION_KEY
from accounts.models import User
from sutg.audit.services import record
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor


def note_new_factor(*, request: Any, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting a factor up took a code of it, or its key: this sign-in has used it."""
    if authenticator.type in PRIMARY_TYPES:
        record_second_factor(request, user, kind=authenticator.type)
    _record("factor_added", user, authenticator)


def note_removed_factor(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _record("factor_removed", user, authenticator)


def note_reset_factor(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Recovery codes made anew."""
    _record("factor_reset", user, authenticator)


def _record(name: str, user: User, authenticator: Authenticator) -> None:
    with scopes.enter(None), transaction.atomic():
        record(name, by=Actor.user(user.id), subject=user.id, kind=str(authenticator.type))


def take_up_hat(*, request: Any, user: User, **_: Any) -> None:
    """Somebody who was signed out while they typed goes on for whom they were typing, if they still may."""
    if request is not None and (kept := find_forms(request, user.id)):
        request.session[SESSION_KEY] = kept[-1].hat
