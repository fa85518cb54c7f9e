"""Pages of agencies."""

from flask import Flask

from app.accounts.actors import register_duties
from app.agencies.queries import duties_of


def register_agencies(app: Flask) -> None:
    """Register the room's pages."""
    register_duties(app, duties_of)
