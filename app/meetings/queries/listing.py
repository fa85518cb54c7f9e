"""The list of meetings: narrowed, sorted, paged, and counted; what comes stands first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true

from app.core import clock, search
from app.core.actor import Actor
from app.core.db import db
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.meetings.calendar import hours_of
from app.meetings.models import Invitation, Meeting, MeetingKind, MeetingState, MinutesState
from app.meetings.queries.visibility import visible_to, was_asked


class Standing(StrEnum):
    """How far a meeting is, as the list narrows by it; the value is what the address carries."""

    COMING = "akan-datang"
    DRAFT = "konsep"
    INVITED = "diundang"
    UNENDED = "belum-diakhiri"
    ENDED = "selesai"
    UNAPPROVED = "notulen-belum-disahkan"
    CANCELLED = "dibatalkan"


class Sort(StrEnum):
    """By what the list is sorted; the value is what the address carries."""

    COMING = "akan-datang"
    TIME = "waktu"
    NUMBER = "nomor"
    TITLE = "judul"


@dataclass(frozen=True, slots=True)
class Order:
    """A sort and its direction. What comes first has only one."""

    by: Sort = Sort.COMING
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the list is narrowed to. `standing` is what the counts on top stand for."""

    words: str = ""
    year: int | None = None
    kind: MeetingKind | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting in a list. `invited` and `answered` count invitations that were sent."""

    id: int
    year: int
    seq: int
    kind: MeetingKind
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    video_url: str
    state: MeetingState
    minutes_state: MinutesState
    correction_reason: str
    invited: int
    answered: int

    @property
    def code(self) -> str:
        """Return the number that stands in its address: "RK-2026-02"."""
        return Meeting(year=self.year, seq=self.seq).code

    @property
    def hours(self) -> str:
        """Return from when to when, as those invited read it."""
        return hours_of(self.starts_at, self.ends_at)

    @property
    def has_minutes(self) -> bool:
        """Tell whether minutes were approved, even where they are being corrected now."""
        return self.minutes_state is MinutesState.APPROVED or bool(self.correction_reason)

    @property
    def is_unended(self) -> bool:
        """Tell whether its time is over and nobody has ended it yet."""
        return self.state is MeetingState.INVITED and self.ends_at < clock.now()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are and how far they are. `listed`: how many the list shows."""

    total: int
    coming: int
    draft: int
    unended: int
    unapproved: int
    listed: int


def counts(narrowing: Narrowing, actor: Actor) -> Counts:
    """Count what the person sees within the narrowing, in one query."""
    now = clock.now()
    found = db.session.execute(
        select(
            func.count(),
            _how_many(Standing.COMING, now),
            _how_many(Standing.DRAFT, now),
            _how_many(Standing.UNENDED, now),
            _how_many(Standing.UNAPPROVED, now),
            _how_many(narrowing.standing, now),
        )
        .select_from(Meeting)
        .where(_base(narrowing, actor))
    ).one()
    return Counts(*found)


def page(narrowing: Narrowing, order: Order, actor: Actor, *, number: int, total: int) -> Page[Row]:
    """Return one page of the list; `total` is what `counts` counted."""
    number = clamp(number, total)
    rows = _rows(narrowing, order, actor, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    return Page(list(rows), number, total)


def stream(narrowing: Narrowing, order: Order, actor: Actor) -> Iterator[Row]:
    """Yield every row of the list."""
    return _rows(narrowing, order, actor, limit=None, offset=0)


def years(actor: Actor) -> Sequence[int]:
    """Return the years in which the person sees meetings, the latest first."""
    found = select(Meeting.year).where(visible_to(actor)).distinct().order_by(Meeting.year.desc())
    return db.session.scalars(found).all()


def _rows(
    narrowing: Narrowing, order: Order, actor: Actor, *, limit: int | None, offset: int
) -> Iterator[Row]:
    now = clock.now()
    sent = (
        select(func.count())
        .where(
            Invitation.meeting_id == Meeting.id,
            was_asked(),
        )
        .correlate(Meeting)
    )
    found = db.session.execute(
        select(
            Meeting.id,
            Meeting.year,
            Meeting.seq,
            Meeting.kind,
            Meeting.title,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.place,
            Meeting.video_url,
            Meeting.state,
            Meeting.minutes_state,
            Meeting.correction_reason,
            sent.scalar_subquery().label("invited"),
            sent.where(Invitation.answer.is_not(None)).scalar_subquery().label("answered"),
        )
        .where(_base(narrowing, actor), _is(narrowing.standing, now))
        .order_by(*_keys(order, now))
        .limit(limit)
        .offset(offset)
    )
    for values in found.mappings():
        yield Row(**values)


def _base(narrowing: Narrowing, actor: Actor) -> ColumnElement[bool]:
    conditions = [visible_to(actor), search.matches(Meeting.search_text, narrowing.words)]
    if narrowing.year is not None:
        conditions.append(Meeting.year == narrowing.year)
    if narrowing.kind is not None:
        conditions.append(Meeting.kind == narrowing.kind)
    return and_(*conditions)


def _how_many(standing: Standing | None, now: datetime) -> ColumnElement[int]:
    return func.count().filter(_is(standing, now))


def _is(standing: Standing | None, now: datetime) -> ColumnElement[bool]:
    """Return the condition that a meeting is that far; None leaves every one."""
    ended = Meeting.state == MeetingState.ENDED
    conditions: dict[Standing | None, ColumnElement[bool]] = {
        None: true(),
        Standing.COMING: _is_coming(now),
        Standing.DRAFT: Meeting.state == MeetingState.DRAFT,
        Standing.INVITED: Meeting.state == MeetingState.INVITED,
        Standing.UNENDED: and_(Meeting.state == MeetingState.INVITED, Meeting.ends_at < now),
        Standing.ENDED: ended,
        Standing.UNAPPROVED: and_(ended, Meeting.minutes_state != MinutesState.APPROVED),
        Standing.CANCELLED: Meeting.state == MeetingState.CANCELLED,
    }
    return conditions[standing]


def _is_coming(now: datetime) -> ColumnElement[bool]:
    live = Meeting.state.in_([MeetingState.DRAFT, MeetingState.INVITED])
    return and_(live, Meeting.ends_at >= now)


def _keys(order: Order, now: datetime) -> list[ColumnElement[Any]]:
    """Return what the list is sorted by; the number at the end makes every order total."""
    number: list[ColumnElement[Any]] = [Meeting.year.expression, Meeting.seq.expression]
    if order.by is Sort.COMING:
        coming = _is_coming(now)
        return [
            case((coming, 0), else_=1),
            case((coming, Meeting.starts_at), else_=None).asc().nulls_last(),
            Meeting.starts_at.desc(),
            *(key.desc() for key in number),
        ]
    keys: dict[Sort, list[ColumnElement[Any]]] = {
        Sort.TIME: [Meeting.starts_at.expression, *number],
        Sort.NUMBER: number,
        Sort.TITLE: [Meeting.title.expression, *number],
    }
    return [key.desc() if order.descending else key.asc() for key in keys[order.by]]
