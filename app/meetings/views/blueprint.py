"""The one blueprint of this room, to which each module of pages adds its own."""

from flask import Blueprint

bp = Blueprint("meetings", __name__)
