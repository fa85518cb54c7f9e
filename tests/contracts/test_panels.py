"""What rooms show on each other's pages: arrows point down in templates too."""

import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask

from app.core.panels import EXTENSION, panels, register_panel, register_panels

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
ENDPOINT = re.compile(r"""url_for\(\s*["']([a-z_]+)\.""")
PLACE = re.compile(r"""panels\(\s*["']([a-z_]+)["']""")

FLOORS = [
    set(re.findall(r"[a-z]+", layer))
    for layer in next(
        contract["layers"]
        for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
            "importlinter"
        ]["contracts"]
        if contract["id"] == "floors"
    )
]


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(reversed(FLOORS)) if room in rooms)


@pytest.mark.parametrize("room", sorted({r for rooms in FLOORS for r in rooms} - {"core"}))
def test_templates_name_no_room_above(room):
    named = {
        (room, other)
        for path in (TEMPLATES / room).rglob("*.html")
        for other in ENDPOINT.findall(path.read_text())
        if any(other in rooms for rooms in FLOORS) and floor_of(other) > floor_of(room)
    }
    assert named == set(), "the page of a lower room offers a place: see app/core/panels.py"


def test_every_panel_has_a_place_on_a_page(app):
    offered = {
        place for path in TEMPLATES.rglob("*.html") for place in PLACE.findall(path.read_text())
    }
    assert set(app.extensions[EXTENSION]) <= offered


def test_panels_stand_in_their_order_and_what_is_empty_is_left_out():
    app = Flask(__name__)
    register_panels(app)
    register_panel(app, "agency", lambda thing, _actor: f"<b>{thing}</b>", order=20)
    register_panel(app, "agency", lambda _thing, _actor: None, order=15)
    register_panel(app, "agency", lambda _thing, actor: f"<i>{actor.role}</i>", order=10)
    with app.app_context():
        assert panels("agency", "Dinkes") == "<i>system</i>\n<b>Dinkes</b>"
        assert panels("follow_up", "TL-1") == ""
