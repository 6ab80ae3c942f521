"""The connection that takes the scope's role.

``SET LOCAL ROLE`` is ``set_config('role', …, true)``, so that one statement, one round trip, writes the setting that
policies read and takes the role. Both end with the transaction, which is what makes this safe behind a pooler in
transaction mode. The same statement first looks at what the connection brought along: anything but nothing means
that a scope outlived its transaction, and the connection is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base

from sutg.tenancy.errors import ScopeLeaked
from sutg.tenancy.postgresql.creation import DatabaseCreation

if TYPE_CHECKING:
    from sutg.tenancy.scope import Scope

_WRITE = (
    "SELECT set_config('sutg.provider_id', %s, true), set_config('sutg.user_id', %s, true), "
    "set_config('role', %s, true)"
)
_LOOK = (
    "SELECT current_user = session_user, current_setting('sutg.provider_id', true), "
    "current_setting('sutg.user_id', true)"
)
_LOOK_AND_WRITE = (
    f"{_LOOK}, set_config('sutg.provider_id', %s, true), "
    "set_config('sutg.user_id', %s, true), set_config('role', %s, true)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection; ``written_scope`` is the scope its open transaction runs under."""

    creation_class = DatabaseCreation
    written_scope: Scope | None = None

    def set_autocommit(
        self,
        autocommit: bool,  # noqa: FBT001  Django's signature
        force_begin_transaction_with_broken_autocommit: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        self.written_scope = None
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit:
            self._begin_under_scope()

    def _begin_under_scope(self) -> None:
        from sutg.tenancy.scope import current

        scope = current()
        try:
            with self.cursor() as cursor:
                # Nobody's transaction looks too: what a connection brought along would make it somebody's.
                cursor.execute(*((_LOOK_AND_WRITE, _parameters(scope)) if scope else (_LOOK,)))
                is_login, provider_id, user_id, *_ = cursor.fetchone()
            if not is_login or provider_id or user_id:
                msg = "A connection brought a scope from an earlier transaction; it was closed."
                raise ScopeLeaked(msg)
        except BaseException:
            # Django has not noted the transaction yet and would not roll it back. A pool that got the connection back
            # open would hand it out again, with whatever it brought: end it first.
            self.connection.close()
            self.close()
            raise
        self.written_scope = scope

    def on_commit(self, func: Callable[[], Any], robust: bool = False) -> None:  # noqa: FBT001, FBT002  Django's
        """Run ``func`` after the commit, under the scope that asked for it: that may end before the transaction."""
        from sutg.tenancy.scope import current, enter

        scope = current()

        @wraps(func, assigned=("__qualname__", "__name__", "__doc__"))
        def under_scope() -> None:
            with enter(scope):
                func()

        super().on_commit(under_scope, robust)

    def write_scope(self, scope: Scope | None) -> None:
        """Put ``scope`` on the open transaction, or nobody's."""
        with self.cursor() as cursor:
            cursor.execute(_WRITE, _parameters(scope))
        self.written_scope = scope


def _parameters(scope: Scope | None) -> list[Any]:
    if scope is None:
        return ["", "", "none"]
    return [str(scope.provider_id or ""), str(scope.user_id or ""), scope.role.value]
