"""What the mails about a meeting say: each kind's three parts, and what calendars read of them.

`UPDATE_SNAPSHOTS=1 pytest tests/web/test_meeting_mails.py` writes the snapshots anew; read them
before they are committed.
"""

import re
from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from icalendar import Calendar

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db
from app.history.services import record
from app.meetings.messages.inviting import people_invited, people_unanswered
from app.meetings.models import Answer, Invitation, Meeting, MeetingState
from app.meetings.services.telling import Before
from app.notifications.messages import render_letter
from app.notifications.models import Notice
from app.notifications.registry import Recipient
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import AgendaItemFactory, InvitationFactory, MeetingFactory
from tests.support.snapshots import check_snapshot

NOW = datetime(2026, 3, 5, 1, 10, tzinfo=UTC)
STARTS = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
KINDS = (
    "meeting_invitation",
    "meeting_moved",
    "meeting_cancelled",
    "meeting_uninvited",
    "meeting_reminder",
)
HOSTILE = "Aula <script>alert(1)</script> & {{ 7 * 7 }}\r\nBcc: semua@luar.test"
SITI = Recipient(None, "Siti Rahma, A.Md.", "siti@dinkes.test")


@pytest.fixture(autouse=True)
def in_march():
    with clock.set_to(NOW):
        yield


class Story:
    """A meeting that Dinkes and RSUD are invited to, and a person who looks after both."""

    def __init__(self):
        meeting = MeetingFactory(
            seq=1,
            year=2026,
            ordinal=1,
            invited=True,
            starts_at=STARTS,
            place=HOSTILE,
            video_url="https://rapat.test/j/1?pwd=a&b=c",
            letter_number="005/123/DP3A",
            basis="SK Bupati <b>Nomor 1</b>",
            bring="Data 2025\nLaporan triwulan",
            contact="Ibu Sari, Sekretariat",
            cancel_reason="Bupati dinas luar.\nWaktu baru menyusul.",
        )
        for title in ("Pengesahan notulen", "Capaian <i>klaster</i>"):
            AgendaItemFactory(meeting=meeting, title=title)
        self.meeting_id = meeting.id
        self.rows = [
            InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name=name)).id
            for name in ("Dinkes", "RSUD")
        ]

    @property
    def meeting(self):
        return db.session.get_one(Meeting, self.meeting_id)

    def tell(self, kind, *, before=None, rows=None):
        """Return the notices of a kind, as the services owe them."""
        event_id = record(SYSTEM, kind, meeting_id=self.meeting_id)
        notices = [
            Notice(
                event_id=event_id,
                kind=kind,
                audience="meeting_invited",
                audience_ids={"invitation_id": row},
                meeting_id=self.meeting_id,
                payload=before.payload() if before else {},
                created_at=clock.now(),
                hold_until=clock.now(),
            )
            for row in rows or self.rows
        ]
        db.session.add_all(notices)
        db.session.flush()
        return notices

    def move(self):
        before = Before.of(self.meeting)
        self.meeting.starts_at += timedelta(days=1)
        self.meeting.ends_at += timedelta(days=1)
        self.meeting.place = "Ruang Meranti"
        self.meeting.sequence += 1
        return self.tell("meeting_moved", before=before)

    def live(self, kind):
        """Let happen what a kind tells of; return its notices."""
        if kind == "meeting_moved":
            return self.move()
        if kind == "meeting_cancelled":
            self.meeting.state, self.meeting.sequence = MeetingState.CANCELLED, 1
        if kind == "meeting_uninvited":
            for row in self.rows:
                db.session.get_one(Invitation, row).withdrawn_at = clock.now()
        return self.tell(kind)


