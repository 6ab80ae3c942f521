"""What the locks say when they hold."""

from __future__ import annotations


class TenancyError(Exception):
    """A programming fault that tenancy caught; never shown to a person, never swallowed."""


class ScopeMissing(TenancyError):
    """A tenant table was asked for and nobody said on whose behalf."""


class ScopeForbids(TenancyError):
    """The scope's database role has no business with this table."""


class ScopeLeaked(TenancyError):
    """A connection began a transaction with somebody's scope still on it."""
