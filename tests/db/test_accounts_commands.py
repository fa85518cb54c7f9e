"""`flask accounts ...`, as an operator types it."""

import re

import pytest

from app.accounts import passwords, queries
from app.accounts.permissions import Role
from tests.conftest import TEST_DATABASE_URL
from tests.support.client import Client
from tests.support.database import real_database

NEW = {"password": "perahu-di-mahakam-7", "again": "perahu-di-mahakam-7"}
ADMIN = ["create-admin", "--username", "admin", "--name", "Rina, S.Kom."]


@pytest.fixture
def own_app(tmp_path):
    with real_database(TEST_DATABASE_URL, tmp_path) as database:
        yield database.app


def run(app, *arguments, **options):
    return app.test_cli_runner().invoke(args=["accounts", *arguments], **options)


def code_in(output):
    return re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", output).group()


def test_the_first_administrator_comes_in_by_a_code(own_app):
    made = run(own_app, *ADMIN)
    assert made.exit_code == 0, made.output
    assert "http://gugus.test/kode" in made.output
    browser = Client(own_app)
    typed = {"username": "admin", "code": code_in(made.output), **NEW}
    assert browser.post("/kode", typed).status_code == 303
    assert browser.get("/pengguna").status_code == 200


def test_twice_makes_one_administrator_and_changes_nothing(own_app):
    run(own_app, *ADMIN)
    again = run(own_app, *ADMIN)
    assert again.exit_code == 0
    assert "sudah ada" in again.output
    with own_app.app_context():
        assert queries.get_by_username("admin").role is Role.ADMIN


def test_a_password_is_read_from_standard_input_or_asked_for(own_app):
    made = run(own_app, *ADMIN, "--password-stdin", input=NEW["password"] + "\n")
    assert made.exit_code == 0
    assert NEW["password"] not in made.output
    asked = ["create-admin", "--password-prompt"]
    typed = f"admin2\nTono\n{NEW['password']}\n{NEW['password']}\n"
    assert run(own_app, *asked, input=typed).exit_code == 0
    with own_app.app_context():
        for username in ("admin", "admin2"):
            stored = queries.get_by_username(username).password_hash
            assert passwords.verify(NEW["password"], stored)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["create-admin", "--username", "A B", "--name", "Rina"], "Nama pengguna"),
        ([*ADMIN, "--email", "bukan"], "surel"),
        ([*ADMIN, "--password-stdin"], "paling sedikit"),
        (["reset-password", "tidak-ada"], "tidak ada"),
    ],
)
def test_a_refusal_is_a_sentence_and_not_a_traceback(own_app, arguments, says):
    refused = run(own_app, *arguments, input="pendek\n")
    assert refused.exit_code == 1
    assert says in refused.output


def test_a_lost_password_is_replaced_by_a_code(own_app):
    run(own_app, *ADMIN, "--password-stdin", input=NEW["password"] + "\n")
    reset = run(own_app, "reset-password", "ADMIN")
    assert reset.exit_code == 0
    typed = {"username": "admin", "code": code_in(reset.output), **NEW}
    assert Client(own_app).post("/kode", typed).status_code == 303
