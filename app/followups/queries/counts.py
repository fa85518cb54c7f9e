"""Count follow-ups: on top of the list, for the homes, and for the matrix. One scan each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from app.agencies.models import Agency
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp
from app.followups.queries import narrowing as narrow
from app.followups.queries.narrowing import Narrowing
from app.instruments.models import Cluster, Indicator, Question


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are, and where they lie. `listed`: how many the list shows."""

    total: int
    overdue: int
    at_agency: int
    returned: int
    submitted: int
    closed: int
    draft: int
    listed: int


class MatrixCell(NamedTuple):
    """One agency's work in one cluster; `cluster` None for what no question asked."""

    agency_id: int
    code: str
    agency: str
    kind: str
    cluster: str | None
    closed: int
    submitted: int
    overdue: int
    total: int


def of_list(narrowing: Narrowing, actor: Actor) -> Counts:
    """Count what the person sees within the narrowing, by where it lies."""
    now = clock.now()
    found = db.session.execute(
        select(
            func.count(),
            how_many(narrow.is_overdue(now)),
            *BY_STATE,
            how_many(narrow.counted(narrowing, now)),
        )
        .select_from(FollowUp)
        .where(narrow.base(narrowing, actor))
    ).one()
    return Counts(*found)


def matrix(narrowing: Narrowing, actor: Actor) -> Sequence[MatrixCell]:
    """Return agency by cluster: closed, waiting, late. Counted by ids, named afterwards."""
    now = clock.now()
    counted = (
        select(
            FollowUp.agency_id,
            Indicator.cluster_id,
            how_many(FollowUp.state == State.CLOSED).label("closed"),
            how_many(FollowUp.state == State.SUBMITTED).label("submitted"),
            how_many(narrow.is_overdue(now)).label("overdue"),
            func.count().label("total"),
        )
        .outerjoin(FollowUp.question)
        .outerjoin(Question.indicator)
        .where(
            narrow.base(narrowing, actor),
            FollowUp.state.not_in([State.DRAFT, State.CANCELLED]),
        )
        .group_by(FollowUp.agency_id, Indicator.cluster_id)
        .subquery()
    )
    found = db.session.execute(
        select(
            Agency.id,
            Agency.code,
            Agency.short_name,
            Agency.kind,
            Cluster.code,
            counted.c.closed,
            counted.c.submitted,
            counted.c.overdue,
            counted.c.total,
        )
        .join(Agency, Agency.id == counted.c.agency_id)
        .outerjoin(Cluster, Cluster.id == counted.c.cluster_id)
    )
    return [MatrixCell(*row) for row in found]


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many rows of a group meet a condition."""
    return func.count().filter(condition)


BY_STATE = (
    how_many(narrow.IS_AT_AGENCY),
    how_many(FollowUp.state == State.RETURNED),
    how_many(FollowUp.state == State.SUBMITTED),
    how_many(FollowUp.state == State.CLOSED),
    how_many(FollowUp.state == State.DRAFT),
)
"""`Counts.at_agency` to `Counts.draft`, in their order."""
