"""What the ledger sends about the end of a meeting, its minutes and its files."""

import io
from collections.abc import Callable

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import clock, storage
from app.core.write import write
from app.followups.models import FollowUp
from app.meetings.models import FileKind, Meeting
from app.meetings.queries.checking import check_of, written_marks
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


def about_minutes(
    people: dict[str, User], led: dict[str, FollowUp]
) -> dict[str, Callable[[str], Given]]:
    approved = _meeting(11, approved=True)
    MinutesVersionFactory(meeting=approved, approved_by=people["officer"])
    ended = _meeting(12, ended=True)
    scan = _file(people, approved, FileKind.LETTER)
    answer = {"number": led["returned"].number}
    return {
        **_ending(people),
        **_files(people, approved, ended),
        "meetings.choose_evidence": always(answer),
        "meetings.attach_evidence": always(answer, files=str(scan)),
    }


def _ending(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    held = _meeting(13, invited=True)
    here = {"code": held.code}
    local = clock.local(clock.now())
    seen = written_marks(check_of(held, actor_of(people["officer"])).marks)
    closed = {"closing_day": local.date().isoformat(), "closing_time": local.strftime("%H:%M")}
    return {
        "meetings.check": always(here),
        "meetings.check:ended": always({"code": _meeting(14, ended=True).code}),
        "meetings.end": always(here, **closed, seen=seen),
    }


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
