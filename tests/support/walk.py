"""How each address is called: from the URL conf, by rules; what rules cannot know is described here by name.

A path argument ``<model>_id`` is the id of that model's planted row. A route that writes, or that takes ids in its
query, says with what in ``DESCRIBED``; one that is missing there, or whose arguments no rule fits, fails the suite.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.idp.oidc.models import Client
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver

from accounts.permissions import Permission
from accounts.roles import HeldFor, Role
from providers.links import new_link
from providers.models import Provider
from sutg.tenancy.catalogue import tenant_models
from tests.factories import make_appointment, make_lead, make_membership, make_user
from tests.support.planting import snake_case

Values = dict[str, Any]


@dataclass(frozen=True)
class Route:
    name: str
    path: str
    callback: Any
    arguments: tuple[str, ...]

    @property
    def permissions(self) -> Any:
        """Named permissions, ``public``, or None when the view names nothing."""
        view = getattr(self.callback, "view_class", None) or getattr(self.callback, "cls", None)
        return getattr(view, "permissions", None) or getattr(self.callback, "sutg_permissions", None)

    @property
    def is_api(self) -> bool:
        return self.path.startswith("api/")

    @property
    def is_third_party(self) -> bool:
        return str(self.callback.__module__).startswith("allauth.")

    @property
    def refused(self) -> int:
        """How it ends for somebody signed in who may not: an endpoint for tablets does not even look at a session."""
        return 401 if all(permission.is_for_devices for permission in self.permissions) else 403

    def lets(self, role: Role) -> bool:
        named: tuple[Permission, ...] = self.permissions
        return any(role in permission.roles for permission in named)


def routes() -> list[Route]:
    """Every address of the service."""
    return list(_leaves(get_resolver().url_patterns, "", ""))


def _leaves(patterns: list[Any], path: str, namespace: str, outer: tuple[str, ...] = ()) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        arguments = (*outer, *pattern.pattern.converters, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield Route(f"{namespace}{pattern.name}", here, pattern.callback, tuple(dict.fromkeys(arguments)))
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _leaves(pattern.url_patterns, here, inner, arguments)


@dataclass(frozen=True)
class Tenant:
    """A provider and one row of each of its tables, or ids that exist nowhere."""

    provider_id: uuid.UUID
    ids: dict[str, uuid.UUID]
    names: dict[str, str]

    @classmethod
    def of(cls, provider: Provider, planted: dict[str, Any]) -> Tenant:
        names = {name: str(getattr(row, "name", "")) for name, row in planted.items()}
        owner = make_membership(provider=provider).user
        names["client"] = Client.objects.create(owner=owner, name=f"Program of {provider.name}").id
        return cls(provider.id, {name: row.id for name, row in planted.items()}, names)

    @classmethod
    def absent(cls) -> Tenant:
        names = [snake_case(model.__name__) for model in tenant_models()]
        absent = dict.fromkeys([*names, "client"], f"absent-{uuid.uuid4()}")
        return cls(uuid.uuid4(), {name: uuid.uuid4() for name in names}, absent)


@dataclass(frozen=True)
class Description:
    """``query`` and ``body`` make values that name something of a tenant's; ``refused``: how a foreign one ends."""

    query: Callable[[Tenant], Values] = lambda tenant: {}
    body: Callable[[Tenant], Values] | None = None
    refused: tuple[int, ...] = (404,)
    # What belongs to one person: a colleague's is as foreign as another organisation's.
    is_personal: bool = False


def _upload(tenant: Tenant) -> Values:
    file = SimpleUploadedFile("return.csv", b"Date;Cafe\n01/04/2024;Nowhere\n", content_type="text/csv")
    return {"provider": str(tenant.provider_id), "quarter": "2026-Q2", "file": file}


def _invitation(tenant: Tenant) -> Values:
    return {
        "email": "new.person@example.org",
        "role": "cafe_lead",
        "cafes": str(tenant.ids["cafe"]),
        **{f"since_{part}": value for part, value in (("day", "1"), ("month", "4"), ("year", "2030"))},
    }


