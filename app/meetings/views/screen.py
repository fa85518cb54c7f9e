"""The projector: the agenda item that is talked about, large, with what was resolved."""

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx
from app.core.access import requires
from app.core.identity import current_actor
from app.core.input import whole
from app.meetings.models import AgendaOutcome
from app.meetings.queries import live as queries
from app.meetings.queries.addressing import known_addressees
from app.meetings.queries.live import Section
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
    at = min(whole(request.args.get("agenda")) or _current(sections), len(sections))
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


def _current(sections: Sequence[Section]) -> int:
    """Return which agenda item is talked about: the first that nothing was said to be done with."""
    for at, section in enumerate(sections, 1):
        if section.item is not None and section.item.outcome is AgendaOutcome.OPEN:
            return at
    return 1
