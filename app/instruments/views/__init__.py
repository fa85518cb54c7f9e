"""Pages of instruments, their questions, and evaluations."""

from flask import Flask

from app.accounts.permissions import Permission
from app.core.conflicts import register_conflicts
from app.core.navigation import Entry, register_navigation
from app.instruments.labels import CONFLICTS
from app.instruments.views import catalogue, cycles
from app.instruments.views.blueprint import bp

__all__ = ["catalogue", "cycles", "register_instruments"]


def register_instruments(app: Flask) -> None:
    """Register the room's pages."""
    app.register_blueprint(bp)
    register_conflicts(app, CONFLICTS)
    evaluations = Entry(
        "Evaluasi",
        "instruments.cycles",
        Permission.CYCLE_READ,
        order=40,
        covers=("instruments.index",),
    )
    register_navigation(app, evaluations)
