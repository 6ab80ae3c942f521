"""Test databases: created and migrated by the owner, used by the login that owns nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.postgresql import creation

OWNER = "owner"


class DatabaseCreation(creation.DatabaseCreation):
    """Hands the work to the owner's connection, then points this one at the result."""

    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        if self.connection.alias == OWNER:
            return super().create_test_db(*args, **kwargs)
        owner = connections[OWNER]
        owner.settings_dict["TEST"]["NAME"] = self._get_test_db_name()  # type: ignore[attr-defined]
        name = owner.creation.create_test_db(*args, **{**kwargs, "serialize": False})
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name
        return name

    def destroy_test_db(self, *args: Any, **kwargs: Any) -> None:
        if self.connection.alias == OWNER:
            super().destroy_test_db(*args, **kwargs)
            return
        self._end_pooled_sessions()
        self.connection.close()
        if self.connection.pool:
            self.connection.close_pool()
        connections[OWNER].creation.destroy_test_db(*args, **kwargs)

    def _end_pooled_sessions(self) -> None:
        """A pooler such as PgBouncer keeps its sessions when ours is closed, and a database in use is not dropped."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND usename = session_user AND pid <> pg_backend_pid()"
                )
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        except DatabaseError:
            # The last session was this one.
            return
