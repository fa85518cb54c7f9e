"""Whom a meeting invites: the list, sending, reminding, withdrawing, and the answers that come."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db
from app.history.models import Event
from app.history.services import record
from app.meetings import tokens
from app.meetings.models import Answer, Invitation, Meeting, MeetingState
from app.meetings.services.telling import Before, tell_cancelled, tell_moved
from app.notifications.models import Notice, OutgoingMail
from app.notifications.worker import turn_notices
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, AgencyGroupFactory, MembershipFactory
from tests.factories.meetings import AgendaItemFactory, InvitationFactory, MeetingFactory
from tests.support.queries import query_budget


@pytest.fixture
def officer(session):
    return UserFactory(officer=True, name="Sari Wulandari, S.Sos.")


@pytest.fixture
def desk(client, officer):
    return client.sign_in(officer)


def kept(row):
    """Return a row that stays readable when the request that loads it anew has ended."""
    db.session.refresh(row)
    return row


def now(row):
    return db.session.get_one(type(row), row.id, populate_existing=True)


def address(meeting, tail=""):
    return f"/rapat/{meeting.code}/undangan{tail}"


def listed(meeting):
    return db.session.scalars(
        select(Invitation).where(Invitation.meeting_id == meeting.id).order_by(Invitation.id)
    ).all()


def verbs(meeting):
    return db.session.scalars(
        select(Event.verb).where(Event.meeting_id == meeting.id).order_by(Event.id)
    ).all()


def notices(meeting, kind):
    return db.session.scalars(
        select(Notice).where(Notice.meeting_id == meeting.id, Notice.kind == kind)
    ).all()


def reachable(**given):
    agency = AgencyFactory(**given)
    MembershipFactory(agency=agency)
    return agency


def send(desk, meeting, **form):
    return desk.post(address(meeting, "/kirim"), form)


def leave():
    """Let the worker make the mails that are owed by now."""
    with clock.shifted(timedelta(minutes=10)):
        turn_notices()
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def test_an_empty_list_says_what_would_fill_it(desk):
    page = desk.get_page(address(MeetingFactory()))
    assert "Pilih yang diundang" in page.select_one(".empty").get_text()


def test_agencies_are_chosen_by_tick_cluster_kind_or_all(desk):
    meeting = kept(MeetingFactory())
    one = AgencyFactory(short_name="Dinkes", cluster_roles={"K3": "anggota"})
    AgencyFactory(short_name="Sangatta", kecamatan=True)
    AgencyFactory(short_name="Tutup", deactivated=True)
    AgencyGroupFactory(name="Semua kecamatan")
    page = desk.get_page(address(meeting, "/tambah"))
    text = page.select_one("main").get_text()
    for words in ("Semua instansi aktif (2)", "Semua kecamatan (1)", "Klaster III (1)"):
        assert words in text
    assert "Tutup" not in text
    desk.post(address(meeting, "/instansi"), {"instansi": one.id})
    desk.post(address(meeting, "/instansi"), {"jenis": "kecamatan", "klaster": "K3"})
    names = [row.agency_id for row in listed(meeting)]
    assert len(names) == 2
    assert all(row.sent_at is None for row in listed(meeting))
    assert verbs(meeting) == ["invitees_listed", "invitees_listed"]
    assert notices(meeting, "meeting_invitation") == []


def test_all_at_once_and_a_search_keeps_what_was_ticked(desk):
    meeting = kept(MeetingFactory())
    health, works = AgencyFactory(short_name="Dinkes"), AgencyFactory(code="PUPR")
    page = desk.get_page(address(meeting, f"/tambah?kata=pupr&instansi={health.id}"))
    assert page.select_one(f"input[type=hidden][name=instansi][value='{health.id}']")
    assert [tick["value"] for tick in page.select("input[type=checkbox][name=instansi]")] == [
        str(works.id)
    ]
    desk.post(address(meeting, "/instansi"), {"semua": "1"})
    assert len(listed(meeting)) == 2


def test_nobody_chosen_is_said(desk):
    meeting = kept(MeetingFactory())
    AgencyFactory()
    answer = desk.post(address(meeting, "/instansi"), {"instansi": "abc"})
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu instansi" in answer.text


def test_a_guest_is_asked_by_name(desk):
    meeting = kept(MeetingFactory())
    guest = {"name": "Bapak Yosef Lawing", "organisation": "Forum Anak", "email": "Yosef@Anak.test"}
    assert desk.post(address(meeting, "/tamu"), guest).status_code == 303
    (row,) = listed(meeting)
    assert (row.guest_name, row.guest_email) == ("Bapak Yosef Lawing", "yosef@anak.test")
    again = desk.post(address(meeting, "/tamu"), {**guest, "name": "Yosef"})
    assert again.status_code == 422
    assert "sudah ada dalam daftar" in again.text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "Isi nama lengkap"),
        ({"name": "Budi", "email": "budi"}, "Alamat surel tidak lengkap"),
        ({"name": "Budi", "phone": "hubungi saya"}, "Nomor telepon"),
        ({"name": "B" * 201}, "Paling panjang 200"),
        ({"name": "Budi", "organisation": "L" * 201}, "Paling panjang 200"),
    ],
)
def test_a_guest_that_cannot_be_is_said_and_stays_typed(desk, given, words):
    meeting = kept(MeetingFactory())
    answer = desk.post(address(meeting, "/tamu"), given)
    assert answer.status_code == 422
    assert words in answer.text
    assert listed(meeting) == []


def test_who_is_not_reached_is_pointed_out_before_sending(desk):
    meeting = kept(MeetingFactory())
    InvitationFactory(meeting=meeting, agency=reachable(), unsent=True)
    InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name="Sunyi"), unsent=True)
    silent = AgencyFactory(short_name="Bisu")
    MembershipFactory(agency=silent, user=UserFactory(without_mail=True))
    InvitationFactory(meeting=meeting, agency=silent, unsent=True)
    InvitationFactory(meeting=meeting, guest=True, guest_email="", unsent=True)
    page = desk.get_page(address(meeting))
    warning = page.select_one("[data-tone=late] ul").get_text()
    assert "Sunyi: belum ada narahubung" in warning
    assert "Bisu: narahubungnya belum mempunyai surel" in warning
    assert "surel tamu belum diisi" in warning
    assert "Kirim undangan (4)" in page.select_one("button.primary").get_text()


def test_the_preview_is_the_mail(desk):
    meeting = kept(MeetingFactory(bring="Data tahun 2025"))
    AgendaItemFactory(meeting=meeting, title="Capaian <b>klaster</b>")
    InvitationFactory(meeting=meeting, agency=reachable(short_name="Dinkes"), unsent=True)
    page = desk.get_page(address(meeting, "/pratinjau"))
    text = page.select_one(".panel").get_text()
    assert "1. Capaian <b>klaster</b>" in text
    assert "Data tahun 2025" in text
    assert "narahubung Dinkes" in text


def test_sending_makes_the_meeting_known_and_owes_each_a_mail(desk):
    meeting = kept(MeetingFactory())
    for _ in range(3):
        InvitationFactory(meeting=meeting, agency=reachable(), unsent=True)
    assert send(desk, meeting).status_code == 303
    assert now(meeting).state is MeetingState.INVITED
    assert now(meeting).invited_at is not None
    assert all(row.sent_at for row in listed(meeting))
    assert len(notices(meeting, "meeting_invitation")) == 3
    assert verbs(meeting) == ["invitations_sent"]
    assert {mail.subject.split(":")[0] for mail in leave()} == {"Undangan"}


def test_sending_twice_by_the_same_form_sends_once(desk):
    meeting = kept(MeetingFactory())
    InvitationFactory(meeting=meeting, unsent=True)
    assert send(desk, meeting, form_token="t").status_code == 303
    assert send(desk, meeting, form_token="t").status_code == 303
    assert len(notices(meeting, "meeting_invitation")) == 1
    assert send(desk, meeting, form_token="other").status_code == 422


def test_those_added_later_are_sent_to_alone(desk):
    meeting = kept(MeetingFactory(invited=True))
    InvitationFactory(meeting=meeting)
    new = kept(InvitationFactory(meeting=meeting, agency=reachable(), unsent=True))
    page = desk.get_page(address(meeting))
    assert "Kirim kepada yang baru (1)" in page.select_one("button.primary").get_text()
    send(desk, meeting)
    (notice,) = notices(meeting, "meeting_invitation")
    assert notice.audience_ids == {"invitation_id": new.id}


def test_a_meeting_whose_time_is_past_invites_nobody(desk):
    meeting = kept(MeetingFactory(past=True))
    InvitationFactory(meeting=meeting, unsent=True)
    assert "Waktu rapat sudah lewat" in desk.get_page(address(meeting)).get_text()
    answer = send(desk, meeting)
    assert answer.status_code == 422
    assert "Waktu rapat sudah lewat" in answer.text


@pytest.mark.parametrize("state", ["ended", "cancelled"])
def test_a_meeting_that_is_over_takes_no_more_invitations(desk, state):
    meeting = kept(MeetingFactory(**{state: True}))
    row = kept(InvitationFactory(meeting=meeting, unsent=True))
    guest = {"name": "Budi"}
    posts = [("/kirim", {}), ("/ingatkan", {}), ("/tamu", guest), (f"/{row.id}/tarik", {})]
    for tail, form in [*posts, ("/instansi", {"instansi": AgencyFactory().id})]:
        assert desk.post(address(meeting, tail), form).status_code == 409, tail
    assert desk.get(address(meeting, "/tambah")).status_code == 409


def test_answers_are_counted_and_filtered(desk):
    meeting = kept(MeetingFactory(invited=True))
    InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name="Dinkes"), coming=True)
    InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name="PUPR"), unable=True)
    InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name="Bappeda"))
    tiles = {
        tile.get_text(" ", strip=True): tile["href"]
        for tile in desk.get_page(address(meeting)).select(".tiles a")
    }
    assert {"1 Hadir", "0 Diwakilkan", "1 Berhalangan hadir", "1 Belum menjawab"} <= set(tiles)
    page = desk.get_page(tiles["1 Belum menjawab"])
    assert [a.get_text() for a in page.select(".rows .main a")] == ["Bappeda"]
    page = desk.get_page(address(meeting, "?kata=dink"))
    assert [a.get_text() for a in page.select(".rows .main a")] == ["Dinkes"]
    assert "Tidak ada yang sesuai" in desk.get_page(address(meeting, "?kata=zzz")).get_text()
    desk.get_page(address(meeting, "?jawaban=lain&kata=%00"))


def test_only_those_are_reminded_who_have_not_answered_when_it_leaves(desk):
    meeting = kept(MeetingFactory(invited=True))
    late = kept(InvitationFactory(meeting=meeting, agency=reachable()))
    quick = kept(InvitationFactory(meeting=meeting, agency=reachable()))
    InvitationFactory(meeting=meeting, agency=reachable(), coming=True)
    InvitationFactory(meeting=meeting, agency=reachable(), withdrawn=True)
    assert "Ingatkan yang belum menjawab (2)" in desk.get_page(address(meeting)).get_text()
    desk.post(address(meeting, "/ingatkan"))
    asked = {row.audience_ids["invitation_id"] for row in notices(meeting, "meeting_reminder")}
    assert asked == {late.id, quick.id}
    now(quick).answer = Answer.COMING
    db.session.commit()
    assert len([mail for mail in leave() if mail.kind == "meeting_reminder"]) == 1


def test_a_second_reminder_within_a_day_is_asked_about_first(desk):
    meeting = kept(MeetingFactory(invited=True))
    InvitationFactory(meeting=meeting, agency=reachable())
    desk.post(address(meeting, "/ingatkan"))
    page = desk.get_page(address(meeting))
    assert page.select_one("input[name=again]")
    assert "Terakhir diingatkan hari ini" in page.get_text()
    assert desk.post(address(meeting, "/ingatkan")).status_code == 422
    assert desk.post(address(meeting, "/ingatkan"), {"again": "y"}).status_code == 303
    with clock.shifted(timedelta(days=2)):
        assert not desk.get_page(address(meeting)).select("input[name=again]")
        assert desk.post(address(meeting, "/ingatkan")).status_code == 303
    assert len(notices(meeting, "meeting_reminder")) == 3


def test_withdrawn_before_it_left_nobody_is_told(desk):
    meeting = kept(MeetingFactory())
    row = kept(InvitationFactory(meeting=meeting, agency=reachable(), unsent=True))
    send(desk, meeting)
    desk.post(address(meeting, f"/{row.id}/tarik"))
    assert leave() == []


def test_withdrawn_after_it_left_the_calendar_is_told_and_asking_anew_raises_the_sequence(desk):
    meeting = kept(MeetingFactory())
    agency = kept(reachable(short_name="Dinkes"))
    row = kept(InvitationFactory(meeting=meeting, agency=agency, unsent=True))
    agency_id = agency.id
    send(desk, meeting)
    leave()
    desk.post(address(meeting, f"/{row.id}/tarik"))
    invited, withdrawn = leave()
    assert "METHOD:REQUEST" in invited.calendar
    assert "METHOD:CANCEL" in withdrawn.calendar
    assert "Undangan ditarik" in withdrawn.subject
    assert desk.post(address(meeting, f"/{row.id}/tarik")).status_code == 409
    desk.post(address(meeting, "/instansi"), {"instansi": agency_id})
    send(desk, meeting)
    again = leave()[-1]
    assert "SEQUENCE:1" in again.calendar
    assert len(listed(meeting)) == 1


def test_an_answer_is_taken_by_phone(desk):
    meeting = kept(MeetingFactory(invited=True))
    row = kept(InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name="Dinkes")))
    page = desk.get_page(address(meeting, f"/{row.id}"))
    assert tokens.answer_url(meeting.id, row.id) in page.get_text()
    form = {"jawaban-answer": "represented", "jawaban-name": "dr. Nur Aini"}
    assert desk.post(address(meeting, f"/{row.id}/jawaban"), form).status_code == 303
    assert (now(row).answer, now(row).answer_name) == (Answer.REPRESENTED, "dr. Nur Aini")
    event = db.session.scalars(select(Event).where(Event.meeting_id == meeting.id)).one()
    assert (event.verb, event.payload["way"]) == ("invitation_answered", "phone")
    form["jawaban-name"] = ""
    refused = desk.post(address(meeting, f"/{row.id}/jawaban"), form)
    assert refused.status_code == 422
    assert "Tulis nama yang mewakili" in refused.text


def test_a_guest_with_a_new_address_is_told_there(desk):
    meeting = kept(MeetingFactory())
    row = kept(
        InvitationFactory(meeting=meeting, guest=True, guest_email="salah@anak.test", unsent=True)
    )
    send(desk, meeting)
    leave()
    form = {"tamu-name": row.guest_name, "tamu-email": "benar@anak.test"}
    desk.post(address(meeting, f"/{row.id}/tamu"), form)
    assert [mail.to_address for mail in leave()] == ["salah@anak.test", "benar@anak.test"]


def test_an_invitation_of_another_meeting_is_not_there(desk):
    row_id = InvitationFactory().id
    path = address(MeetingFactory(invited=True))
    assert desk.get(f"{path}/{row_id}").status_code == 404
    assert desk.post(f"{path}/{row_id}/tarik").status_code == 404
    assert desk.get(f"{path}/99999999999").status_code == 404


def test_eighty_invitations_are_sent_and_shown_in_few_statements(desk, officer):
    meeting = kept(MeetingFactory())
    for _ in range(80):
        InvitationFactory(meeting=meeting, agency=reachable(), unsent=True)
    with query_budget(14):
        send(desk, meeting)
    with query_budget(10):
        desk.get(address(meeting))
    with query_budget(10):
        desk.get(address(meeting, "/tambah"))


def test_a_move_is_told_once_from_what_was_known_to_what_holds(desk):
    meeting = kept(MeetingFactory(place="Aula"))
    InvitationFactory(meeting=meeting, agency=reachable(), unsent=True)
    send(desk, meeting)
    leave()
    for place in ("Ruang A", "Ruang B"):
        row = db.session.get_one(Meeting, meeting.id)
        before = Before.of(row)
        row.place = place
        row.sequence += 1
        tell_moved(row, record(SYSTEM, "meeting_moved", meeting_id=row.id), before)
        db.session.commit()
    moved = leave()[-1]
    assert moved.kind == "meeting_moved"
    assert "Tempat semula: Aula" in moved.body_text
    assert "Tempat: Ruang B" in moved.body_text
    assert "Ruang A" not in moved.body_text
    assert "SEQUENCE:2" in moved.calendar
    row = db.session.get_one(Meeting, meeting.id)
    row.state, row.sequence, row.cancel_reason = MeetingState.CANCELLED, 3, "Bupati berhalangan"
    tell_cancelled(row, record(SYSTEM, "meeting_cancelled", meeting_id=row.id))
    db.session.commit()
    told = leave()
    assert [mail.kind for mail in told] == [
        "meeting_invitation",
        "meeting_moved",
        "meeting_cancelled",
    ]
    assert "STATUS:CANCELLED" in told[-1].calendar
    assert "SEQUENCE:3" in told[-1].calendar
    assert "Bupati berhalangan" in told[-1].body_text
