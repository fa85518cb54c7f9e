"""The minutes while they are written: the whole page in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.agencies.models import Agency
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, NotVisible
from app.core.input import whole
from app.core.working_copy import WorkingCopy
from app.followups.models import FollowUp
from app.history.models import Event
from app.meetings import policy
from app.meetings.models import (
    CAME,
    AgendaItem,
    Attendance,
    CarriedItem,
    Decision,
    Meeting,
    MeetingActionItem,
    Presence,
)
from app.meetings.queries import finding
from app.meetings.queries.order import by_place
from app.meetings.queries.outcome import Outcome, outcomes_of
from app.meetings.queries.proposing import times_moved

MAX_TOLD = 5
"""How many changes of others are told one by one."""

Row = TypeVar("Row", AgendaItem, Decision, MeetingActionItem)


@dataclass(slots=True)
class Numbered:
    """A decision or an action item with its number in the meeting."""

    number: int
    row: Decision | MeetingActionItem
    outcome: Outcome | None = None


@dataclass(slots=True)
class Carried:
    """A follow-up from before, and how often its due time was moved."""

    row: CarriedItem
    moved: int = 0


@dataclass(slots=True)
class Section:
    """An agenda item with all that was said under it; `item` None: what belongs to none."""

    item: AgendaItem | None
    number: int | None = None
    decisions: list[Numbered] = field(default_factory=list)
    actions: list[Numbered] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return the id of the section on the page."""
        return f"agenda-{self.item.id if self.item else 0}"


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many lines of the attendance list say what; `waiting` have not been ticked yet."""

    present: int = 0
    excused: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a page has seen of a meeting: the last event, and when words were last saved."""

    event_id: int = 0
    drafted_at: datetime | None = None


def get_readable(code: str, actor: Actor) -> Meeting:
    """Return a meeting whose minutes the person reads as they are now. Raises `NotVisible`."""
    meeting = finding.get(code, actor)
    if not policy.can_read_minutes(actor, meeting):
        raise NotVisible
    return meeting


def sections_of(meeting: Meeting) -> list[Section]:
    """Return the meeting's agenda with decisions, action items and what was carried over.

    What belongs to no agenda item stands in a last section; it is there where nothing else is.
    """
    items = agenda_of(meeting.id)
    sections = {item.id: Section(item, number) for number, item in enumerate(items, 1)}
    rest = Section(None)
    for number, decision in enumerate(decisions_of(meeting.id), 1):
        place = sections.get(decision.agenda_item_id or 0, rest)
        place.decisions.append(Numbered(number, decision))
    actions = actions_of(meeting.id)
    is_sent = any(action.sent_at is not None for action in actions)
    outcomes = outcomes_of(meeting.id) if is_sent else {}
    for number, action in enumerate(actions, 1):
        place = sections.get(action.agenda_item_id or 0, rest)
        place.actions.append(Numbered(number, action, outcomes.get(action.id)))
    for carried in carried_of(meeting.id):
        sections[carried.row.agenda_item_id].carried.append(carried)
    found = list(sections.values())
    return [*found, rest] if rest.decisions or rest.actions or not found else found


