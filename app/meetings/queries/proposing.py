"""What a meeting should talk about because of the ones before it, and has not on its agenda yet.

The last minutes, action items that are still open, what was returned and has been silent, and
what earlier meetings did not reach. The worst comes first: late, then moved most often.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.agencies.models import Agency
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.followups.machine import OPEN_STATES, Action, State
from app.followups.models import FollowUp, Kind, Round
from app.followups.queries.narrowing import is_overdue
from app.followups.queries.visibility import visible_to
from app.followups.services.particulars import VERBS
from app.history.models import Event
from app.meetings.models import (
    AgendaItem,
    AgendaOrigin,
    AgendaOutcome,
    CarriedItem,
    Meeting,
    MeetingState,
    MinutesState,
)

SILENT_AFTER = timedelta(days=7)
"""How long an agency may be silent about what was returned before a meeting takes it up."""
LOOKED_BACK = 3
"""How many ended meetings are asked for what they did not reach."""
MOST = 500
"""How many follow-ups are proposed at once, the worst first."""
ITEMS = {
    AgendaOrigin.LAST_MINUTES: ("Pengesahan notulen {title}", 10),
    AgendaOrigin.OPEN_ACTIONS: ("Tindak lanjut rapat yang belum selesai", 30),
    AgendaOrigin.SILENT: ("Permintaan data yang dikembalikan dan belum dijawab", 15),
}
"""What stands on the agenda for each origin, and how many minutes it is given."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Something proposed for the agenda: an item, or one agency's follow-ups under an item.

    `key` is what a form sends back to choose it.
    """

    key: str
    origin: AgendaOrigin
    label: str
    title: str
    minutes: int | None = None
    presenter: str = ""
    carried_from_id: int | None = None
    follow_up_ids: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """Return how many things it would add."""
        return max(1, len(self.follow_up_ids))


class _Before(NamedTuple):
    id: int
    title: str
    minutes_state: MinutesState


class _Open(NamedTuple):
    id: int
    kind: Kind
    agency_id: int
    agency: str


def missing(meeting: Meeting, agenda: Iterable[AgendaItem], actor: Actor) -> list[Piece]:
    """Return what is not on a meeting's agenda (given as it is), in the order to talk about it."""
    before = _meetings_before(meeting)
    taken_up = {item.carried_from_id for item in agenda}
    pieces = []
    if before and not any(item.origin is AgendaOrigin.LAST_MINUTES for item in agenda):
        pieces.append(_last_minutes(before[0]))
    pieces += _open_follow_ups(meeting, actor)
    pieces += [
        Piece(
            key=f"agenda-{item.id}",
            origin=AgendaOrigin.NOT_REACHED,
            label=item.title,
            title=item.title,
            minutes=item.minutes,
            presenter=item.presenter,
            carried_from_id=item.id,
        )
        for item in _not_reached([row.id for row in before], meeting.id)
        if item.id not in taken_up
    ]
    return pieces


def times_moved() -> ScalarSelect[int]:
    """Return how often the due time of the follow-up in a query moved after it was sent."""
    extended, dispatched = aliased(Event), aliased(Event)
    was_sent = exists().where(
        dispatched.follow_up_id == extended.follow_up_id,
        dispatched.verb == VERBS[Action.DISPATCH],
        dispatched.id < extended.id,
    )
    return (
        select(func.count())
        .where(
            extended.follow_up_id == FollowUp.id,
            extended.verb == VERBS[Action.EXTEND],
            was_sent,
        )
        .correlate(FollowUp)
        .scalar_subquery()
    )


