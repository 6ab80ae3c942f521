"""Refuse to run on weak locks."""

from __future__ import annotations

from django.db import connections

from sutg.tenancy.catalogue import find_faults
from sutg.tenancy.errors import TenancyError


def refuse_weak_locks(alias: str = "default") -> None:
    """Raise :class:`TenancyError` naming each fault when a tenant table is open or the login could bypass policies."""
    faults = find_faults(connections[alias])
    connections[alias].close()
    if faults:
        raise TenancyError("The tenancy locks are open: " + "; ".join(str(fault) for fault in faults))
