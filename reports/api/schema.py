"""The API's description of itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from accounts.services.api_clients import FIGURES
from accounts.web import public


class SignedInPersonScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description names the session of a signed-in person."""

    target_class = "accounts.api.authentication.SignedInPerson"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class ProgramWithTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the description names the token of a program (RFC 6749, section 4.4)."""

    target_class = "accounts.api.authentication.ProgramWithToken"
    name = "program"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        scopes = {FIGURES: "Read the figures that the program's owner may see."}
        return {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": reverse("accounts:token"), "scopes": scopes}},
        }


@cache
def _document() -> bytes:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return bytes(OpenApiYamlRenderer().render(schema, renderer_context={}))  # type: ignore[no-untyped-call]


@require_GET
@public
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description; it holds nobody's data, and whoever writes a client may read it."""
    return HttpResponse(_document(), content_type="application/yaml; charset=utf-8")
