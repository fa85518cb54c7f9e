"""Scans, photos and papers of meetings: on a page, to be opened, and to be offered as evidence."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotVisible
from app.core.storage.models import StoredFile
from app.followups import numbering
from app.followups.models import Evidence, FollowUp, Round
from app.followups.queries.visibility import visible_to as follow_ups_of
from app.meetings import policy
from app.meetings.models import (
    FileKind,
    Meeting,
    MeetingEvidence,
    MeetingFile,
    MinutesState,
    MinutesVersion,
)
from app.meetings.queries.visibility import visible_to

OFFERED_AT_MOST = 100


class Offered(NamedTuple):
    """A record of a meeting that may stand as evidence. `id` is that of the meeting's file."""

    id: int
    year: int
    seq: int
    title: str
    starts_at: datetime
    kind: FileKind
    file_name: str
    caption: str
    dated: date | None
    file_id: int
    """Of the stored bytes: a round has the same ones once."""

    @property
    def code(self) -> str:
        """Return the number of the meeting: "RK-2026-02"."""
        return f"RK-{self.year}-{self.seq:02d}"


def files_of(meeting: Meeting, actor: Actor) -> Sequence[MeetingFile]:
    """Return the files of a meeting that the person may open, oldest first, with their rows."""
    found = db.session.scalars(
        select(MeetingFile)
        .where(MeetingFile.meeting_id == meeting.id, MeetingFile.removed_at.is_(None))
        .options(joinedload(MeetingFile.file), joinedload(MeetingFile.added_by))
        .order_by(MeetingFile.id)
    )
    return [file for file in found if policy.can_open_file(actor, meeting, file)]


def file_of(meeting: Meeting, file_id: int, actor: Actor) -> MeetingFile:
    """Return a file of a meeting that the person may open. Raises `NotVisible`."""
    found = db.session.scalar(
        select(MeetingFile)
        .where(MeetingFile.meeting_id == meeting.id, MeetingFile.id == file_id)
        .options(joinedload(MeetingFile.file))
    )
    if found is None or not policy.can_open_file(actor, meeting, found):
        raise NotVisible
    return found


def has_signed_minutes(meeting_id: int) -> bool:
    """Tell whether a scan of the minutes as they are now is there.

    What was approved before was signed before: a correction needs a scan of its own.
    """
    last = (
        select(func.max(MinutesVersion.approved_at))
        .where(MinutesVersion.meeting_id == meeting_id)
        .scalar_subquery()
    )
    return (
        db.session.scalar(
            select(MeetingFile.id)
            .where(
                MeetingFile.meeting_id == meeting_id,
                MeetingFile.kind == FileKind.MINUTES,
                MeetingFile.removed_at.is_(None),
                or_(last.is_(None), MeetingFile.added_at > last),
            )
            .limit(1)
        )
        is not None
    )


def offered_as_evidence(actor: Actor) -> Sequence[Offered]:
    """Return the records that the person may offer as evidence, of the newest meeting first.

    Signed scans and photos of meetings whose minutes were approved: what is not signed yet proves
    nothing.
    """
    found = db.session.execute(
        select(
            MeetingFile.id,
            Meeting.year,
            Meeting.seq,
            Meeting.title,
            Meeting.starts_at,
            MeetingFile.kind,
            MeetingFile.file_name,
            MeetingFile.caption,
            MeetingFile.dated,
            MeetingFile.file_id,
        )
        .join(MeetingFile.meeting)
        .join(MeetingFile.file)
        .where(_is_offered(actor))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc(), MeetingFile.kind, MeetingFile.id)
        .limit(OFFERED_AT_MOST)
    )
    return [Offered._make(row) for row in found]


def offered_file(file_id: int, actor: Actor) -> MeetingFile:
    """Return one of the records that are offered, with its file and meeting. Raises `NotVisible`.

    Asked inside the write that makes it evidence.
    """
    found = db.session.scalar(
        select(MeetingFile)
        .join(MeetingFile.meeting)
        .join(MeetingFile.file)
        .where(MeetingFile.id == file_id, _is_offered(actor))
        .options(joinedload(MeetingFile.file), joinedload(MeetingFile.meeting))
    )
    if found is None:
        raise NotVisible
    return found


def used_in(files: Sequence[MeetingFile], actor: Actor) -> dict[int, list[str]]:
    """Return the numbers of the follow-ups in which files stand as evidence, by the files' ids.

    Those alone that the person sees.
    """
    found = db.session.execute(
        select(MeetingEvidence.meeting_file_id, FollowUp.year, FollowUp.seq)
        .distinct()
        .join(Evidence, Evidence.id == MeetingEvidence.evidence_id)
        .join(Evidence.round)
        .join(Round.follow_up)
        .where(
            MeetingEvidence.meeting_file_id.in_([file.id for file in files]),
            follow_ups_of(actor),
        )
        .order_by(MeetingEvidence.meeting_file_id, FollowUp.year, FollowUp.seq)
    )
    used: dict[int, list[str]] = {}
    for file_id, year, seq in found:
        used.setdefault(file_id, []).append(numbering.written(year, seq))
    return used


def _is_offered(actor: Actor) -> ColumnElement[bool]:
    was_approved = or_(
        Meeting.minutes_state == MinutesState.APPROVED, Meeting.correction_reason != ""
    )
    return and_(
        visible_to(actor),
        was_approved,
        MeetingFile.kind.in_(sorted(policy.RECORDS)),
        MeetingFile.removed_at.is_(None),
        StoredFile.blanked_at.is_(None),
    )
