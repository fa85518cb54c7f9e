"""What every page of a meeting shows: its name, its state, and the ways to its other pages."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.core import htmx
from app.core.identity import current_actor
from app.meetings import labels, policy
from app.meetings.models import Meeting

TABS = (
    ("Ringkasan", "meetings.detail", False),
    ("Keterangan", "meetings.edit_meeting", True),
    ("Agenda", "meetings.agenda", False),
    ("Undangan", "meetings.invitations", True),
    ("Daftar hadir", "meetings.attendance", True),
    ("Notulen", "meetings.minutes", True),
    ("Pengesahan", "meetings.approval", True),
    ("Berkas", "meetings.files", False),
)
"""Label, endpoint, and whether it is for those who prepare meetings alone."""
UNTIL_OVER = frozenset({"meetings.edit_meeting"})
"""Pages that are for a meeting that is still prepared."""
UNDER = {
    "meetings.check": "meetings.minutes",
    "meetings.check_in_code": "meetings.attendance",
    "meetings.end": "meetings.minutes",
    "meetings.own_answers": "meetings.detail",
}
"""Pages that belong to another one though their address does not lie below its address."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A way to another page of the meeting, for the macro `tabs`."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


def tabs_of(meeting: Meeting) -> list[Tab]:
    """Return the pages of a meeting that the person may open."""
    actor = current_actor()
    manages, prepares = policy.can_manage(actor), policy.can_prepare(actor, meeting)
    offered = [
        (label, url_for(endpoint, code=meeting.code))
        for label, endpoint, managers_only in TABS
        if (manages or not managers_only) and (prepares or endpoint not in UNTIL_OVER)
    ]
    here = _marked(meeting)
    home = url_for("meetings.detail", code=meeting.code)
    return [
        Tab(label, url, is_current=here == url or (url != home and here.startswith(f"{url}/")))
        for label, url in offered
    ]


def _marked(meeting: Meeting) -> str:
    """Return the address that decides which tab is marked."""
    above = UNDER.get(request.endpoint or "")
    return url_for(above, code=meeting.code) if above else request.path


def show(
    template: str, meeting: Meeting, fragment: str | None = None, status: int = 200, **context: Any
) -> ResponseReturnValue:
    """Render a page of a meeting in its frame (`meetings/_frame.html`)."""
    return htmx.render_page(
        template,
        fragment,
        status=status,
        meeting=meeting,
        labels=labels,
        tabs=tabs_of(meeting),
        can_manage=policy.can_manage(current_actor()),
        **context,
    )
