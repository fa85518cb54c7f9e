"""End a meeting: what was decided becomes follow-ups, and everybody is told once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.followups.machine import Action
from app.followups.models import FollowUp
from app.followups.queries.detail import lock_all
from app.followups.services.closing_by_word import close_by_word
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform_all
from app.history.services import record
from app.meetings import policy
from app.meetings.models import (
    AgendaOutcome,
    CarriedItem,
    CarriedOutcome,
    Meeting,
    MeetingState,
)
from app.meetings.queries.checking import (
    ACTIONS,
    Check,
    ToApply,
    carried_ids,
    changes_since,
    check_of,
)
from app.meetings.queries.minutes import content_of
from app.meetings.services.guarding import require_manager
from app.meetings.services.sending import particulars_of, send, tell_agencies

ENDED = "meeting_ended"
KIND = "meeting_ended"
GRACE = timedelta(minutes=1)
"""By how much a browser's clock may be ahead of this one."""
CHANGED = "Ada yang berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu akhiri rapat."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What was said on the page: when it closed, and what becomes of what nobody marked.

    `due_on` is for action items without a due time; `outcomes` are of agenda items by id; an item
    that is not among them is brought to the next meeting.
    """

    ended_at: datetime
    due_on: date | None = None
    outcomes: Mapping[int, AgendaOutcome] = field(default_factory=dict)


def end_meeting(meeting: Meeting, actor: Actor, given: Ending, *, seen: str) -> None:
    """End a locked meeting (`cycle` loaded), and send what it decided: all of it, or nothing.

    `seen` is what the page carried (`checking.written_marks`). What can no longer be done to an old
    follow-up stays as it is, and the event says so (`not_applied`). Raises `StaleVersion` with
    `details["changed"]`, `InvalidInput` at a field.
    """
    require_manager(actor)
    if not policy.can_end(actor, meeting):
        raise InvalidTransition("Rapat ini sudah diakhiri atau dibatalkan.")
    locked = lock_all(carried_ids(meeting.id))  # first: what is checked stays so until it is done
    check = check_of(meeting, actor)
    if changed := changes_since(seen, check):
        raise StaleVersion(CHANGED, changed=changed)
    _check_closing(meeting, given.ended_at)
    if check.faults:
        first = check.faults[0]
        raise InvalidInput(f"Tindak lanjut {first.number}: {first.fault}", f"action-{first.row.id}")
    for _, item in check.not_marked:
        item.outcome = given.outcomes.get(item.id, AgendaOutcome.NOT_REACHED)
    made = send(
        meeting,
        check.items,
        check.agenda,
        check.decisions,
        actor,
        told_as=KIND,
        due_on=given.due_on,
    )
    done = _apply(meeting, check, locked, actor)
    meeting.state = MeetingState.ENDED
    meeting.ended_at = given.ended_at
    meeting.version += 1
    event_id = record(actor, ENDED, meeting_id=meeting.id, **_told(meeting, check, made, done))
    tell_agencies(meeting, event_id, KIND, {row.agency.id for row in check.mailings})


def _check_closing(meeting: Meeting, ended_at: datetime) -> None:
    now = clock.now()
    if ended_at > now + GRACE:
        raise InvalidInput("Waktu selesai belum tiba.", "closing_time")
    if meeting.starts_at < now and ended_at <= meeting.starts_at:
        raise InvalidInput("Waktu selesai harus sesudah rapat dimulai.", "closing_time")


def _apply(
    meeting: Meeting, check: Check, locked: Sequence[FollowUp], actor: Actor
) -> Counter[str]:
    """Do to the follow-ups of before what the meeting said; return how often each was done."""
    rows = {item.row.follow_up_id: item.row for item in check.carried if item.changes}
    if not rows:
        return Counter()
    told = particulars_of(meeting, KIND)
    of: defaultdict[CarriedOutcome | None, list[FollowUp]] = defaultdict(list)
    for follow_up in locked:
        if (row := rows.get(follow_up.id)) is not None:
            row.was_due_at = follow_up.due_at
            of[row.outcome].append(follow_up)
    closing = of[CarriedOutcome.CLOSE]
    if closing:
        words = {follow_up.id: _said(rows[follow_up.id]) for follow_up in closing}
        close_by_word(closing, actor, words, told)
    for outcome, action in ACTIONS.items():
        _change(of[outcome], rows, action, actor, told)
    for row in rows.values():
        row.applied_at = clock.now()
    return Counter(row.outcome.value for row in rows.values() if row.outcome)


def _change(
    follow_ups: Sequence[FollowUp],
    rows: Mapping[int, CarriedItem],
    action: Action,
    actor: Actor,
    told: Particulars,
) -> None:
    """Extend or cancel, all those together of which the same was said."""
    alike: defaultdict[tuple[str, datetime | None], list[FollowUp]] = defaultdict(list)
    for follow_up in follow_ups:
        row = rows[follow_up.id]
        alike[_said(row), row.due_at].append(follow_up)
    for (words, due_at), those in alike.items():
        perform_all(those, action, actor, replace(told, words=words, due_at=due_at))


def _said(row: CarriedItem) -> str:
    """Return what was said, and who said it."""
    words, by = row.words.strip(), row.said_by.strip()
    return f"{words} ({by})" if words and by else words or by


def _told(meeting: Meeting, check: Check, made: int, done: Counter[str]) -> dict[str, Any]:
    """Return what the history keeps: numbers, what could not be done, and what was read out."""
    content = content_of(meeting.id)
    return {
        "follow_ups": made,
        "decisions": len(check.decisions),
        **dict(done),
        "not_applied": [_not_applied(item) for item in check.hindered],
        "read_out": {"decisions": content["decisions"], "actions": content["actions"]},
    }


def _not_applied(item: ToApply) -> dict[str, str]:
    outcome = item.row.outcome
    return {
        "number": item.row.follow_up.number,
        "outcome": outcome.value if outcome else "",
        "why": item.hindrance,
    }
