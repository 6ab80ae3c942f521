"""Every address of the service."""

from __future__ import annotations

from django.urls import include, path

from accounts.views import home
from sutg.common import health

urlpatterns = [
    path("", home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
]

handler400 = "sutg.nhsuk.views.bad_request"
handler403 = "sutg.nhsuk.views.permission_denied"
handler404 = "sutg.nhsuk.views.page_not_found"
handler500 = "sutg.nhsuk.views.server_error"