def _incident(tenant: Tenant) -> Values:
    return {
        "client_uuid": "7b0a4bb5-40c5-4f8f-9f5c-0d3f6f0c2a01",
        "cafe": str(tenant.ids["cafe"]),
        "kind": "violence",
        "severity": "no_harm",
        "happened_on_day": "1",
        "happened_on_month": "5",
        "happened_on_year": "2026",
        "happened_time": "17:30",
        "what_happened": "A chair was thrown.",
    }


def _staff(tenant: Tenant) -> Values:
    given = {"name": "A", "kind": "paid", "post": "host", "version": "1", "cafes": str(tenant.ids["cafe"])}
    return given | {f"since_{part}": value for part, value in (("day", "1"), ("month", "4"), ("year", "2030"))}


def _insurance(tenant: Tenant) -> Values:
    given = {"kind": "cyber", "insurer": "Mutual", "policy_number": "1", "cover": "100"}
    return given | {
        f"{name}_{part}": value
        for name, year in (("since", "2030"), ("until", "2031"))
        for part, value in (("day", "1"), ("month", "4"), ("year", year))
    }


NOTHING = Description(body=lambda tenant: {})
A_SERVICE = Description(
    body=lambda tenant: {"name": "Debt advice", "kind": "debt", "what_for": "Advice", "phone": "1", "version": 0}
)
# Arguments that name no row of a tenant's table.
OTHER_ARGUMENTS: dict[str, Callable[[Tenant], Any]] = {
    # The trust's directory is nobody's tenant row; only the trust's own people may call these.
    "shared_service_id": lambda tenant: uuid.uuid5(tenant.provider_id, "shared service"),
    # Sealed as ours are, for the tenant's own invitation, but with a secret that was never sent.
    "token": lambda tenant: new_link(tenant.provider_id, tenant.ids["invitation"]).as_text(),
    # The trust reads every provider's profile: none is foreign to it.
    "organisation_id": lambda tenant: tenant.provider_id,
    # People and roles of the trust are of no tenant; the administrator alone may call these.
    "person_id": lambda tenant: uuid.uuid5(tenant.provider_id, "person"),
    "appointment_id": lambda tenant: uuid.uuid5(tenant.provider_id, "appointment"),
    "lead_id": lambda tenant: uuid.uuid5(tenant.provider_id, "lead"),
    "trust_access_review_id": lambda tenant: uuid.uuid5(tenant.provider_id, "access review"),
    "trust_invitation_id": lambda tenant: uuid.uuid5(tenant.provider_id, "trust invitation"),
    # Information governance's own, of no tenant.
    "code": lambda tenant: "visit",
    "retention_hold_id": lambda tenant: uuid.uuid5(tenant.provider_id, "retention hold"),
    "client_id": lambda tenant: tenant.names["client"],
    # A second step's; each person finds their own alone.
    "pk": lambda tenant: 1,
    # A month is nobody's; whose it is, the provider in the path says.
    "month": lambda tenant: "2024-04",
}
_A_DAY = {"day": "1", "month": "5", "year": "2199"}


def _split(**days: str) -> Callable[[Tenant], Values]:
    """A body of dates in three boxes, and of other fields as they are."""
    return lambda tenant: {
        key: value
        for name, given in days.items()
        for key, value in (
            {f"{name}_{part}": _A_DAY[part] for part in _A_DAY} if given == "a day" else {name: given}
        ).items()
    }


