from pathlib import Path

import pytest
from flask import url_for

from app import create_app
from app.core import assets
from tests.support.database import config_for

STATIC = Path(__file__).parents[2] / "static"


@pytest.fixture
def office(tmp_path):
    """Return an application whose static files are a copy with hashed names."""
    app = create_app(config_for(tmp_path, f"sqlite:///{tmp_path}/gugus.sqlite3"))
    for source in ("css/gugus.css", "icons/sprite.svg"):
        target = tmp_path / "static" / source
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((STATIC / source).read_bytes())
    app.static_folder = str(tmp_path / "static")
    assets.build(app)
    assert assets.use_built(app)
    return app


def address(app, name):
    with app.test_request_context():
        return url_for("static", filename=name)


def test_pages_name_files_that_browsers_keep_for_good(office):
    url = address(office, "css/gugus.css")
    assert url.startswith("/static/dist/css/gugus.")
    response = office.test_client().get(url, headers={"Accept-Encoding": "br"})
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Encoding"] == "br"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in response.headers
    response.close()


def test_a_symbol_is_asked_for_within_its_file(office):
    with office.test_request_context():
        macro = office.jinja_env.get_template("components/icons.html").module.icon("mark")
    assert f'href="{address(office, "icons/sprite.svg")}#mark"' in macro


def test_a_file_that_was_not_built_keeps_its_plain_name(office):
    assert address(office, "js/none.js") == "/static/js/none.js"


def test_nothing_but_static_files_is_served_so(office):
    client = office.test_client()
    assert client.get("/static/dist/../../gugus.sqlite3").status_code == 404
    assert client.get("/static/dist/css/none.css").status_code == 404
