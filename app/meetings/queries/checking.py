"""What the page before the end of a meeting says: what is missing, what differs, who gets what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, cast, literal, null, select, union_all
from sqlalchemy.orm import contains_eager

from app.agencies.models import Agency
from app.agencies.services.naming import find_agency, find_supporters
from app.core import clock, formatting
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.core.stale import fingerprint
from app.followups.machine import Action, State, transition
from app.followups.models import FollowUp
from app.followups.services.closing_by_word import hindrances
from app.meetings.labels import FILE_LABELS
from app.meetings.models import (
    AgendaItem,
    AgendaOutcome,
    Attendance,
    CarriedItem,
    CarriedOutcome,
    Decision,
    FileKind,
    Meeting,
    MeetingActionItem,
    MeetingFile,
)
from app.meetings.queries.addressing import Addressees, known_addressees
from app.meetings.queries.live import actions_of, agenda_of, decisions_of
from app.meetings.queries.mailings import Mailing, mailings_of
from app.meetings.queries.minutes import addressee_of, split_names

ACTIONS = {CarriedOutcome.EXTEND: Action.EXTEND, CarriedOutcome.CANCEL: Action.CANCEL}
DATED_THAT_DAY = (FileKind.ATTENDANCE, FileKind.MINUTES, FileKind.PHOTO)
CHECK_IN = "check_in"


@dataclass(slots=True)
class ToSend:
    """An action item that is not sent yet: whom it means, and what keeps it from being sent.

    `fault` has to be mended before anything is sent. Without an addressee it stays in the minutes
    and is sent to nobody; without a due time it takes the one that the page asks for.
    """

    number: int
    row: MeetingActionItem
    agencies: list[Agency]
    supporters: list[Agency]
    fault: str = ""

    @property
    def addressee(self) -> str:
        """Return whom it is for, in words."""
        return addressee_of(self.row)

    @property
    def is_addressed(self) -> bool:
        """Tell whether somebody gets it."""
        return bool(self.agencies)


@dataclass(slots=True)
class ToApply:
    """A follow-up from before with what the meeting said of it; `hindrance` keeps it as it is."""

    row: CarriedItem
    hindrance: str = ""

    @property
    def changes(self) -> bool:
        """Tell whether ending the meeting does something to it."""
        return self.row.outcome not in (None, CarriedOutcome.KEEP) and not self.hindrance


@dataclass(slots=True)
class Check:
    """Everything that the page before the end shows."""

    meeting: Meeting
    agenda: list[tuple[int, AgendaItem]]
    decisions: list[tuple[int, Decision]]
    items: list[ToSend]
    carried: list[ToApply]
    ticked: int
    waiting: int
    other_days: list[str]
    """What is dated on another day than the meeting, in words."""
    mailings: list[Mailing]

    @property
    def not_marked(self) -> list[tuple[int, AgendaItem]]:
        """Return the agenda items of which nobody said what became of them."""
        return [pair for pair in self.agenda if pair[1].outcome is AgendaOutcome.OPEN]

    @property
    def faults(self) -> list[ToSend]:
        """Return the action items that cannot be sent as they are."""
        return [item for item in self.items if item.fault]

    @property
    def without_addressee(self) -> list[ToSend]:
        """Return the action items that stay in the minutes alone."""
        return [item for item in self.items if not item.fault and not item.is_addressed]

    @property
    def without_due(self) -> list[ToSend]:
        """Return the action items that take the due time that the page asks for."""
        return [item for item in self.items if item.is_addressed and item.row.due_on is None]

    @property
    def without_outcome(self) -> list[ToApply]:
        """Return the follow-ups of which the meeting said nothing: they stay as they are."""
        return [item for item in self.carried if item.row.outcome is None]

    @property
    def hindered(self) -> list[ToApply]:
        """Return the follow-ups to which what was said can no longer be done."""
        return [item for item in self.carried if item.hindrance]

    @property
    def is_tidy(self) -> bool:
        """Tell whether there is nothing to look at before the end."""
        doubts = (self.faults, self.without_addressee, self.without_due, self.hindered)
        is_written = bool(self.decisions) and self.ticked > 0 and not self.waiting
        return is_written and not any(doubts) and not self.without_outcome and not self.other_days

    @property
    def follow_ups(self) -> int:
        """Return how many follow-ups will be made."""
        return sum(len(item.agencies) for item in self.items)

    @property
    def unreached(self) -> list[Mailing]:
        """Return the agencies that nobody answers for."""
        return [mailing for mailing in self.mailings if not mailing.people]

    @property
    def people(self) -> int:
        """Return how many people get a mail."""
        return len({user_id for row in self.mailings for user_id, _, mail in row.people if mail})

    @property
    def marks(self) -> dict[str, str]:
        """Return what the page shows, piece by piece, as `{piece: digest}`."""
        marks = {"rapat": fingerprint(self.meeting.state, self.meeting.version)}
        for number, item in self.agenda:
            marks[f"a{item.id}"] = fingerprint(number, item.title, item.outcome)
        for number, decision in self.decisions:
            marks[f"k{decision.id}"] = fingerprint(number, decision.words)
        for sent in self.items:
            marks[f"t{sent.row.id}"] = _mark_of(sent)
        for carried in self.carried:
            row = carried.row
            marks[f"c{row.id}"] = fingerprint(
                row.edition, row.outcome, carried.hindrance, row.follow_up.due_at.isoformat()
            )
        return marks


def check_of(meeting: Meeting, actor: Actor) -> Check:
    """Return what the page before the end says of a meeting (`cycle` loaded)."""
    agenda = list(enumerate(agenda_of(meeting.id), 1))
    decisions = list(enumerate(decisions_of(meeting.id), 1))
    items = items_to_send(meeting)
    carried = _carried(meeting, actor)
    changed = [item.row for item in carried if item.changes]
    ticked, waiting, other_days = _days(meeting)
    return Check(
        meeting=meeting,
        agenda=agenda,
        decisions=decisions,
        items=items,
        carried=carried,
        ticked=ticked,
        waiting=waiting,
        other_days=other_days,
        mailings=mailings_of(
            meeting.id,
            (agency for item in items for agency in item.agencies),
            ((row.follow_up.agency, row.outcome.value) for row in changed if row.outcome),
        ),
    )


def items_to_send(meeting: Meeting) -> list[ToSend]:
    """Return the action items of a meeting that are not sent, with whom they mean today."""
    numbered = [
        (number, row)
        for number, row in enumerate(actions_of(meeting.id), 1)
        if row.sent_at is None and not row.withdrawn_reason
    ]
    if not numbered:
        return []
    # Spellings are asked for where something was typed: two queries, however many items.
    known = known_addressees(meeting.cycle, spellings=True)
    return [_to_send(number, row, known) for number, row in numbered]


def _to_send(number: int, row: MeetingActionItem, known: Addressees) -> ToSend:
    item = ToSend(number, row, known.meant_by(row), [])
    try:
        if not item.agencies and row.addressee.strip():
            find_agency(row.addressee, known.agencies, "addressee")
            item.fault = f"Tidak ada instansi aktif pada “{addressee_of(row)}”."
        elif row.agency_id is not None:
            names = split_names(row.supporters)
            item.supporters = find_supporters(names, known.agencies, row.agency_id, "supporters")
    except InvalidInput as error:
        item.fault = error.message
    if item.agencies and row.due_on is not None and clock.end_of_day(row.due_on) <= clock.now():
        past = f"Batas waktu {formatting.long_date(row.due_on)} sudah lewat."
        item.fault = f"{item.fault} {past}".strip()
    return item


def _mark_of(item: ToSend) -> str:
    row = item.row
    return fingerprint(
        item.number,
        row.title,
        row.expected_proof,
        row.addressee,
        [agency.id for agency in item.agencies],
        row.supporters,
        str(row.due_on),
        row.decision_id,
    )


def _carried(meeting: Meeting, actor: Actor) -> list[ToApply]:
    rows = db.session.scalars(
        select(CarriedItem)
        .join(CarriedItem.follow_up)
        .join(FollowUp.agency)
        .where(CarriedItem.meeting_id == meeting.id, CarriedItem.applied_at.is_(None))
        .options(contains_eager(CarriedItem.follow_up).contains_eager(FollowUp.agency))
        .order_by(Agency.short_name, FollowUp.year, FollowUp.seq, CarriedItem.id)
    ).all()
    closing = [row.follow_up for row in rows if row.outcome is CarriedOutcome.CLOSE]
    hindered = hindrances(closing, actor) if closing else {}
    return [ToApply(row, _hindrance(row, hindered)) for row in rows]


def carried_ids(meeting_id: int) -> Sequence[int]:
    """Return the follow-ups of which a meeting said something that is not done yet."""
    return db.session.scalars(
        select(CarriedItem.follow_up_id)
        .where(
            CarriedItem.meeting_id == meeting_id,
            CarriedItem.applied_at.is_(None),
            CarriedItem.outcome.is_not(None),
        )
        .order_by(CarriedItem.follow_up_id)
    ).all()


def _hindrance(row: CarriedItem, closing: dict[int, str]) -> str:
    follow_up = row.follow_up
    if row.outcome is CarriedOutcome.CLOSE:
        return closing.get(follow_up.id, "")
    action = ACTIONS.get(row.outcome) if row.outcome else None
    if action is None:
        return ""
    if follow_up.state is State.DRAFT or transition(follow_up.state, action) is None:
        return f"{follow_up.number} tidak sedang berjalan pada instansi."
    if row.outcome is CarriedOutcome.EXTEND and (row.due_at is None or row.due_at <= clock.now()):
        return f"Batas waktu baru {follow_up.number} sudah lewat."
    return ""


def _days(meeting: Meeting) -> tuple[int, int, list[str]]:
    """Return how many lines of the list are ticked and wait, and what is dated another day."""
    lines = select(
        literal(CHECK_IN).label("source"),
        Attendance.confirmed_at.is_not(None).label("is_ticked"),
        Attendance.checked_in_at.label("moment"),
        cast(null(), Date).label("day"),
    ).where(Attendance.meeting_id == meeting.id)
    files = select(
        MeetingFile.kind, MeetingFile.file_id.is_not(None), null(), MeetingFile.dated
    ).where(
        MeetingFile.meeting_id == meeting.id,
        MeetingFile.removed_at.is_(None),
        MeetingFile.kind.in_(DATED_THAT_DAY),
    )
    held = clock.local(meeting.starts_at).date()
    ticked = waiting = 0
    others: Counter[tuple[str, date]] = Counter()
    found: Sequence[Any] = db.session.execute(union_all(lines, files)).all()
    for row in found:
        if row.source == CHECK_IN:
            ticked, waiting = ticked + bool(row.is_ticked), waiting + (not row.is_ticked)
        dated = clock.local(row.moment).date() if row.moment is not None else row.day
        if dated is not None and dated != held:
            others[row.source, dated] += 1
    return ticked, waiting, [_other_day(*key, times) for key, times in sorted(others.items())]


def _other_day(source: str, day: date, times: int) -> str:
    what = "kehadiran yang ditulis sendiri" if source == CHECK_IN else FILE_LABELS[FileKind(source)]
    return f"{times} {what.lower()} bertanggal {formatting.long_date(day)}"


def written_marks(marks: dict[str, str]) -> str:
    """Return marks as a form carries them."""
    return " ".join(f"{piece}={digest}" for piece, digest in marks.items())


def changes_since(seen: str, check: Check) -> list[str]:
    """Say which pieces are not as the page showed them; `seen` is what it carried."""
    was = dict(pair.split("=", 1) for pair in seen.split() if "=" in pair)
    now = check.marks
    names = _names(check)
    changed = [names[piece] for piece in now if piece in was and was[piece] != now[piece]]
    added = [f"{names[piece]} (baru)" for piece in now if piece not in was]
    gone = Counter(GONE[piece[:1]] for piece in was if piece not in now and piece[:1] in GONE)
    return changed + added + [f"{times} {what} tidak ada lagi" for what, times in gone.items()]


GONE = {"a": "agenda", "k": "keputusan", "t": "tindak lanjut baru", "c": "tindak lanjut lama"}


def _names(check: Check) -> dict[str, str]:
    names: dict[str, Any] = {"rapat": "Keterangan rapat"}
    names |= {f"a{item.id}": f"Agenda {number}" for number, item in check.agenda}
    names |= {f"k{row.id}": f"Keputusan {number}" for number, row in check.decisions}
    names |= {f"t{item.row.id}": f"Tindak lanjut {item.number}" for item in check.items}
    names |= {f"c{item.row.id}": item.row.follow_up.number for item in check.carried}
    return names


def proposed_closing(meeting: Meeting) -> datetime:
    """Return when the meeting closes unless somebody says otherwise: now, or as it was planned."""
    now = clock.now()
    is_that_day = clock.local(now).date() == clock.local(meeting.starts_at).date()
    return now if is_that_day else min(now, meeting.ends_at)
