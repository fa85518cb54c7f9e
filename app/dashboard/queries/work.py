"""The work of the evaluation under way, as each home shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.accounts.models import User
from app.agencies.models import Agency, Membership
from app.agencies.queries import is_team
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.followups.machine import AT_AGENCY
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

    code: str
    agency: str
    open: int
    overdue: int
    oldest_due_at: datetime
    team: int
    reachable: int


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


def by_agency(cycle: Evaluation | None, actor: Actor) -> Sequence[AgencyWork]:
    """Return the agencies whose turn it is somewhere, those with the most overdue first."""
    overdue = how_many(narrow.is_overdue(clock.now()))
    oldest = func.min(FollowUp.due_at)
    team = (
        select(func.count(Membership.id))
        .join(Membership.user)
        .where(Membership.agency_id == Agency.id, is_team())
        .correlate(Agency)
    )
    found = db.session.execute(
        select(
            Agency.code,
            Agency.short_name,
            func.count(),
            overdue,
            oldest,
            team.scalar_subquery(),
            team.where(User.email.is_not(None)).scalar_subquery(),
        )
        .join(FollowUp.agency)
        .where(
            narrow.base(Narrowing(cycle=cycle), actor),
            FollowUp.state.in_(sorted(AT_AGENCY)),
        )
        .group_by(Agency.id, Agency.code, Agency.short_name)
        .order_by(overdue.desc(), oldest, Agency.short_name, Agency.id)
    )
    return [AgencyWork(*row) for row in found]


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
