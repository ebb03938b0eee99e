"""Rules which the database itself refuses to break, whoever writes the row.

They are created after every migrate, not in a migration: SQLite drops a table's triggers whenever a later
migration rebuilds that table, and rebuilds none that the triggers of another speak of. So there they are
taken away before. A migrate that fails leaves them away: health says so until it is run again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections
from django.utils.module_loading import import_module, module_has_submodule


@dataclass(frozen=True)
class Trigger:
    """Refuse an INSERT, UPDATE or DELETE on a table when a condition over NEW and OLD holds, or a TRUNCATE.

    The condition is SQL that SQLite and PostgreSQL both read. A refusal surfaces as IntegrityError.
    """

    name: str
    table: str
    event: str
    message: str
    when: str = "1 = 1"

    def create(self, connection) -> Iterator[str]:
        if connection.vendor == "sqlite":
            if self.event != "TRUNCATE":  # unknown to it: there one empties by DELETE
                yield (
                    f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} WHEN {self.when} "
                    f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                )
            return
        each = "STATEMENT" if self.event == "TRUNCATE" else "ROW"
        row = "OLD" if self.event == "DELETE" else "NEW"
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger AS $$ BEGIN IF {self.when} THEN "
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$ LANGUAGE plpgsql"
        )
        yield (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH {each} EXECUTE FUNCTION {self.name}()"
        )

    def drop(self, connection) -> str:
        where = "" if connection.vendor == "sqlite" else f" ON {self.table}"
        return f"DROP TRIGGER IF EXISTS {self.name}{where}"


def append_only(table: str, message: str) -> list[Trigger]:
    return [
        Trigger(f"{table}_never_changed", table, "UPDATE", message),
        Trigger(f"{table}_never_removed", table, "DELETE", message),
        Trigger(f"{table}_never_emptied", table, "TRUNCATE", message),
    ]


def registered() -> Iterator[Trigger]:
    """Every trigger of the project: the TRIGGERS list of each app's triggers module."""
    for app in apps.get_app_configs():
        if app.module is not None and module_has_submodule(app.module, "triggers"):
            yield from getattr(import_module(f"{app.name}.triggers"), "TRIGGERS", [])


TRIGGERS = [
    *append_only("audit_event", "audit events are never changed or removed"),
    *append_only("audit_seal", "seals are never changed or removed"),
    *append_only("audit_sealedhead", "sealed heads are never changed or removed"),
    # Removed they are when the person asks for erasure, but never rewritten.
    Trigger("audit_look_never_changed", "audit_look", "UPDATE", "looks are never changed"),
]


def create(connection):
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in registered():
            if trigger.table in tables:
                cursor.execute(trigger.drop(connection))
                for statement in trigger.create(connection):
                    cursor.execute(statement)


def missing(connection) -> set[str]:
    """The names of those that the database does not have."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if is_sqlite
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        there = {name for (name,) in cursor.fetchall()}
    wanted = {trigger.name for trigger in registered() if not (is_sqlite and trigger.event == "TRUNCATE")}
    return wanted - there


def drop(connection):
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in registered():
            if trigger.table in tables:
                cursor.execute(trigger.drop(connection))


def drop_before_migrate(sender, using, plan, **kwargs):
    if plan and connections[using].vendor == "sqlite":
        drop(connections[using])


def create_after_migrate(sender, using, **kwargs):
    create(connections[using])
