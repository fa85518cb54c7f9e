"""What an agency is told when a meeting has ended: its own first, then what was decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core import settings
from app.core.db import db
from app.followups.machine import AT_AGENCY, Action, State
from app.followups.messages.told import Told, clipped, day_of, one_line, tell
from app.followups.services.particulars import VERBS
from app.meetings.calendar import hours_of
from app.meetings.models import Invitation, Meeting
from app.meetings.queries.live import decisions_of
from app.meetings.queries.visibility import was_asked
from app.notifications.models import Notice
from app.notifications.registry import Recipient


@dataclass(frozen=True)
class Ended:
    """One meeting in a mail to one person: what is new to do, what became of the old, decisions."""

    meeting: Meeting
    items: Sequence[Told]
    decisions: Sequence[tuple[int, str]]
    may_open: bool
    """Whether the person's agency was invited, and so sees the meeting's page."""

    @property
    def title(self) -> str:
        """Return what the meeting is called, on one line."""
        return one_line(self.meeting.title)

    @property
    def hours(self) -> str:
        """Return from when to when it was."""
        return hours_of(self.meeting.starts_at, self.meeting.ended_at or self.meeting.ends_at)

    @property
    def url(self) -> str:
        """Return the address of its page, as people outside reach it."""
        return settings.public_url(f"/rapat/{self.meeting.code}")

    @property
    def new(self) -> list[Told]:
        """Return what is to be done from now on."""
        return self._of(Action.DISPATCH)

    @property
    def extended(self) -> list[Told]:
        """Return what has more time."""
        return self._of(Action.EXTEND)

    @property
    def closed(self) -> list[Told]:
        """Return what is done."""
        return self._of(Action.ACCEPT)

    @property
    def cancelled(self) -> list[Told]:
        """Return what nobody owes any more."""
        return self._of(Action.CANCEL)

    def _of(self, action: Action) -> list[Told]:
        return [told for told in self.items if told.event.verb == VERBS[action]]


def ended(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say what the person's agencies owe now, what became of the rest, and what was decided."""
    told = tell([notice for notice in notices if notice.follow_up_id], is_still_so)
    meetings = [
        ended_meeting
        for meeting in meetings_of(notices)
        if (ended_meeting := _ended(meeting, told, notices)).items or ended_meeting.decisions
    ]
    if not meetings:
        return None
    new = [item for meeting in meetings for item in meeting.new]
    return {
        "meetings": meetings,
        "first": meetings[0],
        "new": new,
        "until": day_of(min(item.due_at for item in new)) if new else "",
        "what": clipped(new[0].title) if len(new) == 1 else "",
        "was_due": was_due,
        "list_url": settings.public_url("/tindak-lanjut"),
    }


def was_due(told: Told) -> datetime:
    """Return when an extended follow-up was due before."""
    return datetime.fromisoformat(told.event.payload["due_was"])


def is_still_so(told: Told) -> bool:
    """Tell whether what happened to a follow-up is still worth telling."""
    follow_up, verb = told.follow_up, told.event.verb
    if verb == VERBS[Action.EXTEND]:
        return follow_up.state in AT_AGENCY
    if verb == VERBS[Action.ACCEPT]:
        return follow_up.state is State.CLOSED
    if verb == VERBS[Action.CANCEL]:
        return follow_up.state is State.CANCELLED
    is_theirs = told.notice.audience_ids.get("agency_id") == follow_up.agency_id
    return is_theirs and follow_up.state is not State.CANCELLED


def meetings_of(notices: Sequence[Notice]) -> Sequence[Meeting]:
    """Return the meetings that notices tell of, the oldest first."""
    ids = {notice.meeting_id for notice in notices if notice.meeting_id is not None}
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(sorted(ids)))
        .order_by(Meeting.starts_at, Meeting.id)
        .execution_options(populate_existing=True)
    ).all()


def may_open(meeting: Meeting, notices: Sequence[Notice]) -> bool:
    """Tell whether an agency that the notices are for was invited, and so sees the page."""
    ids = {notice.audience_ids.get("agency_id") for notice in notices} - {None}
    return (
        db.session.scalar(
            select(Invitation.id)
            .where(
                Invitation.meeting_id == meeting.id,
                Invitation.agency_id.in_(ids),
                was_asked(),
            )
            .limit(1)
        )
        is not None
    )


def _ended(meeting: Meeting, told: Sequence[Told], notices: Sequence[Notice]) -> Ended:
    decisions = enumerate(decisions_of(meeting.id), 1)
    return Ended(
        meeting=meeting,
        items=[item for item in told if item.notice.meeting_id == meeting.id],
        decisions=[(number, decision.words.strip()) for number, decision in decisions],
        may_open=may_open(meeting, notices),
    )
