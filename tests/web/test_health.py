import shutil
from collections import namedtuple

from sqlalchemy.exc import OperationalError

from app.core import health
from tests.support.queries import query_budget

Usage = namedtuple("Usage", "total used free")


def test_it_lives(client):
    response = client.get("/health/live")
    assert response.json == {"status": "ok"}
    assert response.headers["Cache-Control"] == "no-store"


def test_it_is_ready(client):
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json["status"] == "ready"


def test_what_rooms_tell_is_in_the_answer(app, client, monkeypatch):
    known = app.extensions[health.EXTENSION]
    monkeypatch.setitem(known, "oldest_unsent_mail", lambda: "2026-11-24T01:00:00+00:00")
    assert client.get("/health/ready").json["oldest_unsent_mail"].startswith("2026")


def test_a_schema_of_another_version_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health, "schema_revision", lambda: "0000")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "program needs" in response.json["migrations"]


def test_a_database_that_is_gone_is_not_ready_and_says_nothing_more(client, monkeypatch):
    def fail():
        raise OperationalError("SELECT 1", {}, OSError("host db.internal.test refused"))

    monkeypatch.setattr(health, "check_database", fail)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json["database"] == "OperationalError"
    assert "internal" not in response.get_data(as_text=True)


def test_a_full_disk_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(1, 1, 1024))
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "disk" in response.json["storage"]


def test_a_store_that_cannot_be_written_is_not_ready(app, client, monkeypatch, tmp_path):
    (tmp_path / "files").write_text("in the way")
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    assert client.get("/health/ready").json["storage"] == "FileExistsError"


def test_health_needs_no_sign_in_and_asks_for_little(client):
    with query_budget(4):
        client.get("/health/ready")
