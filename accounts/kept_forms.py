"""What somebody typed while their sign-in had run out: kept until they have signed in again, and put back then.

Every form of a signed-in person carries :func:`mark_for` in a hidden input named ``MARK`` (``accounts.context``). What
they send without being signed in, or what a page hands over when its time is up, is sealed for that person in the
session of the browser: whoever signs in instead never sees it, and under another hat it stays away. Files and passwords
are not kept. Several tabs may each have something typed: the session keeps one form of each.
"""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from sutg.privacy.envelope import CannotOpen, Place, seal, unseal

MARK = "typed_by"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of an input
# Said by a page that hands over what was typed into it; the last one: whether or not the session is over.
PAGE, ACTION, ANYWAY = "kept_page", "kept_action", "kept_anyway"
_KEY = "kept_form"
_SALT = "accounts.kept_forms"
_LARGEST = 64 * 1024  # of what a person types into one page
_MOST = 10  # of pages that a person has open


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


def owner_of(mark: str) -> uuid.UUID | None:
    """Whose mark it is; None for one that we did not make."""
    try:
        return _read(mark)[0]
    except ValueError:
        return None


def keep_form(request: HttpRequest) -> str | None:
    """Keep what was sent by somebody who is not signed in any more; return the page it was typed on.

    Only what says whose it is: what nobody could be shown again is not stored.
    """
    page = _page_of(request)
    return page if _keep(request, page, request.path) else None


def keep_page(request: HttpRequest) -> bool:
    """Keep what a page hands over that was not sent; False when nobody could be shown it again."""
    page, action = request.POST.get(PAGE, ""), request.POST.get(ACTION, "")
    return _is_ours(page) and _is_ours(action) and _keep(request, page, action)


def _keep(request: HttpRequest, page: str, action: str) -> bool:
    try:
        user_id, hat = _read(request.POST.get(MARK, ""))
    except ValueError:
        return False
    typed = {name: request.POST.getlist(name) for name in request.POST if _is_kept(name)}
    written = json.dumps(asdict(KeptForm(page, action, hat, time.time(), typed))).encode()
    others = request.session.get(_KEY, [])
    if len(written) > _LARGEST or len(others) >= _MOST:
        return False
    request.session[_KEY] = [*others, base64.b64encode(seal(written, _place(user_id))).decode()]
    return True


def sign_out_keeping(request: HttpRequest) -> None:
    """Sign the person out, and leave what was kept in their other tabs for when they are back."""
    others = request.session.get(_KEY, [])
    logout(request)
    _store(request, others)


def find_forms(request: HttpRequest, user_id: uuid.UUID) -> list[KeptForm]:
    """What this person had typed when their sign-in ran out, the oldest first, for as long as a session lasts.

    What cannot be opened is somebody else's, or its key is gone: it is of no use to whoever sits here now, and goes.
    """
    sealed: list[str] = request.session.get(_KEY, [])
    opened = [(each, _opened(each, user_id)) for each in sealed]
    found = [(each, kept) for each, kept in opened if kept is not None]
    if len(found) < len(sealed):
        _store(request, [each for each, _ in found])
    return [kept for _, kept in found]


def drop_form(request: HttpRequest, user_id: uuid.UUID, kept: KeptForm) -> None:
    """It has been put back."""
    _store(request, [each for each in request.session.get(_KEY, []) if _opened(each, user_id) != kept])


def _store(request: HttpRequest, sealed: list[str]) -> None:
    if sealed:
        request.session[_KEY] = sealed
    else:
        request.session.pop(_KEY, None)


def _opened(sealed: str, user_id: uuid.UUID) -> KeptForm | None:
    try:
        kept = KeptForm(**json.loads(unseal(base64.b64decode(sealed), _place(user_id))))
    except CannotOpen:
        return None
    return kept if kept.at + settings.SESSION_COOKIE_AGE >= time.time() else None


def _read(mark: str) -> tuple[uuid.UUID, str]:
    """Whose mark it is, and for whom they acted; ValueError for one that we did not make."""
    try:
        user_id, hat = signing.Signer(salt=_SALT).unsign(mark).split(" ", 1)
    except signing.BadSignature as error:
        raise ValueError(mark[:0]) from error
    return uuid.UUID(user_id), hat


def _is_ours(address: str) -> bool:
    """A path of ours, and no address elsewhere."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, None)


def _is_kept(name: str) -> bool:
    return name not in {MARK, TOKEN, PAGE, ACTION, ANYWAY} and "password" not in name


def _page_of(request: HttpRequest) -> str:
    """The page of ours that the form stood on: some are sent to an address that shows nothing."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return request.get_full_path()
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _place(owner: uuid.UUID) -> Place:
    return Place("django_session", _KEY, None, owner)
