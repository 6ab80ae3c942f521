"""What a tablet loads once and then opens without a connection: the shell of its app, its service worker, its manifest.

They are the same for everybody and hold nothing of anybody. Which tablet it is, and whose, is only in the tablet.
"""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from sutg.nhsuk.assets import built_text, files_of

# The browser asks each time whether it is still the same, and is told by a few bytes that it is.
ASK_FIRST = "no-cache"
ICONS = (("images/nhsuk-icon-192.png", "192x192"), ("images/nhsuk-icon-512.png", "512x512"))
NHS_BLUE = "#005eb8"


@require_safe
@conditional_page
def show_app(request: HttpRequest) -> HttpResponse:
    """Show the empty page that the app draws into."""
    return HttpResponse(_shell(), headers={"Cache-Control": ASK_FIRST})


@require_safe
@conditional_page
def worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker, and in front of it the list of what belongs to this build.

    The list changes with every build, and with it the worker by a byte, which is how browsers notice a new version.
    """
    files = [
        {"url": reverse("cafes:tablet_app"), "revision": _digest(_shell())},
        {"url": reverse("cafes:tablet_app_manifest"), "revision": _digest(json.dumps(_manifest()))},
        *({"url": static(path), "revision": _version()} for path in _unhashed()),
        *({"url": url, "revision": None} for url in _built()),
    ]
    shell = json.dumps({"version": _version(), "files": files})
    return HttpResponse(
        f"self.shell = {shell};\n{built_text('worker/tablet.js')}",
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": ASK_FIRST},
    )


@require_safe
@conditional_page
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Say how the app is installed on a tablet's home screen."""
    return JsonResponse(_manifest(), content_type="application/manifest+json", headers={"Cache-Control": ASK_FIRST})


def _shell() -> str:
    # Without the request: nothing of a session may get into what every tablet keeps.
    context = {"version": _version(), "is_demo": "sutg.demo" in settings.INSTALLED_APPS}
    return get_template("cafes/tablet_app.jinja").render(context)


def _manifest() -> dict[str, object]:
    start = reverse("cafes:tablet_app")
    return {
        "id": start,
        "name": "Step Up to Great: café tablet",
        "short_name": "Café tablet",
        "lang": "en-GB",
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "orientation": "any",
        "background_color": "#f0f4f5",
        "theme_color": NHS_BLUE,
        "icons": [{"src": static(path), "sizes": sizes, "type": "image/png"} for path, sizes in ICONS],
    }


def _built() -> list[str]:
    return files_of("tablet", "tablet_style")


def _unhashed() -> list[str]:
    return ["images/favicon.ico", "images/favicon.svg", *(path for path, _ in ICONS)]


def _version() -> str:
    """Name this build: twelve hexadecimal digits of the names of its files, which carry hashes, and of its worker."""
    return _digest("\n".join([*_built(), built_text("worker/tablet.js")]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