_TIMES = {"opens": "01:00", "closes": "02:00"}
_ADDRESS = {"building": "Hall", "street": "High Street", "town": "Leicester", "postcode": "LE1 1AA", "since": "a day"}
# These bodies name nothing of a tenant's: that a foreign path is refused is seen in the path. Whatever is sent to one's
# own café is answered by a form or a redirect.
_OWN = (200, 302)
# A weekly opening of the other tenant's, offered in a form for one's own café, is no choice of that form.
_OTHER_TIMES = Description(
    body=lambda tenant: {**_split(day="a day", **_TIMES)(tenant), "pattern": str(tenant.ids["opening_pattern"])},
    refused=(200,),
)
DESCRIBED: dict[str, Description] = {
    "accounts:retention_period": Description(body=lambda tenant: {"months": "120", "reason": "Agreed."}),
    "accounts:new_hold": Description(body=lambda tenant: {"provider": "", "reason": "legal", "reference": "Case 1"}),
    "accounts:end_hold": NOTHING,
    "cafes:propose_cafe": Description(
        body=lambda tenant: {"name": "New", "neighbourhood": "LEI01", "local_authority": "E06000016"}, refused=(302,)
    ),
    "cafes:edit_cafe": Description(
        body=lambda tenant: {"bank_holidays": "closed", "version": str(tenant.ids["cafe"])}, refused=_OWN
    ),
    "cafes:rename_cafe": Description(body=_split(name="Another name", since="a day"), refused=_OWN),
    "cafes:move_cafe": Description(body=_split(**_ADDRESS), refused=_OWN),
    "cafes:add_delivery_point": Description(body=_split(**_ADDRESS), refused=_OWN),
    "cafes:end_delivery_point": Description(body=_split(until="a day"), refused=_OWN),
    **{
        f"cafes:{move}_cafe": Description(body=_split(since="a day", reason="Because"), refused=_OWN)
        for move in ("approve", "open", "pause", "close")
    },
    "cafes:call_off_move": NOTHING,
    "cafes:add_opening": Description(body=_split(weekday="3", since="a day", **_TIMES), refused=_OWN),
    "cafes:change_opening": Description(body=_split(weekday="3", since="a day", **_TIMES), refused=_OWN),
    "cafes:end_opening": Description(body=_split(until="a day"), refused=_OWN),
    "cafes:close_day": Description(body=_split(day="a day"), refused=_OWN),
    "cafes:other_times": _OTHER_TIMES,
    "cafes:open_as_usual": NOTHING,
    "cafes:add_session": Description(body=_split(day="a day", **_TIMES), refused=_OWN),
    "cafes:cancel_session": Description(body=_split(reason="venue"), refused=_OWN),
    "cafes:restore_session": NOTHING,
    "mfa_remove_webauthn": NOTHING,
    "mfa_index": NOTHING,
    "providers:edit_profile": Description(
        body=lambda tenant: {"legal_form": "unincorporated", "version": 0}, refused=_OWN
    ),
    # A member of another provider's is no choice of the form.
    "providers:name_safeguarding": Description(
        body=lambda tenant: {"lead": str(tenant.ids["membership"]), "lead_phone": "0116 496 0000"}, refused=(200,)
    ),
    "providers:add_insurance": Description(body=_insurance, refused=_OWN),
    "providers:add_policy": Description(body=_split(kind="volunteers", since="a day", until="a day"), refused=_OWN),
    # A file is the same whoever sends it; whose document it becomes is in the path.
    "providers:upload_document": Description(body=lambda tenant: {"kind": "policy", "title": "New"}, refused=_OWN),
    "providers:document": NOTHING,
    "providers:put_document_aside": NOTHING,
    # What is written of a new person names nobody else's rows but the café, which is no choice of the form.
    "providers:add_staff": Description(body=_staff, refused=(200,)),
    "providers:edit_staff_member": Description(body=_staff, refused=(200,)),
    "providers:leave_staff": Description(body=_split(until="a day"), refused=_OWN),
    "providers:add_staff_check": Description(body=_split(kind="first_aid", since="a day"), refused=_OWN),
    "providers:withdraw_staff_check": NOTHING,
    "providers:withdraw_insurance": NOTHING,
    "providers:withdraw_policy": NOTHING,
    # A role of another provider's is nobody here.
    "providers:end_role": Description(body=lambda tenant: {"reason": "left"}),
    "providers:leave_organisation": Description(body=lambda tenant: {"reason": "left"}),
    # The roles that are asked about are one's own; what is answered of others is no field of the form.
    "providers:review_access": Description(
        body=lambda tenant: {f"role_{tenant.ids['membership']}": "end", "signed": "on"}, refused=(200,)
    ),
    "providers:review_trust_access": NOTHING,
    "providers:leave_all": NOTHING,
    "providers:end_appointment": NOTHING,
    "providers:end_lead": NOTHING,
    "providers:invite": Description(body=_invitation, refused=(200,)),
    "providers:resend_invitation": NOTHING,
    "providers:revoke_invitation": NOTHING,
    "providers:resend_trust_invitation": NOTHING,
    "providers:revoke_trust_invitation": NOTHING,
    "providers:accept_invitation": Description(body=lambda tenant: {"full_name": "A", "password": "a long password"}),
    # They say of the caller's own session alone.
    "accounts:stay_signed_in": NOTHING,
    "accounts:end_session": NOTHING,
    "accounts:change_hat": Description(body=lambda tenant: {"hat": f"provider:{tenant.provider_id}"}),
    # A provider's own people are not asked whose return it is: whatever they send, it is theirs.
    "cafes:upload_return": Description(body=_upload, refused=(200, 302)),
    "cafes:name_cafes": Description(body=lambda tenant: {"cafe_0": tenant.names["cafe"]}, refused=(302, 422)),
    # What a foreign café's id in the form comes to is a form that asks for one's own.
    "cafes:raise_incident": Description(body=_incident, refused=(200,)),
    # A worker finds those that they wrote down.
    "cafes:incident": Description(is_personal=True),
    "cafes:acknowledge_incident": NOTHING,
    "cafes:add_incident_note": Description(body=lambda tenant: {"note-text": "Rang them."}),
    "cafes:close_incident": Description(body=lambda tenant: {"close-outcome": "Settled."}),
    # Nobody signed in may call it; what a tablet may reach is in tests/integration/cafes/test_tablet_sync.py.
    "cafes:api_tablet_sync": NOTHING,
    "cafes:api_tablet_today": NOTHING,
    "cafes:api_tablet_deposit": NOTHING,
    "cafes:api_tablet_recover": NOTHING,
    "cafes:api_tablet_enrol": Description(body=lambda tenant: {"link": "made-up"}),
    # Another provider's café is no choice of the form.
    "cafes:add_tablet": Description(
        body=lambda tenant: {"cafe": str(tenant.ids["cafe"]), "name": "Kitchen"}, refused=(200,)
    ),
    "cafes:tablet_code": NOTHING,
    "cafes:allow_new_pin": NOTHING,
    "cafes:revoke_tablet": NOTHING,
    # A file is the same whoever sends it; whose tablet saved it is in the path.
    "cafes:load_tablet_file": NOTHING,
    "cafes:try_tablet_record": NOTHING,
    "cafes:take_up_tablet_record": NOTHING,
    "cafes:let_tablet_record_stand": Description(body=lambda tenant: {"version": "1"}),
    "cafes:set_tablet_record_aside": Description(body=lambda tenant: {"because": "trial"}),
    "cafes:add_service": A_SERVICE,
    "cafes:edit_own_service": A_SERVICE,
    "cafes:confirm_own_service": NOTHING,
    "cafes:end_own_service": NOTHING,
    "cafes:edit_shared_service": A_SERVICE,
    "cafes:confirm_shared_service": NOTHING,
    "cafes:end_shared_service": NOTHING,
    "accounts:api_access": NOTHING,
    "accounts:remove_access": Description(body=lambda tenant: {}, is_personal=True),
    "accounts:token": Description(body=lambda tenant: {"client_id": tenant.names["client"], "client_secret": "x"}),
    "cafes:choose_cafe": Description(body=lambda tenant: {"cafe": str(tenant.ids["cafe"])}, refused=(200, 302)),
    "cafes:open_now": NOTHING,
    "cafes:open_session": NOTHING,
    # Somebody on another provider's register is no choice of the form.
    "cafes:change_duty": Description(body=lambda tenant: {"people": str(tenant.ids["staff_member"])}, refused=(200,)),
    "cafes:close_session": NOTHING,
    "cafes:record_visit": NOTHING,
    "cafes:visit": NOTHING,
    "cafes:withdraw_visit": NOTHING,
    "cafes:settle_difference": NOTHING,
    "cafes:join_codes": Description(
        body=lambda tenant: {"cafe": str(tenant.ids["cafe"]), "first": "blue heron", "second": "old clock"},
        refused=(200,),
    ),
    "cafes:part_codes": NOTHING,
    "cafes:load_return": NOTHING,
    "cafes:discard_return": NOTHING,
    # Written text that answers any method alike.
    "accessibility_statement": NOTHING,
    "privacy": NOTHING,
    "demo:sign_in": Description(body=lambda tenant: {"persona": str(tenant.provider_id)}),
    # That a month is not for locking is said on its page.
    "reports:lock_month": Description(body=lambda tenant: {"not_held": "0", "signed": "on"}),
    "reports:figures": Description(query=lambda tenant: {"area": str(tenant.ids["cafe"])}),
    "reports:download_figures": Description(query=lambda tenant: {"area": str(tenant.ids["cafe"])}),
    "reports:api_activity": Description(query=lambda tenant: {"cafe": str(tenant.ids["cafe"])}),
}


