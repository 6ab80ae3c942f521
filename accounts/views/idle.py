"""What a page asks about the time that is left, and what it hands over when there is none."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.http import require_GET, require_POST

from accounts.idle import seconds_left
from accounts.kept_forms import ANYWAY, MARK, keep_page, sign_out_keeping
from accounts.web import public

MARK_HEADER = "X-Typed-By"
# A page's clock and ours differ by what an answer takes: a session with no more left than this is over.
GRACE_SECONDS = 5


@public
@require_GET
def time_left(request: Any) -> JsonResponse:
    """How many seconds the person of the page stays signed in. Asking puts nothing off."""
    request.session.is_background = True
    return JsonResponse({"left": seconds_left(request, request.headers.get(MARK_HEADER, ""))})


@public
@require_POST
def stay_signed_in(request: Any) -> JsonResponse:
    """The person of the page is still there."""
    left = seconds_left(request, request.POST.get(MARK, ""))
    if not left:
        request.session.is_background = True
    return JsonResponse({"left": settings.SESSION_COOKIE_AGE if left else 0})


@public
@require_POST
def end_session(request: Any) -> JsonResponse:
    """End a session whose time is up, and keep what was typed: {"left", "kept"}.

    Somebody may be at work in another tab: then nothing ends, and ``left`` says how long it goes on. A page that had
    lost its connection when its time was up has been cleared by then: what it held is kept all the same.
    """
    left = seconds_left(request, request.POST.get(MARK, ""))
    if left > GRACE_SECONDS:
        request.session.is_background = True
        return JsonResponse({"left": left, "kept": ANYWAY in request.POST and keep_page(request)})
    if left:
        sign_out_keeping(request)
    # Somebody else who is signed in here by now is not disturbed, and keeps nothing for another.
    is_free = not request.user.is_authenticated
    return JsonResponse({"left": 0, "kept": is_free and keep_page(request)})
