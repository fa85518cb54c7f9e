"""Who is on the attendance list: by agency, in numbers, and those who never came this year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.agencies.models import Agency, spelling_key
from app.core.db import db
from app.core.errors import NotVisible
from app.core.search import searchable
from app.meetings.models import (
    CAME,
    Attendance,
    Gender,
    Invitation,
    Meeting,
    MeetingState,
    Presence,
)
from app.meetings.queries.invitations import name_of
from app.meetings.queries.visibility import was_asked


@dataclass(frozen=True, slots=True)
class Totals:
    """What is counted of the confirmed lines."""

    present: int = 0
    male: int = 0
    female: int = 0
    unknown: int = 0
    agencies: int = 0
    """Agencies of which somebody came."""
    excused: int = 0
    absent: int = 0
    invited: int = 0
    waiting: int = 0
    """People who wrote themselves down and wait for the minute-taker; counted nowhere else."""


@dataclass(slots=True)
class Seat:
    """An invitation on the attendance list, with the people written down for it."""

    invitation: Invitation
    lines: list[Attendance] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what the invited is called."""
        return name_of(self.invitation)

    @property
    def confirmed(self) -> list[Attendance]:
        """Return the lines that count."""
        return [line for line in self.lines if line.confirmed_at is not None]

    @property
    def is_open(self) -> bool:
        """Tell whether nothing is written of the invitation yet."""
        return not self.confirmed

    def mentions(self, words: str) -> bool:
        """Tell whether a search for words means this invitation, or somebody of it."""
        agency = self.invitation.agency
        own = agency.search_text if agency else searchable(name_of(self.invitation))
        people = [line.name for line in self.lines]
        text = f"{own} {searchable(self.invitation.answer_name, *people)}"
        key = spelling_key(words)
        return (bool(key) and key in own) or all(word in text for word in searchable(words).split())


@dataclass(frozen=True, slots=True)
class Board:
    """The attendance list: a seat for each invitation, and those who came uninvited."""

    seats: Sequence[Seat]
    others: Sequence[Attendance]
    totals: Totals

    def seat_of(self, invitation_id: int) -> Seat:
        """Return the seat of an invitation. Raises `NotVisible` where it does not stand."""
        for seat in self.seats:
            if seat.invitation.id == invitation_id:
                return seat
        raise NotVisible

    @property
    def waiting(self) -> list[Attendance]:
        """Return the lines that people wrote themselves and nobody has confirmed, oldest first."""
        lines = [line for seat in self.seats for line in seat.lines] + list(self.others)
        return sorted(
            (line for line in lines if line.confirmed_at is None), key=lambda line: line.id
        )

    @property
    def uninvited(self) -> list[Attendance]:
        """Return the confirmed lines of people whose agency was not invited."""
        return [line for line in self.others if line.confirmed_at is not None]


def board_of(meeting_id: int) -> Board:
    """Return the whole attendance list of a meeting: two queries."""
    invitations = db.session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting_id, Invitation.withdrawn_at.is_(None))
        .options(joinedload(Invitation.agency))
        .order_by(Invitation.id)
    ).all()
    lines = _lines(meeting_id)
    seats = {row.id: Seat(row) for row in invitations}
    by_agency = {row.agency_id: row.id for row in invitations if row.agency_id is not None}
    others: list[Attendance] = []
    for line in lines:
        seat = seats.get(line.invitation_id or by_agency.get(line.agency_id or 0, 0))
        (seat.lines if seat else others).append(line)
    ordered = sorted(
        seats.values(),
        key=lambda seat: (seat.invitation.agency is None, seat.name.lower(), seat.invitation.id),
    )
    return Board(ordered, others, _totals(lines, len(invitations)))


def totals_of(meeting_id: int) -> Totals:
    """Return the numbers of the attendance list."""
    invited = db.session.scalar(
        select(func.count())
        .select_from(Invitation)
        .where(Invitation.meeting_id == meeting_id, Invitation.withdrawn_at.is_(None))
    )
    return _totals(_lines(meeting_id), invited or 0)


def get_line(meeting_id: int, line_id: int) -> Attendance:
    """Return a line of the list, with its agency. Raises `NotVisible`."""
    return _found(_line(meeting_id, line_id))


def get_line_locked(meeting_id: int, line_id: int) -> Attendance:
    """Return a line with its row locked. Raises `NotVisible`."""
    return _found(
        _line(meeting_id, line_id)
        .with_for_update(of=Attendance)
        .execution_options(populate_existing=True)
    )


