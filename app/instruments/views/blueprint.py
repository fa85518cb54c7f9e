"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("instruments", __name__)
