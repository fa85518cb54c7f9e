"""What the homes say of meetings: the next one, and minutes that are not approved yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from app.core import clock, formatting
from app.core.actor import Actor
from app.core.db import db
from app.meetings import calendar, policy
from app.meetings.models import (
    AgendaItem,
    Answer,
    CarriedItem,
    Invitation,
    Meeting,
    MeetingState,
    MinutesState,
)
from app.meetings.queries.visibility import visible_to

SHOWN = 6
"""The next meeting, and so many whose minutes wait."""


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as a home shows it.

    `invited` and `answered` count invitations that were sent; `asked` and `unanswered` those of
    the person's own agencies.
    """

    year: int
    seq: int
    title: str
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    place: str
    video_url: str
    bring: str
    state: MeetingState
    minutes_state: MinutesState
    chair_id: int | None
    invited: int
    answered: int
    asked: int
    unanswered: int
    answer: Answer | None
    items: int
    carried: int

    @property
    def code(self) -> str:
        """Return the number that stands in its address: "RK-2026-02"."""
        return Meeting(year=self.year, seq=self.seq).code

    @property
    def hours(self) -> str:
        """Return from when to when, in the regency's zone."""
        return calendar.hours_of(self.starts_at, self.ends_at)

    @property
    def days_since(self) -> int:
        """Return how many days ago it ended."""
        return max(0, formatting.days_between(self.ended_at or self.ends_at, clock.now()))


@dataclass(frozen=True, slots=True)
class Meetings:
    """The next meeting that the person sees, and ended ones whose minutes wait."""

    next: MeetingRow | None
    waiting: Sequence[MeetingRow]


def look(actor: Actor) -> Meetings:
    """Return what a home says of meetings. One query.

    Minutes wait for officers; for a leader those alone that it is to approve as chair.
    """
    now = clock.now()
    is_coming = and_(
        Meeting.state.in_([MeetingState.DRAFT, MeetingState.INVITED]), Meeting.ends_at >= now
    )
    is_waiting = and_(
        Meeting.state == MeetingState.ENDED, Meeting.minutes_state != MinutesState.APPROVED
    )
    if not policy.can_manage(actor):
        chairs = Meeting.chair_id == actor.user_id
        is_waiting = and_(is_waiting, chairs, Meeting.minutes_state == MinutesState.SUBMITTED)
    found = db.session.execute(
        _columns(actor)
        .where(visible_to(actor), or_(is_coming, is_waiting))
        .order_by(case((is_coming, 0), else_=1), Meeting.starts_at, Meeting.id)
    )
    rows = [MeetingRow(**values) for values in found.mappings()]
    coming = [row for row in rows if row.state is not MeetingState.ENDED]
    waiting = [row for row in rows if row.state is MeetingState.ENDED]
    return Meetings(next(iter(coming), None), waiting[:SHOWN])


def _columns(actor: Actor) -> Select[*tuple[Any, ...]]:
    sent = select(func.count()).where(
        Invitation.meeting_id == Meeting.id,
        Invitation.sent_at.is_not(None),
        Invitation.withdrawn_at.is_(None),
    )
    own = sent.where(Invitation.agency_id.in_(sorted(actor.agency_ids)))
    counts = {
        "invited": sent,
        "answered": sent.where(Invitation.answer.is_not(None)),
        "asked": own,
        "unanswered": own.where(Invitation.answer.is_(None)),
        "answer": own.with_only_columns(func.min(Invitation.answer)),
        "items": select(func.count()).where(AgendaItem.meeting_id == Meeting.id),
        "carried": select(func.count()).where(CarriedItem.meeting_id == Meeting.id),
    }
    return select(
        Meeting.year,
        Meeting.seq,
        Meeting.title,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.ended_at,
        Meeting.place,
        Meeting.video_url,
        Meeting.bring,
        Meeting.state,
        Meeting.minutes_state,
        Meeting.chair_id,
        *(count.correlate(Meeting).scalar_subquery().label(name) for name, count in counts.items()),
    )
