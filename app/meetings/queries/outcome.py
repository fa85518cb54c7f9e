"""What became of a meeting: how far its action items are, and what of them is a person's own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.core.actor import Actor
from app.core.db import db
from app.followups import numbering
from app.followups.machine import State
from app.followups.models import FollowUp, FollowUpSupporter
from app.followups.queries.visibility import visible_to
from app.history.models import Event
from app.meetings.models import Meeting, MeetingActionItem, MeetingFollowUp


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many follow-ups of an action item are in each state. Cancelled ones are not owed."""

    states: Counter[State] = field(default_factory=Counter)
    number: str = ""
    """The number of one of them, with its state `only` where there is no other."""

    @property
    def closed(self) -> int:
        """Return how many are done."""
        return self.states[State.CLOSED]

    @property
    def total(self) -> int:
        """Return how many are owed or done."""
        return sum(self.states.values()) - self.states[State.CANCELLED]

    @property
    def only(self) -> State | None:
        """Return the state of an action item's one follow-up."""
        return next(iter(self.states)) if sum(self.states.values()) == 1 else None

    @property
    def is_done(self) -> bool:
        """Tell whether nothing of it is open."""
        return self.closed == self.total


def outcomes_of(meeting_id: int) -> Mapping[int, Outcome]:
    """Return how far each sent action item of a meeting is, by its id: one query."""
    rows = db.session.execute(
        select(
            MeetingFollowUp.action_item_id,
            FollowUp.state,
            func.max(FollowUp.year),
            func.max(FollowUp.seq),
            func.count(),
        )
        .join(FollowUp, FollowUp.id == MeetingFollowUp.follow_up_id)
        .join(MeetingActionItem, MeetingActionItem.id == MeetingFollowUp.action_item_id)
        .where(MeetingActionItem.meeting_id == meeting_id)
        .group_by(MeetingFollowUp.action_item_id, FollowUp.state)
    )
    found: dict[int, Outcome] = {}
    for item_id, state, year, seq, times in rows:
        number = numbering.written(year, seq)
        found.setdefault(item_id, Outcome(number=number)).states[state] += times
    return found


def own_follow_ups(meeting: Meeting, actor: Actor) -> Sequence[FollowUp]:
    """Return what a meeting asked of the person's agencies, as lead or helping, with the lead."""
    if not actor.agency_ids:
        return []
    mine = sorted(actor.agency_ids)
    helped = select(FollowUpSupporter.follow_up_id).where(FollowUpSupporter.agency_id.in_(mine))
    return db.session.scalars(
        select(FollowUp)
        .join(MeetingFollowUp, MeetingFollowUp.follow_up_id == FollowUp.id)
        .join(MeetingActionItem, MeetingActionItem.id == MeetingFollowUp.action_item_id)
        .where(
            MeetingActionItem.meeting_id == meeting.id,
            or_(FollowUp.agency_id.in_(mine), FollowUp.id.in_(helped)),
            visible_to(actor),
        )
        .options(joinedload(FollowUp.agency), joinedload(FollowUp.taken_by))
        .order_by(FollowUp.due_at, FollowUp.id)
    ).all()


def events_of(meeting_id: int) -> Sequence[Event]:
    """Return what happened to a meeting itself, newest first."""
    return db.session.scalars(
        select(Event).where(Event.meeting_id == meeting_id).order_by(Event.id.desc())
    ).all()
