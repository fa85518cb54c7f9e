"""A meeting's agenda: its items with their hours, and the follow-ups that it takes up again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import exists, select

from app.agencies.models import Agency
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotVisible
from app.core.stale import fingerprint
from app.followups import numbering
from app.followups.machine import State
from app.followups.models import FollowUp
from app.followups.position import is_overdue
from app.followups.queries.visibility import visible_to
from app.instruments.models import Question
from app.meetings import labels, policy
from app.meetings.models import (
    AgendaItem,
    CarriedItem,
    CarriedOutcome,
    Decision,
    Meeting,
    MeetingActionItem,
)
from app.meetings.queries.proposing import times_moved

LONGEST = 600
"""How many minutes one item may take."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A follow-up from before, as an agenda shows it. `moved`: how often its due time moved."""

    id: int
    agenda_item_id: int
    outcome: CarriedOutcome | None
    year: int
    seq: int
    title: str
    ref: str | None
    state: State
    due_at: datetime
    agency_id: int
    agency: str
    moved: int

    @property
    def number(self) -> str:
        """Return the number that people say: "TL-2026-0123"."""
        return numbering.written(self.year, self.seq)

    @property
    def is_overdue(self) -> bool:
        """Tell whether it is the agency's turn and its time is over."""
        return is_overdue(self.state, self.due_at, clock.now())


@dataclass(frozen=True, slots=True)
class OfAgency:
    """What one agency has open under an agenda item, the worst first."""

    agency_id: int
    agency: str
    rows: Sequence[Carried]

    @property
    def late(self) -> int:
        """Return how many are past their due time."""
        return sum(row.is_overdue for row in self.rows)


@dataclass(frozen=True, slots=True)
class Place:
    """An agenda item where it stands. `starts_at` is None once an item before has no minutes."""

    item: AgendaItem
    number: int
    starts_at: datetime | None
    groups: Sequence[OfAgency]
    is_frozen: bool
    is_used: bool
    """Whether a decision or an action item goes back to it."""

    @property
    def carried(self) -> int:
        """Return how many follow-ups it takes up."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def ends_at(self) -> datetime | None:
        """Return when it is meant to be over."""
        if self.starts_at is None or self.item.minutes is None:
            return None
        return self.starts_at + timedelta(minutes=self.item.minutes)

    @property
    def why_kept(self) -> str:
        """Return why it can not be taken out; blank where it can."""
        has_outcomes = any(row.outcome for group in self.groups for row in group.rows)
        return labels.why_kept(
            is_frozen=self.is_frozen, is_used=self.is_used, has_outcomes=has_outcomes
        )


@dataclass(frozen=True)
class Agenda:
    """The whole agenda of a meeting."""

    meeting: Meeting
    places: Sequence[Place]

    @cached_property
    def minutes(self) -> int:
        """Return how long all items take that say how long."""
        return sum(place.item.minutes or 0 for place in self.places)

    @property
    def without_minutes(self) -> int:
        """Return how many items do not say how long they take."""
        return sum(place.item.minutes is None for place in self.places)

    @property
    def ends_at(self) -> datetime:
        """Return when the last item would be over."""
        return self.meeting.starts_at + timedelta(minutes=self.minutes)

    @property
    def is_too_long(self) -> bool:
        """Tell whether the items take longer than the meeting."""
        return self.ends_at > self.meeting.ends_at

    @property
    def items(self) -> list[AgendaItem]:
        """Return the items alone, in their order."""
        return [place.item for place in self.places]


def of_meeting(meeting: Meeting, actor: Actor) -> Agenda:
    """Return a meeting's agenda; of follow-ups taken up, those that the person sees."""
    decided = exists().where(Decision.agenda_item_id == AgendaItem.id)
    tasked = exists().where(MeetingActionItem.agenda_item_id == AgendaItem.id)
    found = db.session.execute(
        select(AgendaItem, decided | tasked)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    carried = _carried(meeting.id, actor)
    places = []
    starts_at: datetime | None = meeting.starts_at
    for number, (item, is_used) in enumerate(found, 1):
        groups = _by_agency(row for row in carried if row.agenda_item_id == item.id)
        frozen = policy.is_frozen(item, meeting)
        place = Place(item, number, starts_at, groups, is_frozen=frozen, is_used=is_used)
        places.append(place)
        starts_at = place.ends_at
    return Agenda(meeting, places)


def seen_of(item: AgendaItem) -> str:
    """Return a mark of what an item says now: another edit moves it."""
    return fingerprint(item.title, item.presenter, item.minutes)


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """Return the items of a meeting in their order."""
    return list(
        db.session.scalars(
            select(AgendaItem)
            .where(AgendaItem.meeting_id == meeting.id)
            .order_by(AgendaItem.position, AgendaItem.id)
            .execution_options(populate_existing=True)
        )
    )


def get_item(meeting: Meeting, item_id: int) -> AgendaItem:
    """Return an item of the meeting. Raises `NotVisible`."""
    item = db.session.scalar(
        select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.meeting_id == meeting.id)
    )
    if item is None:
        raise NotVisible
    return item


def _carried(meeting_id: int, actor: Actor) -> list[Carried]:
    found = db.session.execute(
        select(
            CarriedItem.id,
            CarriedItem.agenda_item_id,
            CarriedItem.outcome,
            FollowUp.year,
            FollowUp.seq,
            FollowUp.title,
            Question.ref,
            FollowUp.state,
            FollowUp.due_at,
            FollowUp.agency_id,
            Agency.short_name.label("agency"),
            times_moved().label("moved"),
        )
        .join(CarriedItem.follow_up)
        .join(FollowUp.agency)
        .outerjoin(FollowUp.question)
        .where(CarriedItem.meeting_id == meeting_id, visible_to(actor))
        .order_by(CarriedItem.id)
    )
    return [Carried(**row) for row in found.mappings()]


def _by_agency(rows: Iterable[Carried]) -> list[OfAgency]:
    """Group rows by agency: the one with most that is late first, then the one with most."""
    grouped: dict[int, list[Carried]] = {}
    for row in rows:
        grouped.setdefault(row.agency_id, []).append(row)
    worst_first = [
        OfAgency(
            agency_id,
            own[0].agency,
            sorted(own, key=lambda row: (not row.is_overdue, -row.moved, row.due_at, row.id)),
        )
        for agency_id, own in grouped.items()
    ]
    return sorted(worst_first, key=lambda group: (-group.late, -len(group.rows), group.agency))
