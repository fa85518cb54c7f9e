"""The register of decisions: what was decided in which meeting, and what became of it.

Officers and leaders read the decisions of ended meetings as they stand. Those invited read approved
minutes alone: where these are being corrected, the decisions come from the newest version.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.core import search
from app.core.actor import Actor
from app.core.db import db
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.followups import numbering
from app.followups.machine import State
from app.followups.models import FollowUp
from app.followups.queries.visibility import visible_to as follow_ups_of
from app.meetings import policy
from app.meetings.models import (
    AgendaItem,
    Decision,
    Meeting,
    MeetingActionItem,
    MeetingFollowUp,
    MeetingKind,
    MeetingState,
    MinutesState,
    MinutesVersion,
)
from app.meetings.queries.minutes import addressee_of
from app.meetings.queries.order import by_place
from app.meetings.queries.visibility import visible_to


class Progress(StrEnum):
    """How far what a decision asks for is; the value is what the address carries."""

    RUNNING = "berjalan"
    DONE = "selesai"
    NONE = "tanpa-tindak-lanjut"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the register is narrowed to. `progress` is what the counts on top stand for."""

    words: str = ""
    year: int | None = None
    kind: MeetingKind | None = None
    progress: Progress | None = None


class Tally(NamedTuple):
    """How many follow-ups of an action item the person sees, and how many of them are closed.

    `state` and `number` are those of the one follow-up where there is only one.
    """

    total: int = 0
    closed: int = 0
    cancelled: int = 0
    state: State | None = None
    number: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done."""
        return self.closed + self.cancelled < self.total


NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class ActionItem:
    """A tindak lanjut of a decision, as the minutes say it, and how far it is."""

    id: int
    title: str
    addressee: str
    due_on: date | None
    withdrawn: bool
    tally: Tally


@dataclass(slots=True)
class Row:
    """One decision. Its number is its place among the decisions of its meeting."""

    number: int
    words: str
    year: int
    seq: int
    kind: MeetingKind
    title: str
    starts_at: datetime
    meeting_id: int
    agenda_item_id: int | None
    items: Sequence[ActionItem]
    agenda: tuple[int, str] | None = None
    """Number and title of its agenda item."""

    @property
    def code(self) -> str:
        """Return the number of the meeting: "RK-2026-02"."""
        return Meeting(year=self.year, seq=self.seq).code

    @property
    def progress(self) -> Progress:
        """Return how far its action items are, by the follow-ups that the person sees."""
        seen = [item.tally for item in self.items if item.tally.total]
        if not seen:
            return Progress.NONE
        return Progress.RUNNING if any(tally.is_open for tally in seen) else Progress.DONE


@dataclass(frozen=True, slots=True)
class Register:
    """The decisions that an address asks for, with what is counted of them."""

    rows: Sequence[Row]
    counts: Counter[Progress]
    """How far those are that the rest of the narrowing leaves."""
    years: Sequence[int]
    """The years in which the person sees any."""

    def page(self, number: int) -> Page[Row]:
        """Return one page, each row with its agenda item. One query."""
        number = clamp(number, len(self.rows))
        shown = self.rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        return Page(list(with_agenda(shown)), number, len(self.rows))


def register(narrowing: Narrowing, actor: Actor) -> Register:
    """Return the decisions that the person may read, of the newest meeting first.

    A fixed number of queries: a regency decides some thirty things a year.
    """
    found = list(_all(narrowing.words, actor))
    years = sorted({row.year for row, _ in found}, reverse=True)
    rows = [row for row, is_meant in found if is_meant and _is_in(row, narrowing)]
    counts = Counter(row.progress for row in rows)
    if narrowing.progress is not None:
        rows = [row for row in rows if row.progress is narrowing.progress]
    return Register(rows, counts, years)


def with_agenda(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield the rows with number and title of their agenda items, where the minutes name them."""
    wanted = sorted({row.meeting_id for row in rows if row.agenda is None and row.agenda_item_id})
    places: dict[int, tuple[int, str]] = {}
    numbers: Counter[int] = Counter()
    if wanted:
        for id_, meeting_id, title in db.session.execute(
            select(AgendaItem.id, AgendaItem.meeting_id, AgendaItem.title)
            .where(AgendaItem.meeting_id.in_(wanted))
            .order_by(AgendaItem.meeting_id, AgendaItem.position, AgendaItem.id)
        ):
            numbers[meeting_id] += 1
            places[id_] = (numbers[meeting_id], title)
    for row in rows:
        row.agenda = row.agenda or places.get(row.agenda_item_id or 0)
        yield row


def _is_in(row: Row, narrowing: Narrowing) -> bool:
    return narrowing.year in (None, row.year) and narrowing.kind in (None, row.kind)


def _all(words: str, actor: Actor) -> Iterator[tuple[Row, bool]]:
    """Yield every decision that the person may read, and whether the words are found in it."""
    tallies = _tallies(actor)
    as_they_stand = _as_they_stand(words, actor, tallies)
    if policy.is_reader_of_all(actor):
        yield from as_they_stand
        return
    both = [*as_they_stand, *_as_frozen(words, actor, tallies)]
    yield from sorted(both, key=lambda found: _key(found[0]))


def _key(row: Row) -> tuple[float, int, int]:
    return -row.starts_at.timestamp(), -row.meeting_id, row.number


