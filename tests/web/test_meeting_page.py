"""A meeting's first page: what is next, what was decided, and what of it is whose."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.followups.labels import STATE_LABELS
from app.followups.machine import State
from app.followups.models import FollowUp
from app.meetings import tokens
from app.meetings.models import (
    CarriedOutcome,
    Decision,
    Invitation,
    Meeting,
    MeetingState,
    MinutesState,
)
from app.meetings.queries.minutes import content_of
from app.notifications.models import Fate, Notice
from tests.factories.accounts import UserFactory
from tests.factories.meetings import (
    AttendanceFactory,
    InvitationFactory,
    MeetingFactory,
    MeetingFileFactory,
    MinutesVersionFactory,
)
from tests.factories.notifications import OutgoingMailFactory
from tests.support import meetings
from tests.support.meetings import ask, decide, hold
from tests.support.queries import query_budget


@pytest.fixture
def held(session, client):
    held = hold("Dinkes", "Dispora")
    decision = decide(held, "Data dikirim sebelum akhir bulan.")
    ask(held, "Mengirim data", "Dinkes", decision=db.session.get_one(Decision, decision))
    group = meetings.group_of(3)
    ask(held, "Membentuk forum anak", group=group, addressee="Semua kecamatan")
    db.session.commit()
    client.sign_in(held.officer)
    return held


def page_of(client, held):
    return client.get_page(f"/rapat/{held.code}")


def main_action(client, code):
    link = client.get_page(f"/rapat/{code}").select_one("main a.button.primary")
    return link["href"] if link else None


@pytest.mark.parametrize(
    ("given", "tail"),
    [
        ({}, "/undangan"),
        ({"invited": True}, "/notulen"),
        ({"invited": True, "starts_at": -5}, "/akhiri"),
        ({"ended": True}, "/pengesahan"),
        ({"ended": True, "minutes_state": MinutesState.SUBMITTED}, "/pengesahan"),
    ],
)
def test_what_is_next_is_the_one_main_action(client, session, given, tail):
    if "starts_at" in given:
        given = {**given, "starts_at": clock.now() + timedelta(hours=given["starts_at"])}
    code = MeetingFactory(**given).code
    client.sign_in(UserFactory(officer=True))
    assert main_action(client, code) == f"/rapat/{code}{tail}"


def test_nothing_is_next_of_what_is_approved_or_cancelled(client, session):
    codes = [MeetingFactory(approved=True).code, MeetingFactory(cancelled=True).code]
    client.sign_in(UserFactory(officer=True))
    assert [main_action(client, code) for code in codes] == [None, None]


def test_decisions_show_how_far_their_action_items_are(client, held):
    held.end()
    rows = db.session.scalars(
        select(FollowUp).where(FollowUp.title == "Membentuk forum anak").order_by(FollowUp.id)
    ).all()
    rows[0].state, rows[1].state = State.CLOSED, State.CANCELLED
    db.session.commit()
    decided = page_of(client, held).select_one("section[aria-labelledby=decided]")
    assert "Data dikirim sebelum akhir bulan." in decided.text
    [alone, several] = decided.select(".meta a")
    assert alone.text.strip() == STATE_LABELS[State.ASSIGNED]
    assert alone["href"].startswith("/tindak-lanjut/TL-")
    assert several.text.strip() == "1 dari 2 selesai"
    assert f"dasar=/rapat/{held.code}%23tindak-" in several["href"]


@pytest.mark.parametrize(
    ("below", "tab"),
    [
        ("", "Ringkasan"),
        ("/undangan/pratinjau", "Undangan"),
        ("/kode-hadir", "Daftar hadir"),
        ("/akhiri", "Notulen"),
    ],
)
def test_a_page_below_another_marks_the_way_to_it(client, held, below, tab):
    page = client.get_page(f"/rapat/{held.code}{below}")
    assert [link.text for link in page.select(".tabs [aria-current]")] == [tab]


def test_a_follow_up_says_where_it_was_decided_at_no_great_cost(client, held):
    later = db.session.get_one(Decision, decide(held, "Diputuskan kemudian."))
    ask(held, "Menyusun jadwal", "Dispora", decision=later)
    held.end()
    [row] = db.session.scalars(select(FollowUp).where(FollowUp.title == "Menyusun jadwal"))
    client.sign_in(held.officer)
    path = f"/tindak-lanjut/{row.number}"
    client.get(path)
    with query_budget(15):
        panel = client.get_page(path).select_one("section[aria-labelledby=meetings]")
    assert [term.text for term in panel.select("dt")] == ["Keputusan 2"]
    assert panel.dd.text == "Diputuskan kemudian."


def test_what_could_not_be_done_is_told_on_the_page(client, held):
    old = meetings.sent_before(held, "Dinkes", "Laporan lama")
    meetings.carry(held, old, CarriedOutcome.CLOSE)
    row = db.session.get_one(FollowUp, old)
    row.state, number = State.CANCELLED, row.number
    db.session.commit()
    held.end()
    assert "tidak dapat dijalankan" in page_of(client, held).text
    assert number in page_of(client, held).text


def test_an_agency_sees_its_own_and_not_what_is_being_written(client, held):
    held.end()
    client.sign_in(db.session.get_one(User, held.people["Dinkes"]))
    page = page_of(client, held)
    assert "Mengirim data" in page.select_one("section[aria-labelledby=own]").text
    assert "Membentuk forum anak" not in page.text
    assert "Data dikirim sebelum akhir bulan." not in page.text
    assert "Notulen menyusul" in page.text
    assert not page.select("section[aria-labelledby=mails], section[aria-labelledby=next]")


def test_an_agency_answers_on_the_page_before_the_meeting(client, session):
    held = hold("Dinkes", starts_at=clock.now() + timedelta(days=3))
    client.sign_in(db.session.get_one(User, held.people["Dinkes"]))
    db.session.commit()
    assert page_of(client, held).select("form[action*='/jawaban/']")


def test_the_chair_is_asked_to_approve_and_other_leaders_are_not(client, held):
    held.end()
    chair, other = UserFactory(leader=True), UserFactory(leader=True)
    meeting = db.session.get_one(Meeting, held.id)
    meeting.chair_id, meeting.minutes_state = chair.id, MinutesState.SUBMITTED
    db.session.commit()
    ids = chair.id, other.id
    client.sign_in(db.session.get_one(User, ids[0]))
    assert main_action(client, held.code) == f"/rapat/{held.code}/pengesahan"
    client.sign_in(db.session.get_one(User, ids[1]))
    assert main_action(client, held.code) is None
    assert "Data dikirim sebelum akhir bulan." in page_of(client, held).text


def test_mails_and_their_fate_are_told(client, held):
    held.end()
    notices = db.session.scalars(select(Notice).where(Notice.meeting_id == held.id)).all()
    OutgoingMailFactory(kind="meeting_ended", notices=notices[:1], fate=Fate.FAILED)
    db.session.commit()
    words = page_of(client, held).select_one("section[aria-labelledby=mails]").text
    assert "Hasil rapat" in words
    assert "Bermasalah (1)" in words


def test_a_guest_reads_approved_minutes_by_its_link(client, session):
    meeting = MeetingFactory(approved=True)
    invitation = InvitationFactory(meeting=meeting, guest=True)
    content = content_of(meeting.id)
    content["decisions"] = [{"id": 1, "number": 1, "agenda_number": None, "words": "Disepakati."}]
    path = f"/undangan/{tokens.answer_token(meeting.id, invitation.id)}"
    assert "Disepakati." not in client.get_page(path).text
    MinutesVersionFactory(meeting=meeting, content=content)
    assert "Disepakati." in client.get_page(path).text
    db.session.get_one(Invitation, invitation.id).withdrawn_at = clock.now()
    db.session.commit()
    assert "Disepakati." not in client.get(path).text


def test_the_page_of_a_large_meeting_is_quick(client, session):
    held = hold(*(f"Dinas{n}" for n in range(20)))
    for number in range(20):
        decide(held, f"Keputusan nomor {number}.")
        ask(held, f"Butir {number}", f"Dinas{number}")
        AttendanceFactory(
            meeting_id=held.id,
            agency=db.session.get_one(Agency, held.agencies[f"Dinas{number}"]),
        )
        MeetingFileFactory(meeting=db.session.get_one(Meeting, held.id), photo=True)
    db.session.commit()
    held.end()
    assert held.meeting.state is MeetingState.ENDED
    client.sign_in(held.officer)
    db.session.rollback()
    with query_budget(14):
        page_of(client, held)
