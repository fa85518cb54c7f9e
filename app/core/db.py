"""The database: one `db` for the whole program, and what makes SQLite behave like a server."""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from app.core.base import Base

WRITING = "gugus_writing"
BUSY_TIMEOUT_MS = 15_000

db = SQLAlchemy(model_class=Base)


def register_database(app: Flask) -> None:
    """Bind the database to the application and set SQLite's pragmas on each connection."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            configure_sqlite(db.engine)


def insert_unless_there(model: type[Base]) -> Any:
    """Return an INSERT that knows ON CONFLICT, which each database has in a dialect of its own."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


def configure_sqlite(engine: Engine) -> None:
    """Take transactions out of the driver's hands; write transactions begin IMMEDIATE.

    A deferred transaction that reads and then writes fails at once when another wrote in
    between, whatever the busy timeout; one that begins IMMEDIATE waits for its turn.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
