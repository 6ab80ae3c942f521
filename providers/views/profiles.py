"""What a provider is and has in force: its own page, the forms behind it, and the trust's list."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors.people import names_of
from accounts.web import PersonRequest, requires
from providers.acting import own_provider
from providers.forms.profiles import InsuranceForm, PolicyForm, ProfileForm, SafeguardingForm, saved
from providers.models import Insurance, Policy, Provider
from providers.permissions import (
    KEEP_OWN_PROFILE,
    KEEP_OWN_STAFF,
    READ_ANY_DOCUMENT,
    READ_OWN_DOCUMENTS,
    SEE_ANY_PROFILE,
    SEE_OWN_PROFILE,
)
from providers.presenters.documents import DocumentPresenter
from providers.presenters.profiles import ProfilePresenter, listed_providers
from providers.selectors.documents import latest_versions
from providers.selectors.profiles import (
    insurances_of,
    latest_profile,
    latest_profiles,
    policies_of,
    profile_history,
    standings_of,
)
from providers.selectors.providers import providers
from providers.selectors.safeguarding import people_who_may_lead, providers_with_a_lead, safeguarding_posts
from providers.services.assurance import Kind, add_insurance, add_policy, withdraw_assurance
from providers.services.profiles import save_profile
from providers.services.safeguarding import name_safeguarding_lead
from sutg.common.errors import ChangedMeanwhile, DomainError, NotFound
from sutg.nhsuk.forms import Form, add_domain_error

PER_PAGE = 50


@require_GET
@requires(SEE_OWN_PROFILE)
def show_own_profile(request: PersonRequest) -> HttpResponse:
    return _show(request, own_provider(request.principal), is_own=True)


@require_GET
@requires(SEE_ANY_PROFILE)
def show_provider(request: PersonRequest, organisation_id: uuid.UUID) -> HttpResponse:
    provider = Provider.objects.filter(id=organisation_id).first()
    if provider is None:
        raise NotFound
    return _show(request, provider, is_own=False)


def _show(request: PersonRequest, provider: Provider, *, is_own: bool) -> HttpResponse:
    today = timezone.localdate()
    versions, insurances, policies = (
        profile_history(provider.id),
        insurances_of(provider.id),
        policies_of(provider.id),
    )
    rows: list[Any] = [*insurances, *policies]
    actors = {version.written_by for version in versions}
    actors |= {actor for row in rows for actor in (row.added_by, row.withdrawn_by) if actor}
    shown = ProfilePresenter(
        provider,
        versions,
        standings_of([provider.id], today)[provider.id],
        insurances,
        policies,
        names_of(actors) if is_own else dict.fromkeys(actors, "the provider"),
        has_lead=is_own or provider.id in providers_with_a_lead([provider.id], today),
        posts=safeguarding_posts(today) if is_own else None,
        may_keep=is_own and request.principal.can(KEEP_OWN_PROFILE),
    )
    principal = request.principal
    sees_documents = principal.can(READ_OWN_DOCUMENTS if is_own else READ_ANY_DOCUMENT)
    files = latest_versions(provider.id) if sees_documents else []
    context = {
        "shown": shown,
        "provider": provider,
        "is_own": is_own,
        "sees_documents": sees_documents,
        "sees_staff": is_own and principal.can(KEEP_OWN_STAFF),
        "documents": [DocumentPresenter(version, is_own=is_own) for version in files],
    }
    return render(request, "providers/profile.jinja", context)


@require_GET
@requires(SEE_ANY_PROFILE)
def list_providers(request: PersonRequest) -> HttpResponse:
    found, today = list(providers()), timezone.localdate()
    ids = [provider.id for provider in found]
    listed = listed_providers(found, latest_profiles(ids), standings_of(ids, today), providers_with_a_lead(ids, today))
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "with_expired": sum(1 for one in listed if one.expired), "count": len(listed)}
    return render(request, "providers/providers.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_PROFILE)
def edit_profile(request: PersonRequest) -> HttpResponse:
    provider = own_provider(request.principal)
    latest = latest_profile(provider.id)
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=ProfileForm.initial_of(latest))
    if request.method == "POST" and form.is_valid():
        try:
            save_profile(
                provider=provider,
                profile=form.profile,
                seen=form.cleaned_data["version"],
                by=request.principal.actor,
                now=timezone.now(),
            )
        except ChangedMeanwhile:
            latest = latest_profile(provider.id)
            form.show_difference(saved(latest) if latest else {}, version=latest.number if latest else 0)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("providers:own_profile")
    return _form(request, form, heading="About your organisation", button="Save")


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_PROFILE)
def name_safeguarding(request: PersonRequest) -> HttpResponse:
    today, provider = timezone.localdate(), own_provider(request.principal)
    members = list(people_who_may_lead(today))
    form = SafeguardingForm(
        request.POST if request.method == "POST" else None,
        members=members,
        initial=SafeguardingForm.initial_of(safeguarding_posts(today), members),
    )
    return _carried_out(
        request,
        form,
        lambda: name_safeguarding_lead(
            provider=provider,
            lead=form.lead_named,
            deputy=form.deputy_named,
            today=today,
            by=request.principal.actor,
            now=timezone.now(),
        ),
        done="Saved. Safeguarding concerns are told to them from now on.",
        heading="Who leads on safeguarding?",
        button="Save",
        note="You can choose people who manage the organisation or lead all its cafés: they can read every incident.",
    )


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_PROFILE)
def add_own_insurance(request: PersonRequest) -> HttpResponse:
    form = InsuranceForm(request.POST if request.method == "POST" else None)
    return _add(request, form, add_insurance, heading="Add an insurance", done="The insurance was added.")


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_PROFILE)
def add_own_policy(request: PersonRequest) -> HttpResponse:
    form = PolicyForm(request.POST if request.method == "POST" else None)
    return _add(request, form, add_policy, heading="Add a policy", done="The policy was added.")


@require_POST
@requires(KEEP_OWN_PROFILE)
def withdraw_insurance(request: PersonRequest, insurance_id: uuid.UUID) -> HttpResponse:
    return _withdraw(request, Insurance, insurance_id)


@require_POST
@requires(KEEP_OWN_PROFILE)
def withdraw_policy(request: PersonRequest, policy_id: uuid.UUID) -> HttpResponse:
    return _withdraw(request, Policy, policy_id)


def _withdraw(request: PersonRequest, kind: Kind, assurance_id: uuid.UUID) -> HttpResponse:
    try:
        withdraw_assurance(kind=kind, assurance_id=assurance_id, by=request.principal.actor, now=timezone.now())
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
    else:
        messages.success(request, "It was taken back. It stays in the history.")
    return redirect("providers:own_profile")


def _add(request: PersonRequest, form: Form, service: Callable[..., Any], *, heading: str, done: str) -> HttpResponse:
    provider = own_provider(request.principal)
    return _carried_out(
        request,
        form,
        lambda: service(provider=provider, by=request.principal.actor, now=timezone.now(), **form.cleaned_data),
        done=done,
        heading=heading,
        button="Add",
    )


def _carried_out(
    request: PersonRequest, form: Form, act: Callable[[], Any], *, done: str, heading: str, button: str, note: str = ""
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, done)
            return redirect("providers:own_profile")
    return _form(request, form, heading=heading, button=button, note=note)


def _form(request: PersonRequest, form: Form, *, heading: str, button: str, note: str = "") -> HttpResponse:
    context = {"form": form, "heading": heading, "button_text": button, "note": note}
    return render(request, "providers/profile_form.jinja", context)
