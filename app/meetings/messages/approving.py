"""What those who were asked to come are told when minutes are approved: decisions, and changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.core import settings
from app.core.db import db
from app.followups.machine import Action
from app.followups.messages.told import Told, one_line, tell
from app.followups.services.particulars import VERBS
from app.history.models import Event
from app.meetings import tokens
from app.meetings.messages.ending import is_still_so, may_open, meetings_of
from app.meetings.models import Meeting, MinutesVersion
from app.meetings.queries.comparison import Part, compare
from app.notifications.models import Notice
from app.notifications.registry import Recipient

APPROVED, ENDED = "minutes_approved", "meeting_ended"
"""The events that say which version was told, and what was read out."""
TOLD_IN_WORDS = ("Keputusan", "Tindak lanjut")
"""The parts whose changes stand in the mail; of others it says that they changed."""


@dataclass(frozen=True)
class Approved:
    """The newest approved minutes of one meeting in a mail to one person."""

    meeting: Meeting
    version: MinutesVersion
    parts: Sequence[Part]
    """What differs from what the person was told last."""
    items: Sequence[Told]
    url: str
    """Where the minutes can be read; empty where the person may not."""

    @property
    def title(self) -> str:
        """Return what the meeting is called, on one line."""
        return one_line(self.meeting.title)

    @property
    def decisions(self) -> list[tuple[int, str]]:
        """Return the decisions with their numbers."""
        return [(row["number"], row["words"].strip()) for row in self.version.content["decisions"]]

    @property
    def in_words(self) -> list[Part]:
        """Return the parts whose changes the mail tells."""
        return [part for part in self.parts if part.title in TOLD_IN_WORDS]

    @property
    def others(self) -> str:
        """Return the names of the other parts that changed, joined."""
        return ", ".join(part.title for part in self.parts if part.title not in TOLD_IN_WORDS)

    @property
    def new(self) -> list[Told]:
        """Return what the person's agencies are to do that was added since."""
        return [item for item in self.items if item.event.verb == VERBS[Action.DISPATCH]]

    @property
    def cancelled(self) -> list[Told]:
        """Return what nobody owes any more."""
        return [item for item in self.items if item.event.verb == VERBS[Action.CANCEL]]


def approved(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say what was decided, what changed since the mail before, and where the minutes are."""
    told = tell([notice for notice in notices if notice.follow_up_id], is_still_so)
    found = [_approved(meeting, told, notices) for meeting in meetings_of(notices)]
    meetings = [row for row in found if row is not None]
    if not meetings:
        return None
    return {"meetings": meetings, "first": meetings[0], "count": len(meetings)}


def _approved(meeting: Meeting, told: Sequence[Told], notices: Sequence[Notice]) -> Approved | None:
    own = [notice for notice in notices if notice.meeting_id == meeting.id]
    versions = db.session.scalars(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting.id)
        .order_by(MinutesVersion.number)
    ).all()
    if not versions:
        return None
    newest = versions[-1]
    return Approved(
        meeting=meeting,
        version=newest,
        parts=compare(_told_before(meeting, versions, own), newest.content),
        items=[item for item in told if item.notice.meeting_id == meeting.id],
        url=_url(meeting, newest, own),
    )


def _told_before(
    meeting: Meeting, versions: Sequence[MinutesVersion], notices: Sequence[Notice]
) -> Mapping[str, Any]:
    """Return what people knew: the version before the first that is told, or what was read out."""
    told = db.session.scalars(
        select(Event.payload["version"].as_integer())
        .where(Event.id.in_([notice.event_id for notice in notices]), Event.verb == APPROVED)
        .order_by(Event.id)
    ).first()
    first = told or versions[-1].number
    before = next((row for row in versions if row.number == first - 1), None)
    if before is not None:
        return before.content
    read_out: Mapping[str, Any] | None = db.session.scalar(
        select(Event.payload["read_out"])
        .where(Event.meeting_id == meeting.id, Event.verb == ENDED)
        .order_by(Event.id.desc())
        .limit(1)
    )
    return read_out or {}


def _url(meeting: Meeting, version: MinutesVersion, notices: Sequence[Notice]) -> str:
    """Return where this person reads the minutes: on its page, or by a link of its own."""
    for notice in notices:
        if (invitation_id := notice.audience_ids.get("invitation_id")) is not None:
            return tokens.answer_url(meeting.id, invitation_id)
    if not may_open(meeting, notices):
        return ""
    return settings.public_url(f"/rapat/{meeting.code}/notulen/versi/{version.number}")
