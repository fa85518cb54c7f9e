"""Migrations: up to date with the models, and each of them there and back, on either database."""

import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from app import create_app
from app.core.db import db
from app.followups.machine import Action
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.notifications import GuestNoticeFactory, OutgoingMailFactory
from tests.support import lives
from tests.support.database import MIGRATIONS, config_for, empty_database

REVISIONS = [
    script.revision for script in reversed(list(ScriptDirectory(MIGRATIONS).walk_revisions()))
]


@pytest.fixture
def empty_app(tmp_path: Path):
    """Return an application whose database has no table yet."""
    with empty_database(os.environ.get("TEST_DATABASE_URL", ""), tmp_path) as url:
        app = create_app(config_for(tmp_path, url))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, db.metadata)


def test_the_models_are_what_the_migrations_make(empty_app):
    upgrade(MIGRATIONS)
    assert differences() == []
    assert tables() == set(db.metadata.tables)


def test_each_migration_goes_there_and_back(empty_app):
    for before, revision in zip(["base", *REVISIONS], REVISIONS, strict=False):
        upgrade(MIGRATIONS, revision)
        schema = tables()
        downgrade(MIGRATIONS, before)
        upgrade(MIGRATIONS, revision)
        assert tables() == schema
    downgrade(MIGRATIONS, "base")
    assert tables() == set()


def test_partial_indexes_and_checks_are_there(empty_app):
    upgrade(MIGRATIONS)
    inspector = inspect(db.engine)
    for table, name in (
        ("follow_ups", "uq_follow_ups_live"),
        ("reviews", "uq_reviews_live"),
        ("memberships", "uq_memberships_open"),
        ("notices", "ix_notices_waiting"),
        ("outgoing_mails", "ix_outgoing_mails_due"),
    ):
        [index] = [row for row in inspector.get_indexes(table) if row["name"] == name]
        options = index["dialect_options"]
        assert any(key.endswith("_where") and options[key] is not None for key in options), name
    assert {row["name"] for row in inspector.get_check_constraints("follow_ups")} == {
        "ck_follow_ups_kind"
    }


def test_a_reason_that_was_given_outlives_a_way_back_and_there_again(empty_app):
    upgrade(MIGRATIONS)
    agency, lead, officer = AgencyFactory(), UserFactory(), UserFactory(officer=True)
    MembershipFactory(agency=agency, user=lead)
    follow_up = lives.born(officer, agency=agency)
    lives.act(follow_up, Action.DISPATCH, officer)
    lives.give_back(lives.submit(follow_up, lead), officer)
    db.session.remove()
    count = text("SELECT count(*) FROM return_reasons")
    for way, revision, expected in ((downgrade, "0001", 1), (upgrade, "head", 10)):
        way(MIGRATIONS, revision)
        with db.engine.connect() as connection:
            assert connection.scalar(count) == expected


def test_reasons_are_seeded_once(empty_app):
    upgrade(MIGRATIONS)
    count = text("SELECT count(*) FROM return_reasons")
    with db.engine.connect() as connection:
        assert connection.scalar(count) == 10
    downgrade(MIGRATIONS, "0001")
    with db.engine.connect() as connection:
        assert connection.scalar(count) == 0


def test_mails_to_people_without_an_account_go_on_the_way_back(empty_app):
    upgrade(MIGRATIONS)
    kept = OutgoingMailFactory().id
    told = GuestNoticeFactory()
    guest = OutgoingMailFactory(to_guest=True, notices=[told])
    OutgoingMailFactory(to_guest=True, resent_from_id=guest.id, notices=[told])
    db.session.remove()
    downgrade(MIGRATIONS, "0002")
    with db.engine.connect() as connection:
        assert connection.scalars(text("SELECT id FROM outgoing_mails")).all() == [kept]
        assert connection.scalars(text("SELECT mail_id FROM mail_notices")).all() == [kept]
    upgrade(MIGRATIONS)
    OutgoingMailFactory(to_guest=True)
