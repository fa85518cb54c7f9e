"""Register the room's pages, and what it shows on pages of others."""

from flask import Flask

from app.accounts.permissions import Permission
from app.core.conflicts import register_conflicts
from app.core.navigation import Entry, register_navigation
from app.reports import labels
from app.reports.views import letters, lists, meetings, office, templates
from app.reports.views.blueprint import bp
from app.reports.views.panels import register_report_panels

__all__ = ["letters", "lists", "meetings", "office", "register_reports", "templates"]


def register_reports(app: Flask) -> None:
    """Register the room's pages."""
    app.register_blueprint(bp)
    register_conflicts(app, labels.CONFLICTS)
    register_navigation(app, Entry("Dokumen", "reports.documents", Permission.DOCUMENT_MANAGE, 55))
    register_report_panels(app)
