"""What somebody typed while their sign-in had run out: kept until they have signed in again, and put back then.

Every form of a signed-in person carries :func:`mark_for` in a hidden input named ``MARK`` (``accounts.context``). What
they send without being signed in is sealed for that person in the session of the browser: whoever signs in instead
never sees it, and under another hat it stays away. Files and passwords are not kept.
"""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from sutg.privacy.envelope import CannotOpen, Place, seal, unseal

MARK = "typed_by"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of an input
_KEY = "kept_form"
_SALT = "accounts.kept_forms"
_LARGEST = 64 * 1024  # of what a person types into one page


@dataclass(frozen=True)
class KeptForm:
    """``page`` is where it was typed, ``action`` where it was sent to, ``hat`` what for; ``at`` in seconds."""

    page: str
    action: str
    hat: str
    at: float
    typed: dict[str, list[str]]


def mark_for(user_id: uuid.UUID, hat: str) -> str:
    """Who has the form before them, and wearing which hat, signed; it proves nothing else.

    The same for every page of a person: two answers that must be alike stay alike.
    """
    return signing.Signer(salt=_SALT).sign(f"{user_id} {hat}")


def keep_form(request: HttpRequest) -> str | None:
    """Keep what was sent by somebody who is not signed in any more; return the page it was typed on.

    Only what says whose it is: what nobody could be shown again is not stored.
    """
    try:
        user_id, hat = signing.Signer(salt=_SALT).unsign(request.POST.get(MARK, "")).split(" ", 1)
    except (signing.BadSignature, ValueError):
        return None
    typed = {name: request.POST.getlist(name) for name in request.POST if _is_kept(name)}
    kept = KeptForm(_page_of(request), request.path, hat, time.time(), typed)
    written = json.dumps(asdict(kept)).encode()
    if len(written) > _LARGEST:
        return None
    request.session[_KEY] = base64.b64encode(seal(written, _place(uuid.UUID(user_id)))).decode()
    return kept.page


def find_form(request: HttpRequest, user_id: uuid.UUID) -> KeptForm | None:
    """What this person had typed when their sign-in ran out, for as long as a session lasts; None for anybody else."""
    sealed = request.session.get(_KEY)
    if sealed is None:
        return None
    try:
        kept = KeptForm(**json.loads(unseal(base64.b64decode(sealed), _place(user_id))))
    except CannotOpen:
        # Somebody else's, or its key is gone: it is of no use to whoever sits here now.
        drop_form(request)
        return None
    if kept.at + settings.SESSION_COOKIE_AGE < time.time():
        drop_form(request)
        return None
    return kept


def drop_form(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def _is_kept(name: str) -> bool:
    return name not in {MARK, TOKEN} and "password" not in name


def _page_of(request: HttpRequest) -> str:
    """The page of ours that the form stood on: some are sent to an address that shows nothing."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return request.get_full_path()
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _place(owner: uuid.UUID) -> Place:
    return Place("django_session", _KEY, None, owner)
