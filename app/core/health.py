"""Whether the program lives, and whether it is ready to serve. For machines that watch it."""

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import settings
from app.core.access import public
from app.core.db import db

EXTENSION = "gugus_health"
# Enough for one more large upload and for the database to grow while somebody is called.
SMALLEST_FREE_BYTES = 100 * 1024 * 1024
MIGRATIONS = Path(__file__).parents[2] / "migrations"

bp = Blueprint("health", __name__, url_prefix="/health")

Information = Callable[[], Any]
"""Return something worth knowing of a running office, as JSON has it; never a reason to fail."""


def register_health(app: Flask) -> None:
    """Register the two addresses."""
    app.extensions[EXTENSION] = {}
    app.register_blueprint(bp)


def register_information(app: Flask, name: str, source: Information) -> None:
    """Add something worth knowing to the answer of `/health/ready` (the oldest unsent mail)."""
    app.extensions[EXTENSION][name] = source


@bp.get("/live")
@public
def live() -> ResponseReturnValue:
    """Answer while the process lives."""
    return _answer({"status": "ok"})


@bp.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Answer 200 only with database, migrations and storage in order."""
    found = {
        "database": _fault_of(check_database),
        "migrations": _fault_of(check_migrations),
        "storage": _fault_of(check_storage),
    }
    is_ready = not any(found.values())
    body: dict[str, Any] = {"status": "ready" if is_ready else "unready"}
    body |= {name: fault or "ok" for name, fault in found.items()}
    if is_ready:
        body |= {name: source() for name, source in current_app.extensions[EXTENSION].items()}
    return _answer(body, 200 if is_ready else 503)


class Unready(Exception):
    """A part that the program cannot serve without is not in order."""


def check_database() -> None:
    """Ask the database anything. Raises Unready, or what the database says."""
    db.session.execute(text("SELECT 1"))


def check_migrations() -> None:
    """Compare the database's schema with the program's. Raises Unready where they differ."""
    found, expected = schema_revision(), head_revision()
    if found != expected:
        raise Unready(f"the schema is at {found or 'nothing'}, the program needs {expected}")


def check_storage() -> None:
    """Write a file where evidence goes. Raises Unready where the disk is nearly full."""
    folder = settings.files_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"ready?")
    free = shutil.disk_usage(folder).free
    if free < SMALLEST_FREE_BYTES:
        raise Unready(f"{free // 1024 // 1024} MB of disk left")


@cache
def scripts() -> ScriptDirectory:
    """Return the migrations that the program carries."""
    return ScriptDirectory(str(MIGRATIONS))


@cache
def head_revision() -> str | None:
    """Return the newest of them."""
    return scripts().get_current_head()


def schema_revision() -> str | None:
    """Return the migration that the database is at; None for one that was never migrated."""
    connection = db.session.connection()
    if not db.engine.dialect.has_table(connection, "alembic_version"):
        return None
    revision: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _fault_of(check: Callable[[], None]) -> str | None:
    """Return what is wrong, in words that tell a stranger nothing about the machine."""
    try:
        check()
    except Unready as error:
        return str(error)
    except (SQLAlchemyError, OSError) as error:
        db.session.rollback()
        return type(error).__name__
    return None


def _answer(body: dict[str, Any], status: int = 200) -> ResponseReturnValue:
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
