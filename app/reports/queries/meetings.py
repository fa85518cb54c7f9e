"""What documents say of meetings: minutes, as they are or were approved, and who is invited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotVisible
from app.core.storage.models import StoredFile
from app.meetings import policy
from app.meetings.models import (
    CAME,
    Answer,
    FileKind,
    Invitation,
    Meeting,
    MeetingFile,
    MinutesState,
    MinutesVersion,
)
from app.meetings.queries import attendance, minutes
from app.meetings.queries.invitations import name_of
from app.meetings.queries.visibility import visible_to

MAX_PHOTOS = 12
NOT_APPROVED = "Notulen rapat ini belum disahkan."


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a meeting: a version that was approved, or a draft (`version` None)."""

    content: Mapping[str, Any]
    photos: Mapping[int, StoredFile]
    """By the id that the content names."""
    version: int | None = None
    reason: str = ""
    """Why this version, or this draft, corrects the one before."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody whom an invitation letter is for."""

    name: str
    position: str = ""


def minutes_for(meeting: Meeting, actor: Actor, number: int | None = None) -> Minutes:
    """Return the minutes as the person reads them, or one approved version by its `number`.

    Whoever may read what is being written gets that while it is not approved; others the newest
    approved version. Raises NotVisible where there is none.
    """
    if number is not None:
        return _frozen(minutes.version_of(meeting, number, actor))
    is_approved = meeting.minutes_state is MinutesState.APPROVED
    if policy.can_read_minutes(actor, meeting) and not is_approved:
        content = minutes.content_of(meeting.id)
        photos = photos_of([content])
        return Minutes(content, photos, reason=meeting.correction_reason)
    newest = minutes.newest_version(meeting.id)
    if newest is None or not policy.can_read_versions(actor, meeting):
        raise NotVisible(NOT_APPROVED)
    return _frozen(newest)


def has_minutes(meeting: Meeting, actor: Actor) -> bool:
    """Tell whether `minutes_for` has something for a person who sees the meeting."""
    if policy.can_read_minutes(actor, meeting):
        return True
    if not policy.can_read_versions(actor, meeting):
        return False
    return minutes.newest_version(meeting.id) is not None


def approved_in(year: int, actor: Actor) -> list[Minutes]:
    """Return the newest approved minutes of a year's meetings that the person sees, by day."""
    newest = select(func.max(MinutesVersion.id)).group_by(MinutesVersion.meeting_id)
    versions = db.session.scalars(
        select(MinutesVersion)
        .join(MinutesVersion.meeting)
        .where(MinutesVersion.id.in_(newest), Meeting.year == year, visible_to(actor))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
    photos = photos_of([version.content for version in versions])
    return [_minutes(version, photos) for version in versions]


def photos_of(contents: Sequence[Mapping[str, Any]]) -> dict[int, StoredFile]:
    """Return the photos that minutes name and that can still be opened, by the id they name."""
    named = [
        photo["file_id"] for content in contents for photo in content.get("photos", [])[:MAX_PHOTOS]
    ]
    found = db.session.scalars(
        select(MeetingFile)
        .where(MeetingFile.id.in_(named), MeetingFile.kind == FileKind.PHOTO)
        .options(joinedload(MeetingFile.file))
    )
    return {photo.id: photo.file for photo in found if photo.file.blanked_at is None}


def addressees_of(meeting: Meeting) -> list[Addressee]:
    """Return whom the invitation is for: agencies by name, then guests."""
    return [Addressee(_name(row), _position(row)) for row in _standing(meeting)]


def to_sign(meeting: Meeting) -> list[dict[str, Any]]:
    """Return the lines of an attendance list: who came, and until it is over who is expected."""
    came = {presence.value for presence in CAME}
    lines = [line for line in attendance.rows_for_print(meeting.id) if line["presence"] in came]
    if meeting.state in policy.OVER:
        return lines
    there = {line["agency"] or line["name"] for line in lines}
    expected = [row for row in _standing(meeting) if row.answer is not Answer.UNABLE]
    return lines + [_line(row) for row in expected if name_of(row) not in there]


def _line(row: Invitation) -> dict[str, Any]:
    return {
        "name": row.answer_name or row.guest_name,
        "gender": None,
        "position": row.answer_position or row.guest_position,
        "organisation": row.guest_organisation,
        "agency": row.agency.short_name if row.agency else None,
        "contact": "",
    }


def _standing(meeting: Meeting) -> list[Invitation]:
    """Return the invitations that stand: agencies by name, then guests."""
    found = db.session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting.id, Invitation.withdrawn_at.is_(None))
        .options(joinedload(Invitation.agency))
        .order_by(Invitation.id)
    )
    return sorted(found, key=lambda row: (row.agency is None, _name(row).lower(), row.id))


def _name(row: Invitation) -> str:
    return row.agency.name if row.agency else row.guest_name


def _position(row: Invitation) -> str:
    parts = (row.guest_position, row.guest_organisation)
    return "" if row.agency else ", ".join(part for part in parts if part)


def _frozen(version: MinutesVersion) -> Minutes:
    return _minutes(version, photos_of([version.content]))


def _minutes(version: MinutesVersion, photos: Mapping[int, StoredFile]) -> Minutes:
    return Minutes(version.content, photos, version.number, version.reason)