def agenda_of(meeting_id: int) -> Sequence[AgendaItem]:
    """Return the agenda items of a meeting in their order."""
    return db.session.scalars(
        select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()


def decisions_of(meeting_id: int) -> Sequence[Decision]:
    """Return the decisions of a meeting; the place of each is its number."""
    rows = select(Decision).where(Decision.meeting_id == meeting_id)
    return db.session.scalars(by_place(rows, Decision)).all()


def actions_of(meeting_id: int) -> Sequence[MeetingActionItem]:
    """Return the action items of a meeting; the place of each is its number."""
    rows = (
        select(MeetingActionItem)
        .where(MeetingActionItem.meeting_id == meeting_id)
        .options(joinedload(MeetingActionItem.agency), joinedload(MeetingActionItem.group))
    )
    return db.session.scalars(by_place(rows, MeetingActionItem)).all()


def carried_of(meeting_id: int) -> list[Carried]:
    """Return what was carried over, by agency, with how often each due time was moved."""
    rows = db.session.execute(_carried().where(CarriedItem.meeting_id == meeting_id))
    return [Carried(row, moved) for row, moved in rows]


def carried_item(meeting: Meeting, carried_id: int) -> Carried:
    """Return one that was carried over. Raises `NotVisible` where the meeting has none such."""
    found = db.session.execute(
        _carried().where(CarriedItem.meeting_id == meeting.id, CarriedItem.id == carried_id)
    ).one_or_none()
    if found is None:
        raise NotVisible
    return Carried(*found)


def _carried() -> Select[CarriedItem, int]:
    return (
        select(CarriedItem, times_moved())
        .join(CarriedItem.follow_up)
        .join(FollowUp.agency)
        .options(
            contains_eager(CarriedItem.follow_up).options(
                contains_eager(FollowUp.agency), joinedload(FollowUp.taken_by)
            )
        )
        .order_by(Agency.short_name, FollowUp.due_at, CarriedItem.id)
    )


def turnout_of(meeting_id: int) -> Turnout:
    """Return what the attendance list says in numbers."""
    ticked = Attendance.confirmed_at.is_not(None)
    came = Attendance.presence.in_(sorted(CAME))
    row = db.session.execute(
        select(
            func.count().filter(ticked, came),
            func.count().filter(ticked, Attendance.presence == Presence.EXCUSED),
            func.count().filter(~ticked),
        ).where(Attendance.meeting_id == meeting_id)
    ).one()
    return Turnout(*row)


# -- One row, locked with its meeting


def agenda_item(meeting: Meeting, item_id: int) -> AgendaItem:
    """Return an agenda item of a locked meeting. Raises `NotVisible`."""
    return _one(select(AgendaItem).where(AgendaItem.id == item_id), AgendaItem, meeting)


def agenda_numbered(meeting: Meeting, typed: str) -> AgendaItem | None:
    """Return the agenda item of a number as it was typed; None where nothing was.

    Raises `InvalidInput` at `nomor` where there is none such.
    """
    typed = typed.strip()
    if not typed:
        return None
    items = agenda_of(meeting.id)
    number = whole(typed) or 0
    if 1 <= number <= len(items):
        return items[number - 1]
    known = f"Nomornya 1 sampai {len(items)}." if items else "Agenda rapat ini kosong."
    raise InvalidInput(f"Tidak ada agenda nomor {typed[:9]}. {known}", "nomor")


def decision(meeting: Meeting, decision_id: int) -> Decision:
    """Return a decision of a locked meeting. Raises `NotVisible`."""
    return _one(select(Decision).where(Decision.id == decision_id), Decision, meeting)


def action_item(meeting: Meeting, item_id: int) -> MeetingActionItem:
    """Return an action item of a locked meeting, with agency and group. Raises `NotVisible`."""
    rows = (
        select(MeetingActionItem)
        .where(MeetingActionItem.id == item_id)
        .options(joinedload(MeetingActionItem.agency), joinedload(MeetingActionItem.group))
    )
    return _one(rows, MeetingActionItem, meeting)


def _one(rows: Select[Row], model: type[Row], meeting: Meeting) -> Row:
    found = db.session.scalar(
        rows.where(model.meeting_id == meeting.id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible
    return found


# -- What others changed meanwhile


def stamp_of(meeting_id: int, leaving_out: int | None = None) -> Stamp:
    """Return what there is to see of a meeting, in one query; `leaving_out` is a person's id."""
    events = select(func.max(Event.id)).where(Event.meeting_id == meeting_id)
    drafts = [
        select(func.max(model.draft_at)).where(column == meeting_id)
        for model, column in _working_copies()
    ]
    if leaving_out is not None:
        events = events.where(Event.actor_id.is_distinct_from(leaving_out))
        drafts = [
            rows.where(model.draft_by_id.is_distinct_from(leaving_out))
            for rows, (model, _) in zip(drafts, _working_copies(), strict=True)
        ]
    event_id, *drafted = db.session.execute(
        select(events.scalar_subquery(), *(rows.scalar_subquery() for rows in drafts))
    ).one()
    known = [moment for moment in drafted if moment is not None]
    return Stamp(event_id or 0, max(known, default=None))


def _working_copies() -> tuple[tuple[type[WorkingCopy], Any], ...]:
    return (
        (Meeting, Meeting.id),
        (AgendaItem, AgendaItem.meeting_id),
        (Decision, Decision.meeting_id),
        (MeetingActionItem, MeetingActionItem.meeting_id),
    )


def events_since(meeting_id: int, event_id: int, leaving_out: int | None) -> Sequence[Event]:
    """Return what others did since an event, the newest first."""
    return db.session.scalars(
        select(Event)
        .where(
            Event.meeting_id == meeting_id,
            Event.id > event_id,
            Event.actor_id.is_distinct_from(leaving_out),
        )
        .order_by(Event.id.desc())
        .limit(MAX_TOLD)
    ).all()


def writers_since(
    meeting_id: int, moment: datetime | None, leaving_out: int | None
) -> Sequence[str]:
    """Return who else saved words since a moment, by name."""
    found: set[int] = set()
    for model, column in _working_copies():
        rows = select(model.draft_by_id).where(
            column == meeting_id, model.draft_by_id.is_distinct_from(leaving_out)
        )
        if moment is not None:
            rows = rows.where(model.draft_at > moment)
        found |= {user_id for user_id in db.session.scalars(rows) if user_id is not None}
    if not found:
        return []
    return db.session.scalars(select(User.name).where(User.id.in_(found)).order_by(User.name)).all()
