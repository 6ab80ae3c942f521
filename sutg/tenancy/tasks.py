"""The base of every Celery task: it carries the scope of whoever asked, and runs under it and no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar

from celery import Task
from celery.exceptions import Ignore

from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeMissing

logger = logging.getLogger(__name__)
HEADER = "sutg_scope"
MayStillAct = Callable[[scopes.Scope], bool]
_CHECKS: list[MayStillAct] = []


def register_scope_check(check: MayStillAct) -> None:
    """Have ``check`` asked before each task whether its sender may still act so; the room that knows people does."""
    if check not in _CHECKS:
        _CHECKS.append(check)


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
        scope = scopes.Scope.from_wire(wire)
        if not all(check(scope) for check in _CHECKS):
            # Nothing is lost by it: a message is a hint, and what an organisation is owed is taken up by a sweeper in
            # the name of a job.
            logger.warning("task_of_somebody_who_left", extra={"task": self.name})
            raise Ignore
        with scopes.enter(scope):
            return super().__call__(*args, **kwargs)
