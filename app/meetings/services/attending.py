"""Write down who came: the minute-taker's list, and people by the code on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from app.agencies.models import Agency, spelling_key
from app.agencies.queries import spellings_of
from app.agencies.services.naming import active_with_spellings
from app.core import clock
from app.core.actor import VISITOR, Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.history.services import record
from app.meetings import policy
from app.meetings.models import (
    CAME,
    MAX_ATTENDANCE,
    MAX_LINE,
    MAX_REASON,
    Attendance,
    Gender,
    Invitation,
    Meeting,
    Presence,
)
from app.meetings.queries.attendance import from_where
from app.meetings.services.guarding import require_writable

MAX_WAITING = 300
"""How many lines may wait for the minute-taker: a wall's code is no way to fill the list."""
LIST = "daftar hadirnya"
"""What a refusal calls it."""
SAID = (
    *("meeting_id", "invitation_id", "agency_id", "organisation", "name", "gender", "position"),
    *("contact", "presence", "represents", "note"),
)
"""What a line of the list says."""
CHANGED = "Baris ini sudah diubah orang lain sejak halaman ini dibuka."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the list, as typed. `place` is an agency in any spelling, or where else from."""

    name: str = ""
    gender: Gender | None = None
    position: str = ""
    contact: str = ""
    presence: Presence = Presence.PRESENT
    represents: str = ""
    note: str = ""
    place: str = ""


def add(meeting: Meeting, person: Person, actor: Actor) -> Attendance:
    """Write down somebody who came, invited or not; the same again is the same line.

    Raises `InvalidInput` on the field to blame.
    """
    require_writable(meeting, actor, LIST)
    _refuse_full(meeting)
    line = Attendance(meeting_id=meeting.id, edition=0)
    _fill(line, person)
    _seat(line, person)
    return _same(line) or _recorded(line, actor)


def mark(meeting: Meeting, invitation: Invitation, person: Person, actor: Actor) -> Attendance:
    """Write down who came of an invitation, or that nobody did.

    What was said of it without a name (*izin*, *tanpa keterangan*) is replaced, for the last word
    counts; people are added beside each other, and the same again is the same line.
    """
    require_writable(meeting, actor, LIST)
    if invitation.withdrawn_at is not None:
        raise InvalidTransition("Undangan ini sudah ditarik kembali. Catat sebagai yang lain.")
    replaced = _nameless(meeting, invitation)
    if replaced is None:
        _refuse_full(meeting)
    line = replaced or Attendance(meeting_id=meeting.id, edition=-1)
    line.edition += 1
    line.invitation_id = invitation.id
    line.agency, line.agency_id = invitation.agency, invitation.agency_id
    line.organisation = "" if invitation.agency_id else invitation.guest_organisation
    _fill(line, person)
    if replaced is None and (same := _same(line)) is not None:
        return same
    return _recorded(line, actor)


def change(
    meeting: Meeting, line: Attendance, person: Person, edition: int, actor: Actor
) -> Attendance:
    """Correct a line; what waits for a tick is so confirmed. Raises `StaleVersion`."""
    require_writable(meeting, actor, LIST)
    _refuse_stale(line, edition)
    _fill(line, person)
    _seat(line, person)
    line.edition += 1
    _confirm(line, actor)
    _note(actor, "attendance_changed", line)
    return line


def remove(meeting: Meeting, line: Attendance, edition: int, actor: Actor) -> None:
    """Take a line off the list; the history keeps who was on it. Raises `StaleVersion`."""
    require_writable(meeting, actor, LIST)
    _refuse_stale(line, edition)
    _note(actor, "attendance_removed", line)
    db.session.delete(line)


def confirm(meeting: Meeting, line_ids: Sequence[int], actor: Actor) -> int:
    """Tick lines that people wrote themselves; return how many. Those ticked already stay so."""
    require_writable(meeting, actor, LIST)
    lines = _waiting(meeting, line_ids)
    for line in lines:
        _confirm(line, actor)
        line.edition += 1
    if lines:
        record(
            actor,
            "attendance_confirmed",
            meeting_id=meeting.id,
            count=len(lines),
            names=[line.name for line in lines[:60]],
        )
    return len(lines)


def discard(meeting: Meeting, line_ids: Sequence[int], actor: Actor) -> int:
    """Drop lines that people wrote themselves and nobody has ticked; return how many.

    For a code that got about, and names that are none; the history keeps them.
    """
    require_writable(meeting, actor, LIST)
    lines = _waiting(meeting, line_ids)
    for line in lines:
        db.session.delete(line)
    if lines:
        names = [line.name for line in lines]
        record(actor, "check_ins_discarded", meeting_id=meeting.id, count=len(lines), names=names)
    return len(lines)


def check_in(meeting: Meeting, device: str, person: Person, actor: Actor) -> Attendance:
    """Keep what somebody wrote by the code on the wall, to be confirmed by the minute-taker.

    The same browser writes the same line until it is confirmed. Raises `InvalidTransition` before
    and after the hours of check-in.
    """
    if not policy.takes_check_ins(meeting, clock.now()):
        raise InvalidTransition("Pencatatan kehadiran belum dibuka atau sudah ditutup.")
    if not device:
        raise InvalidInput("Muat ulang halaman ini, lalu isi lagi.")
    line = db.session.scalar(
        select(Attendance)
        .where(Attendance.meeting_id == meeting.id, Attendance.device == device)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if line is not None and line.confirmed_at is not None:
        raise InvalidTransition("Kehadiran ini sudah dicatat notulis. Perubahan lewat notulis.")
    verb = "check_in_changed"
    if line is None:
        verb = "checked_in"
        _refuse_full(meeting)
        _refuse_too_many_waiting(meeting)
        line = Attendance(meeting_id=meeting.id, device=device, edition=0)
    else:
        line.edition += 1
    given = replace(person, presence=Presence.PRESENT, represents="", note="")
    _fill(line, given)
    _seat(line, given)
    line.checked_in_at = clock.now()
    db.session.add(line)
    _note(_self(actor, line), verb, line)
    return line


def place_of(typed: str, known: Sequence[Agency]) -> Agency | None:
    """Return the agency that is meant; None where the words name no agency: they stay words.

    Raises `InvalidInput` at `place` where several are meant.
    """
    key = spelling_key(typed)
    spellings = spellings_of(known)
    ids = spellings.get(key, set())
    if not ids and len(key) > 2:
        ids = {id_ for spelling, found in spellings.items() if key in spelling for id_ in found}
    meant = [agency for agency in known if agency.id in ids]
    if len(meant) > 1:
        names = ", ".join(agency.short_name for agency in meant[:5])
        raise InvalidInput(f"“{typed[:60]}” dapat berarti {names}. Tulis salah satunya.", "place")
    return meant[0] if meant else None


def _refuse_stale(line: Attendance, edition: int) -> None:
    if line.edition != edition:
        raise StaleVersion(CHANGED)


def _refuse_full(meeting: Meeting) -> None:
    if _count(meeting) >= MAX_ATTENDANCE:
        raise InvalidInput(f"Daftar hadir memuat paling banyak {MAX_ATTENDANCE} nama.")


def _refuse_too_many_waiting(meeting: Meeting) -> None:
    if _count(meeting, waiting=True) >= MAX_WAITING:
        raise InvalidInput("Terlalu banyak isian menunggu notulis. Hubungi notulis rapat.")


def _waiting(meeting: Meeting, line_ids: Sequence[int]) -> Sequence[Attendance]:
    """Return those of the lines that wait for a tick, locked."""
    return db.session.scalars(
        select(Attendance)
        .where(
            Attendance.meeting_id == meeting.id,
            Attendance.id.in_(sorted(set(line_ids))),
            Attendance.confirmed_at.is_(None),
        )
        .order_by(Attendance.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _count(meeting: Meeting, *, waiting: bool = False) -> int:
    asked = select(func.count()).select_from(Attendance).where(Attendance.meeting_id == meeting.id)
    if waiting:
        asked = asked.where(Attendance.confirmed_at.is_(None))
    return db.session.scalar(asked) or 0


def _same(line: Attendance) -> Attendance | None:
    """Return the line of the list that says what a new one does: the button was pressed twice."""
    return db.session.scalar(
        select(Attendance)
        .where(
            Attendance.confirmed_at.is_not(None),
            *(getattr(Attendance, name).is_not_distinct_from(getattr(line, name)) for name in SAID),
        )
        .limit(1)
    )


def _recorded(line: Attendance, actor: Actor) -> Attendance:
    _confirm(line, actor)
    db.session.add(line)
    _note(actor, "attendance_recorded", line)
    return line


def _nameless(meeting: Meeting, invitation: Invitation) -> Attendance | None:
    """Return what was said of an invitation without naming anybody."""
    return db.session.scalar(
        select(Attendance)
        .where(
            Attendance.meeting_id == meeting.id,
            Attendance.invitation_id == invitation.id,
            Attendance.name == "",
        )
        .order_by(Attendance.id)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _fill(line: Attendance, person: Person) -> None:
    """Write what was typed into a line. Raises `InvalidInput` on the field to blame."""
    texts = {
        name: " ".join(getattr(person, name).split())
        for name in ("name", "position", "contact", "represents")
    }
    for name, text in texts.items():
        if len(text) > MAX_LINE:
            raise InvalidInput(f"Paling panjang {MAX_LINE} huruf.", name)
    if len(person.note) > MAX_REASON:
        raise InvalidInput(f"Paling panjang {MAX_REASON} huruf.", "note")
    if not texts["name"] and person.presence in CAME:
        raise InvalidInput("Tulis nama yang hadir.", "name")
    line.name, line.position, line.contact = texts["name"], texts["position"], texts["contact"]
    line.gender, line.presence = person.gender, person.presence
    line.represents = texts["represents"] if person.presence is Presence.REPRESENTING else ""
    line.note = person.note.strip()


def _seat(line: Attendance, person: Person) -> None:
    """Put a line to its agency and its invitation, by the place that was typed.

    A guest who was invited by name may be from nowhere.
    """
    typed = " ".join(person.place.split())
    is_guest = line.invitation_id is not None and line.agency_id is None
    if not typed and not is_guest:
        raise InvalidInput("Tulis instansi atau asalnya.", "place")
    if len(typed) > MAX_LINE:
        raise InvalidInput(f"Paling panjang {MAX_LINE} huruf.", "place")
    agency = place_of(typed, active_with_spellings())
    if agency is not None:
        line.invitation_id = db.session.scalar(
            select(Invitation.id).where(
                Invitation.meeting_id == line.meeting_id,
                Invitation.agency_id == agency.id,
                Invitation.withdrawn_at.is_(None),
            )
        )
    elif not is_guest:
        line.invitation_id = None
    line.agency, line.agency_id = agency, agency.id if agency else None
    line.organisation = "" if agency else typed


def _confirm(line: Attendance, actor: Actor) -> None:
    line.confirmed_at = line.confirmed_at or clock.now()
    line.confirmed_by_id = line.confirmed_by_id or actor.user_id


def _note(actor: Actor, verb: str, line: Attendance) -> None:
    """Write an event; never the contact, which is for the list alone."""
    record(
        actor,
        verb,
        meeting_id=line.meeting_id,
        name=line.name,
        place=from_where(line),
        presence=line.presence.value,
    )


def _self(actor: Actor, line: Attendance) -> Actor:
    """Return who checked in, as the history names them: by the name that they wrote."""
    return actor if actor is not VISITOR else replace(VISITOR, name=line.name, title="kode hadir")
