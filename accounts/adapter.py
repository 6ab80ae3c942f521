"""allauth's questions, answered for a service without sign-up."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils import timezone
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from accounts.factors import may_remove, needs_second_factor, proved_just_now
from accounts.hats import hats_of
from accounts.principal import principal_of
from accounts.services.factors import open_secret, seal_secret


class InvitationOnly(DefaultAccountAdapter):
    """Nobody signs up: accounts are created by invitation.

    allauth counts each try before it looks at the password, under a lock in the cache's table: 5 in 5 minutes for an
    account, 10 in a minute for an address ("login_failed" of its ACCOUNT_RATE_LIMITS).
    """

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": (
            "There were too many tries to sign in. Wait 5 minutes and try again, or reset your password"
        ),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Somebody who signed in moments ago has just proved who they are: they are led to set up a second step."""
        return not proved_just_now(self.request) and bool(super().is_reauthentication_required(app=app))


class SealedFactors(DefaultMFAAdapter):
    """Second factors whose secrets lie sealed, and of which nobody who needs one removes the last."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is not right. Codes change every 30 seconds: enter the one that is shown now",
        "cannot_delete_authenticator": (
            "Your role needs a second step to sign in. Set up another way before you remove this one"
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user: Any = authenticator.user
        principal = principal_of(user, hats_of(user, timezone.localdate()), "")
        return may_remove(user, authenticator, is_needed=needs_second_factor(principal))

    def build_totp_svg(self, url: str) -> str:
        """Drawn within the page: our policy lets no image in from a data: address."""
        code = QRCode(border=2)
        code.add_data(url)
        return str(code.make_image(image_factory=SvgPathImage).to_string(encoding="unicode"))

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}"
