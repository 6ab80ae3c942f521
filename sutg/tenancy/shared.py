"""Tables that belong to no tenant, each with the reason. Anything else in the database must be locked.

An app adds its own in ``AppConfig.ready()`` by :func:`register_shared_table`. Their grants are brought to what is
written here after every ``migrate``, since most of these tables are created by other people's migrations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sutg.tenancy.roles import LOGIN_APP, SCOPE_ROLES, ScopeRole

NOTHING = ""
READ = "SELECT"
ADD = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE, DELETE"


@dataclass(frozen=True, slots=True)
class SharedTable:
    """``login``: rights outside a scope. ``scopes``: rights inside any. ``writers``: scope roles that may write.

    ``readers``: scope roles that may read beside what ``scopes`` gives; ``adders``: those that
    may add, and change nothing.
    """

    name: str
    reason: str
    login: str = READ
    scopes: str = READ
    writers: frozenset[ScopeRole] = field(default_factory=frozenset)
    readers: frozenset[ScopeRole] = field(default_factory=frozenset)
    adders: frozenset[ScopeRole] = field(default_factory=frozenset)

    def rights(self, login: str = LOGIN_APP) -> Iterator[tuple[str, frozenset[str]]]:
        yield login, _privileges(self.login)
        for role in ScopeRole:
            given = _privileges(WRITE if role in self.writers else self.scopes)
            given |= _privileges(READ) if role in self.readers else frozenset()
            yield role.value, given | _privileges(ADD) if role in self.adders else given


def _privileges(rights: str) -> frozenset[str]:
    return frozenset(filter(None, rights.split(", ")))


_SHARED: dict[str, SharedTable] = {}


def register_shared_table(
    name: str,
    reason: str,
    *,
    login: str = READ,
    scopes: str = READ,
    writers: frozenset[ScopeRole] = frozenset(),
    readers: frozenset[ScopeRole] = frozenset(),
    adders: frozenset[ScopeRole] = frozenset(),
) -> None:
    """Say that table ``name`` belongs to no tenant, why, and who may do what with it."""
    _SHARED[name] = SharedTable(name, reason, login, scopes, writers, readers, adders)


def shared_tables() -> dict[str, SharedTable]:
    return dict(_SHARED)


def apply_grants(connection: Any) -> None:
    """Bring the grants of every shared table that exists to what is registered. Run as the tables' owner."""
    existing = set(connection.introspection.table_names())
    everyone = ", ".join([LOGIN_APP, *SCOPE_ROLES, "PUBLIC"])
    with connection.cursor() as cursor:
        for table in _SHARED.values():
            if table.name not in existing:
                continue
            cursor.execute(f'REVOKE ALL ON TABLE "{table.name}" FROM {everyone}')
            for role, privileges in table.rights():
                if privileges:
                    cursor.execute(f'GRANT {", ".join(sorted(privileges))} ON TABLE "{table.name}" TO {role}')
        # The scheduler's tables number their rows.
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {LOGIN_APP}")


def _register_third_party() -> None:
    for name, reason in {
        "django_migrations": "which migrations ran; written by the owner",
        "django_content_type": "names of models",
        "django_site": "the service's own address, for sign-in",
    }.items():
        register_shared_table(name, reason)
    for name in ("auth_group", "auth_group_permissions", "auth_permission"):
        register_shared_table(name, "Django's own, unused", login=NOTHING, scopes=NOTHING)
    for name, reason in {
        "django_session": "sign-in sessions, before anyone is known",
        "sutg_cache": "rate limits of sign-in, and sealed answers to what was sent in the last minutes",
        "account_emailaddress": "e-mail addresses for sign-in",
        "account_emailconfirmation": "e-mail addresses for sign-in",
        "mfa_authenticator": "second factors for sign-in",
        "socialaccount_socialaccount": "sign-in through an outside directory",
        "socialaccount_socialapp": "sign-in through an outside directory",
        "socialaccount_socialapp_sites": "sign-in through an outside directory",
        "socialaccount_socialtoken": "sign-in through an outside directory",
        "allauth_idp_oidc_client": "sign-in of machines",
        "allauth_idp_oidc_token": "sign-in of machines",
        "django_celery_beat_clockedschedule": "when jobs run",
        "django_celery_beat_crontabschedule": "when jobs run",
        "django_celery_beat_intervalschedule": "when jobs run",
        "django_celery_beat_periodictask": "when jobs run",
        "django_celery_beat_periodictasks": "when jobs run",
        "django_celery_beat_solarschedule": "when jobs run",
    }.items():
        register_shared_table(name, reason, login=WRITE, scopes=NOTHING)


_register_third_party()
