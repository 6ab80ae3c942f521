"""The catalogue guard: reads PostgreSQL's own account of tables, policies, grants, views and functions.

It compares what is there with what the models declare, and finds every way in which a lock could have been weakened.
It runs before web and worker start, in ``manage.py check --database default``, and in the tests that weaken each
lock in turn. It needs no right but to read the catalogue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps

from sutg.tenancy.access import Access, Right, policy_name, predicate_of
from sutg.tenancy.faults import Fault, Reader, faults_of_roles
from sutg.tenancy.models import TenantModel
from sutg.tenancy.roles import ScopeRole
from sutg.tenancy.shared import shared_tables

# What pg_get_expr makes of the predicates of sutg.tenancy.access, on PostgreSQL 15 to 18.
_AS_STORED = {
    ScopeRole.PROVIDER: (
        "(provider_id = ( SELECT (NULLIF(current_setting('sutg.provider_id'::text, true), ''::text))::uuid"
        ' AS "nullif"))'
    ),
    ScopeRole.IDENTITY: (
        "(user_id = ( SELECT (NULLIF(current_setting('sutg.user_id'::text, true), ''::text))::uuid AS \"nullif\"))"
    ),
}


# What higher rooms hold of their own in the database: registered in AppConfig.ready().
Guard = Callable[[Reader], Iterable[Fault]]
_GUARDS: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """Have :func:`find_faults` ask ``guard`` as well."""
    _GUARDS.append(guard)


def tenant_tables() -> dict[str, Access]:
    """Table name → declared access, of every model that belongs to a provider."""
    return {model._meta.db_table: model.tenancy for model in tenant_models()}


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel) and not model._meta.proxy]


def find_faults(connection: Any, *, login: str | None = None) -> list[Fault]:
    """Every weakness of the tenancy locks in the database behind ``connection``.

    ``login`` is the role the application connects as; None takes the connection's own. Empty when all is well.
    """
    with connection.cursor() as cursor:
        if login is None:
            cursor.execute("SELECT session_user")
            login = cursor.fetchone()[0]
        read = Reader(cursor)
        return [
            *faults_of_roles(read, login),
            *_faults_of_tables(read),
            *_faults_of_policies(read),
            *_faults_of_grants(read, login),
            *_faults_of_keys(read),
            *_faults_of_views_and_functions(read),
            *(fault for guard in _GUARDS for fault in guard(read)),
        ]


def _faults_of_tables(read: Reader) -> Iterator[Fault]:
    tenant, shared = tenant_tables(), shared_tables()
    rows = read(
        "SELECT c.relname, c.relkind::text, c.relrowsecurity, c.relforcerowsecurity, "
        "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'provider_id' "
        "AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped) AS has_provider, "
        "EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'provider_id' "
        "AND a.attnotnull) AS provider_is_required, "
        "EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS is_child "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'f')"
    )
    names = {row[0] for row in rows}
    for name, kind, enabled, forced, has_provider, is_required, is_child in rows:
        if name in tenant or has_provider or is_child:
            if not enabled:
                yield Fault(f"table {name}", "has row security switched off")
            if not forced:
                yield Fault(f"table {name}", "does not force row security on its owner")
            if not is_required:
                yield Fault(f"table {name}", "has no required provider_id")
        if name not in tenant and not (is_child and enabled and forced):
            if name not in shared:
                yield Fault(f"table {name}", "is neither a tenant's nor listed as shared with a reason")
            elif has_provider:
                yield Fault(f"table {name}", "is listed as shared and has a provider_id")
        if kind == "f":
            yield Fault(f"table {name}", "is foreign: policies do not reach it")
    for missing in sorted(set(tenant) - names):
        yield Fault(f"table {missing}", "does not exist")
    for schema, name in read(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'public' AND n.nspname !~ '^pg_' "
        "AND n.nspname <> 'information_schema'"
    ):
        yield Fault(f"table {schema}.{name}", "lies outside the guarded schema")


def _faults_of_policies(read: Reader) -> Iterator[Fault]:
    wanted = {}
    for table, access in tenant_tables().items():
        for role, right in access.given():
            wanted[(table, policy_name(table, role))] = _policy_as_stored(role, right)
    found = {
        (table, name): (permissive, command, tuple(roles), using, check)
        for table, name, permissive, command, roles, using, check in read(
            "SELECT tablename, policyname, permissive, cmd, roles::text[], qual, with_check "
            "FROM pg_policies WHERE schemaname = 'public'"
        )
    }
    for table, name in sorted(wanted.keys() - found.keys()):
        yield Fault(f"table {table}", f"has lost its policy {name}")
    for table, name in sorted(found.keys() - wanted.keys()):
        yield Fault(f"table {table}", f"has a policy nobody declared: {name}")
    for key in sorted(wanted.keys() & found.keys()):
        if wanted[key] != found[key]:
            yield Fault(f"table {key[0]}", f"has its policy {key[1]} altered")


def _policy_as_stored(role: ScopeRole, right: Right) -> tuple[Any, ...]:
    predicate = _AS_STORED.get(role, predicate_of(role))
    reads_only = right is Right.READ
    return (
        "PERMISSIVE",
        "SELECT" if reads_only else "ALL",
        (role.value,),
        predicate,
        None if reads_only else predicate,
    )


def _faults_of_grants(read: Reader, login: str) -> Iterator[Fault]:
    wanted: dict[tuple[str, str], frozenset[str]] = {}
    for table, access in tenant_tables().items():
        for role, right in access.given():
            wanted[(table, role.value)] = right.privileges
    for shared in shared_tables().values():
        for name, privileges in shared.rights(login):
            wanted[(shared.name, name)] = privileges
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    # Whoever is neither owner nor a role we know has no business here; PUBLIC is role 0. A column's own grants count
    # as a grant on the table: the guard does not reason about columns.
    for table, role, privilege in read(
        "SELECT c.relname, coalesce(g.rolname, 'PUBLIC'), acl.privilege_type FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "CROSS JOIN LATERAL (SELECT grantee, privilege_type FROM aclexplode(c.relacl) UNION ALL "
        "SELECT grantee, privilege_type || ' to pass on' FROM aclexplode(c.relacl) WHERE is_grantable UNION ALL "
        "SELECT x.grantee, x.privilege_type || ' of a column' FROM pg_attribute a, aclexplode(a.attacl) x "
        "WHERE a.attrelid = c.oid) acl LEFT JOIN pg_roles g ON g.oid = acl.grantee "
        "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND acl.grantee <> c.relowner"
    ):
        found[(table, role)].add(privilege)
    for key in sorted(wanted.keys() | found.keys()):
        extra = found.get(key, set()) - wanted.get(key, frozenset())
        lost = wanted.get(key, frozenset()) - found.get(key, set())
        if extra:
            yield Fault(f"table {key[0]}", f"gives {key[1]} {', '.join(sorted(extra))}")
        if lost and key[0] in tenant_tables():
            yield Fault(f"table {key[0]}", f"has lost {key[1]}'s {', '.join(sorted(lost))}")
    for (role,) in read(
        "SELECT DISTINCT coalesce(g.rolname, 'PUBLIC') FROM pg_default_acl d "
        "CROSS JOIN LATERAL aclexplode(d.defaclacl) acl LEFT JOIN pg_roles g ON g.oid = acl.grantee "
        "WHERE d.defaclobjtype = 'r' AND acl.grantee <> d.defaclrole"
    ):
        yield Fault(f"role {role}", "is given every new table by default")


def _faults_of_keys(read: Reader) -> Iterator[Fault]:
    tenant = tenant_tables()
    for table, index in read(
        "SELECT t.relname, i.relname FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid "
        "JOIN pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_attribute a "
        "ON a.attrelid = t.oid AND a.attnum = x.indkey[0] "
        "WHERE (x.indisunique OR x.indisexclusion) AND t.relname = ANY(%s) "
        "AND coalesce(a.attname, '') <> 'provider_id'",
        list(tenant),
    ):
        yield Fault(f"table {table}", f"has a unique key that joins tenants: {index}")
    provided = "(SELECT attname FROM pg_attribute WHERE attrelid = {0} AND attnum = {1}[1])"
    found = defaultdict(set)
    for table, target, own, theirs, columns, valid in read(
        f"SELECT t.relname, f.relname, {provided.format('c.conrelid', 'c.conkey')}, "  # noqa: S608  constants
        f"{provided.format('c.confrelid', 'c.confkey')}, "
        "(SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n) "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum), c.convalidated "
        "FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid "
        "WHERE c.contype = 'f'"
    ):
        if target in tenant and not (table in tenant and own == theirs == "provider_id"):
            yield Fault(f"table {table}", f"refers to {target} across tenants by {', '.join(columns)}")
        if not valid:
            yield Fault(f"table {table}", f"has an unchecked key to {target}")
        found[table].add((target, tuple(columns)))
    for model in tenant_models():
        table = model._meta.db_table
        for target, columns in _declared_keys(model):
            if (target, columns) not in found[table]:
                yield Fault(f"table {table}", f"has lost its key to {target} by {', '.join(columns)}")


def _declared_keys(model: type[TenantModel]) -> Iterator[tuple[str, tuple[str, ...]]]:
    from sutg.tenancy.fields import TenantForeignKey

    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey):
            yield field.remote_field.model._meta.db_table, ("provider_id", field.column_name)
        elif field.name == "provider":
            yield field.related_model._meta.db_table, ("provider_id",)  # type: ignore[union-attr]


def _faults_of_views_and_functions(read: Reader) -> Iterator[Fault]:
    for name, kind, is_invoker in read(
        "SELECT c.relname, c.relkind::text, coalesce('security_invoker=true' = ANY(c.reloptions) "
        "OR 'security_invoker=on' = ANY(c.reloptions), false) "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')"
    ):
        if kind == "m":
            yield Fault(f"view {name}", "is materialised: it has no policies")
        elif not is_invoker:
            yield Fault(f"view {name}", "reads as its owner instead of as whoever asks")
    for (name,) in read(
        "SELECT DISTINCT c.relname FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    ):
        yield Fault(f"table {name}", "has a rewrite rule, which acts as its owner")
    for name, is_definer, is_leakproof, volatility, source in read(
        "SELECT p.proname, p.prosecdef, p.proleakproof, p.provolatile::text, p.prosrc FROM pg_proc p "
        "JOIN pg_namespace n ON n.oid = p.pronamespace "
        "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    ):
        if is_leakproof:
            yield Fault(f"function {name}", "claims to leak nothing, so that it runs on rows before their policy")
        if is_definer:
            yield Fault(f"function {name}", "runs as its owner instead of as whoever asks")
        if volatility == "i" and "current_setting" in source:
            yield Fault(f"function {name}", "reads a setting and claims to be immutable")
    for (name,) in read(
        "SELECT p.proname FROM pg_policy y JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = y.oid "
        "AND d.refclassid = 'pg_proc'::regclass JOIN pg_proc p ON p.oid = d.refobjid WHERE p.provolatile = 'i'"
    ):
        yield Fault(f"function {name}", "is used by a policy and claims to be immutable")
    # Built-in functions are pinned and leave no dependency: what the policies stand on is looked at by name.
    for (volatility,) in read("SELECT provolatile::text FROM pg_proc WHERE proname = 'current_setting'"):
        if volatility != "s":
            yield Fault("function current_setting", "is not stable")
