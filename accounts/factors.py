"""Second factors: who needs one, and whether this sign-in was made with one.

allauth keeps in the session how somebody proved who they are; "mfa" is a code, a recovery code or a passkey.
"""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from accounts.principal import Principal

FACTOR = "mfa"
PRIMARY_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def needs_second_factor(principal: Principal) -> bool:
    """Whether any role that this person may take on asks for one: another hat must be no way round it."""
    return any(role.needs_second_factor for hat in principal.hats for role in hat.roles)


def used_second_factor(request: Any) -> bool:
    """Whether the person of this session has proved themselves twice."""
    return any(record.get("method") == FACTOR for record in get_authentication_records(request, request.user))


def record_second_factor(request: Any, user: User, *, kind: str) -> None:
    """Note in the session that a second factor was used."""
    record_authentication(request, user, FACTOR, type=kind)


def record_password(request: Any, user: User) -> None:
    """Note in the session that the password was given just now."""
    record_authentication(request, user, "password", email=user.email)


def proved_just_now(request: Any) -> bool:
    """Whether the last proof of this session is of the last few minutes."""
    records = get_authentication_records(request, request.user)
    if not records:
        return False
    return bool(time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT)


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=PRIMARY_TYPES).exists())


def may_remove(user: User, factor: Authenticator, *, is_needed: bool) -> bool:
    """Whether ``user`` may do without ``factor``: not when it is the last and one is needed."""
    others = Authenticator.objects.filter(user_id=user.pk, type__in=PRIMARY_TYPES).exclude(pk=factor.pk)
    return not is_needed or factor.type not in PRIMARY_TYPES or others.exists()


def lacks_second_factor(request: Any, principal: Principal) -> bool:
    """Whether this person has to prove themselves a second time before anything opens."""
    return needs_second_factor(principal) and not used_second_factor(request)


def way_to_second_factor(request: Any) -> str:
    """Where to prove it: by the factor that they have, or by setting the first one up."""
    if not has_second_factor(request.user):
        return reverse("mfa_index")
    back = request.get_full_path() if request.method == "GET" else reverse("home")
    return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}"
