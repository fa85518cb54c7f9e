"""Approved minutes as they were frozen, and what differs between two of them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.access import requires
from app.core.errors import NotVisible
from app.core.identity import current_actor
from app.core.input import whole
from app.meetings.calendar import hours_of
from app.meetings.models import Meeting, MinutesVersion
from app.meetings.queries import finding
from app.meetings.queries.comparison import compare
from app.meetings.queries.minutes import newest_version, version_of, versions_of
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

MOMENTS = frozenset({"starts_at", "ends_at", "due_at", "was_due_at"})
DAYS = frozenset({"due_on", "dated", "date"})


@bp.get("/rapat/<code>/notulen/versi/<int:number>")
@requires(Permission.MEETING_READ)
def minutes_version(code: str, number: int) -> ResponseReturnValue:
    """Show one approved version, whole."""
    actor = current_actor()
    meeting = finding.get(code, actor)
    version = version_of(meeting, number, actor)
    return show(
        "meetings/version.html",
        meeting,
        version=version,
        versions=versions_of(meeting),
        text=text_of(version),
    )


@bp.get("/rapat/<code>/notulen/versi/<int:number>/perbedaan")
@requires(Permission.MEETING_READ)
def minutes_differences(code: str, number: int) -> ResponseReturnValue:
    """Show what a version says otherwise than another one: the one before, unless another."""
    actor = current_actor()
    meeting = finding.get(code, actor)
    version = version_of(meeting, number, actor)
    other = version_of(meeting, _other(number), actor)
    before, after = sorted((other, version), key=lambda row: row.number)
    return show(
        "meetings/differences.html",
        meeting,
        before=before,
        after=after,
        parts=compare(before.content, after.content),
        choices=_choices(meeting, version, other),
    )


def _other(number: int) -> int:
    asked = whole(request.args.get("dengan"))
    other = number - 1 if asked is None else asked
    if other == number:
        raise NotVisible
    return other


def _choices(
    meeting: Meeting, version: MinutesVersion, other: MinutesVersion
) -> list[tuple[int, str, bool]]:
    """Return the versions that this one can be compared with: number, address, whether chosen."""
    return [
        (
            row.number,
            url_for(
                "meetings.minutes_differences",
                code=meeting.code,
                number=version.number,
                dengan=row.number,
            ),
            row.number == other.number,
        )
        for row in versions_of(meeting)
        if row.number != version.number
    ]


def approved_text(meeting: Meeting) -> Any:
    """Return the newest approved minutes for whoever has a link to the meeting; None before."""
    newest = newest_version(meeting.id)
    return None if newest is None else text_of(newest)


def text_of(version: MinutesVersion) -> dict[str, Any]:
    """Return a frozen version as its page writes it: `hours` says from when to when."""
    text: dict[str, Any] = readable(version.content)
    about = text["meeting"]
    return text | {"hours": hours_of(about["starts_at"], about["ends_at"])}


def readable(content: Any) -> Any:
    """Return frozen minutes with moments and days as such, so that a page can write them."""
    if isinstance(content, Mapping):
        return {name: _value(name, value) for name, value in content.items()}
    return [readable(one) for one in content] if isinstance(content, list) else content


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str) and value and name in MOMENTS:
        return datetime.fromisoformat(value)
    if isinstance(value, str) and value and name in DAYS:
        return date.fromisoformat(value)
    return readable(value)
