"""The list of follow-ups: columns rather than objects, narrowed, sorted, paged.

The page's ids are picked first, and only they are joined to what is shown: so a page costs the
same wherever it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.followups import numbering, policy
from app.followups.machine import OPEN_STATES, State
from app.followups.models import FollowUp, FollowUpSupporter, Kind, Outcome
from app.followups.position import Position, Reader, Standing, position
from app.followups.queries import narrowing as narrow
from app.followups.queries.narrowing import Narrowing
from app.instruments.models import Cluster, Cycle, Indicator, Question

BATCH = 500


class Sort(StrEnum):
    """By what the list is sorted; the value is what the address carries."""

    URGENCY = "mendesak"
    TO_DO = "dikembalikan"
    DUE = "batas-waktu"
    NUMBER = "nomor"
    QUESTION = "pertanyaan"
    AGENCY = "instansi"
    SINCE = "sejak"


@dataclass(frozen=True, slots=True)
class Order:
    """A sort and its direction. Urgency and what is to do have only one."""

    by: Sort = Sort.URGENCY
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One follow-up in a list."""

    id: int
    year: int
    seq: int
    kind: Kind
    ref: str | None
    title: str
    cluster: str | None
    indicator: str | None
    agency_code: str
    agency: str
    supporters: tuple[str, ...]
    state: State
    state_since: datetime
    due_at: datetime
    round_no: int
    outcome: Outcome | None
    holder: str | None
    taken_at: datetime | None
    cycle_year: int | None
    basis: str | None
    expected_proof: str | None

    @property
    def number(self) -> str:
        """Return the number that people say: "TL-2026-0123"."""
        return numbering.written(self.year, self.seq)

    def position(self, reader: Reader) -> Position:
        """Say whose turn it is, as one side reads it."""
        return position(
            Standing(
                state=self.state,
                state_since=self.state_since,
                due_at=self.due_at,
                agency=self.agency,
                holder=self.holder,
                taken_at=self.taken_at,
                outcome=self.outcome,
            ),
            reader,
        )


def page(narrowing: Narrowing, order: Order, actor: Actor, *, number: int, total: int) -> Page[Row]:
    """Return one page of the list; `total` is what `counts.of_list` counted."""
    now = clock.now()
    number = clamp(number, total)
    rows = _rows(narrowing, order, actor, now, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page(list(rows), number, total)


def first(narrowing: Narrowing, order: Order, actor: Actor, limit: int) -> list[Row]:
    """Return the first rows of the list."""
    return list(_rows(narrowing, order, actor, clock.now(), limit=limit, offset=0))


def stream(narrowing: Narrowing, order: Order, actor: Actor) -> Iterator[Row]:
    """Yield every row of the list, a batch at a time."""
    return _rows(narrowing, order, actor, clock.now(), limit=None, offset=0)


def _rows(
    narrowing: Narrowing,
    order: Order,
    actor: Actor,
    now: datetime,
    *,
    limit: int | None,
    offset: int,
) -> Iterator[Row]:
    wanted = and_(narrow.base(narrowing, actor), narrow.counted(narrowing, now))
    keys = _keys(order, now)
    if limit is not None:
        picked = _joined_for(order.by).where(wanted).order_by(*keys).limit(limit).offset(offset)
        wanted = FollowUp.id.in_(picked)
    found = db.session.execute(
        _columns().where(wanted).order_by(*keys), execution_options={"yield_per": BATCH}
    )
    for values in found.mappings():
        yield _row(dict(values), now)


def _row(values: dict[str, Any], now: datetime) -> Row:
    """Make a row of its columns; who took it is told as long as that holds."""
    supporters = values.pop("supporters")
    if values["taken_at"] is None or now - values["taken_at"] >= policy.TAKEN_FOR:
        values |= {"taken_at": None, "holder": None}
    return Row(supporters=tuple(sorted(supporters.split("\n"))) if supporters else (), **values)


def _joined_for(sort: Sort) -> Select[*tuple[Any, ...]]:
    """Select ids, joined to what the sort looks at."""
    picked: Select[*tuple[Any, ...]] = select(FollowUp.id)
    if sort is Sort.QUESTION:
        return picked.outerjoin(FollowUp.question)
    return picked.join(FollowUp.agency) if sort is Sort.AGENCY else picked


@cache
def _columns() -> Select[*tuple[Any, ...]]:
    """Select what a row shows: always the same, so it is put together once."""
    supporter = aliased(Agency)
    supporters = (
        select(func.aggregate_strings(supporter.short_name, "\n"))
        .join(FollowUpSupporter, FollowUpSupporter.agency_id == supporter.id)
        .where(FollowUpSupporter.follow_up_id == FollowUp.id)
        .scalar_subquery()
    )
    return (
        select(
            FollowUp.id,
            FollowUp.year,
            FollowUp.seq,
            FollowUp.kind,
            FollowUp.title,
            FollowUp.state,
            FollowUp.state_since,
            FollowUp.due_at,
            FollowUp.round_no,
            FollowUp.outcome,
            FollowUp.basis,
            FollowUp.expected_proof,
            FollowUp.taken_at,
            Question.ref,
            Cluster.name.label("cluster"),
            Indicator.number.label("indicator"),
            Agency.code.label("agency_code"),
            Agency.short_name.label("agency"),
            User.name.label("holder"),
            Cycle.year.label("cycle_year"),
            supporters.label("supporters"),
        )
        .join(FollowUp.agency)
        .outerjoin(FollowUp.question)
        .outerjoin(Question.indicator)
        .outerjoin(Indicator.cluster)
        .outerjoin(FollowUp.cycle)
        .outerjoin(FollowUp.taken_by)
    )


def _keys(order: Order, now: datetime) -> list[ColumnElement[Any]]:
    """Return what the list is sorted by; the number at the end makes every order total."""
    number: list[ColumnElement[Any]] = [FollowUp.year.expression, FollowUp.seq.expression]
    if order.by is Sort.URGENCY:
        return [_urgency(now), FollowUp.due_at.expression, *number]
    if order.by is Sort.TO_DO:
        return [
            case(
                (FollowUp.state == State.RETURNED, 0),
                (FollowUp.state == State.ASSIGNED, 1),
                else_=2,
            ),
            FollowUp.due_at.expression,
            *number,
        ]
    keys: dict[Sort, list[ColumnElement[Any]]] = {
        Sort.DUE: [FollowUp.due_at.expression, *number],
        Sort.NUMBER: number,
        Sort.QUESTION: [Question.position.expression, *number],
        Sort.AGENCY: [Agency.short_name.expression, *number],
        Sort.SINCE: [FollowUp.state_since.expression, *number],
    }
    directed: list[ColumnElement[Any]] = [
        key.desc() if order.descending else key.asc() for key in keys[order.by]
    ]
    if order.by is Sort.QUESTION:  # what no question asked comes last, in both directions
        return [case((Question.position.is_(None), 1), else_=0), *directed]
    return directed


def _urgency(now: datetime) -> ColumnElement[int]:
    """Return what hurts: late, then open, then not sent yet, then over."""
    return case(
        (narrow.is_overdue(now), 0),
        (FollowUp.state.in_(sorted(OPEN_STATES)), 1),
        (FollowUp.state == State.DRAFT, 2),
        (FollowUp.state == State.CLOSED, 3),
        else_=4,
    )
