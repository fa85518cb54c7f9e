"""The work of the evaluation under way, as each home shows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.accounts.models import User
from app.agencies.models import Agency, Membership
from app.agencies.queries import is_team
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.followups.models import FollowUp
from app.followups.queries import choices, counts, listing
from app.followups.queries import narrowing as narrow
from app.followups.queries.counts import Counts, how_many
from app.followups.queries.listing import Order, Row, Sort
from app.followups.queries.narrowing import Evaluation, Narrowing, Part, Place
from app.instruments.models import Stage, StageCode

SHOWN = 10


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What the person's agencies have to do, what waits for DP3A, and what they help with."""

    counts: Counts
    to_do: Sequence[Row]
    waiting: Sequence[Row]
    supporting: Sequence[Row]


@dataclass(frozen=True, slots=True)
class AgencyWork:
    """What lies at an agency, and whether anybody there can be told."""

    id: int
    code: str
    agency: str
    team: int
    reachable: int
    oldest_due_at: datetime
    open: int
    overdue: int

    def urgency(self) -> tuple[int, datetime, str, int]:
        """Return what agencies are sorted by: those with the most overdue first."""
        return -self.overdue, self.oldest_due_at, self.agency, self.id


@dataclass(frozen=True, slots=True)
class Overview:
    """All work of an evaluation, and the agencies whose turn it is somewhere."""

    counts: Counts
    agencies: Sequence[AgencyWork]

    def at(self, agency_ids: Collection[int]) -> int:
        """Return how much lies at some agencies."""
        return sum(row.open for row in self.agencies if row.id in agency_ids)


@dataclass(frozen=True, slots=True)
class StageDates:
    """A stage of the evaluation."""

    code: StageCode
    starts_on: date
    ends_on: date


def evaluation() -> Evaluation | None:
    """Return the evaluation under way; None before the first."""
    return next(iter(choices.evaluations()), None)


def own_to_do(cycle: Evaluation | None, actor: Actor) -> Sequence[Row]:
    """Return the first of what the person's agencies have to do: returned, then by due date."""
    return listing.first(_led(cycle, actor, Place.AGENCY), Order(Sort.TO_DO), actor, SHOWN)


def own_counts(cycle: Evaluation | None, actor: Actor) -> Counts:
    """Count the work that the person's agencies lead."""
    return counts.of_list(_led(cycle, actor), actor)


def own_work(cycle: Evaluation | None, actor: Actor) -> OwnWork:
    """Return the work of the person's agencies: counts, and the first rows of each part."""
    waiting = _led(cycle, actor, Place.REVIEWER)
    helped = Narrowing(
        cycle=cycle, agency_ids=_mine(actor), part=Part.SUPPORTER, place=Place.AGENCY
    )
    return OwnWork(
        counts=own_counts(cycle, actor),
        to_do=own_to_do(cycle, actor),
        waiting=listing.first(waiting, Order(Sort.SINCE), actor, SHOWN),
        supporting=listing.first(helped, Order(), actor, SHOWN),
    )


def queue(cycle: Evaluation | None, actor: Actor) -> Sequence[Row]:
    """Return the submissions that have waited longest for DP3A."""
    waiting = Narrowing(cycle=cycle, place=Place.REVIEWER)
    return listing.first(waiting, Order(Sort.SINCE), actor, SHOWN)


def overview(cycle: Evaluation | None, actor: Actor) -> Overview:
    """Count the work of the evaluation, in all and by the agencies that lead it. One query."""
    open_here, *others = counts.BY_STATE
    counted = (
        select(
            FollowUp.agency_id,
            func.min(FollowUp.due_at).filter(narrow.IS_AT_AGENCY),
            open_here.label("open"),
            how_many(narrow.is_overdue(clock.now())),
            *others,
            func.count(),
        )
        .where(narrow.base(Narrowing(cycle=cycle), actor))
        .group_by(FollowUp.agency_id)
        .subquery()
    )
    team = (
        select(
            Membership.agency_id,
            func.count().label("people"),
            how_many(User.email.is_not(None)).label("reachable"),
        )
        .join(Membership.user)
        .where(is_team())
        .group_by(Membership.agency_id)
        .subquery()
    )
    found = db.session.execute(
        select(
            Agency.id,
            Agency.code,
            Agency.short_name,
            func.coalesce(team.c.people, 0),
            func.coalesce(team.c.reachable, 0),
            *list(counted.c)[1:],
        )
        .join(counted, counted.c.agency_id == Agency.id)
        .outerjoin(team, team.c.agency_id == Agency.id)
    ).all()
    rows = [AgencyWork(*row[:8]) for row in found if row.open]
    sums = [sum(column) for column in zip(*(row[6:] for row in found), strict=True)]
    at_agency, overdue, returned, submitted, closed, draft, total = sums or [0] * 7
    return Overview(
        Counts(total, overdue, at_agency, returned, submitted, closed, draft, listed=total),
        sorted(rows, key=AgencyWork.urgency),
    )


def stages(cycle: Evaluation | None) -> Sequence[StageDates]:
    """Return the stages of the evaluation in the order of their days."""
    if cycle is None:
        return []
    found = db.session.execute(
        select(Stage.code, Stage.starts_on, Stage.ends_on)
        .where(Stage.cycle_id == cycle.id)
        .order_by(Stage.starts_on, Stage.ends_on, Stage.code)
    )
    return [StageDates(*row) for row in found]


def _led(cycle: Evaluation | None, actor: Actor, place: Place | None = None) -> Narrowing:
    return Narrowing(cycle=cycle, agency_ids=_mine(actor), part=Part.LEAD, place=place)


def _mine(actor: Actor) -> tuple[int, ...]:
    return tuple(sorted(actor.agency_ids))
