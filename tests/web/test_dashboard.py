"""The home of each role: what it shows first, and what it asks of the database."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import db
from app.instruments.models import StageCode
from app.meetings.models import MinutesState
from app.notifications.models import Fate
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import (
    ClusterFactory,
    CycleFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionFactory,
    StageFactory,
)
from tests.factories.meetings import (
    AgendaItemFactory,
    CarriedItemFactory,
    InvitationFactory,
    MeetingFactory,
)
from tests.factories.notifications import OutgoingMailFactory
from tests.support.queries import query_budget


def member(**agency):
    user, of = UserFactory(), AgencyFactory(**agency)
    MembershipFactory(user=user, agency=of)
    return user, of


def titles(section):
    return [link.get_text(strip=True) for link in section.select("td.main a")]


class TestAgency:
    def test_what_is_returned_comes_first_then_by_due_date(self, client, session):
        user, agency = member()
        FollowUpFactory(agency=agency, title="c", due_at=clock.now() + timedelta(days=9))
        FollowUpFactory(agency=agency, title="b", due_at=clock.now() + timedelta(days=2))
        FollowUpFactory(agency=agency, title="a", returned=True)
        FollowUpFactory(agency=agency, title="menunggu", submitted=True)
        FollowUpFactory(agency=agency, title="selesai", closed=True)
        FollowUpFactory(title="milik lain")
        page = client.sign_in(user).get_page("/")
        assert page.h1.get_text(strip=True) == "3 perlu dikerjakan"
        to_do, waiting = page.select("table.rows")
        assert titles(to_do) == ["a", "b", "c"]
        assert titles(waiting) == ["menunggu"]
        assert "kemarin" in waiting.get_text()

    def test_a_long_list_is_cut_with_a_link_to_all_of_it(self, client, session):
        user, agency = member()
        for number in range(12):
            FollowUpFactory(agency=agency, title=f"{number}")
        page = client.sign_in(user).get_page("/")
        assert len(titles(page)) == 10
        link = next(a for a in page.select("main a.button") if "(12)" in a.get_text())
        assert len(titles(client.get_page(link["href"]))) == 12

    def test_what_it_helps_with_stands_apart(self, client, session):
        user, agency = member()
        helped = FollowUpFactory(title="bantuan")
        session.refresh(helped, ["supporters"])
        helped.supporters.append(agency)
        session.commit()
        page = client.sign_in(user).get_page("/")
        assert page.h1.get_text(strip=True) == "Tidak ada yang perlu dikerjakan"
        section = page.select_one("section[aria-labelledby=supporting]")
        assert titles(section) == ["bantuan"]

    def test_nothing_to_do_is_said_kindly(self, client, session):
        user, _ = member()
        client.sign_in(user)
        assert "belum mengirim permintaan" in client.get_page("/").select_one(".empty").get_text()

    def test_an_account_without_an_agency_learns_what_to_do(self, client, session):
        page = client.sign_in(UserFactory()).get_page("/")
        assert "Hubungi DP3A" in page.select_one("main .notice").get_text()

    def test_it_asks_little(self, client, session):
        user, agency = member()
        for _ in range(15):
            FollowUpFactory(agency=agency)
            FollowUpFactory(agency=agency, submitted=True)
        client.sign_in(user).get_page("/")
        with query_budget(8):
            client.get_page("/")


class TestOfficer:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, session):
        self.user = UserFactory(officer=True)
        client.sign_in(self.user)

    def test_the_queue_shows_what_waited_longest_first(self, client):
        FollowUpFactory(title="baru", submitted=True)
        old = clock.now() - timedelta(days=4)
        FollowUpFactory(title="lama", submitted=True, state_since=old)
        page = client.get_page("/")
        assert page.h1.get_text(strip=True) == "2 menunggu pemeriksaan"
        section = page.select_one("section[aria-labelledby=queue]")
        assert titles(section) == ["lama", "baru"]
        assert "4 hari lalu" in section.get_text()

    def test_overdue_is_counted_by_agency_and_says_who_cannot_be_told(self, client):
        FollowUpFactory(agency=AgencyFactory(short_name="Satu"), late=True)
        _, two = member(short_name="Dua", code="DUA")
        for _ in range(2):
            FollowUpFactory(agency=two, late=True)
        FollowUpFactory(agency=two)
        FollowUpFactory(title="konsep", draft=True)
        page = client.get_page("/")
        rows = page.select("section[aria-labelledby=late] tbody tr")
        assert [row.select_one("td.main").get_text(strip=True) for row in rows] == ["Dua", "Satu"]
        assert "1 orang" in rows[0].get_text()
        assert "belum ada" in rows[1].get_text()
        listed = client.get_page(rows[0].a["href"])
        assert len(titles(listed)) == 2
        assert "Satu (1)" in page.select_one("section[aria-labelledby=unreachable]").get_text()

    def test_failed_mails_are_pointed_out(self, client):
        assert not client.get_page("/").select("main .notice")
        OutgoingMailFactory(fate=Fate.FAILED)
        assert "1 surel gagal dikirim" in client.get_page("/").select_one("main .notice").get_text()

    def test_an_officer_who_answers_for_an_agency_sees_both(self, client):
        dp3a = AgencyFactory(code="DP3A", short_name="DP3A")
        MembershipFactory(user=self.user, agency=dp3a)
        FollowUpFactory(agency=dp3a, title="pertanyaan sendiri")
        FollowUpFactory(title="orang lain", submitted=True)
        page = client.get_page("/")
        assert titles(page.select_one("section[aria-labelledby=own]")) == ["pertanyaan sendiri"]
        assert titles(page.select_one("section[aria-labelledby=queue]")) == ["orang lain"]

    def test_it_asks_little(self, client):
        dp3a = AgencyFactory()
        MembershipFactory(user=self.user, agency=dp3a)
        for _ in range(12):
            FollowUpFactory(late=True)
            FollowUpFactory(submitted=True, agency=dp3a)
        FollowUpFactory(agency=dp3a)
        client.get_page("/")
        with query_budget(8):
            client.get_page("/")

    def test_without_duties_it_asks_less(self, client):
        MeetingFactory(invited=True)
        client.get_page("/")
        with query_budget(8):
            client.get_page("/")


class TestFirstSteps:
    def steps(self, page):
        section = page.select_one("section[aria-labelledby=first-steps]")
        if section is None:
            return None
        return [mark.get_text(strip=True) for mark in section.select("li .mark")]

    def test_an_empty_office_is_led_to_its_first_dispatch(self, client, session):
        client.sign_in(UserFactory(officer=True))
        page = client.get_page("/")
        assert self.steps(page) == ["belum", "selesai", "belum", "belum", "belum", "belum"]
        assert len(page.select("#first-steps ~ ol a")) == 2
        assert page.select_one("#first-steps ~ ol a.primary")["href"] == "/instansi/impor"

    def test_what_is_done_is_ticked_and_the_list_goes_after_the_first_dispatch(
        self, client, session
    ):
        officer = UserFactory(officer=True)
        member()
        CycleFactory()
        client.sign_in(officer)
        page = client.get_page("/")
        assert self.steps(page) == ["selesai"] * 5 + ["belum"]
        assert "/bagikan" in page.select_one("#first-steps ~ ol a")["href"]
        FollowUpFactory(draft=True)
        assert self.steps(client.get_page("/")) is not None
        FollowUpFactory()
        assert self.steps(client.get_page("/")) is None

    def test_the_administrator_sees_them_too(self, client, session):
        client.sign_in(UserFactory(admin=True))
        page = client.get_page("/")
        assert self.steps(page) == ["belum"] * 6
        assert page.select_one("#first-steps ~ ol").get_text().count("petugas DP3A.") == 3


class TestLeader:
    @pytest.fixture(autouse=True)
    def work(self, client, session):
        instrument = InstrumentFactory(year=2026)
        cycle = CycleFactory(instrument=instrument, year=2026)
        today = clock.today()
        StageFactory(
            cycle_id=cycle.id,
            code=StageCode.SELF_ASSESSMENT,
            starts_on=today - timedelta(days=5),
            ends_on=today + timedelta(days=11),
        )
        StageFactory(
            cycle_id=cycle.id,
            code=StageCode.PROVINCE_VERIFICATION,
            starts_on=today + timedelta(days=12),
            ends_on=today + timedelta(days=30),
        )
        dinkes = AgencyFactory(code="DINKES", short_name="Dinkes")
        cluster = ClusterFactory(instrument=instrument, code="K3", name="Klaster III - Kesehatan")
        indicator = IndicatorFactory(cluster=cluster)
        states = [{"closed": True}, {"closed": True}, {"submitted": True}, {"late": True}]
        for trait in states:
            FollowUpFactory(
                indicator=True,
                question=QuestionFactory(indicator=indicator),
                cycle=cycle,
                agency=dinkes,
                **trait,
            )
        FollowUpFactory(agency=dinkes)
        for _ in range(3):
            FollowUpFactory(agency=AgencyFactory(desa=True), closed=True)
        client.sign_in(UserFactory(leader=True))

    def test_four_numbers_say_where_it_stands(self, client):
        page = client.get_page("/")
        assert [b.get_text(strip=True) for b in page.select(".tiles b")] == ["5", "1", "2", "1"]

    def test_the_next_stage_is_counted_down(self, client):
        text = client.get_page("/").select_one(".title .meta").get_text(" ", strip=True)
        assert "12 hari lagi Verifikasi provinsi" in text
        assert "Tahap sekarang: Penilaian mandiri" in text

    def test_the_matrix_shows_agency_by_cluster_with_desa_in_one_line(self, client):
        page = client.get_page("/")
        lines = page.select("table.matrix tbody tr")
        assert [line.th.get_text(strip=True) for line in lines] == ["Dinkes", "Desa/kelurahan (3)"]
        cell = lines[0].select_one("td[data-label='Klaster III']")
        assert cell["data-tone"] == "late"
        assert cell.b.get_text() == "2"
        assert cell.small.get_text() == "/4"
        assert len(titles(client.get_page(cell.a["href"]))) == 4
        assert lines[1].select_one("td.overall")["data-tone"] == "closed"

    def test_it_asks_little(self, client):
        client.get_page("/")
        with query_budget(8):
            client.get_page("/")


class TestAdmin:
    def test_what_needs_a_hand_is_named(self, client, session):
        admin = UserFactory(admin=True)
        UserFactory(without_mail=True, name="Pak Tanpa Surel")
        AgencyFactory(short_name="Sepi")
        member()
        OutgoingMailFactory(fate=Fate.FAILED)
        page = client.sign_in(admin).get_page("/")
        assert [b.get_text(strip=True) for b in page.select(".tiles b")] == ["1", "1", "1"]
        text = page.main.get_text()
        assert "Pak Tanpa Surel" in text
        assert "Sepi" in text
        assert "belum pernah" in text

    def test_it_asks_little(self, client, session):
        client.sign_in(UserFactory(admin=True)).get_page("/")
        UserFactory(without_mail=True)
        AgencyFactory()
        with query_budget(8):
            client.get_page("/")


def test_a_visitor_is_led_to_sign_in(client):
    response = client.get("/")
    assert response.status_code == 303
    assert "/masuk" in response.location


class TestMeetings:
    def panel(self, page, name):
        found = page.select_one(f"section[aria-labelledby={name}]")
        return " ".join(found.get_text(" ").split()) if found else None

    def test_an_agency_is_asked_whether_it_comes_to_the_next(self, client, session):
        user, agency = member()
        later, soon = (
            MeetingFactory(invited=True, starts_at=clock.now() + timedelta(days=days))
            for days in (20, 5)
        )
        soon.bring = "Data pilah 2025"
        for meeting in (later, soon):
            InvitationFactory(meeting=meeting, agency=agency)
        MeetingFactory(invited=True, starts_at=clock.now() + timedelta(days=1))
        code = soon.code
        db.session.commit()

        page = client.sign_in(user).get_page("/")

        said = self.panel(page, "next-meeting")
        assert "belum dijawab" in said
        assert "Data pilah 2025" in said
        assert page.select_one(f"a[href='/rapat/{code}/jawaban']")

    def test_what_an_agency_answered_is_said(self, client, session):
        user, agency = member()
        InvitationFactory(meeting=MeetingFactory(invited=True), agency=agency, unable=True)
        said = self.panel(client.sign_in(user).get_page("/"), "next-meeting")
        assert "berhalangan hadir" in said
        assert "belum dijawab" not in said

    def test_an_officer_sees_who_answered_and_what_it_asks(self, client, session):
        meeting = MeetingFactory(invited=True)
        item = AgendaItemFactory(meeting=meeting, open_actions=True)
        CarriedItemFactory(agenda_item=item)
        InvitationFactory(meeting=meeting, coming=True)
        InvitationFactory(meeting=meeting)
        InvitationFactory(meeting=meeting, unsent=True)
        said = self.panel(client.sign_in(UserFactory(officer=True)).get_page("/"), "next-meeting")
        assert "1 dari 2 undangan dijawab" in said
        assert "1 agenda , menanyakan 1 tindak lanjut" in said

    def test_minutes_that_are_not_approved_wait_for_officers(self, client, session):
        MeetingFactory(ended=True)
        MeetingFactory(approved=True)
        page = client.sign_in(UserFactory(officer=True)).get_page("/")
        assert "30 hari sejak rapat" in self.panel(page, "waiting-minutes")
        assert len(page.select("section[aria-labelledby=waiting-minutes] li")) == 1

    def test_a_leader_sees_minutes_waiting_for_its_own_approval(self, client, session):
        leader = UserFactory(leader=True)
        submitted = {"ended": True, "minutes_state": MinutesState.SUBMITTED}
        MeetingFactory(chair_id=leader.id, title="Rapat yang dipimpin", **submitted)
        MeetingFactory(**submitted)
        MeetingFactory(chair_id=leader.id, ended=True)
        MeetingFactory(title="Konsep")
        MeetingFactory(invited=True, title="Rapat berikut")

        page = client.sign_in(leader).get_page("/")

        assert "Rapat yang dipimpin" in self.panel(page, "waiting-minutes")
        assert len(page.select("section[aria-labelledby=waiting-minutes] li")) == 1
        assert "Rapat berikut" in self.panel(page, "next-meeting")