def _meetings_before(meeting: Meeting) -> list[_Before]:
    """Return the last meetings that ended before this one begins, the latest first."""
    found = db.session.execute(
        select(Meeting.id, Meeting.title, Meeting.minutes_state)
        .where(
            Meeting.state == MeetingState.ENDED,
            Meeting.id != meeting.id,
            Meeting.starts_at < meeting.starts_at,
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(LOOKED_BACK)
    )
    return [_Before(*row) for row in found]


def _last_minutes(last: _Before) -> Piece:
    title, minutes = ITEMS[AgendaOrigin.LAST_MINUTES]
    named = title.format(title=last.title)
    if last.minutes_state is MinutesState.APPROVED:
        named = named.replace("Pengesahan", "Pembacaan", 1)
    return Piece("notulen", AgendaOrigin.LAST_MINUTES, named, named, minutes)


def _not_reached(meeting_ids: Sequence[int], but_id: int) -> Sequence[AgendaItem]:
    """Return what those meetings did not reach and no other meeting takes up, the oldest first."""
    later = aliased(AgendaItem)
    taken_up = (
        exists()
        .where(later.carried_from_id == AgendaItem.id, later.meeting_id != but_id)
        .where(Meeting.id == later.meeting_id, Meeting.state != MeetingState.CANCELLED)
    )
    own = (AgendaOrigin.NEW, AgendaOrigin.NOT_REACHED)  # the others come back by themselves
    return db.session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.meeting_id.in_(meeting_ids),
            AgendaItem.outcome == AgendaOutcome.NOT_REACHED,
            AgendaItem.origin.in_(own),
            ~taken_up,
        )
        .order_by(AgendaItem.meeting_id, AgendaItem.position, AgendaItem.id)
    ).all()


def _open_follow_ups(meeting: Meeting, actor: Actor) -> list[Piece]:
    """Return what is open by agency: the agency with the worst first, its worst first."""
    groups: dict[tuple[AgendaOrigin, int], list[_Open]] = {}
    for row in _worst_first(meeting.id, actor, clock.now()):
        is_action = row.kind is Kind.ACTION_ITEM
        origin = AgendaOrigin.OPEN_ACTIONS if is_action else AgendaOrigin.SILENT
        groups.setdefault((origin, row.agency_id), []).append(row)
    prefixes = {AgendaOrigin.OPEN_ACTIONS: "tindak-lanjut", AgendaOrigin.SILENT: "diam"}
    return [
        Piece(
            key=f"{prefixes[origin]}-{agency_id}",
            origin=origin,
            label=rows[0].agency,
            title=ITEMS[origin][0],
            minutes=ITEMS[origin][1],
            follow_up_ids=tuple(row.id for row in rows),
        )
        for wanted in prefixes
        for (origin, agency_id), rows in groups.items()
        if origin is wanted
    ]


def _worst_first(meeting_id: int, actor: Actor, now: datetime) -> list[_Open]:
    on_agenda = select(CarriedItem.follow_up_id).where(CarriedItem.meeting_id == meeting_id)
    found = db.session.execute(
        select(FollowUp.id, FollowUp.kind, FollowUp.agency_id, Agency.short_name)
        .join(FollowUp.agency)
        .where(
            visible_to(actor),
            FollowUp.id.not_in(on_agenda),
            or_(_is_open_action(), _is_silent(now)),
        )
        .order_by(
            case((is_overdue(now), 0), else_=1),
            times_moved().desc(),
            FollowUp.due_at,
            FollowUp.id,
        )
        .limit(MOST)
    )
    return [_Open(*row) for row in found]


def _is_open_action() -> ColumnElement[bool]:
    return and_(FollowUp.kind == Kind.ACTION_ITEM, FollowUp.state.in_(sorted(OPEN_STATES)))


def _is_silent(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a request came back and nobody has written at it for days."""
    lately = exists().where(
        Round.follow_up_id == FollowUp.id,
        Round.number == FollowUp.round_no,
        Round.draft_at >= now - SILENT_AFTER,
    )
    return and_(
        FollowUp.kind == Kind.INDICATOR,
        FollowUp.state == State.RETURNED,
        FollowUp.state_since < now - SILENT_AFTER,
        ~lately,
    )
