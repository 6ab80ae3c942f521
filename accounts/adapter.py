"""allauth's questions, answered for a service without sign-up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnly(DefaultAccountAdapter):
    """Nobody signs up: accounts are created by invitation."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
