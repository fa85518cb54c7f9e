"""A meeting's first page: what, when, where, and how far it is."""

from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.access import requires
from app.core.identity import current_actor
from app.meetings.queries import finding
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show


@bp.get("/rapat/<code>")
@requires(Permission.MEETING_READ)
def detail(code: str) -> ResponseReturnValue:
    """Show a meeting."""
    return show("meetings/detail.html", finding.get(code, current_actor()))
