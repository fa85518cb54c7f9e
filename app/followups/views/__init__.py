"""Pages of follow-ups."""

from flask import Flask

from app.followups.services import perform  # noqa: F401 - the views that use it follow


def register_followups(app: Flask) -> None:
    """Register the room's pages, mail kinds and audiences."""
