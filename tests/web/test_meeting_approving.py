"""Minutes from the end of the meeting to approved versions, and their correction."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp
from app.history.models import Event
from app.meetings.models import (
    Authority,
    CarriedOutcome,
    Decision,
    Meeting,
    MeetingActionItem,
    MinutesState,
    MinutesVersion,
)
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import MembershipFactory
from tests.factories.meetings import InvitationFactory, MeetingFileFactory
from tests.support.meetings import ask, carry, decide, hold, sent_before


@pytest.fixture
def held(session, client):
    """Return a meeting that has ended; its officer looks."""
    held = hold("Dinkes", "Dispora")
    decide(held, "Data dikirim sebelum akhir bulan.")
    ask(held, "Mengirim data imunisasi", "Dinkes")
    db.session.commit()
    held.end()
    client.sign_in(held.officer)
    return held


def home(held, tail=""):
    return f"/rapat/{held.code}/pengesahan{tail}"


def press(client, held, action, **typed):
    """Send the form of the page whose address ends so."""
    form = client.get_page(home(held)).select_one(f"form[action$='{action}']")
    assert form is not None, f"no form {action}"
    sent = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field["name"] != "csrf_token"
    }
    return client.post(form["action"], {**sent, **typed})


def scan(held):
    MeetingFileFactory(meeting=db.session.get_one(Meeting, held.id))


def approve(client, held, **typed):
    """Submit and approve on the strength of a scan."""
    assert press(client, held, "/ajukan").status_code == 303
    scan(held)
    answer = press(client, held, "/sahkan", **typed)
    assert answer.status_code == 303, answer.text[-3000:]


def versions():
    return db.session.scalars(select(MinutesVersion).order_by(MinutesVersion.number)).all()


def notices(kind="minutes_approved"):
    return db.session.scalars(select(Notice).where(Notice.kind == kind)).all()


def test_minutes_are_submitted_and_rest(client, held):
    assert press(client, held, "/ajukan").status_code == 303
    assert held.meeting.minutes_state is MinutesState.SUBMITTED
    answer = client.post(f"/rapat/{held.code}/notulen/keputusan", {"words": "Baru."})
    assert answer.status_code == 409
    assert not client.get_page(home(held)).select("form[action$='/ajukan']")


def test_minutes_of_a_meeting_that_goes_on_are_not_submitted(client, session):
    held = hold("Dinkes")
    client.sign_in(held.officer)
    db.session.commit()
    answer = client.post(home(held, "/ajukan"), {"version": str(held.meeting.version)})
    assert answer.status_code == 409
    assert "Akhiri rapatnya dahulu" in answer.text


def test_they_come_back_with_a_note(client, held):
    press(client, held, "/ajukan")
    assert press(client, held, "/kembalikan", note=" ").status_code == 422
    assert press(client, held, "/kembalikan", note="Nama pimpinan salah.").status_code == 303
    assert held.meeting.minutes_state is MinutesState.RETURNED
    assert "Nama pimpinan salah." in client.get_page(home(held)).text
    press(client, held, "/ajukan")
    assert held.meeting.minutes_note == ""


def test_without_the_signed_scan_an_officer_is_told_how(client, held):
    press(client, held, "/ajukan")
    page = client.get_page(home(held))
    assert [link.text for link in page.select("main .primary")] == ["Unggah hasil pindai"]
    assert not page.select("form[action$='/sahkan'] button, #minutes_number")
    answer = press(client, held, "/sahkan")
    assert answer.status_code == 422
    assert "Unggah dahulu hasil pindai" in answer.text
    assert not versions()


def test_on_the_strength_of_the_scan_the_text_is_frozen_and_numbered(client, held):
    approve(client, held, minutes_number="B-12/DP3A/2026")
    [version] = versions()
    assert (version.number, version.authority, version.reason) == (1, Authority.SIGNED_SCAN, "")
    assert version.content["decisions"][0]["words"] == "Data dikirim sebelum akhir bulan."
    assert version.content["meeting"]["minutes_number"] == "B-12/DP3A/2026"
    assert version.content["actions"][0]["follow_ups"][0]["agency"] == "Dinkes"
    assert held.meeting.minutes_state is MinutesState.APPROVED
    assert {row.audience_ids["agency_id"] for row in notices()} == set(held.agencies.values())


def test_a_repeat_makes_no_second_version(client, held):
    press(client, held, "/ajukan")
    scan(held)
    form = client.get_page(home(held)).select_one("form[action$='/sahkan']")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    sent.pop("csrf_token")
    assert [client.post(form["action"], sent).status_code for _ in range(2)] == [303, 303]
    assert len(versions()) == 1


def test_the_chair_approves_by_its_account_and_no_other_leader(client, held):
    chair, other = UserFactory(leader=True), UserFactory(leader=True)
    db.session.get_one(Meeting, held.id).chair_id = chair.id
    db.session.commit()
    chair_id, other_id = chair.id, other.id
    press(client, held, "/ajukan")
    client.sign_in(db.session.get_one(User, other_id))
    assert not client.get_page(home(held)).select("form[action$='/sahkan']")
    version = {"version": str(held.meeting.version)}
    assert client.post(home(held, "/sahkan"), version).status_code == 403
    client.sign_in(db.session.get_one(User, chair_id))
    assert press(client, held, "/sahkan").status_code == 303
    [frozen] = versions()
    assert (frozen.authority, frozen.approved_by_id) == (Authority.CHAIR, chair_id)


def test_what_was_seen_before_is_not_approved(client, held):
    press(client, held, "/ajukan")
    scan(held)
    seen = str(held.meeting.version)
    press(client, held, "/kembalikan", note="Perbaiki.")
    press(client, held, "/ajukan")
    answer = client.post(home(held, "/sahkan"), {"version": seen, "minutes_number": "B-1"})
    assert answer.status_code == 409
    assert 'value="B-1"' in answer.text


def test_what_was_added_since_the_end_is_sent_with_the_approval(client, held):
    ask(held, "Menyusun jadwal", "Dispora")
    db.session.commit()
    press(client, held, "/ajukan")
    assert "Menyusun jadwal" in client.get_page(home(held)).text
    scan(held)
    assert press(client, held, "/sahkan").status_code == 303
    row = db.session.scalars(select(FollowUp).where(FollowUp.title == "Menyusun jadwal")).one()
    assert row.state is State.ASSIGNED
    assert row.id in {notice.follow_up_id for notice in notices()}
    assert not any(notice.follow_up_id == row.id for notice in notices("dispatched"))


@pytest.mark.parametrize("due", ["none", "past"])
def test_what_cannot_be_sent_stops_the_approval(client, held, due):
    day = None if due == "none" else clock.today() - timedelta(days=1)
    ask(held, "Menyusun jadwal", "Dispora", due_on=day)
    db.session.commit()
    press(client, held, "/ajukan")
    scan(held)
    answer = press(client, held, "/sahkan")
    assert answer.status_code == 422
    assert "Tindak lanjut 2" in answer.text
    assert not versions()


def test_guests_are_told_by_their_invitation(client, held):
    guest = InvitationFactory(meeting=db.session.get_one(Meeting, held.id), guest=True).id
    approve(client, held)
    asked = [row.audience_ids for row in notices() if row.audience == "meeting_once_invited"]
    assert asked == [{"invitation_id": guest}]


def correct(client, held, reason="Salah menulis batas waktu."):
    return press(client, held, "/koreksi", reason=reason)


def test_a_correction_makes_another_version_and_keeps_the_first(client, held):
    approve(client, held)
    assert correct(client, held, " ").status_code == 422
    assert correct(client, held).status_code == 303
    assert held.meeting.minutes_state is MinutesState.DRAFT
    decision = db.session.get_one(Decision, held.decisions[0])
    decision.words = "Data dikirim sebelum akhir tahun."
    db.session.commit()
    approve(client, held)
    first, second = versions()
    assert first.content["decisions"][0]["words"] == "Data dikirim sebelum akhir bulan."
    assert (second.number, second.reason) == (2, "Salah menulis batas waktu.")
    assert held.meeting.correction_reason == ""

    page = client.get_page(f"/rapat/{held.code}/notulen/versi/2/perbedaan")
    assert page.select_one("section del").text.strip() == "bulan."
    assert page.select_one("section ins").text.strip() == "tahun."
    assert "Salah menulis batas waktu." in page.text
    assert "akhir bulan" in client.get_page(f"/rapat/{held.code}/notulen/versi/1").text
    assert client.get(f"/rapat/{held.code}/notulen/versi/1/perbedaan").status_code == 404
    compared = client.get_page(f"/rapat/{held.code}/notulen/versi/1/perbedaan?dengan=2")
    assert compared.select_one("section ins").text.strip() == "tahun."
    assert client.get(f"/rapat/{held.code}/notulen/versi/3").status_code == 404


def test_a_correction_of_nothing_can_be_dropped(client, held):
    approve(client, held)
    correct(client, held)
    assert press(client, held, "/koreksi/batal").status_code == 303
    assert held.meeting.minutes_state is MinutesState.APPROVED
    assert len(versions()) == 1
    correct(client, held)
    db.session.get_one(Decision, held.decisions[0]).words = "Lain."
    db.session.commit()
    assert press(client, held, "/koreksi/batal").status_code == 409


def test_what_went_on_by_itself_keeps_no_correction_open(client, held):
    kept = sent_before(held, "Dispora")
    carry(held, kept, CarriedOutcome.KEEP)
    approve(client, held)
    correct(client, held)
    MembershipFactory(agency=db.session.get_one(Agency, held.agencies["Dinkes"]))
    db.session.get_one(FollowUp, kept).due_at += timedelta(days=30)
    db.session.commit()
    assert press(client, held, "/koreksi/batal").status_code == 303
    assert held.meeting.minutes_state is MinutesState.APPROVED


def test_two_buttons_of_one_page_are_no_repeat_of_each_other(client, held):
    second = ask(held, "Mengirim foto", "Dispora", sent=True)
    [first, _] = held.items
    token = client.get_page(home(held)).select_one("[name=form_token]")["value"]
    for item_id in (first, second, first):
        typed = {"form_token": token, "reason": f"Keliru {item_id}."}
        path = f"/rapat/{held.code}/tindak-lanjut/{item_id}/tarik"
        assert client.post(path, typed).status_code == 303
    for item_id in (first, second):
        item = db.session.get_one(MeetingActionItem, item_id)
        assert item.withdrawn_reason == f"Keliru {item_id}."


def test_what_was_sent_is_withdrawn_with_a_reason_and_its_follow_ups_cancelled(client, held):
    approve(client, held)
    [item_id] = held.items
    path = f"/rapat/{held.code}/tindak-lanjut/{item_id}/tarik"
    assert client.post(path, {"reason": "Keliru."}).status_code == 409
    correct(client, held)
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Keliru."}).status_code == 303
    assert client.post(f"{path}/batal").status_code == 303
    assert db.session.get_one(MeetingActionItem, item_id).withdrawn_reason == ""
    client.post(path, {"reason": "Sudah dikerjakan Bappeda."})
    row = db.session.scalars(select(FollowUp)).one()
    assert row.state is State.ASSIGNED
    approve(client, held)
    row = db.session.scalars(select(FollowUp)).one()
    assert row.state is State.CANCELLED
    item = db.session.get_one(MeetingActionItem, item_id)
    assert item.withdrawn_at is not None
    told = [notice for notice in notices() if notice.follow_up_id == row.id]
    assert len(told) == 1
    event = db.session.get_one(Event, told[0].event_id)
    assert event.payload["words"] == "Sudah dikerjakan Bappeda."
    assert versions()[1].content["actions"][0]["withdrawn_reason"] == "Sudah dikerjakan Bappeda."


def test_a_correction_needs_a_signed_scan_of_its_own(client, held):
    approve(client, held)
    correct(client, held)
    press(client, held, "/ajukan")
    page = client.get_page(home(held))
    assert "Koreksi memerlukan hasil pindainya sendiri." in page.text
    assert press(client, held, "/sahkan").status_code == 422
    scan(held)
    assert press(client, held, "/sahkan").status_code == 303
    assert len(versions()) == 2


def test_what_is_done_stays_done_when_it_is_withdrawn(client, held):
    approve(client, held)
    row = db.session.scalars(select(FollowUp)).one()
    row.state = State.CLOSED
    db.session.commit()
    correct(client, held)
    client.post(f"/rapat/{held.code}/tindak-lanjut/{held.items[0]}/tarik", {"reason": "Keliru."})
    approve(client, held)
    assert db.session.scalars(select(FollowUp)).one().state is State.CLOSED


def test_those_invited_read_approved_versions_alone(client, held):
    version = f"/rapat/{held.code}/notulen/versi/1"
    stranger = UserFactory()
    MembershipFactory(user=stranger)
    stranger_id = stranger.id
    approve(client, held)
    client.sign_in(db.session.get_one(User, held.people["Dinkes"]))
    page = client.get_page(version)
    assert "Data dikirim sebelum akhir bulan." in page.text
    assert client.get(home(held)).status_code == 404
    assert client.post(home(held, "/ajukan")).status_code == 403
    client.sign_in(db.session.get_one(User, stranger_id))
    assert client.get(version).status_code == 404
