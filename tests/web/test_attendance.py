"""The attendance list: as the minute-taker keeps it, and as people write themselves down."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.history.models import Event
from app.meetings import tokens
from app.meetings.models import Attendance, Gender, Meeting, MeetingState, MinutesState, Presence
from app.meetings.queries.attendance import rows_for_print, totals_of
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyAliasFactory, AgencyFactory, MembershipFactory
from tests.factories.meetings import AttendanceFactory, InvitationFactory, MeetingFactory
from tests.support.client import Client
from tests.support.queries import query_budget

PHONE = "0812-0000-1111"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def meeting(session):
    """A meeting that begins in a quarter of an hour; the plain values outlive the row."""
    row = MeetingFactory(invited=True, starts_at=clock.now() + timedelta(minutes=15))
    db.session.refresh(row)
    return row


@pytest.fixture
def desk(client, meeting):
    return client.sign_in(UserFactory(officer=True))


@pytest.fixture
def dinkes(meeting):
    agency = AgencyFactory(code="DINKES", short_name="Dinkes", name="Dinas Kesehatan")
    AgencyAliasFactory(agency=agency, alias="Kesehatan", key="kesehatan")
    return InvitationFactory(meeting=meeting, agency=agency, coming=True).id


class Place:
    """The addresses of a meeting, by values that stay."""

    def __init__(self, meeting):
        self.id, self.code = meeting.id, meeting.code
        self.list = f"/rapat/{self.code}/daftar-hadir"
        self.wall = f"/hadir/{tokens.check_in_token(self.id)}"


@pytest.fixture
def place(meeting):
    return Place(meeting)


def lines(place):
    return db.session.scalars(
        select(Attendance)
        .where(Attendance.meeting_id == place.id)
        .order_by(Attendance.id)
        .execution_options(populate_existing=True)
    ).all()


def verbs(place):
    return db.session.scalars(
        select(Event.verb).where(Event.meeting_id == place.id).order_by(Event.id)
    ).all()


def change(place, **values):
    meeting = db.session.get_one(Meeting, place.id)
    for name, value in values.items():
        setattr(meeting, name, value)
    db.session.commit()


class TestMinuteTaker:
    def test_the_list_is_prefilled_with_what_was_answered(self, desk, place, dinkes):
        page = desk.get_page(place.list)
        seat = page.select_one(f"#undangan-{dinkes}")
        assert "menjawab: hadir, Bapak Rahmat Hidayat" in seat.get_text()
        assert seat.select_one("button[value=present]").get_text() == "Hadir: Bapak Rahmat Hidayat"

    def test_one_press_marks_who_answered(self, desk, place, dinkes):
        path = f"{place.list}/undangan/{dinkes}"
        answer = desk.post(path, {"name": "Bapak Rahmat Hidayat", "presence": "present"})
        assert answer.headers["Location"] == f"{place.list}#undangan-{dinkes}"
        (line,) = lines(place)
        assert (line.presence, line.invitation_id) == (Presence.PRESENT, dinkes)
        assert line.confirmed_at is not None
        assert verbs(place) == ["attendance_recorded"]

    def test_several_people_of_an_agency(self, desk, place, dinkes):
        path = f"{place.list}/undangan/{dinkes}"
        for name, gender in (("Ibu Ani", "P"), ("Bapak Budi", "L"), ("Cici", "")):
            desk.post(path, {"name": name, "gender": gender, "presence": "present"})
        totals = totals_of(place.id)
        assert (totals.present, totals.male, totals.female, totals.unknown) == (3, 1, 1, 1)
        assert totals.agencies == 1

    def test_a_button_pressed_twice_writes_one_line(self, desk, place, dinkes):
        ani = {"name": "Ani", "gender": "P", "presence": "present"}
        yosef = {"place": "Forum Anak", "name": "Yosef", "presence": "present"}
        for _ in range(2):
            desk.post(f"{place.list}/undangan/{dinkes}", ani)
            desk.post(place.list, yosef)
            desk.post(place.list, {**yosef, "position": "Ketua"})
        assert [(line.name, line.position) for line in lines(place)] == [
            ("Ani", ""),
            ("Yosef", ""),
            ("Yosef", "Ketua"),
        ]
        assert verbs(place) == ["attendance_recorded"] * 3

    def test_what_was_said_without_a_name_is_replaced(self, desk, place, dinkes):
        path = f"{place.list}/undangan/{dinkes}"
        desk.post(path, {"presence": "absent"})
        desk.post(path, {"presence": "excused", "note": "Dinas luar"})
        assert [(line.presence, line.name) for line in lines(place)] == [(Presence.EXCUSED, "")]
        desk.post(path, {"presence": "representing", "name": "Ibu Ani"})
        (line,) = lines(place)
        assert (line.presence, line.name, line.note) == (Presence.REPRESENTING, "Ibu Ani", "")

    def test_htmx_gets_the_seat_alone_and_is_told_to_count(self, desk, place, dinkes):
        path = f"{place.list}/undangan/{dinkes}"
        form = {"name": "Ibu Ani", "presence": "present"}
        answer = desk.post(path, form, headers=HTMX)
        assert answer.text.lstrip().startswith(f'<li id="undangan-{dinkes}"')
        assert answer.headers["HX-Trigger"] == "attendance-changed"
        totals = desk.get(f"{place.list}?bagian=jumlah", headers=HTMX)
        assert totals.text.lstrip().startswith('<section id="totals"')
        assert "<b>1</b> hadir" in totals.text
        refused = desk.post(
            path, {"name": "", "presence": "present", "position": "Kabid"}, headers=HTMX
        )
        assert refused.status_code == 422
        assert "Tulis nama yang hadir" in refused.text
        assert 'value="Kabid"' in refused.text

    def test_without_javascript_what_is_refused_stays_typed(self, desk, place, dinkes):
        path = f"{place.list}/undangan/{dinkes}"
        answer = desk.post(path, {"name": "", "presence": "present", "position": "Kabid"})
        assert answer.status_code == 422
        assert 'value="Kabid"' in answer.text

    def test_somebody_who_was_not_invited_in_one_line(self, desk, place, dinkes):
        desk.post(place.list, {"place": "kesehatan", "name": "Ani", "presence": "present"})
        desk.post(place.list, {"place": "Forum Anak", "name": "Yosef", "presence": "present"})
        ani, yosef = lines(place)
        assert ani.invitation_id == dinkes
        assert (yosef.organisation, yosef.agency_id) == ("Forum Anak", None)
        page = desk.get_page(place.list)
        assert "Tidak diundang, hadir: 1" in page.get_text()

    def test_letters_that_mean_several_are_asked_about(self, desk, place, dinkes):
        AgencyFactory(short_name="Dinkes Provinsi")
        answer = desk.post(place.list, {"place": "dinke", "name": "Ani", "presence": "present"})
        assert answer.status_code == 422
        assert "dapat berarti" in answer.text
        assert lines(place) == []

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"place": "Dinkes"}, "Tulis nama yang hadir"),
            ({"name": "Ani"}, "Tulis instansi atau asalnya"),
            ({"place": "X", "name": "A" * 201}, "Paling panjang 200"),
            ({"place": "X" * 201, "name": "A"}, "Paling panjang 200"),
            ({"place": "X", "name": "A", "presence": "ghost"}, "Pilih salah satu"),
        ],
    )
    def test_a_line_that_cannot_be(self, desk, place, dinkes, given, words):
        answer = desk.post(place.list, {"presence": "present", **given})
        assert answer.status_code == 422
        assert words in answer.text

    def test_a_gender_that_is_none_is_left_blank(self, desk, place):
        given = {"place": "X", "name": "A", "presence": "present", "gender": "Q"}
        desk.post(place.list, given)
        assert lines(place)[0].gender is None

    def test_a_line_is_corrected_and_taken_off(self, desk, place, dinkes):
        line_id = AttendanceFactory(meeting_id=place.id, guest=True).id
        page = desk.get_page(f"{place.list}/{line_id}")
        assert page.select_one("input[name=place]")["value"] == "Forum Anak"
        form = {"place": "Dinkes", "name": "Ibu Ani", "gender": "P", "presence": "present"}
        assert desk.post(f"{place.list}/{line_id}", {**form, "edition": "0"}).status_code == 303
        (line,) = lines(place)
        assert (line.invitation_id, line.organisation, line.edition) == (dinkes, "", 1)
        assert desk.post(f"{place.list}/{line_id}/hapus", {"edition": "1"}).status_code == 303
        assert lines(place) == []
        assert verbs(place) == ["attendance_changed", "attendance_removed"]

    def test_an_old_page_is_told_and_keeps_what_was_typed(self, desk, place):
        line_id = AttendanceFactory(meeting_id=place.id, name="Tersimpan", edition=3).id
        form = {"place": "Dinkes", "name": "Diketik", "presence": "present", "edition": "2"}
        answer = desk.post(f"{place.list}/{line_id}", form)
        assert answer.status_code == 409
        assert "Tersimpan" in answer.text
        assert 'value="Diketik"' in answer.text
        assert 'name="edition" type="hidden" value="3"' in answer.text
        assert desk.post(f"{place.list}/{line_id}/hapus", {"edition": "x"}).status_code == 409
        assert lines(place)[0].name == "Tersimpan"

    @pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
    def test_a_mark_that_is_refused_names_an_invitation_that_stands(self, desk, place, headers):
        data = {"name": "X" * 201, "presence": "present"}
        answer = desk.post(f"{place.list}/undangan/999", data, headers=headers)
        assert answer.status_code == 404

    def test_of_a_withdrawn_invitation_nothing_is_marked(self, desk, place):
        meeting = db.session.get_one(Meeting, place.id)
        row_id = InvitationFactory(meeting=meeting, withdrawn=True).id
        answer = desk.post(f"{place.list}/undangan/{row_id}", {"presence": "absent"}, headers=HTMX)
        assert answer.status_code == 409
        assert lines(place) == []

    def test_search_and_what_is_left_to_do(self, desk, place, dinkes):
        other = InvitationFactory(meeting=db.session.get_one(Meeting, place.id)).id
        desk.post(f"{place.list}/undangan/{other}", {"presence": "absent"})
        shown = lambda tail: [li["id"] for li in desk.get_page(place.list + tail).select(".seat")]  # noqa: E731
        assert shown("?kata=rahmat") == [f"undangan-{dinkes}"]
        assert shown("?tampil=belum") == [f"undangan-{dinkes}"]
        assert shown("?tampil=hadir") == [f"undangan-{other}"]
        assert shown("?tampil=menunggu") == []
        assert len(shown("?tampil=xyz")) == 2

    def test_who_never_came_this_year_is_named(self, desk, place, dinkes):
        past = MeetingFactory(ended=True, year=db.session.get_one(Meeting, place.id).year)
        silent = AgencyFactory(short_name="Sunyi")
        came = AgencyFactory(short_name="Rajin")
        for agency in (silent, came):
            InvitationFactory(meeting=past, agency=agency)
        AttendanceFactory(meeting_id=past.id, agency=came)
        AttendanceFactory(meeting_id=past.id, agency=silent, checked_in=True)
        summary = desk.get_page(place.list).find(
            "summary", string="Belum pernah hadir tahun ini (2)"
        )
        named = summary.find_parent("details").get_text()
        assert "Sunyi" in named
        assert "Rajin" not in named

    def test_once_the_minutes_are_submitted_the_list_is_closed(self, desk, place, dinkes):
        line_id = AttendanceFactory(meeting_id=place.id).id
        change(place, state=MeetingState.ENDED, minutes_state=MinutesState.SUBMITTED)
        page = desk.get_page(place.list)
        assert "ditutup" in page.get_text()
        assert not page.select("form[method=post][action*='daftar-hadir']")
        desk.get_page(f"{place.list}/{line_id}")
        form = {"place": "X", "name": "A", "presence": "present", "edition": "0"}
        assert desk.post(place.list, form).status_code == 409
        assert desk.post(f"{place.list}/{line_id}", form).status_code == 409
        assert desk.post(f"{place.list}/undangan/{dinkes}", form).status_code == 409

    def test_sixty_people_of_eighty_invited_in_few_statements(self, desk, place):
        meeting = db.session.get_one(Meeting, place.id)
        for number in range(80):
            agency = AgencyFactory()
            row = InvitationFactory(meeting=meeting, agency=agency)
            if number < 60:
                AttendanceFactory(meeting_id=place.id, agency=agency, invitation=row)
        with query_budget(10):
            assert desk.get(place.list).status_code == 200

    def test_an_agency_sees_no_attendance(self, client, place, dinkes):
        AttendanceFactory(meeting_id=place.id, contact=PHONE)
        agency = db.session.scalars(select(Agency).where(Agency.code == "DINKES")).one()
        user = UserFactory()
        MembershipFactory(agency=agency, user=user)
        client.sign_in(user)
        assert client.get(place.list).status_code == 403
        page = client.get(f"/rapat/{place.code}")
        assert page.status_code == 200
        assert PHONE not in page.text

    def test_what_is_printed_is_confirmed_and_in_order(self, desk, place, dinkes):
        AttendanceFactory(meeting_id=place.id, guest=True, name="Yosef", gender=Gender.MALE)
        AttendanceFactory(meeting_id=place.id, name="Ani", contact=PHONE)
        AttendanceFactory(meeting_id=place.id, name="Menunggu", checked_in=True)
        rows = rows_for_print(place.id)
        assert [(row["number"], row["name"], row["gender"]) for row in rows] == [
            (1, "Ani", "P"),
            (2, "Yosef", "L"),
        ]
        assert rows[0]["contact"] == PHONE
        assert rows[1]["organisation"] == "Forum Anak"


class TestOwnCheckIn:
    @pytest.fixture
    def phone(self, client, place):
        return client

    def write(self, phone, at, **given):
        page = phone.get_page(f"{at.wall}?lain=1")
        device = page.select_one("input[name=device]")["value"]
        form = {"place": "Dinkes", "name": "Ibu Rahma", "gender": "P", "contact": PHONE}
        return phone.post(at.wall, {**form, "device": device, **given})

    def test_the_code_for_the_wall(self, desk, place):
        page = desk.get_page(f"/rapat/{place.code}/kode-hadir")
        assert page.select_one("svg.qr path[stroke]")
        assert f"gugus.test{place.wall}" in page.select_one(".address").get_text()

    def test_what_is_written_waits_and_counts_nowhere(self, phone, place, dinkes):
        assert self.write(phone, place).status_code == 303
        (line,) = lines(place)
        assert (line.confirmed_at, line.invitation_id) == (None, dinkes)
        totals = totals_of(place.id)
        assert (totals.present, totals.agencies, totals.waiting) == (0, 0, 1)
        assert rows_for_print(place.id) == []
        assert "Menunggu centang notulis" in phone.get_page(place.wall).get_text()
        event = db.session.scalars(select(Event).where(Event.meeting_id == place.id)).one()
        assert (event.verb, event.actor_name) == ("checked_in", "Ibu Rahma")
        assert PHONE not in str(event.payload)

    def test_a_repeat_from_the_same_browser_writes_the_same_line(self, phone, place):
        self.write(phone, place, device="gawai")
        self.write(phone, place, device="gawai", name="Ibu Rahma, S.KM.")
        (line,) = lines(place)
        assert line.name == "Ibu Rahma, S.KM."
        page = phone.get_page(place.wall)
        assert page.select_one("input[name=name]")["value"] == "Ibu Rahma, S.KM."
        assert page.select_one("input[name=device]")["value"] == "gawai"

    def test_one_phone_writes_down_several(self, phone, place):
        self.write(phone, place)
        self.write(phone, place, name="Bapak Budi")
        assert [line.name for line in lines(place)] == ["Ibu Rahma", "Bapak Budi"]

    def test_the_minute_taker_ticks_one_or_all(self, app, phone, place):
        for name in ("Satu", "Dua", "Tiga"):
            self.write(phone, place, name=name)
        desk = Client(app).sign_in(UserFactory(officer=True))
        page = desk.get_page(place.list)
        assert page.select_one("#waiting").get_text() == "Menunggu centang: 3"
        first = page.select_one("button[name=baris]")["value"]
        desk.post(f"{place.list}/centang", {"baris": first})
        assert totals_of(place.id).present == 1
        ids = [line.id for line in lines(place)]
        desk.post(f"{place.list}/centang", {"baris": ids})
        assert totals_of(place.id).present == 3
        assert not desk.get_page(place.list).select("#waiting")
        page = phone.get_page(place.wall)
        assert "tercatat hadir" in page.get_text()
        assert not page.select("form")

    def test_what_strangers_wrote_is_dropped_and_what_was_ticked_stays(self, app, phone, place):
        for name in ("Satu", "Dua", "Tiga"):
            self.write(phone, place, name=name)
        desk = Client(app).sign_in(UserFactory(officer=True))
        ids = [line.id for line in lines(place)]
        desk.post(f"{place.list}/centang", {"baris": ids[0]})
        desk.post(f"{place.list}/buang", {"baris": ids})
        assert [line.name for line in lines(place)] == ["Satu"]
        assert verbs(place)[-1] == "check_ins_discarded"

    def test_what_was_ticked_is_changed_by_the_minute_taker_alone(self, phone, place):
        self.write(phone, place, device="gawai")
        lines(place)[0].confirmed_at = clock.now()
        db.session.commit()
        answer = self.write(phone, place, device="gawai", name="Orang lain")
        assert answer.status_code == 409
        assert "lewat notulis" in answer.text
        assert lines(place)[0].name == "Ibu Rahma"

    @pytest.mark.parametrize(("minutes", "words"), [(-60, "dibuka"), (6 * 60, "sudah ditutup")])
    def test_before_and_after_its_hours_it_says_when(self, phone, place, minutes, words):
        with clock.shifted(timedelta(minutes=minutes)):
            page = phone.get_page(place.wall)
            assert words in page.get_text()
            assert not page.select("form")
            form = {"place": "Dinkes", "name": "Ibu Rahma", "device": "x"}
            answer = phone.post(place.wall, form)
            assert answer.status_code == 409
            assert "Ibu Rahma" in answer.text
        assert lines(place) == []

    @pytest.mark.parametrize("state", [MeetingState.CANCELLED, MeetingState.ENDED])
    def test_a_meeting_that_is_not_held_takes_nobody(self, phone, place, state):
        change(place, state=state)
        assert phone.post(place.wall, {"place": "X", "name": "Y", "device": "z"}).status_code == 409

    @pytest.mark.parametrize("token", ["1-ABCDE-FGHJK", "x", "1", "1-", "9" * 30, "%00"])
    def test_a_forged_code_leads_nowhere(self, phone, token):
        assert phone.get(f"/hadir/{token}").status_code == 404
        assert phone.post(f"/hadir/{token}", {"name": "A"}).status_code == 404

    def test_a_draft_has_no_check_in(self, phone, place):
        change(place, state=MeetingState.DRAFT)
        assert phone.get(place.wall).status_code == 404

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ({"name": ""}, "Tulis nama yang hadir"),
            ({"place": " "}, "Tulis instansi"),
            ({"device": ""}, "Muat ulang halaman ini"),
            ({"name": "N" * 201}, "Paling panjang 200"),
            ({"device": "d" * 65}, ""),
        ],
    )
    def test_what_cannot_be_written_is_said(self, phone, place, given, words):
        answer = self.write(phone, place, **given)
        assert answer.status_code == 422
        assert words in answer.text
        assert lines(place) == []

    def test_nothing_of_others_is_shown(self, app, phone, place, dinkes):
        self.write(phone, place)
        text = Client(app).get(place.wall).text
        for secret in ("Ibu Rahma", PHONE, "Bapak Rahmat Hidayat"):
            assert secret not in text
        assert "Dinkes" in text

    def test_nobody_fills_the_list_without_end(self, phone, place, monkeypatch):
        monkeypatch.setattr("app.meetings.services.attending.MAX_WAITING", 2)
        assert self.write(phone, place).status_code == 303
        assert self.write(phone, place).status_code == 303
        answer = self.write(phone, place)
        assert answer.status_code == 422
        assert "Hubungi notulis" in answer.text
        assert db.session.scalar(select(func.count()).select_from(Attendance)) == 2

    def test_one_browser_is_not_taken_without_end(self, phone, place):
        for _ in range(20):
            assert self.write(phone, place, device="gawai").status_code == 303
        assert self.write(phone, place, device="gawai").status_code == 429

    def test_a_hall_behind_one_address_is_taken(self, phone, place):
        for number in range(60):
            assert self.write(phone, place, name=f"Peserta {number}").status_code == 303
        assert len(lines(place)) == 60
