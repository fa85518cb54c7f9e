"""The answer to an invitation, by whoever has the link and by an agency's people."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.history.models import Event
from app.meetings import tokens
from app.meetings.models import Answer, Meeting, MeetingState
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import AgendaItemFactory, InvitationFactory, MeetingFactory


@pytest.fixture
def row(session):
    meeting = MeetingFactory(invited=True, title="Rapat Koordinasi I", place="Aula")
    AgendaItemFactory(meeting=meeting, title="Capaian klaster")
    found = InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name="Dinkes"))
    db.session.refresh(found)
    return found


def link(row):
    return f"/undangan/{tokens.answer_token(row.meeting_id, row.id)}"


def now(row):
    return db.session.get_one(type(row), row.id, populate_existing=True)


def meeting_of(row):
    return db.session.get_one(Meeting, row.meeting_id)


def events(row):
    return db.session.scalars(
        select(Event).where(Event.meeting_id == row.meeting_id).order_by(Event.id)
    ).all()


def test_the_link_shows_what_when_and_where_without_an_account(client, row):
    page = client.get_page(link(row))
    text = page.get_text()
    for words in ("Rapat Koordinasi I", "Undangan untuk Dinkes", "Aula", "Capaian klaster"):
        assert words in text
    assert page.select_one("meta[name=robots]")["content"] == "noindex, nofollow"
    assert not page.select("nav.nav")
    answer = client.get(link(row))
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_scanner_that_follows_the_link_answers_nothing(client, row):
    for method in ("GET", "HEAD"):
        assert client.open(link(row), method=method).status_code == 200
    assert now(row).answer is None
    assert events(row) == []


def test_an_answer_is_kept_and_the_last_one_counts(client, row):
    form = {"answer": "coming", "name": "  Bapak  Rahmat ", "position": "Kepala dinas"}
    assert client.post(link(row), form).status_code == 303
    assert (now(row).answer, now(row).answer_name) == (Answer.COMING, "Bapak Rahmat")
    assert "Jawaban tersimpan" in client.get_page(link(row)).select_one("#flash").get_text()
    client.post(link(row), {"answer": "unable", "name": "Bapak Rahmat", "note": "Dinas luar"})
    assert (now(row).answer, now(row).answer_name) == (Answer.UNABLE, "")
    page = client.get_page(link(row))
    assert "Berhalangan hadir" in page.select_one("form .notice").get_text()
    assert page.select_one("input[value=unable]").has_attr("checked")
    assert [event.payload["answer"] for event in events(row)] == ["coming", "unable"]
    assert {event.payload["way"] for event in events(row)} == {"link"}
    assert {(event.actor_name, event.actor_id) for event in events(row)} == {("Dinkes", None)}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Pilih salah satu jawaban"),
        ({"answer": "maybe", "name": "Budi"}, "Pilih salah satu"),
        ({"answer": "represented", "name": " "}, "Tulis nama yang mewakili"),
        ({"answer": "unable"}, "Tulis alasannya"),
        ({"answer": "coming", "name": "B" * 201}, "Paling panjang 200"),
        ({"answer": "unable", "note": "a" * 1001}, "Paling panjang 1000"),
    ],
)
def test_an_answer_that_says_too_little_is_asked_again(client, row, given, words):
    answer = client.post(link(row), given)
    assert answer.status_code == 422
    assert words in answer.text
    assert now(row).answer is None


def test_what_was_typed_stays(client, row):
    answer = client.post(link(row), {"answer": "unable", "position": "<b>Kepala</b>"})
    assert 'value="&lt;b&gt;Kepala&lt;/b&gt;"' in answer.text


@pytest.mark.parametrize("token", ["x", "WzEsMl0.abc", "a" * 300, "%00", "..", "WzEsMl0"])
def test_a_forged_link_leads_nowhere(client, row, token):
    assert client.get(f"/undangan/{token}").status_code in {404, 308}
    assert client.post(f"/undangan/{token}", {"answer": "coming"}).status_code in {404, 308}


def test_a_link_is_good_for_its_own_invitation_alone(client, row):
    meeting_id, other_id = row.meeting_id, InvitationFactory().id
    mixed = f"/undangan/{tokens.answer_token(meeting_id, other_id)}"
    assert client.get(mixed).status_code == 404
    check_in = tokens.check_in_token(meeting_id)
    assert client.get(f"/undangan/{check_in}").status_code == 404


def test_a_link_to_what_was_never_sent_leads_nowhere(client, row):
    now(row).sent_at = None
    db.session.commit()
    assert client.get(link(row)).status_code == 404


def test_withdrawn_and_cancelled_are_said_kindly(client, row):
    now(row).withdrawn_at = clock.now()
    db.session.commit()
    assert "ditarik kembali" in client.get_page(link(row), 410).get_text()
    assert client.post(link(row), {"answer": "coming"}).status_code == 410
    assert client.get(f"{link(row)}/kalender.ics").status_code == 404
    now(row).withdrawn_at = None
    meeting = meeting_of(row)
    meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, "Bupati berhalangan"
    db.session.commit()
    assert "Bupati berhalangan" in client.get_page(link(row), 410).get_text()
    assert "METHOD:CANCEL" in client.get(f"{link(row)}/kalender.ics").text


def test_when_the_meeting_is_over_the_answer_stays_as_it_is(client, row):
    now(row).answer = Answer.COMING
    db.session.commit()
    with clock.shifted(timedelta(days=15)):
        page = client.get_page(link(row))
        assert "Rapat ini sudah selesai" in page.get_text()
        assert not page.select("form")
        client.post(link(row), {"answer": "unable", "note": "Sakit"})
    assert now(row).answer is Answer.COMING


def test_a_link_is_not_tried_without_end(client, row):
    for _ in range(30):
        assert client.post(link(row), {"answer": "coming"}).status_code == 303
    answer = client.post(link(row), {"answer": "unable", "note": "Sakit"})
    assert answer.status_code == 429
    assert "Sakit" in answer.text
    assert now(row).answer is Answer.COMING


def test_the_entry_for_a_calendar(client, row):
    answer = client.get(f"{link(row)}/kalender.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["SUMMARY"] == "Rapat Koordinasi I"
    assert "ATTENDEE" not in event


class TestOwnPage:
    """An agency's people answer where they read of the meeting."""

    @pytest.fixture
    def member(self, client, row):
        user = UserFactory()
        MembershipFactory(agency=db.session.get_one(Agency, row.agency_id), user=user)
        db.session.refresh(row)
        return client.sign_in(user)

    def address(self, row, tail=""):
        return f"/rapat/{meeting_of(row).code}/jawaban{tail}"

    def test_the_same_form_and_the_same_answer(self, member, row):
        assert "Belum dijawab" in member.get_page(self.address(row)).get_text()
        page = member.get_page(f"/rapat/{meeting_of(row).code}")
        assert page.select_one("form.reply")["action"] == self.address(row, f"/{row.id}")
        form = {f"i{row.id}-answer": "coming", f"i{row.id}-name": "Siti"}
        assert member.post(self.address(row, f"/{row.id}"), form).status_code == 303
        assert (now(row).answer, now(row).answer_name) == (Answer.COMING, "Siti")
        (event,) = events(row)
        assert event.payload["way"] == "page"
        assert event.actor_id is not None

    def test_what_says_too_little_is_asked_again(self, member, row):
        form = {f"i{row.id}-answer": "unable"}
        answer = member.post(self.address(row, f"/{row.id}"), form)
        assert answer.status_code == 422
        assert "Tulis alasannya" in answer.text

    def test_too_late_keeps_what_was_typed(self, member, row):
        with clock.shifted(timedelta(days=15)):
            form = {f"i{row.id}-answer": "unable", f"i{row.id}-note": "Sakit"}
            answer = member.post(self.address(row, f"/{row.id}"), form)
        assert answer.status_code == 409
        assert "sudah selesai" in answer.text
        assert "Sakit" in answer.text

    def test_another_agency_s_invitation_is_not_there(self, member, row):
        other = InvitationFactory(meeting=meeting_of(row))
        other_id = other.id
        form = {f"i{other_id}-answer": "coming"}
        assert member.post(self.address(row, f"/{other_id}"), form).status_code == 404

    def test_a_calendar_of_a_meeting_that_is_seen(self, member, row):
        path = f"/rapat/{meeting_of(row).code}/kalender.ics"
        assert member.get(path).headers["Content-Disposition"].endswith('.ics"')
