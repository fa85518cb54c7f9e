"""Pages of instruments."""

from flask import Flask


def register_instruments(app: Flask) -> None:
    """Register the room's pages."""
