"""What the ledger sends about the end of a meeting, its minutes and its files."""

import io
from collections.abc import Callable

from app.accounts.models import User
from app.core import storage
from app.core.write import write
from app.meetings.models import FileKind, Meeting
from tests.contracts.sending import Given, always
from tests.contracts.town import agency_of
from tests.factories.meetings import (
    AgendaItemFactory,
    InvitationFactory,
    MeetingFactory,
    MeetingFileFactory,
    MinutesVersionFactory,
)
from tests.support.files import pdf


def about_minutes(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    approved = _meeting(11, approved=True)
    MinutesVersionFactory(meeting=approved, approved_by=people["officer"])
    ended = _meeting(12, ended=True)
    return {**_files(people, approved, ended)}


def _files(
    people: dict[str, User], approved: Meeting, ended: Meeting
) -> dict[str, Callable[[str], Given]]:
    scan = _file(people, approved, FileKind.MINUTES)
    paper = _file(people, approved, FileKind.MATERIAL)
    loose = _file(people, ended, FileKind.PHOTO)
    here, there = {"code": approved.code}, {"code": ended.code}
    return {
        "meetings.files": always(here),
        "meetings.add_files": lambda _: Given(
            there, {"files-minutes": (io.BytesIO(pdf("baru")), "notulen.pdf")}
        ),
        "meetings.open_file": always({**here, "file_id": scan}),
        "meetings.open_file:material": always({**here, "file_id": paper}),
        "meetings.open_file:not_approved": always({**there, "file_id": loose}),
        "meetings.remove_file": always({**there, "file_id": loose}),
    }


def _meeting(seq: int, **given: bool) -> Meeting:
    """Return a meeting that Dinkes was invited to."""
    meeting: Meeting = MeetingFactory(seq=seq, **given)
    AgendaItemFactory(meeting=meeting, discussed=True)
    InvitationFactory(meeting=meeting, agency=agency_of("DINKES"))
    return meeting


def _file(people: dict[str, User], meeting: Meeting, kind: FileKind) -> int:
    stored = storage.put(io.BytesIO(pdf(f"{meeting.code} {kind}")))
    with write():
        row = storage.remember(stored)
    file = MeetingFileFactory(meeting=meeting, kind=kind, file=row, added_by=people["officer"])
    file_id: int = file.id
    return file_id
