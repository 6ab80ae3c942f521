"""allauth's questions, answered for a service without sign-up."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter


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
