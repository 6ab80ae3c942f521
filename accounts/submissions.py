"""A form that is sent twice is carried out once: a second click, or *Back* and send, is answered like the first.

The token against forgery is another each time that a page is drawn. The same person who sends the same words with the
same token has therefore sent the same page again. Only the last thing that they sent is remembered: where something
else came between, they mean it (pause, open, and pause from the page of before). The answer lies sealed in the cache
of the database, which every web process shares.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from accounts.kept_forms import TOKEN
from accounts.principal import Principal
from sutg.privacy.envelope import CannotOpen, Place, seal, unseal

REMEMBERED = 10 * 60  # seconds
IN_HAND = 60  # seconds; longer than a request takes. After a process that died, the repeat is carried out.
PAUSE = 0.1
_ANSWER = "answers_once"
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


class _Storage(Protocol):
    """What is used of Django's message storage."""

    _queued_messages: list[Message]

    def __contains__(self, message: object) -> bool: ...
    def add(self, level: int, message: str) -> None: ...


def as_answer(response: AnyResponse) -> AnyResponse:
    """Say that this page is what came of what was sent, where nothing is redirected: a secret that is shown once."""
    setattr(response, _ANSWER, True)
    return response


def answered_once(
    request: HttpRequest, principal: Principal, carry_out: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Carry out what was sent, or answer like the first time. What was refused is not remembered."""
    if request.method != "POST" or not request.POST.get(TOKEN):
        return carry_out()
    digest, last = _digest(request, principal), f"submission:of:{_who(principal)}"
    in_hand = f"submission:{digest}"
    while not cache.add(in_hand, "", IN_HAND):
        time.sleep(PAUSE)
    try:
        place = Place("sutg_cache", "submission", None, principal.user.id)
        remembered = _opened(cache.get(last), place)
        if remembered is not None and remembered["digest"] == digest:
            return _like_the_first(request, remembered)
        response = carry_out()
        answer = _answer(request, response)
        if answer is not None:
            written = json.dumps({"digest": digest, **answer}).encode()
            cache.set(last, base64.b64encode(seal(written, place)).decode(), REMEMBERED)
        return response
    finally:
        cache.delete(in_hand)


def _who(principal: Principal) -> str:
    """The person and for whom they act: what they sent for one organisation answers nothing for another."""
    return f"{principal.user.id}:{principal.hat.key if principal.hat else ''}"


def _digest(request: HttpRequest, principal: Principal) -> str:
    """Of who sent what, from which drawing of a page, with which files."""
    sent = [_who(principal), request.get_full_path(), sorted(request.POST.lists())]
    digest = sha256(json.dumps(sent).encode())
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            digest.update(json.dumps([name, upload.name, upload.size]).encode())
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.hexdigest()


def _answer(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any] | None:
    """What to answer a repeat with; None for a form that is shown again to be mended.

    What wrote to the session is carried out again: the repeat read the session before that, and would write it back.
    """
    if request.session.modified:
        return None
    storage: _Storage = get_messages(request)  # type: ignore[assignment]
    said = [[message.level, str(message.message)] for message in storage._queued_messages]
    if isinstance(response, HttpResponseRedirect):
        return {"said": said, "url": response.url}
    if getattr(response, _ANSWER, False) and isinstance(response, HttpResponse):
        return {"said": said, "page": response.content.decode()}
    return None


def _like_the_first(request: HttpRequest, answer: dict[str, Any]) -> HttpResponse:
    """What was said is said once: where the browser never showed the first answer, it still stands in the session."""
    storage: _Storage = get_messages(request)  # type: ignore[assignment]
    for level, text in answer["said"]:
        if Message(level, text) not in storage:
            storage.add(level, text)
    if "url" in answer:
        return HttpResponseRedirect(answer["url"])
    return HttpResponse(answer["page"], headers={"Cache-Control": "no-store"})


def _opened(sealed: str | None, place: Place) -> dict[str, Any] | None:
    if sealed is None:
        return None
    try:
        opened: dict[str, Any] = json.loads(unseal(base64.b64decode(sealed), place))
    except CannotOpen:  # the key was replaced since
        return None
    return opened
