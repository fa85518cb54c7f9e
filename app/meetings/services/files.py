"""Put scans, photos and papers with a meeting, and take them out again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition
from app.core.storage.formats import MediaType
from app.core.storage.models import StoredFile
from app.followups.services.evidence import clean_name
from app.history.services import record
from app.meetings import policy
from app.meetings.labels import FILE_LABELS
from app.meetings.models import MAX_LINE, FileKind, Meeting, MeetingFile
from app.meetings.services.guarding import require_manager

ADDED = "meeting_file_added"
REMOVED = "meeting_file_removed"
MAX_FILES = 200

PICTURES = frozenset({MediaType.JPEG, MediaType.PNG})
SCANS = PICTURES | {MediaType.PDF}
TAKEN = {
    FileKind.LETTER: SCANS,
    FileKind.ATTENDANCE: SCANS,
    FileKind.MINUTES: SCANS,
    FileKind.PHOTO: PICTURES,
    FileKind.MATERIAL: frozenset(MediaType),
}
"""What a file of each kind can be: a signature is on paper, so a Word file is never signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is said of a file when it is added; `file_name` as it was chosen."""

    kind: FileKind
    file_name: str
    caption: str = ""
    dated: date | None = None
    token: str | None = None


def add_file(meeting: Meeting, actor: Actor, file: StoredFile, given: Described) -> MeetingFile:
    """Put a stored file with a locked meeting. A repeat with the same token is the same file.

    Raises `InvalidInput` in words for the one who chose it.
    """
    require_manager(actor)
    if not policy.can_add_files(actor, meeting):
        raise InvalidTransition("Rapat ini dibatalkan, sehingga berkasnya tidak bertambah.")
    here = db.session.scalars(
        select(MeetingFile).where(MeetingFile.meeting_id == meeting.id).order_by(MeetingFile.id)
    ).all()
    arrived = next((one for one in here if given.token and one.upload_token == given.token), None)
    if arrived is not None:
        return arrived
    _check(file, given, [one for one in here if one.removed_at is None])
    added = MeetingFile(
        meeting_id=meeting.id,
        kind=given.kind,
        file_id=file.id,
        file_name=clean_name(given.file_name),
        caption=" ".join(given.caption.split())[:MAX_LINE],
        dated=given.dated,
        upload_token=given.token,
        added_at=clock.now(),
        added_by_id=actor.user_id,
    )
    db.session.add(added)
    db.session.flush()
    record(actor, ADDED, meeting_id=meeting.id, **_told(added))
    return added


def remove_file(meeting: Meeting, actor: Actor, file: MeetingFile) -> None:
    """Take a file out of a locked meeting. The row and the bytes stay."""
    require_manager(actor)
    if not policy.can_remove_files(actor, meeting):
        raise InvalidTransition(
            "Notulen sudah disahkan, sehingga berkasnya tidak dapat dihapus. Buat koreksi dahulu."
        )
    file.removed_at = clock.now()
    record(actor, REMOVED, meeting_id=meeting.id, **_told(file))


def _check(file: StoredFile, given: Described, here: list[MeetingFile]) -> None:
    name = given.file_name
    if len(here) >= MAX_FILES:
        raise InvalidInput(f"Paling banyak {MAX_FILES} berkas untuk satu rapat.", "files")
    if MediaType(file.media_type) not in TAKEN[given.kind]:
        allowed = "foto JPG atau PNG" if given.kind is FileKind.PHOTO else "PDF, JPG atau PNG"
        label = FILE_LABELS[given.kind].lower()
        raise InvalidInput(f"{name}: {label} harus berupa {allowed}.", "files")
    same = [one for one in here if one.file_id == file.id and one.kind is given.kind]
    if same:
        raise InvalidInput(f"{name}: berkas ini sudah ada ({same[0].file_name}).", "files")


def _told(file: MeetingFile) -> dict[str, Any]:
    return {"file_id": file.id, "kind": file.kind.value, "name": file.file_name}
