"""A meeting before it is held: listed, set up from the last one, changed, moved, cancelled."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.history.models import Event
from app.meetings.models import Invitation, Meeting, MeetingKind, MeetingState
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.instruments import CycleFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory
from tests.support.client import strict_page
from tests.support.queries import query_budget


@pytest.fixture
def officer(session):
    return UserFactory(officer=True, name="Ibu Sari Wulandari", position="Kepala bidang PHA")


@pytest.fixture
def desk(client, officer):
    return client.sign_in(officer)


def form_of(page, action=None):
    """Return what a browser sends for the main form of a page."""
    form = next(f for f in page.select("main form[method=post]") if not f.get("hx-post"))
    if action:
        form = page.select_one(f'main form[action="{action}"]')
    fields = {}
    for control in form.select("input, textarea, select"):
        name, kind = control.get("name"), control.get("type")
        if not name or (kind == "checkbox" and not control.has_attr("checked")):
            continue
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            fields[name] = chosen["value"]
        elif control.name == "textarea":
            fields[name] = control.get_text().removeprefix("\n").strip("\r\n")
        else:
            fields[name] = control.get("value", "")
    fields.pop("csrf_token")
    return fields


def titles(page):
    return [link.get_text(strip=True) for link in page.select("table.rows td.main a")]


def now(meeting):
    """Return a meeting as the database has it after a request."""
    return db.session.get_one(Meeting, meeting.id, populate_existing=True)


def verbs(meeting):
    found = select(Event.verb).where(Event.meeting_id == meeting.id).order_by(Event.id)
    return list(db.session.scalars(found))


def notices(meeting, kind):
    return db.session.scalars(
        select(Notice).where(Notice.meeting_id == meeting.id, Notice.kind == kind)
    ).all()


def day_of(moment):
    return clock.local(moment).date().isoformat()


class TestTheList:
    def test_what_comes_stands_first_soonest_first_then_the_past_newest_first(self, desk):
        now = clock.now()
        for title, days in (("Nanti", 20), ("Segera", 2), ("Lama", -200), ("Baru saja", -3)):
            MeetingFactory(title=title, starts_at=now + timedelta(days=days), invited=True)
        page = desk.get_page("/rapat")
        assert titles(page) == ["Segera", "Nanti", "Baru saja", "Lama"]
        assert "belum diakhiri" in page.select("table.rows tr")[3].get_text()
        assert titles(desk.get_page("/rapat?urut=waktu")) == [
            "Lama",
            "Baru saja",
            "Segera",
            "Nanti",
        ]

    def test_filters_are_in_the_address_and_what_is_wrong_there_is_said(self, desk):
        MeetingFactory(title="Rakor lama", year=2025, seq=1, kind=MeetingKind.AFTER, ended=True)
        MeetingFactory(title="Rakor baru", place="Aula Bappeda", invited=True)
        assert titles(desk.get_page("/rapat?tahun=2025")) == ["Rakor lama"]
        assert titles(desk.get_page("/rapat?jenis=after_assessment")) == ["Rakor lama"]
        assert titles(desk.get_page("/rapat?keadaan=akan-datang")) == ["Rakor baru"]
        assert titles(desk.get_page("/rapat?q=aula+bappeda")) == ["Rakor baru"]
        assert titles(desk.get_page("/rapat?q=rk-2025-01")) == ["Rakor lama"]
        page = desk.get_page("/rapat?tahun=abad&urut=entah")
        assert len(titles(page)) == 2
        assert len(page.select("main [role=status] li")) == 2
        assert desk.get_page("/rapat?q=tidak+ada").select_one(".empty a")

    def test_an_agency_sees_those_that_it_was_invited_to(self, client, session):
        agency, user = AgencyFactory(), UserFactory()
        MembershipFactory(agency=agency, user=user)
        mine = MeetingFactory(title="Milik kami", invited=True)
        InvitationFactory(meeting=mine, agency=agency)
        InvitationFactory(meeting=MeetingFactory(title="Belum dikirim"), agency=agency)
        InvitationFactory(meeting=MeetingFactory(title="Milik lain", invited=True))
        page = client.sign_in(user).get_page("/rapat")
        assert titles(page) == ["Milik kami"]
        assert not page.select('a[href="/rapat/baru"]')
        assert "menjawab" not in page.select_one("table.rows").get_text()

    def test_an_empty_list_says_what_would_fill_it(self, desk, client, session):
        assert desk.get_page("/rapat").select_one(".empty a")["href"] == "/rapat/baru"

    def test_costs_the_same_however_long_it_is(self, desk):
        for _ in range(12):
            InvitationFactory(meeting=MeetingFactory(invited=True))
        with query_budget(7):
            desk.get("/rapat")


class TestANewOne:
    def test_from_nothing(self, desk, officer):
        cycle = CycleFactory(year=clock.today().year)
        fields = form_of(desk.get_page("/rapat/baru"))
        assert fields["ordinal"] == "1"
        assert fields["minute_taker_name"] == officer.name
        assert fields["minute_taker_position"] == "Kepala bidang PHA"
        assert fields["cycle_id"] == str(cycle.id)
        day = clock.today() + timedelta(days=10)
        typed = {"day": day.isoformat(), "starts": "09.00", "ends": "12:30", "place": "Aula"}
        answer = desk.post("/rapat/baru", {**fields, **typed})
        meeting = db.session.scalars(select(Meeting)).one()
        assert answer.location == f"/rapat/{meeting.code}/agenda"
        assert (meeting.year, meeting.seq, meeting.ordinal) == (day.year, 1, 1)
        assert meeting.title == f"Rapat Koordinasi I Gugus Tugas KLA Tahun {day.year}"
        assert clock.local(meeting.starts_at).strftime("%H:%M") == "09:00"
        assert clock.local(meeting.ends_at).strftime("%H:%M") == "12:30"
        assert now(meeting).state is MeetingState.DRAFT
        assert verbs(meeting) == ["meeting_created"]
        assert not db.session.scalars(select(Notice)).all()

    def test_takes_over_what_stays_as_it_was(self, desk):
        last = MeetingFactory(ended=True, place="Ruang Tulip", contact="Ibu Rini", ordinal=4)
        stays = AgencyFactory().id
        InvitationFactory(meeting=last, agency=db.session.get_one(Agency, stays))
        InvitationFactory(meeting=last, agency=AgencyFactory(deactivated=True))
        InvitationFactory(meeting=last, withdrawn=True)
        InvitationFactory(meeting=last, guest=True)
        page = desk.get_page("/rapat/baru")
        fields = form_of(page)
        assert last.title in page.select_one("main .notice").get_text()
        assert fields["place"] == "Ruang Tulip"
        assert fields["contact"] == "Ibu Rini"
        assert fields["ordinal"] == "5"
        assert fields["chair_name"] == "Ibu Maria Lestari, S.E."
        assert fields["starts"] == clock.local(last.starts_at).strftime("%H:%M")
        assert fields["undang_lagi"] == last.code
        assert fields["letter_number"] == ""
        desk.post("/rapat/baru", {**fields, "day": day_of(clock.now())})
        made = db.session.scalars(select(Meeting).where(Meeting.id != last.id)).one()
        [again] = db.session.scalars(
            select(Invitation).where(Invitation.meeting_id == made.id)
        ).all()
        assert (again.agency_id, again.sent_at) == (stays, None)

    def test_the_last_of_its_own_kind_is_copied(self, desk):
        now = clock.now()
        after = {"kind": MeetingKind.AFTER, "starts_at": now - timedelta(days=90)}
        MeetingFactory(place="Sesudah", ended=True, **after)
        MeetingFactory(place="Sebelum", ended=True)
        MeetingFactory(place="Batal", cancelled=True)
        assert form_of(desk.get_page("/rapat/baru"))["place"] == "Sebelum"
        page = desk.get_page("/rapat/baru?jenis=after_assessment")
        assert form_of(page)["place"] == "Sesudah"
        assert form_of(page)["kind"] == "after_assessment"
        other = form_of(desk.get_page("/rapat/baru?jenis=other"))
        assert "ordinal" not in other

    def test_the_title_and_ordinal_follow_a_day_in_another_year(self, desk):
        MeetingFactory(ended=True, ordinal=3)
        fields = form_of(desk.get_page("/rapat/baru"))
        later = clock.today().year + 1
        given = {"day": f"{later}-02-10", "starts": "09:00", "ends": "11:00"}
        desk.post("/rapat/baru", {**fields, **given})
        made = db.session.scalars(select(Meeting).order_by(Meeting.id.desc())).first()
        assert (made.year, made.seq, made.ordinal) == (later, 1, 1)
        assert made.title == f"Rapat Koordinasi I Gugus Tugas KLA Tahun {later}"

    def test_sent_twice_it_is_made_once(self, desk):
        fields = form_of(desk.get_page("/rapat/baru"))
        given = {**fields, "day": day_of(clock.now()), "starts": "09:00", "ends": "11:00"}
        first, second = desk.post("/rapat/baru", given), desk.post("/rapat/baru", given)
        assert first.location == second.location
        assert len(db.session.scalars(select(Meeting)).all()) == 1

    @pytest.mark.parametrize(
        ("typed", "blamed"),
        [
            ({"day": ""}, "day"),
            ({"day": "2099-01-01"}, "day"),
            ({"starts": "siang"}, "starts"),
            ({"starts": "12:00", "ends": "12:00"}, "ends"),
            ({"video_url": "http://rapat.test/1"}, "video_url"),
            ({"video_url": "javascript:alert(1)"}, "video_url"),
            ({"ordinal": "1"}, "ordinal"),
            ({"ordinal": "0"}, "ordinal"),
            ({"chair_id": "999999"}, "chair_id"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
        self, desk, typed, blamed
    ):
        MeetingFactory(ordinal=1)
        fields = form_of(desk.get_page("/rapat/baru"))
        given = {"day": day_of(clock.now()), "starts": "09:00", "ends": "11:00", "basis": "SK 12"}
        answer = desk.post("/rapat/baru", {**fields, **given, **typed})
        assert answer.status_code == 422
        page = strict_page(answer.get_data(as_text=True))
        assert page.select_one(f"#{blamed}-error")
        assert form_of(page)["basis"] == "SK 12"
        assert len(db.session.scalars(select(Meeting)).all()) == 1

    def test_an_account_chosen_names_the_chair(self, desk):
        leader = UserFactory(leader=True, name="Bapak Anwar", position="Ketua Gugus Tugas").id
        fields = form_of(desk.get_page("/rapat/baru"))
        given = {"day": day_of(clock.now()), "starts": "09:00", "ends": "11:00"}
        desk.post("/rapat/baru", {**fields, **given, "chair_id": str(leader)})
        made = db.session.scalars(select(Meeting)).one()
        assert (made.chair_id, made.chair_name) == (leader, "Bapak Anwar")
        assert made.chair_position == "Ketua Gugus Tugas"


class TestChanging:
    @pytest.fixture
    def invited(self, session):
        meeting = MeetingFactory(invited=True, video_url="https://rapat.test/satu")
        InvitationFactory(meeting=meeting, agency=AgencyFactory(short_name="Dinkes"))
        InvitationFactory(meeting=meeting, guest=True)
        InvitationFactory(meeting=meeting, unsent=True)
        return meeting

    def test_nobody_is_told_of_a_draft(self, desk):
        meeting = MeetingFactory()
        page = desk.get_page(f"/rapat/{meeting.code}/ubah")
        fields = {**form_of(page), "place": "Aula baru"}
        desk.post(f"/rapat/{meeting.code}/ubah", fields)
        kept = now(meeting)
        assert (kept.place, kept.version, kept.sequence) == ("Aula baru", 1, 0)
        assert verbs(meeting) == ["meeting_edited"]
        assert not notices(meeting, "meeting_moved")

    def test_those_who_know_are_told_that_it_moves_and_the_page_says_so_before(self, desk, invited):
        page = desk.get_page(f"/rapat/{invited.code}/ubah")
        said = page.select_one("main .notice").get_text()
        assert "2 yang diundang" in said
        assert "Dinkes" in said
        was = invited.starts_at.isoformat()
        desk.post(f"/rapat/{invited.code}/ubah", {**form_of(page), "starts": "06:00"})
        assert now(invited).sequence == 1
        assert verbs(invited) == ["meeting_moved"]
        told = notices(invited, "meeting_moved")
        assert len(told) == 2
        assert told[0].payload["starts_at"] == was

    def test_other_words_move_nothing(self, desk, invited):
        page = desk.get_page(f"/rapat/{invited.code}/ubah")
        fields = {**form_of(page), "basis": "Surat Sekda", "letter_number": "005/12"}
        desk.post(f"/rapat/{invited.code}/ubah", fields)
        assert (now(invited).sequence, now(invited).version) == (0, 2)
        assert verbs(invited) == ["meeting_edited"]
        assert not notices(invited, "meeting_moved")

    def test_saving_without_a_change_is_no_change(self, desk, invited):
        page = desk.get_page(f"/rapat/{invited.code}/ubah")
        before = invited.starts_at
        desk.post(f"/rapat/{invited.code}/ubah", form_of(page))
        assert verbs(invited) == []
        assert (now(invited).version, now(invited).starts_at) == (1, before)

    def test_an_old_page_is_told_beside_what_is_stored_and_keeps_what_was_typed(self, desk):
        meeting = MeetingFactory(place="Aula lama")
        fields = form_of(desk.get_page(f"/rapat/{meeting.code}/ubah"))
        kept = now(meeting)
        kept.place, kept.version = "Aula orang lain", 1
        db.session.commit()
        answer = desk.post(f"/rapat/{meeting.code}/ubah", {**fields, "place": "Aula saya"})
        assert answer.status_code == 409
        page = strict_page(answer.get_data(as_text=True))
        assert "Aula orang lain" in page.select_one("section[aria-labelledby=stored]").get_text()
        again = form_of(page)
        assert again["place"] == "Aula saya"
        assert desk.post(f"/rapat/{meeting.code}/ubah", again).status_code == 303
        assert now(meeting).place == "Aula saya"

    def test_who_is_invited_must_know_where_to(self, desk, invited):
        page = desk.get_page(f"/rapat/{invited.code}/ubah")
        fields = {**form_of(page), "place": "", "video_url": ""}
        assert desk.post(f"/rapat/{invited.code}/ubah", fields).status_code == 422

    def test_what_is_over_is_not_changed_and_keeps_what_was_typed(self, desk):
        meeting = MeetingFactory()
        fields = form_of(desk.get_page(f"/rapat/{meeting.code}/ubah"))
        now(meeting).state = MeetingState.ENDED
        db.session.commit()
        answer = desk.post(f"/rapat/{meeting.code}/ubah", {**fields, "basis": "Surat Sekda"})
        assert answer.status_code == 409
        assert "Surat Sekda" in answer.get_data(as_text=True)
        assert desk.get(f"/rapat/{meeting.code}/ubah").status_code == 409


class TestCancelling:
    def send(self, desk, meeting, reason="Bupati dinas luar."):
        action = f"/rapat/{meeting.code}/batal"
        fields = form_of(desk.get_page(f"/rapat/{meeting.code}/ubah"), action)
        return desk.post(action, {**fields, "batal-reason": reason})

    def test_of_a_draft_nobody_is_told(self, desk):
        meeting = MeetingFactory()
        InvitationFactory(meeting=meeting, unsent=True)
        assert self.send(desk, meeting).status_code == 303
        assert now(meeting).state is MeetingState.CANCELLED
        assert now(meeting).cancel_reason == "Bupati dinas luar."
        assert verbs(meeting) == ["meeting_cancelled"]
        assert not notices(meeting, "meeting_cancelled")
        assert now(meeting).sequence == 0

    def test_those_who_know_are_told_once(self, desk):
        meeting = MeetingFactory(invited=True)
        InvitationFactory(meeting=meeting)
        self.send(desk, meeting)
        assert len(notices(meeting, "meeting_cancelled")) == 1
        assert now(meeting).sequence == 1

    def test_needs_a_reason_and_gives_its_place_in_the_year_free(self, desk):
        meeting = MeetingFactory(ordinal=1)
        answer = self.send(desk, meeting, reason=" ")
        assert answer.status_code == 422
        assert strict_page(answer.get_data(as_text=True)).select_one(".confirm[open]")
        self.send(desk, meeting)
        assert form_of(desk.get_page("/rapat/baru"))["ordinal"] == "1"

    def test_an_old_page_cancels_nothing_and_keeps_the_reason(self, desk):
        meeting = MeetingFactory()
        action = f"/rapat/{meeting.code}/batal"
        fields = form_of(desk.get_page(f"/rapat/{meeting.code}/ubah"), action)
        now(meeting).version = 5
        db.session.commit()
        answer = desk.post(action, {**fields, "batal-reason": "Hujan."})
        assert answer.status_code == 409
        page = strict_page(answer.get_data(as_text=True))
        assert form_of(page, action)["batal-reason"] == "Hujan."
        assert now(meeting).state is MeetingState.DRAFT
