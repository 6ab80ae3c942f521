"""Every address of the service."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from accounts.views import home
from accounts.views.factors import FactorsView, RemovePasskeyView
from accounts.web import public
from sutg.common import health
from sutg.nhsuk import views as pages

_SECOND_STEP = "accounts/second-step/"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", public(health.healthz), name="healthz"),
    path("readyz", public(health.readyz), name="readyz"),
    # Ours come before allauth's of the same name.
    path("accounts/second-step/", FactorsView.as_view(), name="mfa_index"),
    path(
        "accounts/second-step/webauthn/keys/<int:pk>/remove/", RemovePasskeyView.as_view(), name="mfa_remove_webauthn"
    ),
    path("accounts/second-step/", include("allauth.mfa.urls")),
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
