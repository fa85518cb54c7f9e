"""The projector: the agenda item that is talked about, large, with what was resolved."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx
from app.core.access import requires
from app.core.identity import current_actor
from app.core.input import whole
from app.meetings.queries import live as queries
from app.meetings.queries.addressing import known_addressees
from app.meetings.views.blueprint import bp
from app.meetings.views.live import position_of, written_stamp
from app.meetings.views.presenting import show


@bp.get("/rapat/<code>/layar")
@requires(Permission.MEETING_READ)
def screen(code: str) -> ResponseReturnValue:
    """Show one agenda item for the whole room; its script asks again every few seconds."""
    meeting = queries.get_readable(code, current_actor())
    stamp = written_stamp(queries.stamp_of(meeting.id))
    if htmx.wants_fragment() and request.args.get("sejak") == stamp:
        return "", 204
    sections = queries.sections_of(meeting)
    at = min(max(whole(request.args.get("agenda")) or 1, 1), len(sections))
    return show(
        "meetings/screen.html",
        meeting,
        "meetings/_screen.html",
        section=sections[at - 1],
        at=at,
        total=len(sections),
        known=known_addressees(meeting.cycle),
        stamp=stamp,
        position_of=position_of,
        bare=True,
    )
