"""What waits for DP3A's judgement, the longest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.followups import numbering, policy
from app.followups.machine import State
from app.followups.models import FollowUp
from app.followups.queries import narrowing as narrow
from app.followups.queries.counts import how_many
from app.followups.queries.narrowing import Narrowing
from app.instruments.models import Cluster, Cycle, Question


@dataclass(frozen=True, slots=True)
class Waiting:
    """What of the queue is looked at. Nothing given leaves all of it, whatever the evaluation."""

    words: str = ""
    agency: str = ""
    """An agency's code."""
    cluster: str = ""
    corrected: bool = False
    """Only second rounds and later."""
    late: bool = False
    """Only what was sent after its due time."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A submission in the queue. `holder_id` is the officer who has it now."""

    year: int
    seq: int
    ref: str | None
    title: str
    agency: str
    since: datetime
    due_at: datetime
    round_no: int
    holder_id: int | None
    holder: str | None
    taken_at: datetime | None

    @property
    def number(self) -> str:
        """Return the number that people say."""
        return numbering.written(self.year, self.seq)

    @property
    def is_late(self) -> bool:
        """Tell whether it was sent after its due time."""
        return self.since > self.due_at


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many wait, how many of them nobody has, and since when the oldest one waits."""

    total: int
    free: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class QueueAgency:
    """An agency whose answers wait, and how many."""

    code: str
    short_name: str
    waiting: int


def condition(waiting: Waiting, actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a follow-up stands in this part of the queue."""
    narrowing = Narrowing(
        words=waiting.words,
        cluster=waiting.cluster or None,
        round_from=2 if waiting.corrected else None,
    )
    conditions = [FollowUp.state == State.SUBMITTED, narrow.base(narrowing, actor)]
    if waiting.agency:
        named = select(Agency.id).where(Agency.code == waiting.agency).scalar_subquery()
        conditions.append(FollowUp.agency_id == named)
    if waiting.late:
        conditions.append(FollowUp.state_since > FollowUp.due_at)
    return and_(*conditions)


def is_free(now: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody has it. `policy.holder` in SQL."""
    return or_(FollowUp.taken_at.is_(None), FollowUp.taken_at <= now - policy.TAKEN_FOR)


def counts(waiting: Waiting, actor: Actor) -> QueueCounts:
    """Count this part of the queue."""
    now = clock.now()
    total, free, oldest = db.session.execute(
        select(func.count(), how_many(is_free(now)), func.min(FollowUp.state_since))
        .select_from(FollowUp)
        .where(condition(waiting, actor))
    ).one()
    return QueueCounts(total, free, oldest)


def page(waiting: Waiting, actor: Actor, *, number: int, total: int) -> Page[QueueRow]:
    """Return one page of the queue, the longest waiting first."""
    now = clock.now()
    number = clamp(number, total)
    order = (FollowUp.state_since, FollowUp.id)
    picked = (
        select(FollowUp.id)
        .where(condition(waiting, actor))
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    found = db.session.execute(
        select(
            FollowUp.year,
            FollowUp.seq,
            Question.ref,
            FollowUp.title,
            Agency.short_name,
            FollowUp.state_since,
            FollowUp.due_at,
            FollowUp.round_no,
            FollowUp.taken_by_id,
            User.name,
            FollowUp.taken_at,
        )
        .join(FollowUp.agency)
        .outerjoin(FollowUp.question)
        .outerjoin(FollowUp.taken_by)
        .where(FollowUp.id.in_(picked))
        .order_by(*order)
    )
    rows = []
    for *shown, holder_id, holder, taken_at in found:
        is_held = taken_at is not None and now - taken_at < policy.TAKEN_FOR
        held = (holder_id, holder, taken_at) if is_held else (None, None, None)
        rows.append(QueueRow(*shown, *held))
    return Page(rows, number, total)


def agencies(named: str = "") -> Sequence[QueueAgency]:
    """Return the agencies whose answers wait, and the one that an address names."""
    found = db.session.execute(
        select(Agency.code, Agency.short_name, func.count(FollowUp.id))
        .outerjoin(
            FollowUp, and_(FollowUp.agency_id == Agency.id, FollowUp.state == State.SUBMITTED)
        )
        .group_by(Agency.id, Agency.code, Agency.short_name)
        .having(or_(func.count(FollowUp.id) > 0, Agency.code == named))
        .order_by(Agency.short_name, Agency.id)
    )
    return [QueueAgency(*row) for row in found]


def clusters() -> Sequence[tuple[str, str]]:
    """Return code and name of the clusters that the latest evaluation asks about, in order."""
    latest = select(Cycle.instrument_id).order_by(Cycle.year.desc()).limit(1).scalar_subquery()
    found = db.session.execute(
        select(Cluster.code, Cluster.name)
        .where(Cluster.instrument_id == latest)
        .order_by(Cluster.position, Cluster.id)
    )
    return [(code, name) for code, name in found]
