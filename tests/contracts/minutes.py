"""What the ledger sends about the end of a meeting, its minutes and its files."""

import io
from collections.abc import Callable

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import clock, storage
from app.core.db import db
from app.core.write import write
from app.followups.models import FollowUp
from app.meetings.models import FileKind, Meeting, MinutesState
from app.meetings.queries.checking import check_of, written_marks
from app.meetings.queries.minutes import content_of
from tests.contracts.sending import Given, always
from tests.contracts.town import agency_of
from tests.factories.meetings import (
    AgendaItemFactory,
    InvitationFactory,
    MeetingActionItemFactory,
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
        **_approving(people),
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


def _approving(people: dict[str, User]) -> dict[str, Callable[[str], Given]]:
    ended, waiting = _meeting(15, ended=True), _meeting(16, ended=True)
    waiting.minutes_state = MinutesState.SUBMITTED
    db.session.commit()
    _file(people, waiting, FileKind.MINUTES)
    done, again = _meeting(17, approved=True), _meeting(18, ended=True)
    for meeting in (done, again):
        for number in (1, 2):
            MinutesVersionFactory(
                meeting=meeting,
                number=number,
                content=content_of(meeting.id),
                approved_by=people["officer"],
            )
    again.correction_reason = "Salah tulis."
    db.session.commit()
    items = [
        MeetingActionItemFactory(meeting=again, sent=True, withdrawn_reason=r)
        for r in ("", "Keliru.")
    ]
    seen = {meeting.code: {"version": str(meeting.version)} for meeting in (ended, waiting, done)}
    at = {meeting.code: {"code": meeting.code} for meeting in (ended, waiting, done, again)}
    first = {**at[done.code], "number": 2}
    # What is to be dropped must say what its newest version says: nothing was added to it.
    dropped = _meeting(19, ended=True)
    dropped.correction_reason = "Salah tulis."
    MinutesVersionFactory(
        meeting=dropped, content=content_of(dropped.id), approved_by=people["officer"]
    )
    db.session.commit()
    return {
        "meetings.approval": always(at[waiting.code]),
        "meetings.submit_minutes": always(at[ended.code], **seen[ended.code]),
        "meetings.return_minutes": always(
            at[waiting.code], **seen[waiting.code], note="Perbaiki nama."
        ),
        "meetings.approve_minutes": always(at[waiting.code], **seen[waiting.code]),
        "meetings.open_correction": always(at[done.code], **seen[done.code], reason="Salah tulis."),
        "meetings.drop_correction": always({"code": dropped.code}, version=str(dropped.version)),
        "meetings.withdraw_action": always(
            {**at[again.code], "item_id": items[0].id}, reason="Keliru."
        ),
        "meetings.keep_action": always({**at[again.code], "item_id": items[1].id}),
        "meetings.minutes_version": always(first),
        "meetings.minutes_differences": always(first),
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
