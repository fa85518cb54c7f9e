"""Pages of agencies: the list, one agency, who answers for it, and bringing a list in."""

from flask import Flask

from app.accounts.actors import register_duties
from app.accounts.permissions import Permission
from app.agencies.labels import CONFLICTS
from app.agencies.queries import agency_team, duties_of
from app.agencies.views import editing, importing, members, reading
from app.agencies.views.blueprint import bp
from app.core.conflicts import register_conflicts
from app.core.navigation import Entry, register_navigation
from app.notifications.registry import register_audience

__all__ = ["editing", "importing", "members", "reading", "register_agencies"]


def register_agencies(app: Flask) -> None:
    """Register the room's pages, and tell the rooms below who answers for an agency."""
    register_duties(app, duties_of)
    register_audience(app, "agency_team", agency_team)
    app.register_blueprint(bp)
    register_conflicts(app, CONFLICTS)
    register_navigation(app, Entry("Instansi", "agencies.index", Permission.AGENCY_READ, 50))
