"""A person's programs: which read figures in their name, a new one, and an end to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ApiClientForm
from accounts.permissions import USE_API
from accounts.selectors.api_clients import api_clients_of
from accounts.services.api_clients import create_api_client, remove_api_client
from accounts.submissions import as_answer
from accounts.web import PersonRequest, requires
from sutg.common.errors import DomainError
from sutg.nhsuk.forms import add_domain_error


@require_http_methods(["GET", "POST"])
@requires(USE_API, atomic=False)
def api_access(request: PersonRequest) -> HttpResponse:
    principal = request.principal
    form = ApiClientForm(request.POST if request.method == "POST" else None)
    created: dict[str, str] | None = None
    if request.method == "POST" and form.is_valid() and principal.hat:
        try:
            client, secret = create_api_client(
                user=principal.user, hat=principal.hat, name=form.cleaned_data["name"], by=principal.actor
            )
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            # A POST that answers with a page: the secret is shown once, and again only to a repeat of the same form.
            created = {"name": client.name, "id": client.id, "secret": secret}
            form = ApiClientForm()
    context = {
        "form": form,
        "created": created,
        "clients": api_clients_of(principal.user),
    }
    response = render(request, "accounts/api_access.jinja", context)
    return as_answer(response) if created else response


@require_POST
@requires(USE_API, atomic=False)
def remove_access(request: PersonRequest, client_id: str) -> HttpResponse:
    remove_api_client(user=request.principal.user, client_id=client_id, by=request.principal.actor)
    messages.success(request, "The program’s access has ended.")
    return redirect("accounts:api_access")
