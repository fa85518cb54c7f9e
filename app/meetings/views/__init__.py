"""Pages of meetings, one module for each use case."""

from flask import Flask

from app.accounts.permissions import Permission
from app.core.conflicts import register_conflicts
from app.core.navigation import Entry, register_navigation
from app.meetings.labels import CONFLICTS
from app.meetings.messages import register_meeting_mails
from app.meetings.views import (
    agenda,
    answering,
    approving,
    attendance,
    checking_in,
    deciding,
    decisions,
    detail,
    ending,
    files,
    inviting,
    listing,
    live,
    preparing,
    proving,
    screen,
    settling,
    tasking,
    versions,
    writing,
)
from app.meetings.views.blueprint import bp
from app.meetings.views.panels import register_meeting_panels

__all__ = [
    "agenda",
    "answering",
    "approving",
    "attendance",
    "checking_in",
    "deciding",
    "decisions",
    "detail",
    "ending",
    "files",
    "inviting",
    "listing",
    "live",
    "preparing",
    "proving",
    "register_meetings",
    "screen",
    "settling",
    "tasking",
    "versions",
    "writing",
]


def register_meetings(app: Flask) -> None:
    """Register the room's pages, mail kinds and audiences."""
    app.register_blueprint(bp)
    register_conflicts(app, CONFLICTS)
    ways = ("meetings.decisions",)
    register_navigation(app, Entry("Rapat", "meetings.index", Permission.MEETING_READ, 20, ways))
    register_meeting_mails(app)
    register_meeting_panels(app)
