"""Pages of agencies."""

from flask import Flask

from app.accounts.actors import register_duties
from app.agencies.queries import agency_team, duties_of
from app.notifications.registry import register_audience


def register_agencies(app: Flask) -> None:
    """Register the room's pages."""
    register_duties(app, duties_of)
    register_audience(app, "agency_team", agency_team)