class NotDescribedError(AssertionError):
    """The walk does not know how to call a route: describe it in tests/support/walk.py."""


def arguments_of(route: Route, provider: Tenant, row: Tenant) -> Values:
    """Path arguments: the provider's id from one tenant, every other id from the other."""
    values: Values = {}
    for name in route.arguments:
        key = name.removesuffix("_id")
        if name == "provider_id":
            values[name] = provider.provider_id
        elif key in row.ids:
            values[name] = row.ids[key]
        elif name in OTHER_ARGUMENTS:
            values[name] = OTHER_ARGUMENTS[name](row)
        else:
            msg = f"{route.name}: no rule for the argument {name}"
            raise NotDescribedError(msg)
    return values


def description_of(route: Route, method: str) -> Description:
    described = DESCRIBED.get(route.name)
    if method == "GET":
        return described or Description()
    if described is None or described.body is None:
        msg = f"{route.name} answers {method}: say in DESCRIBED what its body holds"
        raise NotDescribedError(msg)
    return described


@dataclass(frozen=True)
class Variant:
    """One way of naming things: whose provider, whose rows, whose values in query and body."""

    name: str
    provider: Tenant
    row: Tenant
    values: Tenant
    foreign: bool = field(default=False)


def variants(route: Route, own: Tenant, other: Tenant, described: Description) -> list[tuple[Variant, Variant]]:
    """Pairs of a foreign and an absent naming, which must end alike."""
    nowhere = Tenant.absent()
    pairs = []
    if route.arguments and arguments_of(route, other, other) != arguments_of(route, own, own):
        pairs.append(("whole path", (other, other, own), (nowhere, nowhere, own)))
    # A month beside the provider names no row: it is the same for any two tenants.
    if "provider_id" in route.arguments and arguments_of(route, own, other) != arguments_of(route, own, own):
        pairs.append(("row in own path", (own, other, own), (own, nowhere, own)))
    if _names_something(described, own, nowhere):
        pairs.append(("values", (own, own, other), (own, own, nowhere)))
    return [(Variant(name, *foreign, foreign=True), Variant(name, *absent)) for name, foreign, absent in pairs]


def _names_something(described: Description, own: Tenant, nowhere: Tenant) -> bool:
    """Whether query or body hold something of a tenant's: what is the same for any two tenants names nothing."""
    body = described.body or (lambda tenant: {})
    return described.query(own) != described.query(nowhere) or body(own) != body(nowhere)


def person_of(role: Role, provider: Provider) -> Any:
    """Somebody who holds ``role``, for this provider or for what such a role is held for."""
    user = make_user(full_name=f"The {role.label}")
    match role.held_for:
        case HeldFor.PROVIDER:
            make_membership(provider=provider, user=user, role=role)
        case HeldFor.NEIGHBOURHOODS:
            make_lead(user=user)
        case HeldFor.PATHWAY:
            make_appointment(user=user, role=role, team="A team")
        case _:
            make_appointment(user=user, role=role)
    return user
