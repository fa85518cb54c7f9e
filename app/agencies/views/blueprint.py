"""The one blueprint of this room."""

from flask import Blueprint

bp = Blueprint("agencies", __name__)