def _as_they_stand(
    words: str, actor: Actor, tallies: dict[int, Tally]
) -> Iterator[tuple[Row, bool]]:
    is_read = and_(visible_to(actor), Meeting.state == MeetingState.ENDED)
    if not policy.is_reader_of_all(actor):
        is_read = and_(is_read, Meeting.minutes_state == MinutesState.APPROVED)
    items = _items(is_read, tallies)
    wanted = (
        select(
            Decision.id,
            Decision.words,
            Decision.agenda_item_id,
            Meeting.id.label("meeting_id"),
            Meeting.year,
            Meeting.seq,
            Meeting.kind,
            Meeting.title,
            Meeting.starts_at,
            _has_words(words).label("is_meant"),
        )
        .join(Decision.meeting)
        .where(is_read)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    )
    found = db.session.execute(by_place(wanted, Decision))
    numbers: Counter[int] = Counter()
    for values in found.mappings():
        given = dict(values)
        is_meant = bool(given.pop("is_meant"))
        numbers[given["meeting_id"]] += 1
        number, of_decision = numbers[given["meeting_id"]], items[given.pop("id")]
        yield Row(number=number, items=of_decision, **given), is_meant


def _has_words(words: str) -> ColumnElement[bool]:
    """Return the condition that each word is in the decision or in what its meeting is called."""
    terms = search.searchable(words).split()[: search.MAX_WORDS]
    found = [
        or_(search.matches(Decision.search_text, term), search.matches(Meeting.search_text, term))
        for term in terms
    ]
    return and_(true(), *found)


def _items(
    is_read: ColumnElement[bool], tallies: dict[int, Tally]
) -> defaultdict[int, list[ActionItem]]:
    """Return the action items of decisions, in their order, by decision."""
    wanted = (
        select(MeetingActionItem)
        .join(MeetingActionItem.meeting)
        .where(is_read, MeetingActionItem.decision_id.is_not(None))
        .options(joinedload(MeetingActionItem.agency), joinedload(MeetingActionItem.group))
    )
    items: defaultdict[int, list[ActionItem]] = defaultdict(list)
    for item in db.session.scalars(by_place(wanted, MeetingActionItem)):
        items[item.decision_id or 0].append(
            ActionItem(
                id=item.id,
                title=item.title,
                addressee=addressee_of(item),
                due_on=item.due_on,
                withdrawn=item.withdrawn_at is not None,
                tally=tallies.get(item.id, NOTHING),
            )
        )
    return items


def _tallies(actor: Actor) -> dict[int, Tally]:
    """Count the follow-ups of each action item that the person sees."""
    found = db.session.execute(
        select(
            MeetingFollowUp.action_item_id,
            func.count(),
            func.count().filter(FollowUp.state == State.CLOSED),
            func.count().filter(FollowUp.state == State.CANCELLED),
            func.max(FollowUp.state),
            func.max(FollowUp.year),
            func.max(FollowUp.seq),
        )
        .join(FollowUp, FollowUp.id == MeetingFollowUp.follow_up_id)
        .where(follow_ups_of(actor))
        .group_by(MeetingFollowUp.action_item_id)
    )
    return {
        id_: Tally(
            total,
            closed,
            cancelled,
            state if total == 1 else None,
            numbering.written(year, seq) if total == 1 else "",
        )
        for id_, total, closed, cancelled, state, year, seq in found
    }


def _as_frozen(words: str, actor: Actor, tallies: dict[int, Tally]) -> Iterator[tuple[Row, bool]]:
    """Yield the decisions of minutes that are being corrected, as they were approved."""
    newer = select(func.max(MinutesVersion.number)).where(MinutesVersion.meeting_id == Meeting.id)
    found = db.session.execute(
        select(MinutesVersion, Meeting)
        .join(MinutesVersion.meeting)
        .where(
            visible_to(actor),
            Meeting.state == MeetingState.ENDED,
            Meeting.minutes_state != MinutesState.APPROVED,
            MinutesVersion.number == newer.correlate(Meeting).scalar_subquery(),
        )
    )
    terms = search.searchable(words).split()[: search.MAX_WORDS]
    for version, meeting in found:
        content = version.content
        agenda = {item["number"]: item["title"] for item in content["agenda"]}
        for decision in content["decisions"]:
            place = decision["agenda_number"]
            text = f"{meeting.search_text} {search.searchable(decision['words'])}"
            row = Row(
                number=decision["number"],
                words=decision["words"],
                year=meeting.year,
                seq=meeting.seq,
                kind=meeting.kind,
                title=meeting.title,
                starts_at=meeting.starts_at,
                meeting_id=meeting.id,
                agenda_item_id=None,
                items=[
                    _frozen_item(item, tallies)
                    for item in content["actions"]
                    if f"Keputusan {decision['number']}" in item["basis"].split(", ")
                ],
                agenda=(place, agenda[place]) if place in agenda else None,
            )
            yield row, all(term in text for term in terms)


def _frozen_item(item: dict[str, Any], tallies: dict[int, Tally]) -> ActionItem:
    return ActionItem(
        id=item["id"],
        title=item["title"],
        addressee=item["addressee"],
        due_on=date.fromisoformat(item["due_on"]) if item["due_on"] else None,
        withdrawn=bool(item["withdrawn_reason"]),
        tally=tallies.get(item["id"], NOTHING),
    )
