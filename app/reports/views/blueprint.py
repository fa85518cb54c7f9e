"""The blueprint that the room's pages belong to."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
