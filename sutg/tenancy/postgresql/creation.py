"""Test databases: created and migrated by the owner, used by the login that owns nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql import creation

OWNER = "owner"


class DatabaseCreation(creation.DatabaseCreation):
    """Hands the work to the owner's connection, then points this one at the result."""

    def create_test_db(self, *args: Any, **kwargs: Any) -> str:
        if self.connection.alias == OWNER:
            return super().create_test_db(*args, **kwargs)
        owner = connections[OWNER]
        owner.settings_dict["TEST"]["NAME"] = self._get_test_db_name()
        name = owner.creation.create_test_db(*args, **{**kwargs, "serialize": False})
        self.connection.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name
        return name

    def destroy_test_db(self, *args: Any, **kwargs: Any) -> None:
        if self.connection.alias == OWNER:
            super().destroy_test_db(*args, **kwargs)
            return
        self.connection.close()
        if self.connection.pool:
            self.connection.close_pool()
        connections[OWNER].creation.destroy_test_db(*args, **kwargs)