@pytest.fixture
def story(session):
    return Story()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_what_its_snapshot_says(story, kind):
    letter = render_letter(kind, SITI, story.live(kind))
    check_snapshot(letter, "meeting_mails", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_stay_words(story, kind):
    letter = render_letter(kind, SITI, story.live(kind))
    html5lib.HTMLParser(strict=True).parse(letter.html)
    assert "<script" not in letter.html
    assert "49" not in letter.text
    assert "\n" not in letter.subject
    assert len(letter.subject) < 150


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("meeting_invitation", "REQUEST"),
        ("meeting_moved", "REQUEST"),
        ("meeting_cancelled", "CANCEL"),
        ("meeting_uninvited", "CANCEL"),
        ("meeting_reminder", None),
    ],
)
def test_what_a_calendar_is_told(story, kind, method):
    letter = render_letter(kind, SITI, story.live(kind))
    assert (Calendar.from_ical(letter.calendar)["METHOD"] if letter.calendar else None) == method


def test_two_agencies_of_one_person_are_one_mail_with_a_link_each(story):
    letter = render_letter("meeting_invitation", SITI, story.live("meeting_invitation"))
    assert "Dinkes dan RSUD" in letter.text
    assert len(set(re.findall(r"/undangan/\S+", letter.text))) == 2
    assert len(Calendar.from_ical(letter.calendar).walk("VEVENT")) == 1


def test_two_meetings_in_one_mail_are_read_and_not_imported(story):
    other = InvitationFactory(meeting=MeetingFactory(invited=True, title="Rapat lain"))
    kind = "meeting_invitation"
    notices = [*story.tell(kind), *story.tell(kind, rows=[other.id])]
    notices[-1].meeting_id = other.meeting_id
    letter = render_letter(kind, SITI, notices)
    assert "dan 1 rapat lain" in letter.subject
    assert "Rapat lain" in letter.text
    assert letter.calendar is None


def test_several_moves_are_told_as_one_from_what_was_known(story):
    first = story.move()
    second = story.move()
    letter = render_letter("meeting_moved", SITI, [*first, *second])
    assert "Waktu semula: Kamis, 12 Maret 2026" in letter.text
    assert "Sabtu, 14 Maret 2026" in letter.text
    assert "13 Maret" not in letter.text


def test_moved_back_is_not_told(story):
    notices = story.move()
    story.meeting.starts_at, story.meeting.place = STARTS, HOSTILE
    story.meeting.ends_at = STARTS + timedelta(hours=3)
    assert render_letter("meeting_moved", SITI, notices) is None


@pytest.mark.parametrize("kind", ["meeting_invitation", "meeting_moved", "meeting_reminder"])
def test_of_a_cancelled_meeting_nothing_else_is_told(story, kind):
    notices = story.live(kind)
    story.meeting.state = MeetingState.CANCELLED
    assert render_letter(kind, SITI, notices) is None


def test_who_is_still_invited_by_another_agency_keeps_the_entry(story):
    one, _other = story.rows
    db.session.get_one(Invitation, one).withdrawn_at = clock.now()
    guest = InvitationFactory(meeting=story.meeting, guest=True, guest_email=SITI.address)
    notices = story.tell("meeting_uninvited", rows=[one])
    letter = render_letter("meeting_uninvited", SITI, notices)
    assert "Dinkes" in letter.text
    assert letter.calendar is None
    guest.withdrawn_at = clock.now()
    db.session.flush()
    assert render_letter("meeting_uninvited", SITI, notices).calendar is not None


def test_who_is_meant_is_asked_when_it_leaves(story):
    row = db.session.get_one(Invitation, story.rows[0])
    ids = {"invitation_id": row.id}
    assert people_invited(ids) == []
    agency = AgencyFactory()
    MembershipFactory(agency=agency)
    MembershipFactory(agency=agency, contributor=True)
    row = InvitationFactory(meeting=story.meeting, agency=agency)
    ids = {"invitation_id": row.id}
    assert len(people_invited(ids)) == len(people_unanswered(ids)) == 1
    row.answer = Answer.COMING
    db.session.flush()
    assert (len(people_invited(ids)), len(people_unanswered(ids))) == (1, 0)
    row.withdrawn_at = clock.now()
    db.session.flush()
    assert people_invited(ids) == []


def test_a_guest_at_the_address_of_a_user_is_that_user(story):
    user = UserFactory(email="siti@dinkes.test")
    row = InvitationFactory(meeting=story.meeting, guest=True, guest_email="Siti@dinkes.test")
    (who,) = people_invited({"invitation_id": row.id})
    assert who.user_id == user.id
