"""The base of every endpoint."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from rest_framework.views import APIView

from accounts.permissions import Permission
from accounts.principal import Principal
from sutg.tenancy import scope as scopes


class ScopedView(APIView):
    """Runs in the caller's scope and one transaction. Subclasses name ``permissions``, any of which will do."""

    permissions: ClassVar[tuple[Permission, ...]] = ()

    @property
    def principal(self) -> Principal:
        return self.request.auth  # type: ignore[return-value]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for method in ("get", "post", "put", "patch", "delete"):
            if method in cls.__dict__:
                setattr(cls, method, _scoped(cls.__dict__[method]))


def _scoped(handler: Any) -> Any:
    """REST framework authenticates in ``initial()``, after dispatch began: the scope can only be entered here."""
    from functools import wraps

    @wraps(handler)
    def run(view: ScopedView, *args: Any, **kwargs: Any) -> Any:
        with scopes.enter(view.principal.scope), transaction.atomic():
            return handler(view, *args, **kwargs)

    return run
