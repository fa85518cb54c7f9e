"""What agencies promised by a date: how dates moved, and what was kept.

A *promise* is a follow-up that was sent to its lead agency and not cancelled. A *move* is a due
date that was extended afterwards. The due date that a return or a reopening sets is the new
round's own, and no move; nor is one that changed while the follow-up was a draft.
"""

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy import Subquery, and_, bindparam, func, select, true

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp, Round
from app.followups.queries import narrowing as narrow
from app.followups.queries.counts import how_many
from app.followups.queries.narrowing import Evaluation
from app.followups.queries.visibility import visible_to
from app.history.models import Event

MOVED = "follow_up_extended"


@dataclass(frozen=True, slots=True)
class Move:
    """A due date that moved: from when to when, why, where and when it was decided, by whom."""

    old: datetime
    new: datetime
    reason: str
    moved_at: datetime
    by: str
    place: str = ""
    place_url: str = ""


@dataclass(frozen=True, slots=True)
class Promises:
    """How one agency kept what it leads. `kept`, `late`, `overdue`, `open` add up to all of it.

    * `kept`: it lies with DP3A or is closed, and the agency sent every round of it in time.
      How long DP3A then takes never counts.
    * `late`: the same, but the agency sent a round after that round's due time.
    * `overdue`: it waits for the agency, whose time is over.
    * `open`: it waits for the agency, in time.

    Sending counts for the lead that sent: rounds of a former lead count for nobody here. `moved`
    are promises whose date moved, `moves` how many times in all, whoever led then.
    """

    kept: int = 0
    late: int = 0
    overdue: int = 0
    open: int = 0
    moved: int = 0
    moves: int = 0

    def __add__(self, other: "Promises") -> "Promises":
        """Return both together, for who belongs to several agencies."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Promises(*(one + another for one, another in pairs))

    @property
    def total(self) -> int:
        """Return how many promises there are."""
        return self.kept + self.late + self.overdue + self.open


def moves_of(events: Iterable[Event]) -> list[Move]:
    """Return how the due date of a follow-up moved, from its events, in their order."""
    return [_move(event) for event in events if event.verb == MOVED and _is_move(event)]


def _is_move(event: Event) -> bool:
    return event.payload.get("round", 0) > 0 and "due_was" in event.payload


def _move(event: Event) -> Move:
    payload = event.payload
    return Move(
        old=datetime.fromisoformat(payload["due_was"]),
        new=datetime.fromisoformat(payload["due_at"]),
        reason=payload.get("words", ""),
        moved_at=event.at,
        by=event.actor_name,
        place=payload.get("at", ""),
        place_url=payload.get("at_url", ""),
    )


def of_agencies(
    actor: Actor, cycle: Evaluation | None = None, agency_ids: Collection[int] | None = None
) -> dict[int, Promises]:
    """Return the promises of agencies by their ids, as far as the person sees them: one query.

    Without `cycle` of all evaluations, without `agency_ids` of all agencies. An agency that
    promised nothing is left out.
    """
    promised = and_(
        visible_to(actor),
        narrow.of_cycle(cycle),
        FollowUp.state.not_in([State.DRAFT, State.CANCELLED]),
        true() if agency_ids is None else FollowUp.agency_id.in_(sorted(agency_ids)),
    )
    overdue = narrow.is_overdue(clock.now())
    sent = ~narrow.IS_AT_AGENCY
    moved, late = _moved(), _late(agency_ids)
    sent_late = late.c.follow_up_id.is_not(None)
    counted = db.session.execute(
        select(
            FollowUp.agency_id,
            how_many(and_(sent, ~sent_late)),
            how_many(and_(sent, sent_late)),
            how_many(overdue),
            how_many(and_(narrow.IS_AT_AGENCY, ~overdue)),
            func.count(moved.c.times),
            func.coalesce(func.sum(moved.c.times), 0),
        )
        .outerjoin(moved, moved.c.follow_up_id == FollowUp.id)
        .outerjoin(
            late, and_(late.c.follow_up_id == FollowUp.id, late.c.agency_id == FollowUp.agency_id)
        )
        .where(promised)
        .group_by(FollowUp.agency_id)
        .order_by(FollowUp.agency_id)
    )
    return {agency_id: Promises(*numbers) for agency_id, *numbers in counted}


def of_own_agencies(actor: Actor, cycle: Evaluation | None = None) -> Promises:
    """Return the promises of the agencies that a person answers for, together: one query."""
    found = of_agencies(actor, cycle, actor.agency_ids)
    return sum(found.values(), Promises())


def _moved() -> Subquery:
    """Select how often each date moved, by the index of these few events.

    The verb stands in the statement: SQLite does not know a partial index by a parameter.
    """
    return (
        select(Event.follow_up_id, func.count().label("times"))
        .where(
            Event.verb == bindparam(None, MOVED, literal_execute=True),
            Event.payload["round"].as_integer() > 0,
            Event.payload["due_was"].as_string().is_not(None),
        )
        .group_by(Event.follow_up_id)
        .subquery()
    )


def _late(agency_ids: Collection[int] | None) -> Subquery:
    """Select what an agency sent late in any round: gathered once, not looked for in each row."""
    agency_id = Round.submitted_agency_id
    return (
        select(Round.follow_up_id, agency_id.label("agency_id"))
        .where(
            Round.submitted_at > Round.due_at,
            agency_id.is_not(None) if agency_ids is None else agency_id.in_(sorted(agency_ids)),
        )
        .distinct()
        .subquery()
    )
