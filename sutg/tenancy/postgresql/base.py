"""The connection that takes the scope's role.

``SET LOCAL ROLE`` is ``set_config('role', …, true)``, so that one statement writes the setting that policies read and
takes the role. Both end with the transaction, which is what makes this safe behind a pooler in transaction mode. The
same statement first looks at what the connection brought along: anything but nothing means that a scope outlived its
transaction, and the connection is thrown away. It travels with BEGIN in one message, so that a scoped transaction
makes no more round trips than a plain one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg import ClientCursor

from sutg.tenancy.errors import ScopeLeaked
from sutg.tenancy.postgresql.creation import DatabaseCreation

if TYPE_CHECKING:
    from sutg.tenancy.scope import Scope

# The actor last but for the role: audit triggers (sutg.audit.capture) read whom to name from there.
_SET = (
    "set_config('sutg.provider_id', %s, true), set_config('sutg.user_id', %s, true), "
    "set_config('sutg.actor', %s, true), set_config('sutg.on_behalf_of', %s, true), set_config('role', %s, true)"
)
_WRITE = f"SELECT {_SET}"
_LOOK = (
    "SELECT current_user = session_user, current_setting('sutg.provider_id', true), "
    "current_setting('sutg.user_id', true), current_setting('sutg.actor', true)"
)
BEGIN_FOR_NOBODY = f"BEGIN; {_LOOK}"
BEGIN_UNDER_SCOPE = f"BEGIN; {_LOOK}, {_SET}"


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
        # Always by our own BEGIN; psycopg stays in autocommit mode and would otherwise send one by itself.
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit=True)

    def _start_transaction_under_autocommit(self) -> None:
        """Django's hook for databases that need a BEGIN of their own: this one carries the scope."""
        from sutg.tenancy.scope import current

        scope = current()
        try:
            # Nobody's transaction looks too: what a connection brought along would make it somebody's.
            is_login, *brought = self._begin(scope)[:4]
            if not is_login or any(brought):
                msg = "A connection brought a scope from an earlier transaction; it was closed."
                raise ScopeLeaked(msg)
        except BaseException:
            # Django has not noted the transaction yet and would not roll it back. A pool that got the connection back
            # open would hand it out again, with whatever it brought: end it first.
            self.connection.close()
            self.close()
            raise
        self.written_scope = scope

    def _begin(self, scope: Scope | None) -> tuple[Any, ...]:
        """BEGIN and what the connection brought. Two statements in one message have to be bound on the client."""
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors, ClientCursor(self.connection) as cursor:
            cursor.execute(*((BEGIN_UNDER_SCOPE, _parameters(scope)) if scope else (BEGIN_FOR_NOBODY,)))
            cursor.nextset()
            return cursor.fetchone() or (False,)

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
        return ["", "", "", "", "none"]
    who = scope.actor
    return [str(scope.provider_id or ""), str(scope.user_id or ""), str(who), who.on_behalf_of, scope.role.value]
