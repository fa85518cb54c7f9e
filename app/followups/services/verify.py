"""Replay the history of follow-ups, and name where a stored row says something else.

The rules are told here once more, from the verbs of the history, and not through the machine that
wrote them: a fault there would otherwise prove itself right.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from app.core.db import db
from app.followups.machine import Action, State
from app.followups.models import FollowUp, Outcome, Round
from app.followups.numbering import written
from app.followups.services.particulars import CREATED, VERBS
from app.history.models import Event

BATCH = 500
COMPARED = ("state", "round_no", "agency_id", "due_at", "outcome", "version")
COLUMNS = [getattr(FollowUp, field) for field in COMPARED]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a follow-up is according to somebody: its row, or its history."""

    state: State
    round_no: int
    agency_id: int
    due_at: datetime
    outcome: Outcome | None
    version: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a stored row and its history disagree."""

    number: str
    field: str
    stored: str
    replayed: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.number}: {self.field} is {self.stored}, its events say {self.replayed}"


def replay(events: Iterable[Event]) -> Standing | None:
    """Return what the events of one follow-up, oldest first, make of it; None without its making.

    Events that change nothing of the row (evidence, comments, taking) are passed over.
    """
    standing: Standing | None = None
    for event in events:
        if event.verb == CREATED:
            standing = _born(event)
        elif standing is not None and event.verb in _CHANGES:
            standing = _changed(standing, event)
    return standing


def _born(event: Event) -> Standing:
    due_at = datetime.fromisoformat(event.payload["due_at"])
    return Standing(State.DRAFT, 0, event.payload["agency_id"], due_at, None, 0)


_CHANGES: dict[str, State | None] = {
    VERBS[Action.DISPATCH]: State.ASSIGNED,
    VERBS[Action.SUBMIT]: State.SUBMITTED,
    VERBS[Action.WITHDRAW]: None,
    VERBS[Action.RETURN]: State.RETURNED,
    VERBS[Action.ACCEPT]: State.CLOSED,
    VERBS[Action.UNDO]: State.SUBMITTED,
    VERBS[Action.REOPEN]: State.RETURNED,
    VERBS[Action.CANCEL]: State.CANCELLED,
    VERBS[Action.REASSIGN]: None,
    VERBS[Action.EXTEND]: None,
}
_OPENS_ROUND = {VERBS[action] for action in (Action.DISPATCH, Action.RETURN, Action.REOPEN)}


def _changed(was: Standing, event: Event) -> Standing:
    payload = event.payload
    state = _CHANGES[event.verb] or was.state
    round_no = was.round_no + (event.verb in _OPENS_ROUND)
    if event.verb == VERBS[Action.WITHDRAW]:
        state = State.ASSIGNED if was.round_no == 1 else State.RETURNED
    elif event.verb == VERBS[Action.UNDO] and was.state is State.RETURNED:
        round_no -= 1
    outcome = payload.get("outcome")
    return replace(
        was,
        state=state,
        round_no=round_no,
        agency_id=payload.get("agency_id", was.agency_id),
        due_at=datetime.fromisoformat(payload["due_at"]) if "due_at" in payload else was.due_at,
        outcome=None if outcome is None else Outcome(outcome),
        version=was.version + (event.verb != VERBS[Action.EXTEND]),
    )


def differences() -> Iterator[Difference]:
    """Compare every follow-up with its history, a batch at a time, in order of their ids."""
    last = 0
    while True:
        rows = db.session.execute(
            select(FollowUp.id, FollowUp.year, FollowUp.seq, *COLUMNS)
            .where(FollowUp.id > last)
            .order_by(FollowUp.id)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        last = rows[-1].id
        events = _events_of([row.id for row in rows])
        rounds = _round_numbers([row.id for row in rows])
        for row in rows:
            stored = Standing(*(getattr(row, field) for field in COMPARED))
            number = written(row.year, row.seq)
            yield from compare(number, stored, replay(events.get(row.id, [])))
            expected = list(range(1, stored.round_no + 1))
            if (found := rounds.get(row.id, [])) != expected:
                yield Difference(number, "rounds", str(found), str(expected))


def compare(number: str, stored: Standing, replayed: Standing | None) -> Iterator[Difference]:
    """Name each field in which a stored row is not what its history says."""
    if replayed is None:
        yield Difference(number, "making", "unknown", "nothing of it")
        return
    for field in COMPARED:
        mine, theirs = getattr(stored, field), getattr(replayed, field)
        if mine != theirs:
            yield Difference(number, field, _said(mine), _said(theirs))


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _events_of(ids: Sequence[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    for event in db.session.scalars(
        select(Event)
        .where(Event.follow_up_id.in_(ids), Event.verb.in_([CREATED, *_CHANGES]))
        .order_by(Event.id)
        .execution_options(yield_per=BATCH)
    ):
        if event.follow_up_id is not None:
            found.setdefault(event.follow_up_id, []).append(event)
    return found


def _round_numbers(ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for follow_up_id, number in db.session.execute(
        select(Round.follow_up_id, Round.number)
        .where(Round.follow_up_id.in_(ids))
        .order_by(Round.follow_up_id, Round.number)
    ):
        found.setdefault(follow_up_id, []).append(number)
    return found
