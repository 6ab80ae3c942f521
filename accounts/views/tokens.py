"""Where a program changes its client id and secret for a token (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import binascii

from allauth.core import ratelimit
from allauth.idp.oidc.views import token as allauth_token
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.web import public


@public
@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponseBase:
    """Answers as OAuth 2.0 does. Counted by address and by client, since allauth's endpoint counts neither."""
    if not ratelimit.consume(request, action="api_token", key=_client_id(request)):
        refusal = JsonResponse({"error": "temporarily_unavailable"}, status=429)
        refusal["Retry-After"] = "60"
        return refusal
    return allauth_token(request)  # type: ignore[no-any-return]


def _client_id(request: HttpRequest) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0][:100]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return request.POST.get("client_id", "")[:100]
