"""Pages of follow-ups, one module for each use case."""

from flask import Flask

from app.accounts.permissions import Permission
from app.core.conflicts import register_conflicts
from app.core.navigation import Entry, register_navigation
from app.followups.labels import CONFLICTS
from app.followups.messages import register_followup_mails
from app.followups.views import (
    action_items,
    answering,
    commenting,
    detail,
    evidence,
    handing_out,
    lists,
    managing,
    queue,
    reviewing,
)
from app.followups.views.blueprint import bp
from app.followups.views.panels import register_followup_panels

__all__ = [
    "action_items",
    "answering",
    "commenting",
    "detail",
    "evidence",
    "handing_out",
    "lists",
    "managing",
    "queue",
    "register_followups",
    "reviewing",
]


def register_followups(app: Flask) -> None:
    """Register the room's pages, mail kinds and audiences."""
    app.register_blueprint(bp)
    register_conflicts(app, CONFLICTS)
    register_navigation(
        app, Entry("Tindak lanjut", "followups.index", Permission.FOLLOW_UP_READ, order=10)
    )
    register_navigation(
        app, Entry("Antrean pemeriksaan", "followups.queue", Permission.FOLLOW_UP_REVIEW, order=15)
    )
    register_followup_panels(app)
    register_followup_mails(app)
