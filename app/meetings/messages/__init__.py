"""What this room tells people by mail, and whom it means."""

from flask import Flask


def register_meeting_mails(app: Flask) -> None:
    """Register the room's mail kinds and audiences."""
