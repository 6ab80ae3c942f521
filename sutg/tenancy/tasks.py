"""The base of every Celery task: it carries the scope of whoever asked, and runs under it and no other."""

from __future__ import annotations

from typing import Any, ClassVar

from celery import Task

from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeMissing

HEADER = "sutg_scope"


class ScopedTask(Task):
    """Sends the current scope in the message's headers and enters it in the worker.

    A task that serves nobody in particular (a sweeper) says ``scope_free = True`` and enters the scopes it needs
    itself. Any other refuses to run without one, so that no task can pick up the last tenant's.
    """

    abstract = True
    scope_free: ClassVar[bool] = False

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:
        scope = scopes.current()
        if scope is None and not self.scope_free:
            msg = f"{self.name} was sent without a scope."
            raise ScopeMissing(msg)
        headers = dict(options.pop("headers", None) or {})
        if scope is not None and not self.scope_free:
            headers[HEADER] = scope.as_wire()
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.scope_free:
            with scopes.enter(None):
                return super().__call__(*args, **kwargs)
        wire = getattr(self.request, HEADER, None) or (self.request.headers or {}).get(HEADER)
        if wire is None:
            msg = f"{self.name} arrived without a scope."
            raise ScopeMissing(msg)
        with scopes.enter(scopes.Scope.from_wire(wire)):
            return super().__call__(*args, **kwargs)