def for_check_in(meeting_id: int, *, lock: bool = False) -> Meeting:
    """Return the meeting that the code on a wall is for. Raises `NotVisible` for a draft."""
    asked = select(Meeting).where(Meeting.id == meeting_id, Meeting.state != MeetingState.DRAFT)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    meeting = db.session.scalar(asked)
    if meeting is None:
        raise NotVisible
    return meeting


def line_of_device(meeting_id: int, device: str) -> Attendance | None:
    """Return what was written down from a browser, with its agency; None where nothing was."""
    if not device:
        return None
    return db.session.scalar(
        select(Attendance)
        .where(Attendance.meeting_id == meeting_id, Attendance.device == device)
        .options(joinedload(Attendance.agency))
    )


def invited_names(meeting_id: int) -> list[str]:
    """Return the short names of the agencies that are invited: what a check-in proposes."""
    names = db.session.scalars(
        select(Agency.short_name)
        .join(Invitation, Invitation.agency_id == Agency.id)
        .where(Invitation.meeting_id == meeting_id, Invitation.withdrawn_at.is_(None))
    )
    return sorted(names, key=str.lower)


def never_came(meeting: Meeting) -> list[tuple[str, int]]:
    """Return the invited agencies of which nobody came this year, and how often each was invited.

    It counts the meetings that ended, and this one.
    """
    counted = (Meeting.year == meeting.year) & (
        (Meeting.state == MeetingState.ENDED) | (Meeting.id == meeting.id)
    )
    came = (
        select(Attendance.agency_id)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(
            counted,
            Attendance.agency_id.is_not(None),
            Attendance.confirmed_at.is_not(None),
            Attendance.presence.in_(sorted(CAME)),
        )
    )
    rows = db.session.execute(
        select(Agency.short_name, func.count())
        .join(Invitation, Invitation.agency_id == Agency.id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            counted,
            was_asked(),
            Agency.id.not_in(came),
        )
        .group_by(Agency.id, Agency.short_name)
    )
    return sorted(((name, times) for name, times in rows), key=lambda row: row[0].lower())


def rows_for_print(meeting_id: int) -> list[dict[str, Any]]:
    """Return the confirmed lines as plain data, numbered."""
    lines = confirmed_lines(meeting_id)
    return [{"number": number} | line_content(line) for number, line in enumerate(lines, 1)]


def confirmed_lines(meeting_id: int) -> list[Attendance]:
    """Return the lines that count, by where people are from, agencies before others."""
    lines = [line for line in _lines(meeting_id) if line.confirmed_at is not None]
    return sorted(lines, key=lambda line: (line.agency is None, from_where(line).lower(), line.id))


def from_where(line: Attendance) -> str:
    """Return where a person on the list is from: an agency's short name, or what was written."""
    return line.agency.short_name if line.agency else line.organisation


def line_content(line: Attendance) -> dict[str, Any]:
    """Return a line as the minutes keep it and as a list is printed."""
    return {
        "name": line.name,
        "gender": line.gender.value if line.gender else None,
        "position": line.position,
        "organisation": line.organisation,
        "agency": line.agency.short_name if line.agency else None,
        "presence": line.presence.value,
        "represents": line.represents,
        "contact": line.contact,
        "note": line.note,
    }


def headcount(lines: Iterable[Attendance]) -> dict[str, int]:
    """Count those of confirmed lines who came: in all, by gender, and of how many agencies."""
    came = [line for line in lines if line.presence in CAME]
    return {
        "present": len(came),
        "male": len([line for line in came if line.gender is Gender.MALE]),
        "female": len([line for line in came if line.gender is Gender.FEMALE]),
        "unknown": len([line for line in came if line.gender is None]),
        "agencies": len({line.agency_id for line in came if line.agency_id is not None}),
    }


def _line(meeting_id: int, line_id: int) -> Select[Attendance]:
    return (
        select(Attendance)
        .where(Attendance.meeting_id == meeting_id, Attendance.id == line_id)
        .options(joinedload(Attendance.agency))
    )


def _found(asked: Select[Attendance]) -> Attendance:
    line = db.session.scalar(asked)
    if line is None:
        raise NotVisible
    return line


def _lines(meeting_id: int) -> list[Attendance]:
    return list(
        db.session.scalars(
            select(Attendance)
            .where(Attendance.meeting_id == meeting_id)
            .options(joinedload(Attendance.agency))
            .order_by(Attendance.id)
        )
    )


def _totals(lines: Sequence[Attendance], invited: int) -> Totals:
    counted = [line for line in lines if line.confirmed_at is not None]
    return Totals(
        **headcount(counted),
        excused=len([line for line in counted if line.presence is Presence.EXCUSED]),
        absent=len([line for line in counted if line.presence is Presence.ABSENT]),
        invited=invited,
        waiting=len(lines) - len(counted),
    )
