"""What the ledger asks of invitations and of the attendance list: one meeting that begins now."""

from collections.abc import Callable
from datetime import timedelta

from app.core import clock
from app.core.db import db
from app.meetings import tokens
from tests.contracts.sending import Given, always
from tests.contracts.town import agency_of
from tests.factories.meetings import AttendanceFactory, InvitationFactory, MeetingFactory


def about_inviting() -> dict[str, Callable[[str], Given]]:
    """Return what is sent about it. Dinkes is invited, a guest waits, somebody checked in."""
    meeting = MeetingFactory(
        seq=40, ordinal=None, invited=True, starts_at=clock.now() + timedelta(minutes=5)
    )
    asked = InvitationFactory(meeting=meeting, agency=agency_of("DINKES"))
    guest = InvitationFactory(meeting=meeting, guest=True, unsent=True)
    line = AttendanceFactory(meeting_id=meeting.id, agency=agency_of("DINKES"), checked_in=True)
    AttendanceFactory(meeting_id=meeting.id, agency=agency_of("PUPR"), checked_in=True)
    elsewhere = InvitationFactory(meeting=MeetingFactory(seq=41, ordinal=None, invited=True))
    db.session.commit()
    here = {"code": meeting.code}
    one, new = ({**here, "invitation_id": row.id} for row in (asked, guest))
    other = {**here, "invitation_id": elsewhere.id}
    link = {"token": tokens.answer_token(meeting.id, asked.id)}
    wall = {"token": tokens.check_in_token(meeting.id)}
    written = {**here, "line_id": line.id}
    yes = {"answer": "coming", "name": "Ibu Rahma"}
    person = {"place": "Dinkes", "name": "Ibu Rahma", "gender": "P", "presence": "present"}
    own = {f"i{asked.id}-{name}": value for name, value in yes.items()}
    phoned = {f"jawaban-{name}": value for name, value in yes.items()}
    return {
        "meetings.invitations": always(here),
        "meetings.choose_invited": always(here),
        "meetings.invite_agencies": always(here, semua="1"),
        "meetings.invite_guest": always(here, name="Bapak Yosef"),
        "meetings.send_invitations": always(here),
        "meetings.remind_unanswered": always(here),
        "meetings.preview_invitation": always(here),
        "meetings.invitation": always(one),
        "meetings.invitation:elsewhere": always(other),
        "meetings.enter_answer": always(one, **phoned),
        "meetings.change_guest": always(new, **{"tamu-name": "Bapak Yosef"}),
        "meetings.withdraw_invitation": always(one),
        "meetings.withdraw_invitation:elsewhere": always(other),
        "meetings.own_answers": always(here),
        "meetings.answer_own": always(one, **own),
        "meetings.meeting_calendar": always(here),
        "meetings.invited": always(link),
        "meetings.invited:forged": always({"token": "WzEsMl0.abc"}),
        "meetings.answer_by_link": always(link, **yes),
        "meetings.calendar_by_link": always(link),
        "meetings.attendance": always(here),
        "meetings.add_attendance": always(here, **person),
        "meetings.mark_attendance": always(one, name="Ibu Rahma", presence="present"),
        "meetings.attendance_line": always(written),
        "meetings.change_attendance": always(written, **person, edition="0"),
        "meetings.remove_attendance": always(written, edition="0"),
        "meetings.confirm_attendance": always(here, baris=str(line.id)),
        "meetings.discard_attendance": always(here, baris=str(line.id)),
        "meetings.check_in_code": always(here),
        "meetings.check_in_form": always(wall),
        "meetings.check_in_form:forged": always({"token": "1-ABCDE-FGHJK"}),
        "meetings.check_in": always(wall, place="Dinkes", name="Ibu Rahma", device="gawai-1"),
    }
