"""The home page: what a person's roles let it see, the most urgent first."""

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from app.core import htmx
from app.core.access import signed_in
from app.core.navigation import Entry, register_navigation

bp = Blueprint("dashboard", __name__)


def register_dashboard(app: Flask) -> None:
    """Register the room's pages."""
    app.register_blueprint(bp)
    register_navigation(app, Entry("Beranda", "dashboard.home", order=0))


@bp.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """Show the home of whoever is signed in."""
    return htmx.render_page("dashboard/home.html")
