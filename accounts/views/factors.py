"""Pages of second factors: allauth's own, where ours has more to say or to refuse."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.factors import has_second_factor, lacks_second_factor, needs_second_factor
from accounts.web import PUBLIC


class FactorsView(IndexView):
    """How somebody signs in, and for whoever needs a second step and has none, where they begin."""

    permissions = PUBLIC

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        principal = self.request.principal
        return context | {
            "is_needed": needs_second_factor(principal),
            "is_locked_out": lacks_second_factor(self.request, principal),
            "has_factor": has_second_factor(self.request.user),
            "passkeys": context["authenticators"].get("webauthn", []),
            "app": context["authenticators"].get("totp"),
            "codes": context["authenticators"].get("recovery_codes"),
        }


class RemovePasskeyView(RemoveWebAuthnView):
    """allauth asks the adapter before an authenticator app is removed, and not before a passkey is."""

    permissions = PUBLIC

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(reverse("mfa_index"))
        return super().form_valid(form)  # type: ignore[no-any-return]
