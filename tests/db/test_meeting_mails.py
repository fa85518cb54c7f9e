"""Invitations from the button to the mailbox, over a real mail server and with real commits."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from threading import Event as Signal

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import clock
from app.core.actor import VISITOR
from app.core.db import db
from app.core.errors import DomainError, InvalidInput
from app.core.write import write
from app.history.services import record
from app.meetings.models import Answer, Attendance, Invitation, Meeting
from app.meetings.queries import attendance, finding
from app.meetings.queries import invitations as queries
from app.meetings.services import answering, attending, inviting
from app.meetings.services.answering import Reply, Way
from app.meetings.services.attending import Person
from app.meetings.services.telling import Before, tell_moved
from app.notifications import delivery
from app.notifications.delivery import MailSettings
from app.notifications.models import Notice, OutgoingMail
from app.notifications.worker import Worker, turn_notices
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import AgendaItemFactory, InvitationFactory, MeetingFactory
from tests.support.database import real_database
from tests.support.smtp import mail_server

HOSTILE = "Rapat\r\nBcc: semua@luar.test\r\nBEGIN:VEVENT <b>tebal</b>"


@pytest.fixture
def place(tmp_path):
    from tests.conftest import TEST_DATABASE_URL

    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        yield database.app


@pytest.fixture
def mailbox(place, monkeypatch):
    with mail_server() as running:
        given = MailSettings("127.0.0.1", "Gugus <gugus@dp3a.test>", "pha@dp3a.test", None)
        monkeypatch.setitem(place.extensions, delivery.EXTENSION, given)
        for name, value in {"server": "127.0.0.1", "port": running.port}.items():
            monkeypatch.setattr(place.extensions["mail"], name, value)
        yield running


def at_once(app, *deeds):
    """Run each deed in a thread and a session of its own; return None or its refusal."""
    barrier = threading.Barrier(len(deeds))

    def run(deed):
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                with write():
                    deed()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def officer():
    return UserFactory(officer=True).id


def act(officer_id, deed):
    """Let the officer do something to the locked meeting, as a request does."""
    with write():
        actor = actor_of(db.session.get_one(User, officer_id))
        code = db.session.scalars(select(Meeting).order_by(Meeting.id)).first().code
        return deed(finding.get_locked(code, actor), actor)


def leave():
    with clock.shifted(timedelta(minutes=10)):
        turn_notices()
        return Worker(Signal()).send_due()


def calendar_of(message: EmailMessage) -> Calendar:
    (part,) = [p for p in message.walk() if p.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    return calendar


def test_an_invitation_arrives_with_what_a_calendar_needs(place, mailbox):
    who = officer()
    meeting = MeetingFactory(title=HOSTILE, place="Aula", video_url="https://rapat.test/1")
    AgendaItemFactory(meeting=meeting, title="Capaian")
    siti = UserFactory(name="Siti Rahma, A.Md.", email="siti@kutaitimur.test")
    for short_name in ("Dinkes", "RSUD"):
        agency = AgencyFactory(short_name=short_name)
        MembershipFactory(agency=agency, user=siti)
        InvitationFactory(meeting=meeting, agency=agency, unsent=True)
    InvitationFactory(
        meeting=meeting, guest=True, guest_email="yosef@anak.test", guest_name="Yosef", unsent=True
    )
    db.session.commit()
    db.session.remove()
    assert act(who, inviting.send) == 3
    assert leave() == 2
    mails = {str(message["To"]): message for message in mailbox.received}
    (to_siti,) = [message for to, message in mails.items() if "siti@" in to]
    (to_yosef,) = [message for to, message in mails.items() if "yosef@" in to]
    assert "Bcc" not in to_siti
    assert "\n" not in to_siti["Subject"]
    text = to_siti.get_body(("plain",)).get_content()
    assert text.count("http://gugus.test/undangan/") == 2
    assert "Dinkes: http" in text
    assert to_yosef.get_body(("plain",)).get_content().count("/undangan/") == 1
    (event,) = calendar_of(to_siti).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:siti@kutaitimur.test"
    assert event["ORGANIZER"] == "mailto:pha@dp3a.test"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["CONFERENCE"] == "https://rapat.test/1"
    (same,) = calendar_of(to_yosef).walk("VEVENT")
    assert same["UID"] == event["UID"]


def test_a_move_arrives_as_the_same_entry(place, mailbox):
    who = officer()
    agency = AgencyFactory()
    MembershipFactory(agency=agency)
    InvitationFactory(meeting=MeetingFactory(place="Aula"), agency=agency, unsent=True)
    db.session.commit()
    db.session.remove()
    act(who, inviting.send)
    leave()

    def move(meeting, actor):
        before = Before.of(meeting)
        meeting.starts_at += timedelta(days=1)
        meeting.ends_at += timedelta(days=1)
        meeting.sequence += 1
        return tell_moved(meeting, record(actor, "meeting_moved", meeting_id=meeting.id), before)

    assert act(who, move) == 1
    leave()
    first, second = (calendar_of(mail).walk("VEVENT")[0] for mail in mailbox.received)
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    assert second["DTSTART"].dt - first["DTSTART"].dt == timedelta(days=1)
    assert "Perubahan waktu" in mailbox.received[1]["Subject"]


def test_moved_before_it_left_the_invitation_says_the_new_time_and_nothing_else_goes(place):
    who = officer()
    agency = AgencyFactory()
    MembershipFactory(agency=agency)
    InvitationFactory(meeting=MeetingFactory(), agency=agency, unsent=True)
    db.session.commit()
    db.session.remove()
    act(who, inviting.send)

    def move(meeting, actor):
        before = Before.of(meeting)
        meeting.place = "Ruang baru"
        meeting.sequence += 1
        return tell_moved(meeting, record(actor, "meeting_moved", meeting_id=meeting.id), before)

    assert act(who, move) == 0
    with clock.shifted(timedelta(minutes=10)):
        turn_notices()
    (mail,) = db.session.scalars(select(OutgoingMail)).all()
    assert "Tempat: Ruang baru" in mail.body_text


def test_of_two_officers_who_send_at_once_one_does(place):
    ids = [officer(), officer()]
    code = MeetingFactory().code
    meeting_id = db.session.scalar(select(Meeting.id))
    for _ in range(5):
        InvitationFactory(meeting=db.session.get_one(Meeting, meeting_id), unsent=True)
    db.session.remove()

    def deed(user_id):
        def do():
            actor = actor_of(db.session.get_one(User, user_id))
            inviting.send(finding.get_locked(code, actor), actor)

        return do

    answers = at_once(place, *(deed(user_id) for user_id in ids))
    assert sorted(type(answer) for answer in answers if answer) == [InvalidInput]
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 5


def test_two_answers_at_once_leave_one_of_them_whole(place):
    row = InvitationFactory()
    ids = (row.meeting_id, row.id)
    db.session.remove()

    def deed(reply):
        def do():
            found = queries.by_link(*ids, lock=True)
            answering.answer(found.meeting, found, reply, VISITOR, Way.LINK)

        return do

    replies = (Reply(Answer.COMING, "Siti"), Reply(Answer.UNABLE, note="Sakit"))
    assert at_once(place, *map(deed, replies)) == [None, None]
    kept = db.session.get_one(Invitation, ids[1])
    assert (kept.answer, kept.answer_name, kept.answer_note) in {
        (Answer.COMING, "Siti", ""),
        (Answer.UNABLE, "", "Sakit"),
    }


def test_a_check_in_sent_twice_at_once_is_one_line(place):
    meeting_id = MeetingFactory(invited=True, starts_at=clock.now()).id
    db.session.remove()

    def deed():
        meeting = attendance.for_check_in(meeting_id, lock=True)
        attending.check_in(meeting, "gawai", Person(name="Siti", place="Dinkes"), VISITOR)

    assert at_once(place, deed, deed, deed) == [None, None, None]
    assert db.session.scalar(select(func.count()).select_from(Attendance)) == 1


def test_of_two_who_correct_the_same_line_one_is_told(place):
    ids = [officer(), officer()]
    meeting = MeetingFactory(invited=True)
    code, meeting_id = meeting.code, meeting.id
    line_id = 0
    db.session.remove()
    with write():
        actor = actor_of(db.session.get_one(User, ids[0]))
        found = finding.get_locked(code, actor)
        line = attending.add(found, Person(name="Siti", place="Dinkes"), actor)
        db.session.flush()
        line_id = line.id
    db.session.remove()

    def deed(user_id, name):
        def do():
            actor = actor_of(db.session.get_one(User, user_id))
            found = finding.get_locked(code, actor)
            line = attendance.get_line_locked(meeting_id, line_id)
            attending.change(found, line, Person(name=name, place="Dinkes"), 0, actor)

        return do

    answers = at_once(place, deed(ids[0], "Satu"), deed(ids[1], "Dua"))
    assert [type(answer).__name__ for answer in answers if answer] == ["StaleVersion"]
