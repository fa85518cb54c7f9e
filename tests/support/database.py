"""Databases with real commits, for what an outer transaction cannot show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import create_app
from app.core.db import db
from config import Config

MIGRATIONS = str(Path(__file__).parents[2] / "migrations")


def config_for(folder: Path, database_url: str, **changes: object) -> Config:
    """Return the settings of a test's application: everything below one folder."""
    settings: dict[str, object] = {
        "HOST": "127.0.0.1",
        "PORT": 8000,
        "DATA_DIR": folder,
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a-key-for-tests-alone-0123456789abcdef",
        "PUBLIC_BASE_URL": "http://gugus.test",
        "TIMEZONE": "Asia/Makassar",
        "MAIL_SERVER": "",
        "MAIL_PORT": 25,
        "MAIL_USE_TLS": False,
        "MAIL_USE_SSL": False,
        "MAIL_USERNAME": "",
        "MAIL_PASSWORD": "",
        "MAIL_DEFAULT_SENDER": "gugus@dp3a.test",
        "MAIL_REPLY_TO": "",
        "MAIL_HOLD_SECONDS": 120,
        "TRUSTED_PROXIES": 0,
        "DEMO": False,
        "DEMO_PASSWORD": "",
    }
    return Config(**(settings | changes))  # type: ignore[arg-type]


@dataclass(frozen=True)
class RealDatabase:
    """An application with a database that nobody else uses."""

    app: Flask
    url: str


@contextmanager
def empty_database(server_url: str, folder: Path) -> Iterator[str]:
    """Make an empty database and yield its address: a file, or one on the PostgreSQL server."""
    if not server_url:
        yield f"sqlite:///{folder / 'gugus.sqlite3'}"
        return
    server = make_url(server_url).set(drivername="postgresql+psycopg")
    name = f"gugus_{folder.name}_{abs(hash(folder))}".lower().replace("-", "_")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    engine.dispose()


@contextmanager
def real_database(server_url: str, folder: Path, **changes: object) -> Iterator[RealDatabase]:
    """Yield an application on an empty database, migrated as an office's is."""
    with empty_database(server_url, folder) as url:
        app = create_app(config_for(folder, url, **changes))
        app.config["TESTING"] = False
        with app.app_context():
            upgrade(MIGRATIONS)
        yield RealDatabase(app, url)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
