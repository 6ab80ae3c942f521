"""The permission that an endpoint names."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission


class HasNamedPermission(BasePermission):
    """Lets pass whoever has one of the view's ``permissions``; a view that names none lets nobody pass."""

    def has_permission(self, request: Any, view: Any) -> bool:
        principal = request.auth
        return bool(principal) and any(principal.can(permission) for permission in getattr(view, "permissions", ()))
