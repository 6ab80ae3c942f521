"""An enrolled tablet, by its token. It is nobody's account: it may call the few endpoints that name its permission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.permissions import Permission
from cafes.models import Tablet
from cafes.permissions import RECOVER_TABLET, SEE_TABLET_DAY, SYNC_TABLET
from cafes.services.tablets import TOKEN, find_enrolled
from sutg.common.links import read_link
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, ActorKind, Scope


@dataclass(frozen=True, slots=True)
class Device:
    """A tablet, as a person's principal is elsewhere; it stands for its café alone."""

    tablet: Tablet

    @property
    def pk(self) -> str:
        """What rate limits count by."""
        return f"tablet-{self.tablet.id}"

    is_authenticated = True

    def can(self, permission: Permission) -> bool:
        return permission in (SYNC_TABLET, SEE_TABLET_DAY, RECOVER_TABLET)

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.DEVICE, str(self.tablet.id))

    @property
    def scope(self) -> Scope:
        return Scope.provider(self.actor, self.tablet.provider_id)


class EnrolledTablet(BaseAuthentication):
    """``Authorization: Tablet <token>``. The token is sealed by us, so that its scope is entered on our own word."""

    def authenticate(self, request: Any) -> tuple[Device, Device] | None:
        kind, _, value = get_authorization_header(request).decode("latin-1").partition(" ")
        if kind.lower() != "tablet":
            return None
        link = read_link(TOKEN, value.strip())
        if link is None or link.provider_id is None:
            raise AuthenticationFailed
        actor = Actor(ActorKind.DEVICE, str(link.row_id))
        with scopes.enter(Scope.provider(actor, link.provider_id)), transaction.atomic():
            tablet = find_enrolled(link)
        if tablet is None:
            raise AuthenticationFailed
        device = Device(tablet)
        return device, device

    def authenticate_header(self, request: Any) -> str:
        return 'Tablet realm="Step Up to Great"'


class EnrolledTabletScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the API's description names a tablet's token."""

    target_class = "cafes.api.authentication.EnrolledTablet"
    name = "tablet"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "“Tablet”, a space, and the token that the tablet got when it was enrolled.",
        }
