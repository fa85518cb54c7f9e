"""What every test can ask for. The database is a real one: SQLite, or `TEST_DATABASE_URL`.

Web tests and most others run in an outer transaction that is rolled back. What depends on real
commits, BEGIN IMMEDIATE or SKIP LOCKED lives in tests/db and asks for `real_app`.
"""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from app.core.db import db
from tests.support.client import Client
from tests.support.database import real_database

pytest_plugins = ["tests.fixtures.followups"]

TEST_DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
IS_POSTGRESQL = TEST_DATABASE_URL.startswith("postgres")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what holds on the other database alone."""
    foreign = "sqlite" if IS_POSTGRESQL else "postgresql"
    kept = [item for item in items if foreign not in item.keywords]
    left_out = [item for item in items if foreign in item.keywords]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


@pytest.fixture(scope="session")
def real_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return an application on a database of its own, migrated as an office's is."""
    folder = tmp_path_factory.mktemp("data")
    with real_database(TEST_DATABASE_URL, folder) as database:
        yield database.app


@pytest.fixture(scope="session")
def app(real_app: Flask) -> Flask:
    """Return the application that web tests share."""
    return real_app


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """Open the outer transaction of one test; nothing of it stays."""
    with app.app_context():
        engine = db.engine
    with engine.connect() as connection:
        outer = connection.begin()
        yield connection
        outer.rollback()


@pytest.fixture
def session(
    app: Flask, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """Bind `db.session` to the outer transaction, in the test and in each of its requests."""
    factory = sessionmaker(bind=connection, join_transaction_mode="create_savepoint")
    shared = scoped_session(factory, scopefunc=lambda: 0)
    monkeypatch.setattr(db, "session", shared)
    with app.app_context():
        yield shared()
        shared.remove()


@pytest.fixture
def client(app: Flask, session: Session) -> Client:
    """Return a browser without JavaScript, signed in as nobody."""
    return Client(app)
