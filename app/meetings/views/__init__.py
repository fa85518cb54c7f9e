"""Pages of meetings, one module for each use case."""

from flask import Flask

from app.core.conflicts import register_conflicts
from app.meetings.labels import CONFLICTS
from app.meetings.messages import register_meeting_mails
from app.meetings.views import detail, files
from app.meetings.views.blueprint import bp

__all__ = ["detail", "files", "register_meetings"]


def register_meetings(app: Flask) -> None:
    """Register the room's pages, mail kinds and audiences."""
    app.register_blueprint(bp)
    register_conflicts(app, CONFLICTS)
    register_meeting_mails(app)
