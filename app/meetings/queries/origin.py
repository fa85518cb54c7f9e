"""Where a follow-up comes from, and in which meetings it was taken up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Label, ScalarSelect, Subquery, func, select

from app.core.actor import Actor
from app.core.db import db
from app.followups.models import FollowUp, Kind
from app.meetings import policy
from app.meetings.models import (
    AgendaItem,
    CarriedItem,
    CarriedOutcome,
    Decision,
    Meeting,
    MeetingActionItem,
    MeetingFollowUp,
    MeetingState,
    MinutesState,
)
from app.meetings.queries.minutes import newest_version
from app.meetings.queries.order import place_of
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
    """Return the meeting that made a follow-up; None where none did. At most two queries."""
    if follow_up.kind is not Kind.ACTION_ITEM:
        return None
    made_by = (
        select(MeetingActionItem.meeting_id)
        .join(MeetingFollowUp, MeetingFollowUp.action_item_id == MeetingActionItem.id)
        .where(MeetingFollowUp.follow_up_id == follow_up.id)
        .scalar_subquery()
    )
    agenda, decisions = _agenda(made_by), _decisions(made_by)
    found = db.session.execute(
        select(
            Meeting,
            visible_to(actor),
            agenda.c.number,
            agenda.c.title,
            decisions.c.id,
            decisions.c.number,
            decisions.c.words,
        )
        .select_from(MeetingFollowUp)
        .join(MeetingActionItem, MeetingActionItem.id == MeetingFollowUp.action_item_id)
        .join(MeetingActionItem.meeting)
        .outerjoin(agenda, agenda.c.id == MeetingActionItem.agenda_item_id)
        .outerjoin(decisions, decisions.c.id == MeetingActionItem.decision_id)
        .where(MeetingFollowUp.follow_up_id == follow_up.id)
    ).first()
    if found is None:
        return None
    meeting, is_seen, place, title, decision_id, number, words = found
    if not is_seen:
        return Origin(meeting.title, meeting.starts_at)
    return Origin(
        title=meeting.title,
        starts_at=meeting.starts_at,
        code=meeting.code,
        agenda=None if place is None else (place, title),
        decision=None
        if decision_id is None
        else _decision(decision_id, (number, words), meeting, actor),
    )


def _agenda(meeting_id: ScalarSelect[int]) -> Subquery:
    """Select the agenda of a meeting with the number of each item."""
    order = (AgendaItem.position, AgendaItem.id)
    return (
        select(AgendaItem.id, AgendaItem.title, _number(*order))
        .where(AgendaItem.meeting_id == meeting_id)
        .subquery()
    )


def _decisions(meeting_id: ScalarSelect[int]) -> Subquery:
    """Select the decisions of a meeting with the number of each."""
    return (
        select(Decision.id, Decision.words, _number(*place_of(Decision)))
        .outerjoin(AgendaItem, AgendaItem.id == Decision.agenda_item_id)
        .where(Decision.meeting_id == meeting_id)
        .subquery()
    )


def _number(*order: Any) -> Label[int]:
    return func.row_number().over(order_by=order).label("number")


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


def _decision(
    decision_id: int, as_now: tuple[int, str], meeting: Meeting, actor: Actor
) -> tuple[int, str] | None:
    """Return the decision behind an action item, as the person reads the minutes."""
    if policy.is_reader_of_all(actor) or meeting.minutes_state is MinutesState.APPROVED:
        return as_now
    version = newest_version(meeting.id)
    for row in version.content["decisions"] if version else ():
        if row["id"] == decision_id:
            return row["number"], row["words"]
    return None
