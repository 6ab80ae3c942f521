"""The register of staff and volunteers: the list, one person, and what is written down of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.web import PersonRequest, requires
from providers.acting import own_provider
from providers.cafe_names import cafe_names
from providers.forms.staff import LeavingForm, StaffCheckForm, StaffForm
from providers.models import StaffMember
from providers.permissions import KEEP_OWN_STAFF
from providers.presenters.staff import CheckPresenter, StaffPresenter
from providers.selectors.staff import (
    accounts_to_link,
    checks_of,
    find_staff_member,
    staff_on,
    staff_who_left,
    standings_of_staff,
)
from providers.services.staff import (
    add_staff_check,
    add_staff_member,
    change_staff_member,
    record_leaving,
    withdraw_staff_check,
)
from sutg.audit.services import record, record_read
from sutg.common.errors import ChangedMeanwhile, DomainError, NotFound
from sutg.nhsuk.forms import Form, add_domain_error


@require_GET
@requires(KEEP_OWN_STAFF)
def list_staff(request: PersonRequest) -> HttpResponse:
    provider, today, cafes = own_provider(request.principal), timezone.localdate(), cafe_names()
    here, left = staff_on(today), staff_who_left(today)
    standings = standings_of_staff([member.id for member in here])
    if here or left:
        record("staff_register_read", by=request.principal.actor, provider_id=provider.id, people=len(here) + len(left))
    context = {
        "here": [StaffPresenter(member, cafes, today, standings.get(member.id, ())) for member in here],
        "left": [StaffPresenter(member, cafes, today) for member in left],
    }
    return render(request, "providers/staff.jinja", context)


@require_GET
@requires(KEEP_OWN_STAFF)
def show_staff_member(request: PersonRequest, staff_member_id: uuid.UUID) -> HttpResponse:
    member, today = find_staff_member(staff_member_id), timezone.localdate()
    record_read(member, by=request.principal.actor, purpose="staff_register")
    latest = {one.check.id for mine in standings_of_staff([member.id]).values() for one in mine}
    shown = StaffPresenter(member, cafe_names(), today)
    context = {
        "shown": shown,
        "summary": shown.summary(member.user.full_name if member.user else ""),
        "checks": [CheckPresenter(check, today, check.id in latest) for check in checks_of(member)],
        "may_change": member.name is not None,
        "may_leave": member.until is None,
    }
    return render(request, "providers/staff_member.jinja", context)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_STAFF)
def add_staff(request: PersonRequest) -> HttpResponse:
    provider = own_provider(request.principal)
    form = _staff_form(request, {"version": 0, "lived_experience": ""})

    def act() -> StaffMember:
        return add_staff_member(provider=provider, person=form.person, by=request.principal.actor, now=timezone.now())

    done = "They are on the register. Add their checks and training."
    return _carried_out(request, form, act, done=done, heading="Add a person to the register", button="Add this person")


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_STAFF)
def edit_staff_member(request: PersonRequest, staff_member_id: uuid.UUID) -> HttpResponse:
    member = find_staff_member(staff_member_id)
    record_read(member, by=request.principal.actor, purpose="staff_register")
    form = _staff_form(request, StaffForm.saved(member) | {"version": member.version}, member)

    def act() -> StaffMember:
        return change_staff_member(
            staff_member_id=staff_member_id,
            person=form.person,
            seen=form.cleaned_data["version"],
            by=request.principal.actor,
            now=timezone.now(),
        )

    return _carried_out(request, form, act, done="Saved.", heading="Change what is written down", member=member)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_STAFF)
def leave(request: PersonRequest, staff_member_id: uuid.UUID) -> HttpResponse:
    member = find_staff_member(staff_member_id)
    form = LeavingForm(request.POST if request.method == "POST" else None)

    def act() -> StaffMember:
        until = form.cleaned_data["until"]
        return record_leaving(staff_member_id=member.id, until=until, by=request.principal.actor, now=timezone.now())

    done = "Their last day is written down. If they have an account, end their role too."
    return _carried_out(request, form, act, done=done, heading="When do they leave?", member=member)


@require_http_methods(["GET", "POST"])
@requires(KEEP_OWN_STAFF)
def add_check(request: PersonRequest, staff_member_id: uuid.UUID) -> HttpResponse:
    member = find_staff_member(staff_member_id)
    form = StaffCheckForm(request.POST if request.method == "POST" else None)

    def act() -> StaffMember:
        given = form.cleaned_data
        add_staff_check(staff_member_id=member.id, by=request.principal.actor, now=timezone.now(), **given)
        return member

    heading = "Add a check or training"
    return _carried_out(request, form, act, done="It was added.", heading=heading, button="Add", member=member)


@require_POST
@requires(KEEP_OWN_STAFF)
def withdraw_check(request: PersonRequest, staff_check_id: uuid.UUID) -> HttpResponse:
    try:
        check = withdraw_staff_check(staff_check_id=staff_check_id, by=request.principal.actor, now=timezone.now())
    except NotFound:
        raise
    except DomainError as refusal:
        messages.error(request, refusal.reason)
        return redirect("providers:staff")
    messages.success(request, "It was taken back. It stays in the history.")
    return redirect("providers:staff_member", check.staff_member_id)


def _staff_form(request: PersonRequest, initial: dict[str, Any], member: StaffMember | None = None) -> StaffForm:
    accounts = {found.user_id: found.user.full_name for found in accounts_to_link(timezone.localdate())}
    if member is not None and member.user is not None:
        accounts.setdefault(member.user.id, member.user.full_name)
    sent = request.POST if request.method == "POST" else None
    return StaffForm(sent, cafes=cafe_names(), accounts=accounts, initial=initial)


def _carried_out(
    request: PersonRequest,
    form: Form,
    act: Callable[[], StaffMember],
    *,
    done: str,
    heading: str,
    button: str = "Save",
    member: StaffMember | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            changed = act()
        except NotFound:
            raise
        except ChangedMeanwhile:
            if member is None or not isinstance(form, StaffForm):
                raise
            now = find_staff_member(member.id)
            form.show_difference(StaffForm.saved(now), version=now.version)
        except DomainError as refusal:
            add_domain_error(form, refusal)
        else:
            messages.success(request, done)
            return redirect("providers:staff_member", changed.id)
    context = {"form": form, "heading": heading, "button_text": button, "member": member}
    return render(request, "providers/staff_form.jinja", context)
