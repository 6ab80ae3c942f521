"""Every address of the service."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from accounts.views import home
from accounts.web import public
from sutg.common import health
from sutg.nhsuk import views as pages

urlpatterns = [
    path("", home, name="home"),
    path("healthz", public(health.healthz), name="healthz"),
    path("readyz", public(health.readyz), name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
    path("", include("providers.urls")),
    path("", include("cafes.urls")),
    path("", include("reports.urls")),
    path("accessibility-statement/", public(pages.accessibility_statement), name="accessibility_statement"),
    path("privacy/", public(pages.privacy), name="privacy"),
]

if "sutg.demo" in settings.INSTALLED_APPS:
    urlpatterns += [path("demo/", include("sutg.demo.urls"))]

handler400 = "sutg.nhsuk.views.bad_request"
handler403 = "sutg.nhsuk.views.permission_denied"
handler404 = "sutg.nhsuk.views.page_not_found"
handler500 = "sutg.nhsuk.views.server_error"
