"""The end of a meeting: what is checked, what is made, and who is told what."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action, State
from app.followups.models import FollowUp
from app.followups.queries.detail import lock_all
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform_all
from app.history.models import Event
from app.meetings.models import (
    AgendaItem,
    AgendaOutcome,
    CarriedItem,
    CarriedOutcome,
    Decision,
    Meeting,
    MeetingActionItem,
    MeetingState,
)
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import AttendanceFactory, MeetingFileFactory
from tests.support import meetings
from tests.support.meetings import ask, carry, decide, hold, sent_before
from tests.support.queries import query_budget


@pytest.fixture
def held(session, client):
    """Return a meeting of two agencies with a decision and an action item; its officer looks."""
    held = hold("Dinkes", "Dispora")
    decision = decide(held, "Data dikirim sebelum akhir bulan.")
    ask(
        held,
        "Mengirim data imunisasi",
        "Dinkes",
        decision=db.session.get_one(Decision, decision),
        agenda_item=db.session.get_one(AgendaItem, held.agenda[0]),
        expected_proof="Surat pengantar",
        supporters="Dispora",
    )
    client.sign_in(held.officer)
    db.session.commit()
    return held


def path_of(held):
    return f"/rapat/{held.code}/akhiri"


def sent_form(page):
    """Return what the page's form would send as it stands."""
    form = page.select_one("form[action$='/akhiri']")
    typed = {
        control["name"]: control.get("value", "")
        for control in form.select("input[name]")
        if control.get("type") != "radio" or control.has_attr("checked")
    }
    typed.pop("csrf_token")
    return typed


def end(client, held, **changed):
    typed = sent_form(client.get_page(path_of(held)))
    return client.post(path_of(held), {**typed, **changed})


def ends(client, held, **changed):
    answer = end(client, held, **changed)
    assert answer.status_code == 303, answer.text[-4000:]


def follow_ups():
    return db.session.scalars(select(FollowUp).order_by(FollowUp.id)).all()


def ended_event():
    return db.session.scalars(select(Event).where(Event.verb == "meeting_ended")).one()


def test_what_was_decided_becomes_follow_ups(client, held):
    answer = end(client, held)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/rapat/{held.code}")
    [row] = follow_ups()
    meeting = held.meeting
    assert (row.agency_id, row.state, row.title) == (
        held.agencies["Dinkes"],
        State.ASSIGNED,
        "Mengirim data imunisasi",
    )
    assert row.expected_proof == "Surat pengantar"
    assert row.basis == f"{meeting.title}, Agenda 1, Keputusan 1"
    assert row.basis_url == f"/rapat/{held.code}#tindak-{held.items[0]}"
    [locked] = lock_all([row.id])
    assert [agency.short_name for agency in locked.supporters] == ["Dispora"]
    item = db.session.get_one(MeetingActionItem, held.items[0])
    assert item.sent_at is not None
    assert row.due_at == clock.end_of_day(item.due_on)
    assert meeting.state is MeetingState.ENDED
    assert meeting.version == 2
    event = ended_event()
    assert event.payload["follow_ups"] == 1
    assert event.payload["read_out"]["decisions"][0]["words"] == "Data dikirim sebelum akhir bulan."


