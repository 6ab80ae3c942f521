"""The migration operation with which a table joins its tenant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import NotSupportedError
from django.db.migrations.operations.base import Operation
from django.db.models import Model

from sutg.tenancy.access import Access, Right, close_sql, disable_sql, enable_sql
from sutg.tenancy.erasing import ERASED_BY_AGE
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.roles import ScopeRole


class EnableTenancy(Operation):
    """Lock a table in the migration that creates it: policies, grants, and foreign keys that start with the provider.

    ``EnableTenancy("visit", provider="SELECT, INSERT, UPDATE", report="SELECT")``; the rights repeat the model's
    ``tenancy`` declaration, since a migration must not change when the model does.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, **rights: str) -> None:
        self.model_name = model_name
        self.rights = rights
        self.access = Access(**{role: Right(right) for role, right in rights.items()})

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.model_name], self.rights

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The table's shape is unchanged."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in [*_foreign_keys(model), *enable_sql(model._meta.db_table, self.access)]:
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        # Undone just before the table is dropped; from_state is the state in which it still exists.
        model = from_state.apps.get_model(app_label, self.model_name)
        for statement in disable_sql(model._meta.db_table, self.access):
            schema_editor.execute(statement)
        for field in _tenant_keys(model):
            schema_editor.execute(
                f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{_constraint_name(model, field)}"'
            )

    def describe(self) -> str:
        return f"Lock {self.model_name} to its provider"


class ChangeAccess(EnableTenancy):
    """Other rights to a table that is locked already, from ``before`` to what is named.

    ``ChangeAccess("visit", {"provider": "SELECT"}, provider="SELECT, INSERT")``.
    """

    def __init__(self, model_name: str, before: dict[str, str], **rights: str) -> None:
        super().__init__(model_name, **rights)
        self.before = before
        self.access_before = Access(**{role: Right(right) for role, right in before.items()})

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.model_name, self.before], self.rights

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        self._exchange(schema_editor, table, self.access_before, self.access)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        self._exchange(schema_editor, table, self.access, self.access_before)

    def _exchange(self, schema_editor: Any, table: str, old: Access, new: Access) -> None:
        # Row security stays on throughout; what is closed and opened is in one transaction.
        for statement in [*close_sql(table, old), *enable_sql(table, new)]:
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"Change who may do what with {self.model_name}"


class AllowErasing(EnableTenancy):
    """Let rows of a locked table be deleted, by a transaction that says it erases and by nothing else.

    ``AllowErasing("incidentnote", provider="SELECT, INSERT, UPDATE, DELETE")``: the rights as they are from now on.
    See :mod:`sutg.tenancy.erasing`, which says it.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        schema_editor.execute(ERASED_BY_AGE)
        schema_editor.execute(
            f'CREATE TRIGGER "{table}_erased_by_age" BEFORE DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION sutg_erased_by_age()"
        )
        for role in self._erasers():
            schema_editor.execute(f'GRANT DELETE ON TABLE "{table}" TO {role}')

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for role in self._erasers():
            schema_editor.execute(f'REVOKE DELETE ON TABLE "{table}" FROM {role}')
        schema_editor.execute(f'DROP TRIGGER "{table}_erased_by_age" ON "{table}"')

    def _erasers(self) -> Iterator[ScopeRole]:
        for role, right in self.access.given():
            if "DELETE" in right.privileges:
                yield role

    def describe(self) -> str:
        return f"Let rows of {self.model_name} be erased by their age"


class AddTenantKey(Operation):
    """The foreign key of a :class:`TenantForeignKey` that a table gains after it was locked.

    ``AddTenantKey("session", "opening_pattern")``, after the ``AddField`` of the key and of its column.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def deconstruct(self) -> Any:
        return self.__class__.__name__, [self.model_name, self.field_name], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The table's shape is unchanged."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(_foreign_key(model, model._meta.get_field(self.field_name)))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        name = _constraint_name(model, model._meta.get_field(self.field_name))
        schema_editor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{name}"')

    def describe(self) -> str:
        return f"Keep {self.model_name}.{self.field_name} within its provider"


@contextmanager
def every_tenants_rows(schema_editor: Any, *tables: str) -> Iterator[None]:
    """Let a migration that moves data see the rows of ``tables``, which the owner's policies hide from it as well.

    A policy for the owner alone, taken away again in the migration's own transaction: nobody else ever sees it.
    """
    if not schema_editor.connection.in_atomic_block:
        msg = "A migration moves data inside its transaction."
        raise NotSupportedError(msg)
    for table in tables:
        schema_editor.execute(f'CREATE POLICY "{table}_moving" ON "{table}" TO CURRENT_USER USING (true)')
    yield
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with waiting checks cannot be altered
    for table in tables:
        schema_editor.execute(f'DROP POLICY "{table}_moving" ON "{table}"')


def _tenant_keys(model: type[Model]) -> Iterator[TenantForeignKey]:
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey):
            yield field


def _constraint_name(model: type[Model], field: TenantForeignKey) -> str:
    return f"{model._meta.db_table}_{field.column_name}_tenant_fk"


def _foreign_keys(model: type[Model]) -> Iterator[str]:
    for field in _tenant_keys(model):
        yield _foreign_key(model, field)


def _foreign_key(model: type[Model], field: TenantForeignKey) -> str:
    target = field.remote_field.model._meta.db_table
    return (
        f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{_constraint_name(model, field)}" '
        f'FOREIGN KEY (provider_id, "{field.column_name}") REFERENCES "{target}" (provider_id, id)'
    )
