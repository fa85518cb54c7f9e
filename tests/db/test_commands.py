"""Commands on a database that is empty, up to date, or another version's."""

from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.core import health
from app.core.db import db
from tests.conftest import TEST_DATABASE_URL
from tests.support.database import config_for, empty_database


@pytest.fixture
def empty_office(tmp_path: Path):
    """Return an application whose database has no table yet."""
    with empty_database(TEST_DATABASE_URL, tmp_path) as url:
        app = create_app(config_for(tmp_path, url))
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def run(app: Flask, *arguments: str, given: str = ""):
    return app.test_cli_runner().invoke(args=arguments, input=given)


def test_the_first_command_of_an_office_finds_its_tables(empty_office):
    create = ("accounts", "create-admin", "--username", "admin", "--name", "Ibu Admin")
    made = run(empty_office, *create, "--password-stdin", given="meja-hijau-sekali-73\n")
    assert made.exit_code == 0, made.output
    assert run(empty_office, "followups", "verify").exit_code == 0
    assert run(empty_office, "notifications", "status").exit_code == 0
    assert run(empty_office, "accounts", "reset-password", "admin").exit_code == 0


@pytest.mark.parametrize("revision", ["0000", "9999"])
def test_another_versions_database_is_left_alone(empty_office, monkeypatch, revision):
    monkeypatch.setattr(health, "schema_revision", lambda: revision)
    refused = run(empty_office, "followups", "verify")
    assert refused.exit_code == 1
    assert revision in refused.output
    assert "flask serve" in refused.output
