"""The database as one file, and back: SQLite by its own online backup, PostgreSQL by its tools."""

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

import click
from sqlalchemy import inspect
from sqlalchemy.engine import URL

from app.core import clock, health
from app.core.db import db


class DatabaseCopy(Protocol):
    """How one kind of database is copied."""

    member: str
    """The copy's name within a backup."""

    def dump(self, target: Path) -> str | None:
        """Write a copy that is right as of one moment; return the migration that it is at."""

    def load(self, source: Path) -> None:
        """Replace the database by a copy."""

    def has_tables(self) -> bool:
        """Tell whether there is anything in the database."""


def database_copy() -> DatabaseCopy:
    """Return how the database of this office is copied."""
    url = db.engine.url
    return SqliteCopy(url) if url.get_backend_name() == "sqlite" else PostgresCopy(url)


class SqliteCopy:
    """SQLite: page by page, while others go on writing."""

    member = "database.sqlite3.gz"

    def __init__(self, url: URL) -> None:
        if not url.database or url.database == ":memory:":
            raise click.ClickException("a database in memory cannot be backed up")
        self._path = Path(url.database)

    def dump(self, target: Path) -> str | None:
        """Write a copy that is right as of one moment; return the migration that it is at."""
        plain = target.with_suffix("")
        with (
            closing(sqlite3.connect(self._path)) as source,
            closing(sqlite3.connect(plain)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            revision = _revision(copy)
        with plain.open("rb") as file, gzip.open(target, "wb", compresslevel=6) as packed:
            shutil.copyfileobj(file, packed, 1024 * 1024)
        plain.unlink()
        return revision

    def load(self, source: Path) -> None:
        """Replace the database by a copy; the one before stays beside it under another name."""
        arriving = self._path.with_name(f".{self._path.name}.arriving")
        with gzip.open(source) as packed, arriving.open("wb") as file:
            shutil.copyfileobj(packed, file, 1024 * 1024)
            file.flush()
            os.fsync(file.fileno())
        for ending in ("-wal", "-shm", "-journal"):
            Path(f"{self._path}{ending}").unlink(missing_ok=True)
        if self._path.exists() and self._path.stat().st_size:
            moment = clock.now()
            self._path.replace(
                self._path.with_name(f"replaced-{moment:%Y%m%d-%H%M%S}-{self._path.name}")
            )
        arriving.replace(self._path)

    def has_tables(self) -> bool:
        """Tell whether there is anything in the database."""
        return self._path.exists() and bool(inspect(db.engine).get_table_names())


class PostgresCopy:
    """PostgreSQL: by pg_dump and pg_restore, which know its every version."""

    member = "database.pgdump"

    def __init__(self, url: URL) -> None:
        self._url = url

    def dump(self, target: Path) -> str | None:
        """Write a copy that is right as of one moment; return the migration that it is at."""
        revision = health.schema_revision()
        db.session.rollback()
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={target}")
        return revision

    def load(self, source: Path) -> None:
        """Replace the database by a copy, in one transaction."""
        self._run(
            "pg_restore",
            *("--clean", "--if-exists", "--no-owner", "--no-acl"),
            *("--single-transaction", "--exit-on-error", f"--dbname={self._url.database}"),
            str(source),
        )

    def has_tables(self) -> bool:
        """Tell whether there is anything in the database."""
        return bool(inspect(db.engine).get_table_names())

    def _run(self, program: str, *arguments: str) -> None:
        path = shutil.which(program)
        if path is None:
            raise click.ClickException(
                f"{program} is not installed: it comes with PostgreSQL's client programs"
                " (Debian and Ubuntu: apt-get install postgresql-client)"
            )
        command: Sequence[str] = (path, *arguments)
        environment = os.environ | self._environment()
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, and no shell
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise click.ClickException(f"{program} failed: {done.stderr.strip()[:500]}")

    def _environment(self) -> dict[str, str]:
        """Return the address as PostgreSQL's programs read it: a password is no argument."""
        parts = {
            "PGHOST": self._url.host or self._url.query.get("host"),
            "PGPORT": str(self._url.port or self._url.query.get("port") or ""),
            "PGUSER": self._url.username,
            "PGPASSWORD": self._url.password,
            "PGDATABASE": self._url.database,
        }
        return {name: str(value) for name, value in parts.items() if value}


def _revision(connection: sqlite3.Connection) -> str | None:
    named = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    if not connection.execute(named).fetchone()[0]:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])
