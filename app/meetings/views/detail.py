"""A meeting's first page: what, when, where, and how far it is."""

from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.access import requires
from app.core.identity import current_actor
from app.meetings.queries import finding
from app.meetings.views.answering import own_context
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show


@bp.get("/rapat/<code>")
@requires(Permission.MEETING_READ)
def detail(code: str) -> ResponseReturnValue:
    """Show a meeting; to those invited with the answer that they gave, to be changed here."""
    meeting = finding.get(code, current_actor())
    return show("meetings/detail.html", meeting, **own_context(meeting))
