"""A meeting before it is held: set up, changed, moved, cancelled. Nobody is told of a draft."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select

from app.core import clock, formatting
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.core.search import searchable
from app.history.services import record
from app.meetings import labels
from app.meetings.models import (
    Invitation,
    Meeting,
    MeetingKind,
    MeetingState,
)
from app.meetings.queries import choices
from app.meetings.services import carrying, telling
from app.meetings.services.guarding import require_open, require_version

CREATED, EDITED = "meeting_created", "meeting_edited"
MOVED, CANCELLED = "meeting_moved", "meeting_cancelled"
WEB_ADDRESS = re.compile(r"https://[^\s/.]+(\.[^\s/.]+)+(/\S*)?")
MOVING = ("starts_at", "ends_at", "place", "video_url")
"""What those invited are told of when it changes."""
OLD_PAGE = (
    "Keterangan rapat ini diubah orang lain sejak halaman dibuka. Bandingkan dengan yang tersimpan"
    " di bawah; menyimpan sekali lagi menggantinya."
)
PARTICULARS = "keterangannya"
"""What a refusal calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is fixed of a meeting beforehand; `letter_…` is what its invitation letter says.

    Without a title it is called after its place in the year.
    """

    kind: MeetingKind
    ordinal: int | None
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    video_url: str = ""
    chair_name: str = ""
    chair_position: str = ""
    chair_id: int | None = None
    minute_taker_name: str = ""
    minute_taker_position: str = ""
    basis: str = ""
    cycle_id: int | None = None
    letter_number: str = ""
    letter_date: date | None = None
    letter_nature: str = ""
    letter_attachments: str = ""
    letter_subject: str = ""
    bring: str = ""
    contact: str = ""


def create_meeting(plan: Plan, actor: Actor, *, copied: Meeting | None = None) -> Meeting:
    """Set up a draft with its number and the agenda that a meeting starts with.

    `copied` is an earlier meeting whose agencies are put on the list again, unsent. Raises
    `InvalidInput` at the field that is to blame.
    """
    year = clock.local(plan.starts_at).year
    plan = _checked(plan, year)
    last = db.session.scalar(select(func.max(Meeting.seq)).where(Meeting.year == year))
    meeting = Meeting(
        year=year, seq=(last or 0) + 1, search_text="", created_at=clock.now(), **_values(plan)
    )
    meeting.search_text = _words_to_find(meeting)
    db.session.add(meeting)
    db.session.flush()
    agencies = choices.agencies_to_copy(copied.id) if copied is not None else []
    if agencies:
        rows = [{"meeting_id": meeting.id, "agency_id": agency_id} for agency_id in agencies]
        db.session.execute(insert(Invitation), rows)
    record(
        actor,
        CREATED,
        meeting_id=meeting.id,
        title=meeting.title,
        starts_at=meeting.starts_at.isoformat(),
        copied=copied.code if copied is not None else "",
        invited=len(agencies),
    )
    carrying.start_agenda(meeting, actor)
    return meeting


def change_meeting(meeting: Meeting, plan: Plan, actor: Actor, *, version: int) -> None:
    """Change the particulars of a locked meeting; those who know of it are told where it moves.

    Raises `InvalidTransition` where it is over, `StaleVersion` where somebody else changed it
    since the page of that version, `InvalidInput` at a field.
    """
    require_open(meeting, actor, PARTICULARS)
    require_version(meeting, version, OLD_PAGE)
    plan = _checked(plan, meeting.year, meeting)
    before = telling.Before.of(meeting)
    changed = {}
    for name, value in _values(plan).items():
        was = getattr(meeting, name)
        if was != value:
            changed[name] = [written(was), written(value)]
            setattr(meeting, name, value)
    if not changed:
        return
    meeting.version += 1
    meeting.search_text = _words_to_find(meeting)
    moved = {name: changed[name] for name in MOVING if name in changed}
    is_known = meeting.state is MeetingState.INVITED
    rest = {k: v for k, v in changed.items() if not is_known or k not in moved}
    if rest:
        record(actor, EDITED, meeting_id=meeting.id, changed=rest)
    if moved and is_known:
        meeting.sequence += 1
        event_id = record(actor, MOVED, meeting_id=meeting.id, changed=moved)
        telling.tell_moved(meeting, event_id, before)


def cancel_meeting(meeting: Meeting, reason: str, actor: Actor, *, version: int) -> None:
    """Cancel a locked meeting for good; those who know of it are told, once.

    Raises as `change_meeting` does.
    """
    require_open(meeting, actor, PARTICULARS)
    require_version(meeting, version, OLD_PAGE)
    if not reason.strip():
        raise InvalidInput("Tuliskan alasan pembatalannya.", "reason")
    was_known = meeting.state is MeetingState.INVITED
    meeting.state = MeetingState.CANCELLED
    meeting.cancel_reason = reason.strip()
    meeting.version += 1
    event_id = record(actor, CANCELLED, meeting_id=meeting.id, words=meeting.cancel_reason)
    if was_known:
        meeting.sequence += 1
        telling.tell_cancelled(meeting, event_id)


def _checked(plan: Plan, year: int, meeting: Meeting | None = None) -> Plan:
    """Return the plan with what follows from it, or refuse it at the field."""
    if plan.ends_at <= plan.starts_at:
        raise InvalidInput("Jam selesai harus sesudah jam mulai.", "ends")
    if plan.video_url and not WEB_ADDRESS.fullmatch(plan.video_url):
        raise InvalidInput("Tautan rapat daring dimulai dengan https://.", "video_url")
    is_known = meeting is not None and meeting.state is MeetingState.INVITED
    if is_known and not (plan.place or plan.video_url):
        raise InvalidInput("Yang diundang perlu tahu tempat atau tautannya.", "place")
    if plan.ordinal is not None:
        but_id = meeting.id if meeting is not None else None
        other = choices.with_ordinal(year, plan.ordinal, but_id=but_id)
        if other is not None:
            raise InvalidInput(f"Urutan itu sudah dipakai {other.title} ({other.code}).", "ordinal")
    title = plan.title or labels.proposed_title(plan.ordinal, year)
    return _with_chair(replace(plan, title=title), meeting)


def plan_of(meeting: Meeting) -> dict[str, Any]:
    """Return what is fixed of a meeting, by the names of a `Plan`."""
    return {field.name: getattr(meeting, field.name) for field in fields(Plan)}


def _with_chair(plan: Plan, meeting: Meeting | None) -> Plan:
    """Name the chair by its account where only that was chosen."""
    if plan.chair_id is None or (meeting is not None and meeting.chair_id == plan.chair_id):
        return plan
    person = next((p for p in choices.approvers() if p.id == plan.chair_id), None)
    if person is None:
        raise InvalidInput("Akun ini tidak dapat mengesahkan notulen.", "chair_id")
    return replace(
        plan,
        chair_name=plan.chair_name or person.name,
        chair_position=plan.chair_position or person.position,
    )


def _values(plan: Plan) -> dict[str, Any]:
    return {field.name: getattr(plan, field.name) for field in fields(plan)}


def written(value: Any) -> str:
    """Return a particular as the history keeps it."""
    if isinstance(value, datetime):
        return formatting.moment(value)
    if isinstance(value, date):
        return formatting.short_date(value)
    return "" if value is None else str(value)


def _words_to_find(meeting: Meeting) -> str:
    return searchable(meeting.code, meeting.title, meeting.place, meeting.basis)
