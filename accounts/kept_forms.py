"""What somebody typed while their sign-in had run out: kept until they have signed in again, and put back then.

A form that asks for it carries :func:`mark_for` in a hidden input named ``MARK``. It is sealed for that person in the
session of the browser: whoever signs in instead never sees it. Files are not kept.
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict

from sutg.privacy.envelope import CannotOpen, Place, seal, unseal

MARK = "typed_by"
_KEY = "kept_form"
_SALT = "accounts.kept_forms"
_LARGEST = 64 * 1024  # of what a person types into one page


def mark_for(user_id: uuid.UUID) -> str:
    """Who has the form before them, signed; it proves nothing else."""
    return signing.dumps(str(user_id), salt=_SALT)


def keep_form(request: HttpRequest) -> bool:
    """Keep what was sent to this page by somebody who is not signed in any more; whether it was kept.

    Only what says whose it is: what nobody could be shown again is not stored.
    """
    try:
        owner = uuid.UUID(signing.loads(request.POST.get(MARK, ""), salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return False
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in {MARK, "csrfmiddlewaretoken"}}
    written = json.dumps({"path": request.path, "typed": typed}).encode()
    if len(written) > _LARGEST:
        return False
    sealed = seal(written, _place(owner))
    request.session[_KEY] = base64.b64encode(sealed).decode()
    return True


def take_form(request: HttpRequest, user_id: uuid.UUID) -> QueryDict | None:
    """What this person had typed into this page when their sign-in had run out, once; None for anybody else."""
    sealed = request.session.get(_KEY)
    if sealed is None:
        return None
    try:
        kept: dict[str, Any] = json.loads(unseal(base64.b64decode(sealed), _place(user_id)))
    except CannotOpen:
        # Somebody else's, or its key is gone: it is of no use to whoever sits here now.
        del request.session[_KEY]
        return None
    if kept["path"] != request.path:
        return None
    del request.session[_KEY]
    typed = QueryDict(mutable=True)
    for name, values in kept["typed"].items():
        typed.setlist(name, values)
    return typed


def _place(owner: uuid.UUID) -> Place:
    return Place("django_session", _KEY, None, owner)
