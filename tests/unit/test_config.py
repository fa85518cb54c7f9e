import dataclasses
import re
from pathlib import Path

import pytest

from config import SECRET_KEY_FILE, Config, ConfigError

ROOT = Path(__file__).parents[2]
FIELDS = {field.name for field in dataclasses.fields(Config)}
KEY = "k" * 32


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in FIELDS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


def faults_of(monkeypatch, **settings):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as raised:
        Config.from_env()
    return raised.value.faults


def test_one_machine_needs_no_setting(tmp_path):
    config = Config.from_env()
    assert f"sqlite:///{tmp_path}/gugus.sqlite3" == config.DATABASE_URL
    assert config.public_base_url == "http://127.0.0.1:8000"
    assert config.TIMEZONE == "Asia/Makassar"
    assert config.MAIL_HOLD_SECONDS == 120
    assert not config.DEMO


def test_a_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    first = Config.from_env().SECRET_KEY
    assert len(first) >= 48
    assert first == Config.from_env().SECRET_KEY
    assert (tmp_path / SECRET_KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_every_fault_is_listed_at_once(monkeypatch):
    faults = faults_of(
        monkeypatch,
        TIMEZONE="Mars/Base",
        PORT="70000",
        PUBLIC_BASE_URL="gugus.test",
        MAIL_USE_TLS="true",
        MAIL_USE_SSL="true",
        SECRET_KEY="short",
        TRUSTED_PROXIES="-1",
        MAIL_REPLY_TO="a@b.test\nBcc: c@d.test",
    )
    named = {fault.split(":")[0] for fault in faults}
    assert named == {
        "TIMEZONE",
        "PORT",
        "PUBLIC_BASE_URL",
        "MAIL_USE_TLS, MAIL_USE_SSL",
        "SECRET_KEY",
        "TRUSTED_PROXIES",
        "MAIL_REPLY_TO",
    }


def test_values_of_the_wrong_kind_are_listed_at_once(monkeypatch):
    faults = faults_of(monkeypatch, PORT="http", DEMO="perhaps", MAIL_PORT="")
    assert [fault.split(":")[0] for fault in faults] == ["DEMO", "MAIL_PORT", "PORT"]


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"MAIL_SERVER": "mail.test"}, "PUBLIC_BASE_URL"),
        ({"DATABASE_URL": "postgresql://u@h/d"}, "SECRET_KEY"),
        ({"DATABASE_URL": "mysql://u@h/d"}, "DATABASE_URL"),
        ({"MAIL_PORT": "0"}, "MAIL_PORT"),
        ({"PUBLIC_BASE_URL": "https://gugus.test/kla"}, "PUBLIC_BASE_URL"),
    ],
)
def test_what_cannot_work_together_is_refused(monkeypatch, settings, named):
    [fault] = faults_of(monkeypatch, **settings)
    assert fault.startswith(named)


def test_a_refusal_repeats_no_secret(monkeypatch):
    faults = faults_of(monkeypatch, SECRET_KEY="hunter2", DATABASE_URL="mysql://u:hunter2@h/d")
    assert "hunter2" not in " ".join(faults)


@pytest.mark.parametrize(
    "scheme", ["postgres", "postgresql", "postgresql+psycopg"], ids="{}://".format
)
def test_postgresql_is_spoken_to_through_psycopg(monkeypatch, scheme):
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u@h/d")
    monkeypatch.setenv("SECRET_KEY", KEY)
    assert Config.from_env().DATABASE_URL == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(("base", "secure"), [("https://g.test", True), ("http://g.test", False)])
def test_secure_cookies_follow_the_scheme(monkeypatch, base, secure):
    monkeypatch.setenv("PUBLIC_BASE_URL", base + "/")
    settings = Config.from_env().for_flask()
    assert settings["SESSION_COOKIE_SECURE"] is secure
    assert settings["PUBLIC_BASE_URL"] == base


def test_an_error_of_the_database_carries_nothing_that_was_typed(monkeypatch):
    assert Config.from_env().for_flask()["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"]


def test_the_example_names_every_setting_and_no_other():
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert {line.split("=")[0] for line in lines if re.match(r"[A-Z]", line)} == FIELDS


def test_the_example_can_be_run_with_as_it_is(monkeypatch, tmp_path):
    plain = Config.from_env()
    for line in (ROOT / ".env.example").read_text().splitlines():
        if re.match(r"[A-Z]", line):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert Config.from_env() == plain


def test_the_operators_page_names_every_setting_and_no_other():
    page = (ROOT / "docs" / "operating.md").read_text()
    rows = re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted(FIELDS)
