"""How migrations run: each in a transaction of its own, one process at a time, on both databases.

SQLite changes a table by building it anew, which drops the old one: with foreign keys on, that
would empty every table that refers to it. The switch is ignored inside a transaction, so it is
thrown before; `foreign_key_check` then vouches for the result before each migration commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, Enum, text
from sqlalchemy.types import TypeDecorator

from app.core.db import WRITING

# Any number that no other program on the same PostgreSQL takes: "gugus" in ASCII.
ADVISORY_LOCK = 0x6775677573


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Throw SQLite's switch on the driver's connection, outside of any transaction."""
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        cursor.execute("PRAGMA foreign_keys=ON")


@contextmanager
def advisory_lock(connection: Connection) -> Iterator[None]:
    """Let one host at a time migrate a PostgreSQL database; the others wait, then find it done."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()


def check_foreign_keys(connection: Connection) -> None:
    """Refuse a migration that leaves a reference to nothing; it is rolled back."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        places = ", ".join(f"{row.table} row {row.rowid} -> {row.parent}" for row in broken[:10])
        raise RuntimeError(f"{len(broken)} rows refer to nothing after this migration: {places}")


def render_item(kind: str, item: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database: migrations import no app."""
    if kind != "type":
        return False
    if isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    if isinstance(item, JSON):  # Alembic renders the variant's own arguments without their imports
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    if isinstance(item, TypeDecorator) and type(item).__module__.startswith("app."):
        return f"sa.{item.impl!r}"
    return False


def number_revision(
    _context: MigrationContext, _revision: object, directives: list[MigrationScript]
) -> None:
    """Give a number to new migrations in order; make none where the models equal the schema."""
    for script in list(directives):
        if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
            if getattr(context.config.cmd_opts, "autogenerate", False):
                directives.remove(script)
            continue
        head = ScriptDirectory.from_config(context.config).get_current_head()
        script.rev_id = f"{int(head or 0) + 1:04d}"


def migrate() -> None:
    """Run what Alembic was asked to, on the application's own engine."""
    database: SQLAlchemy = current_app.extensions["migrate"].db
    sqlite = database.engine.dialect.name == "sqlite"
    guard = foreign_keys_off if sqlite else advisory_lock
    with (
        database.engine.connect().execution_options(**{WRITING: True}) as connection,
        guard(connection),
    ):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            render_item=render_item,
            process_revision_directives=number_revision,
            transactional_ddl=True,
            transaction_per_migration=True,
            on_version_apply=(lambda **_: check_foreign_keys(connection)) if sqlite else None,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations read the database that they change: --sql is not supported.")
migrate()
