"""Where a follow-up comes from, and in which meetings it was taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.actor import Actor
from app.core.db import db
from app.followups.models import FollowUp, Kind
from app.meetings import policy
from app.meetings.models import (
    CarriedItem,
    CarriedOutcome,
    Meeting,
    MeetingActionItem,
    MeetingFollowUp,
    MeetingState,
    MinutesState,
)
from app.meetings.queries.live import agenda_of, decisions_of
from app.meetings.queries.minutes import newest_version
from app.meetings.queries.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Origin:
    """The meeting that made a follow-up. `agenda` and `decision` are a number and its words.

    `code` is "" for who does not see the meeting; the words of a decision are "" for who does not
    read its minutes yet.
    """

    title: str
    starts_at: datetime
    code: str = ""
    agenda: tuple[int, str] | None = None
    decision: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A meeting that took a follow-up up again; `outcome` None where it has not been held yet."""

    title: str
    starts_at: datetime
    code: str
    outcome: CarriedOutcome | None
    words: str
    said_by: str
    due_at: datetime | None


def origin_of(follow_up: FollowUp, actor: Actor) -> Origin | None:
    """Return the meeting that made a follow-up; None where none did. At most four queries."""
    if follow_up.kind is not Kind.ACTION_ITEM:
        return None
    found = db.session.execute(
        select(MeetingActionItem, Meeting, visible_to(actor).label("is_seen"))
        .join(MeetingFollowUp, MeetingFollowUp.action_item_id == MeetingActionItem.id)
        .join(MeetingActionItem.meeting)
        .where(MeetingFollowUp.follow_up_id == follow_up.id)
    ).first()
    if found is None:
        return None
    item, meeting, is_seen = found
    if not is_seen:
        return Origin(meeting.title, meeting.starts_at)
    return Origin(
        title=meeting.title,
        starts_at=meeting.starts_at,
        code=meeting.code,
        agenda=_agenda(item),
        decision=_decision(item, meeting, actor),
    )


def taken_up(follow_up: FollowUp, actor: Actor) -> Sequence[TakenUp]:
    """Return the meetings that took a follow-up up again, the first one first.

    Those that were held; and those to come, where the person sees them.
    """
    found = db.session.execute(
        select(CarriedItem, Meeting, visible_to(actor).label("is_seen"))
        .join(Meeting, Meeting.id == CarriedItem.meeting_id)
        .where(
            CarriedItem.follow_up_id == follow_up.id,
            Meeting.state != MeetingState.CANCELLED,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [
        TakenUp(
            title=meeting.title,
            starts_at=meeting.starts_at,
            code=meeting.code if is_seen else "",
            outcome=(item.outcome or CarriedOutcome.KEEP) if _was_held(meeting) else None,
            words=item.words if _was_held(meeting) else "",
            said_by=item.said_by if _was_held(meeting) else "",
            due_at=item.due_at if _was_held(meeting) else None,
        )
        for item, meeting, is_seen in found
        if is_seen or _was_held(meeting)
    ]


def _was_held(meeting: Meeting) -> bool:
    return meeting.state is MeetingState.ENDED


def _agenda(item: MeetingActionItem) -> tuple[int, str] | None:
    for number, row in enumerate(agenda_of(item.meeting_id), 1):
        if row.id == item.agenda_item_id:
            return number, row.title
    return None


def _decision(item: MeetingActionItem, meeting: Meeting, actor: Actor) -> tuple[int, str] | None:
    """Return the decision behind an action item, as the person reads the minutes."""
    if item.decision_id is None:
        return None
    if policy.is_reader_of_all(actor) or meeting.minutes_state is MinutesState.APPROVED:
        for number, row in enumerate(decisions_of(meeting.id), 1):
            if row.id == item.decision_id:
                return number, row.words
        return None
    version = newest_version(meeting.id)
    for row in version.content["decisions"] if version else ():
        if row["id"] == item.decision_id:
            return row["number"], row["words"]
    return None