def test_a_repeat_does_nothing_twice(client, held):
    typed = sent_form(client.get_page(path_of(held)))
    answers = [client.post(path_of(held), typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(follow_ups()) == 1


def test_what_has_ended_cannot_be_ended_again(client, held):
    typed = sent_form(client.get_page(path_of(held)))
    assert client.post(path_of(held), typed).status_code == 303
    again = client.post(path_of(held), {**typed, "form_token": "lain"})
    assert again.status_code == 409
    assert client.get(path_of(held)).status_code == 409
    assert len(follow_ups()) == 1


def test_a_group_gets_a_follow_up_for_each_agency(client, held):
    group = meetings.group_of(4)
    ask(held, "Membentuk forum anak", group=group, addressee="Semua kecamatan")
    db.session.commit()
    ends(client, held)
    assert len(follow_ups()) == 5


def test_what_changed_meanwhile_is_said_and_nothing_is_sent(client, held):
    typed = sent_form(client.get_page(path_of(held)))
    decision = db.session.get_one(Decision, held.decisions[0])
    decision.words = "Data dikirim minggu depan."
    ask(held, "Menyusun jadwal", "Dispora")
    db.session.commit()
    typed["closing_time"] = "11:11"
    answer = client.post(path_of(held), typed)
    assert answer.status_code == 409
    for words in ("Keputusan 1", "Tindak lanjut 2 (baru)", 'value="11:11"'):
        assert words in answer.text
    assert not follow_ups()
    assert held.meeting.state is MeetingState.INVITED


def test_what_cannot_be_sent_blocks_beside_where_it_is_mended(client, held):
    yesterday = clock.today() - timedelta(days=1)
    ask(held, "Yang lama", "Dispora", due_on=yesterday)
    unknown = ask(held, "Yang tak dikenal", addressee="Dinas Antah Berantah")
    ask(held, "Pembantu tak dikenal", "Dispora", supporters="Dinas Antah")
    db.session.commit()
    page = client.get_page(path_of(held))
    faults = page.select("section[aria-labelledby=fix] li")
    assert len(faults) == 3
    assert faults[1].a["href"] == f"/rapat/{held.code}/notulen#tindak-{unknown}"
    assert "sudah lewat" in faults[0].text
    assert "Dinas Antah" in faults[1].text
    assert not page.select("button.primary")
    answer = client.post(path_of(held), sent_form(page))
    assert answer.status_code == 422
    assert not follow_ups()


def test_an_agency_that_takes_no_part_any_more_blocks(client, held):
    gone = AgencyFactory(deactivated=True)
    ask(held, "Untuk yang tutup", agency=gone, addressee=gone.short_name)
    db.session.commit()
    page = client.get_page(path_of(held))
    assert len(page.select("section[aria-labelledby=fix] li")) == 1


def test_without_addressee_it_stays_in_the_minutes_and_without_due_it_takes_the_pages(client, held):
    loose = ask(held, "Semua menjaga kerapian", addressee="")
    undated = ask(held, "Menyusun jadwal", "Dispora", due_on=None)
    db.session.commit()
    page = client.get_page(path_of(held))
    words = page.select_one("section[aria-labelledby=look]").text
    assert "Belum ditujukan kepada instansi" in words
    day = clock.today() + timedelta(days=3)
    assert end(client, held, due_on=day.isoformat()).status_code == 303
    assert db.session.get_one(MeetingActionItem, loose).sent_at is None
    item = db.session.get_one(MeetingActionItem, undated)
    assert item.due_on == day
    assert [row.due_at for row in follow_ups()][1] == clock.end_of_day(day)


def test_without_due_the_page_asks_for_one(client, held):
    ask(held, "Menyusun jadwal", "Dispora", due_on=None)
    db.session.commit()
    answer = end(client, held, due_on="")
    assert answer.status_code == 422
    assert "Isi batas waktu" in answer.text
    assert not follow_ups()


def test_agenda_that_nobody_marked_is_asked_for(client, held):
    first, second = held.agenda
    for item_id, notes in ((first, "Dibahas panjang."), (second, "")):
        item = db.session.get_one(AgendaItem, item_id)
        item.outcome, item.notes = AgendaOutcome.OPEN, notes
    db.session.commit()
    typed = sent_form(client.get_page(path_of(held)))
    assert typed[f"agenda-{first}"] == "discussed"
    assert typed[f"agenda-{second}"] == "not_reached"
    client.post(path_of(held), typed)
    found = [db.session.get_one(AgendaItem, item_id).outcome for item_id in held.agenda]
    assert found == [AgendaOutcome.DISCUSSED, AgendaOutcome.NOT_REACHED]


@pytest.mark.parametrize(
    ("offset", "words"),
    [(timedelta(hours=1), "belum tiba"), (timedelta(hours=-3), "sesudah rapat dimulai")],
)
def test_the_closing_time_is_one_that_can_be(client, held, offset, words):
    closing = clock.local(clock.now() + offset)
    answer = end(
        client,
        held,
        closing_day=closing.date().isoformat(),
        closing_time=closing.strftime("%H:%M"),
    )
    assert answer.status_code == 422
    assert words in answer.text


def test_the_closing_time_is_kept(client, held):
    closing = clock.local(clock.now() - timedelta(minutes=30)).replace(second=0, microsecond=0)
    day, time = closing.date().isoformat(), closing.strftime("%H.%M")
    assert end(client, held, closing_day=day, closing_time=time).status_code == 303
    assert held.meeting.ended_at == closing


def test_what_the_meeting_says_of_old_follow_ups_is_done(client, held):
    done, later, off, kept = (sent_before(held, "Dinkes", f"Lama {n}") for n in range(4))
    new_due = clock.end_of_day(clock.today() + timedelta(days=30))
    was = db.session.get_one(FollowUp, later).due_at
    carry(held, done, CarriedOutcome.CLOSE)
    extended = carry(held, later, CarriedOutcome.EXTEND, due_at=new_due)
    carry(held, off, CarriedOutcome.CANCEL)
    carry(held, kept, CarriedOutcome.KEEP)
    db.session.commit()
    ends(client, held)
    states = [db.session.get_one(FollowUp, row).state for row in (done, later, off, kept)]
    assert states == [State.CLOSED, State.ASSIGNED, State.CANCELLED, State.ASSIGNED]
    assert db.session.get_one(FollowUp, later).due_at == new_due
    row = db.session.get_one(CarriedItem, extended)
    assert row.applied_at is not None
    assert row.was_due_at == was
    event = db.session.scalars(
        select(Event).where(Event.follow_up_id == later, Event.verb == "follow_up_extended")
    ).one()
    assert event.payload["words"] == "Sudah ditandatangani. (Ibu Kepala Dinas)"
    assert event.payload["at_url"] == f"/rapat/{held.code}"
    counted = ended_event().payload
    assert (counted["close"], counted["extend"], counted["cancel"]) == (1, 1, 1)


def test_what_can_no_longer_be_done_stays_and_is_told(client, held):
    gone = sent_before(held, "Dinkes", "Sudah dibatalkan")
    number = db.session.get_one(FollowUp, gone).number
    carry(held, gone, CarriedOutcome.CLOSE)
    db.session.commit()
    with write():
        given = Particulars(words="Salah kirim.")
        perform_all(lock_all([gone]), Action.CANCEL, held.actor, given)
    page = client.get_page(path_of(held))
    assert number in page.select_one("section[aria-labelledby=look]").text
    ends(client, held)
    [told] = ended_event().payload["not_applied"]
    assert told["number"] == number
    assert len(follow_ups()) == 2


def test_a_follow_up_that_moved_on_while_the_page_was_open_is_said(client, held):
    gone = sent_before(held, "Dinkes", "Sudah dibatalkan")
    carry(held, gone, CarriedOutcome.CLOSE)
    db.session.commit()
    typed = sent_form(client.get_page(path_of(held)))
    with write():
        given = Particulars(words="Salah kirim.")
        perform_all(lock_all([gone]), Action.CANCEL, held.actor, given)
    answer = client.post(path_of(held), typed)
    assert answer.status_code == 409
    assert db.session.get_one(FollowUp, gone).number in answer.text


def test_dates_that_differ_are_said(client, held):
    day = clock.local(held.meeting.starts_at).date()
    MeetingFileFactory(meeting=db.session.get_one(Meeting, held.id), photo=True, dated=day)
    MeetingFileFactory(
        meeting=db.session.get_one(Meeting, held.id), photo=True, dated=day - timedelta(days=1)
    )
    AttendanceFactory(
        meeting_id=held.id, checked_in=True, checked_in_at=clock.now() - timedelta(days=2)
    )
    db.session.commit()
    words = client.get_page(path_of(held)).select_one("section[aria-labelledby=look]").text
    assert "1 foto rapat bertanggal" in words
    assert "1 kehadiran yang ditulis sendiri bertanggal" in words
    assert "menunggu dicentang" in words
    assert "Daftar hadir masih kosong" in words


def test_who_gets_what_is_shown(client, held):
    old = sent_before(held, "Dispora")
    carry(held, old, CarriedOutcome.CANCEL)
    lonely = AgencyFactory(short_name="Bappeda")
    held.agencies["Bappeda"] = lonely.id
    ask(held, "Menyusun rencana", "Bappeda")
    db.session.commit()
    page = client.get_page(path_of(held))
    rows = {
        row.td.text.strip(): " ".join(row.text.split())
        for row in page.select("section[aria-labelledby=terima] tbody tr")
    }
    assert "dinkes@kutaitimurkab.test" in rows["Dinkes"]
    assert "1 dibatalkan" in rows["Dispora"]
    assert "belum ada narahubung" in rows["Bappeda"]


def test_a_meeting_not_begun_and_without_decisions_is_doubted_but_can_end(client, session):
    held = hold("Dinkes", starts_at=clock.now() + timedelta(hours=3))
    client.sign_in(held.officer)
    db.session.commit()
    words = client.get_page(path_of(held)).select_one("section[aria-labelledby=look]").text
    assert "belum dimulai" in words
    assert "Belum ada keputusan" in words
    ends(client, held)


def test_a_draft_that_nobody_was_invited_to_can_end(client, session):
    held = hold(state=MeetingState.DRAFT, invited_at=None)
    client.sign_in(held.officer)
    db.session.commit()
    assert "Belum ada instansi" in client.get_page(path_of(held)).text
    ends(client, held)


def test_everybody_is_owed_the_news_once(client, held):
    person = held.people["Dinkes"]
    dispora = db.session.get_one(Agency, held.agencies["Dispora"])
    MembershipFactory(agency=dispora, user=db.session.get_one(User, person))
    db.session.commit()
    end(client, held)
    notices = db.session.scalars(select(Notice).where(Notice.kind == "meeting_ended")).all()
    assert {notice.meeting_id for notice in notices} == {held.id}
    assert [notice.kind for notice in db.session.scalars(select(Notice))].count("dispatched") == 0
    asked = {notice.audience_ids["agency_id"] for notice in notices if not notice.follow_up_id}
    assert asked == set(held.agencies.values())


def test_agencies_may_not_end_a_meeting(client, held):
    client.sign_in(db.session.get_one(User, held.people["Dinkes"]))
    assert client.get(path_of(held)).status_code == 403
    assert client.post(path_of(held), {}).status_code == 403


def a_large_meeting(officer):
    """Return a meeting with 60 attendees, 25 items, 40 action items and 3 groups of 44."""
    held = hold(*(f"Dinas{n}" for n in range(10)), officer=officer)
    for number in range(23):
        decide(held, f"Keputusan nomor {number}.")
    group = meetings.group_of(44)
    for number in range(3):
        ask(held, f"Untuk semua {number}", group=group, addressee="Semua kecamatan")
    for number in range(37):
        ask(held, f"Butir {number}", f"Dinas{number % 10}", supporters=f"Dinas{(number + 1) % 10}")
    for number in range(60):
        agency = db.session.get_one(Agency, held.agencies[f"Dinas{number % 10}"])
        AttendanceFactory(meeting_id=held.id, agency=agency)
    for number in range(12):
        outcome = (CarriedOutcome.CLOSE, CarriedOutcome.KEEP, None)[number % 3]
        carry(held, sent_before(held, f"Dinas{number % 10}", f"Lama {number}"), outcome)
    db.session.commit()
    return held


def test_the_page_and_the_end_of_a_large_meeting_are_quick(client, session):
    held = a_large_meeting(UserFactory(officer=True))
    client.sign_in(held.officer)
    db.session.rollback()
    with query_budget(14):
        page = client.get_page(path_of(held))
    typed = sent_form(page)
    with query_budget(72):
        assert client.post(path_of(held), typed).status_code == 303
    assert len(follow_ups()) == 12 + 3 * 44 + 37
