"""The one blueprint of this room, to which each module of pages adds its own."""

from flask import Blueprint

bp = Blueprint("followups", __name__)
