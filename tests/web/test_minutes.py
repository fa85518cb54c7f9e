"""Live minutes: one page to write on, line by line, that never loses or overwrites a word."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import inspect

from app.core import clock
from app.core.db import db
from app.history.models import Event
from app.meetings.models import (
    AgendaItem,
    AgendaOutcome,
    CarriedOutcome,
    Decision,
    MeetingActionItem,
    MinutesState,
)
from tests.factories.agencies import AgencyFactory, AgencyGroupFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import ClusterFactory, CycleFactory
from tests.factories.meetings import (
    AgendaItemFactory,
    AttendanceFactory,
    CarriedItemFactory,
    DecisionFactory,
    MeetingActionItemFactory,
    MeetingFactory,
    MeetingFollowUpFactory,
)
from tests.support.client import Client
from tests.support.forms import post_forms
from tests.support.queries import query_budget

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
def rows_outlive_requests(session):
    """Let what was made before the first request be read after it."""
    session.expire_on_commit = False


@pytest.fixture
def meeting(session):
    return MeetingFactory(invited=True)


@pytest.fixture
def item(meeting):
    return AgendaItemFactory(meeting=meeting, title="Evaluasi capaian", position=1)


@pytest.fixture
def officers(client, officer):
    return client.sign_in(officer)


def address(meeting, further=""):
    return f"/rapat/{meeting.code}/notulen{further}"


def form_at(client, meeting, action):
    """Return what a form of the page would send untouched."""
    page = client.get_page(address(meeting))
    found = [f for f in post_forms(page, address(meeting)) if f.action.endswith(action)]
    return {name: values[0] for name, values in found[0].fields.items() if values}


def fresh(row):
    db.session.expire_all()
    return db.session.get(type(row), inspect(row).identity)


class TestWho:
    def test_officers_write(self, officers, meeting, item):
        page = officers.get_page(address(meeting))
        assert page.select_one(f"textarea#notes-{item.id}")

    def test_leaders_read_after_the_end(self, client, leader, meeting):
        client.sign_in(leader)
        assert client.get(address(meeting)).status_code == 404
        ended = MeetingFactory(ended=True)
        page = client.get_page(address(ended))
        assert not page.select(".minutes textarea, .minutes form")
        assert client.get(f"/rapat/{ended.code}/layar").status_code == 200

    def test_agencies_do_not_see_it(self, client, lead, meeting):
        client.sign_in(lead)
        paths = [address(meeting), f"/rapat/{meeting.code}/layar"]
        assert [client.get(path).status_code for path in paths] == [404, 404]

    @pytest.mark.parametrize("state", [MinutesState.SUBMITTED, MinutesState.APPROVED])
    def test_what_was_submitted_reads_as_text(self, officers, state):
        ended = MeetingFactory(ended=True, minutes_state=state)
        section = AgendaItemFactory(meeting=ended, notes="Dibahas lama.")
        DecisionFactory(meeting=ended, agenda_item=section, words="Disepakati.")
        page = officers.get_page(address(ended))
        assert not page.select(".minutes textarea, .minutes form")
        assert "Dibahas lama." in page.get_text()
        assert "Disepakati." in page.get_text()

    def test_returned_minutes_are_written_again(self, officers):
        ended = MeetingFactory(
            ended=True, minutes_state=MinutesState.RETURNED, minutes_note="Lengkapi."
        )
        page = officers.get_page(address(ended))
        assert page.select_one("textarea#opening")
        assert "Lengkapi." in page.get_text()


class TestWriting:
    def test_notes_are_saved_by_the_button_and_lead_back_to_their_place(
        self, officers, meeting, item
    ):
        form = form_at(officers, meeting, f"/agenda/{item.id}/konsep")
        response = officers.post(
            address(meeting, f"/agenda/{item.id}/konsep"), {**form, "notes": "Dinkes melapor."}
        )
        assert response.status_code == 303
        assert response.location.endswith(f"#agenda-{item.id}")
        assert fresh(item).notes == "Dinkes melapor."

    def test_an_autosave_is_answered_by_its_line(self, officers, meeting, item):
        form = form_at(officers, meeting, f"/agenda/{item.id}/konsep")
        response = officers.post(
            address(meeting, f"/agenda/{item.id}/konsep"),
            {**form, "notes": "• satu\r\n•\tdua"},
            headers=PARTIAL,
        )
        text = response.get_data(as_text=True)
        assert f'id="draft-status-a{item.id}"' in text
        assert "tersimpan" in text
        assert fresh(item).notes == "- satu\n- dua"

    def test_opening_and_closing_are_saved_apart(self, officers, meeting):
        for field in ("opening", "closing"):
            form = form_at(officers, meeting, "/notulen/konsep")
            form.pop("opening", None)
            response = officers.post(address(meeting, "/konsep"), {**form, field: f"Isi {field}."})
            assert response.status_code == 303
        stored = fresh(meeting)
        assert (stored.opening, stored.closing) == ("Isi opening.", "Isi closing.")

    def test_two_who_write_the_same_see_both_texts(
        self, app, officers, other_officer, meeting, item
    ):
        path = address(meeting, f"/agenda/{item.id}/konsep")
        form = form_at(officers, meeting, f"/agenda/{item.id}/konsep")
        second = Client(app).sign_in(other_officer)
        second.post(path, {**form, "notes": "Tulisan Rudi."}, headers=PARTIAL)
        late = officers.post(path, {**form, "notes": "Tulisan Sari."}, headers=PARTIAL)
        assert late.status_code == 409
        assert f'id="draft-conflict-a{item.id}"' in late.get_data(as_text=True)
        plain = officers.post(path, {**form, "notes": "Tulisan Sari."})
        page_text = plain.get_data(as_text=True)
        assert plain.status_code == 409
        assert "Tulisan Sari." in page_text
        assert "Tulisan Rudi." in page_text
        assert fresh(item).notes == "Tulisan Rudi."

    def test_words_that_come_too_late_stay_readable(self, officers, meeting, item):
        form = form_at(officers, meeting, f"/agenda/{item.id}/konsep")
        fresh(meeting).minutes_state = MinutesState.SUBMITTED
        db.session.commit()
        path = address(meeting, f"/agenda/{item.id}/konsep")
        response = officers.post(path, {**form, "notes": "Terlambat."})
        assert response.status_code == 409
        assert "Terlambat." in response.get_data(as_text=True)
        assert officers.post(path, form, headers=PARTIAL).status_code == 422
        assert fresh(item).notes == ""

    def test_an_agenda_item_is_ticked_and_unticked(self, officers, meeting, item):
        path = address(meeting, f"/agenda/{item.id}/hasil")
        assert officers.post(path, {"outcome": "discussed"}).status_code == 303
        assert fresh(item).outcome is AgendaOutcome.DISCUSSED
        response = officers.post(path, {"outcome": "open"}, headers=PARTIAL)
        assert f'id="hasil-{item.id}"' in response.get_data(as_text=True)
        assert fresh(item).outcome is AgendaOutcome.OPEN
        officers.post(path, {"outcome": "sesuatu"})
        assert fresh(item).outcome is AgendaOutcome.OPEN

    def test_an_item_of_another_meeting_is_not_found(self, officers, meeting):
        elsewhere = AgendaItemFactory()
        path = address(meeting, f"/agenda/{elsewhere.id}/konsep")
        assert officers.post(path, {"notes": "x"}).status_code == 404


class TestDecisions:
    def test_a_line_is_added_and_comes_back_as_a_row(self, officers, meeting, item):
        form = {"agenda": str(item.id), "words": "Data dikumpulkan.", "form_token": "a"}
        response = officers.post(address(meeting, "/keputusan"), form, headers=PARTIAL)
        [decision] = db.session.scalars(db.select(Decision)).all()
        assert f'id="keputusan-{decision.id}"' in response.get_data(as_text=True)
        assert decision.agenda_item_id == item.id
        [event] = db.session.scalars(db.select(Event).where(Event.verb == "decision_added"))
        assert event.meeting_id == meeting.id

    def test_the_same_line_again_is_one_and_other_words_are_another(self, officers, meeting, item):
        form = {"agenda": str(item.id), "words": "Satu.", "form_token": "a"}
        first = officers.post(address(meeting, "/keputusan"), form)
        again = officers.post(address(meeting, "/keputusan"), form)
        assert first.location == again.location
        officers.post(address(meeting, "/keputusan"), {**form, "words": "Dua."})
        assert db.session.scalar(db.select(db.func.count()).select_from(Decision)) == 2

    def test_a_refused_line_stays_in_its_field(self, officers, meeting, item):
        form = {"agenda": str(item.id), "words": "x" * 2_001}
        response = officers.post(address(meeting, "/keputusan"), form)
        assert response.status_code == 422
        assert "x" * 2_001 in response.get_data(as_text=True)
        assert "Paling panjang 2000 huruf." in response.get_data(as_text=True)
        blank = officers.post(address(meeting, "/keputusan"), {"words": " "}, headers=PARTIAL)
        assert blank.status_code == 422
        assert "Tuliskan keputusannya." in blank.get_data(as_text=True)

    def test_a_line_after_the_end_of_writing_stays_readable(self, officers):
        ended = MeetingFactory(ended=True, minutes_state=MinutesState.APPROVED)
        response = officers.post(address(ended, "/keputusan"), {"words": "Terlambat."})
        assert response.status_code == 409
        assert "Terlambat." in response.get_data(as_text=True)

    def test_numbers_follow_the_agenda(self, officers, meeting, item):
        later = AgendaItemFactory(meeting=meeting, position=2)
        second = DecisionFactory(meeting=meeting, agenda_item=later, words="Kedua.")
        first = DecisionFactory(meeting=meeting, agenda_item=item, words="Pertama.")
        page = officers.get_page(address(meeting))
        numbers = {
            row["id"]: row.select_one("[data-number]").get_text()
            for row in page.select("[id^=keputusan-]")
        }
        assert numbers == {f"keputusan-{first.id}": "1", f"keputusan-{second.id}": "2"}

    def test_words_change_in_place_and_never_become_blank(self, officers, meeting, item):
        decision = DecisionFactory(meeting=meeting, agenda_item=item, words="Lama.")
        path = address(meeting, f"/keputusan/{decision.id}/konsep")
        form = form_at(officers, meeting, f"/keputusan/{decision.id}/konsep")
        assert officers.post(path, {**form, "words": "Baru."}).status_code == 303
        stored = fresh(decision)
        assert (stored.words, stored.search_text) == ("Baru.", "baru.")
        assert officers.post(path, {**form, "words": ""}).status_code == 422
        assert fresh(decision).words == "Baru."

    def test_a_decision_moves_and_goes(self, officers, meeting, item):
        later = AgendaItemFactory(meeting=meeting, position=2)
        decision = DecisionFactory(meeting=meeting, agenda_item=item)
        action = MeetingActionItemFactory(meeting=meeting, agenda_item=item, decision=decision)
        path = address(meeting, f"/keputusan/{decision.id}")
        officers.post(f"{path}/pindah", {"nomor": "2"})
        assert fresh(decision).agenda_item_id == later.id
        officers.post(f"{path}/hapus")
        assert fresh(decision) is None
        assert fresh(action).decision_id is None

    @pytest.mark.parametrize("kind", ["keputusan", "tindak-lanjut"])
    @pytest.mark.parametrize("number", ["9", "0", "dua"])
    def test_a_number_that_is_none_is_said_beside_the_row(
        self, officers, meeting, item, kind, number
    ):
        factory = DecisionFactory if kind == "keputusan" else MeetingActionItemFactory
        row = factory(meeting=meeting, agenda_item=item)
        response = officers.post(address(meeting, f"/{kind}/{row.id}/pindah"), {"nomor": number})
        assert response.status_code == 422
        page = BeautifulSoup(response.data, "html.parser")
        field = page.select_one("details[open] [name=nomor]")
        assert field["value"] == number
        said = page.select_one(f"#{field['aria-describedby']}").get_text()
        assert f"Tidak ada agenda nomor {number}. Nomornya 1 sampai 1." in said
        assert fresh(row).agenda_item_id == item.id

    def test_what_a_sent_action_item_rests_on_stays(self, officers, meeting, item):
        decision = DecisionFactory(meeting=meeting, agenda_item=item)
        MeetingActionItemFactory(meeting=meeting, decision=decision, sent=True)
        response = officers.post(address(meeting, f"/keputusan/{decision.id}/hapus"))
        assert response.status_code == 409
        assert fresh(decision) is not None


class TestActionItems:
    def add(self, client, meeting, **typed):
        form = {"title": "Menyampaikan data", "due_on": "2099-01-31", **typed}
        client.post(address(meeting, "/tindak-lanjut"), form)
        return db.session.scalars(
            db.select(MeetingActionItem).order_by(MeetingActionItem.id.desc())
        ).first()

    def test_it_rests_on_the_last_decision_of_its_agenda_item(self, officers, meeting, item):
        DecisionFactory(meeting=meeting, agenda_item=item)
        last = DecisionFactory(meeting=meeting, agenda_item=item)
        DecisionFactory(meeting=meeting)
        assert self.add(officers, meeting, agenda=str(item.id)).decision_id == last.id

    def test_an_agency_by_a_few_letters(self, officers, meeting):
        agency = AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes")
        added = self.add(officers, meeting, addressee="dinas kes")
        assert (added.agency_id, added.addressee) == (agency.id, "Dinkes")

    @pytest.mark.parametrize("typed", ["Semua kecamatan", "kecamatan", "KEC", "seluruh Kecamatan"])
    def test_a_group(self, officers, meeting, typed):
        group = AgencyGroupFactory(code="KEC", name="Kecamatan", members_kind="kecamatan")
        AgencyFactory(kecamatan=True, short_name="Sangatta Utara")
        AgencyFactory(kecamatan=True, short_name="Bengalon")
        AgencyFactory(kecamatan=True, deactivated=True)
        added = self.add(officers, meeting, addressee=typed)
        assert (added.group_id, added.addressee) == (group.id, "Semua kecamatan")
        page = officers.get_page(address(meeting))
        assert "Untuk 2 instansi." in page.select_one(f"#tindak-{added.id}").get_text()

    def test_a_cluster_of_the_meetings_evaluation(self, officers):
        cycle = CycleFactory()
        ClusterFactory(instrument=cycle.instrument, code="K7", name="Klaster Ramah Anak")
        AgencyFactory(cluster_roles={"K7": "anggota"})
        meeting = MeetingFactory(invited=True, cycle=cycle)
        added = self.add(officers, meeting, addressee="klaster ramah anak")
        assert (added.cluster_code, added.addressee) == ("K7", "Klaster Ramah Anak")
        page = officers.get_page(address(meeting))
        assert "Untuk 1 instansi." in page.select_one(f"#tindak-{added.id}").get_text()

    def test_a_cluster(self, officers, meeting):
        AgencyFactory(cluster_roles={"K2": "anggota"})
        added = self.add(officers, meeting, addressee="klaster ii")
        assert (added.cluster_code, added.addressee) == ("K2", "Klaster II")

    def test_nobody_stays_as_typed_with_a_sentence(self, officers, meeting):
        added = self.add(officers, meeting, addressee="Dinas Antariksa")
        assert added.addressee == "Dinas Antariksa"
        assert (added.agency_id, added.group_id, added.cluster_code) == (None, None, None)
        page = officers.get_page(address(meeting))
        assert "belum dikenal" in page.select_one(f"#tindak-{added.id}").get_text()

    def test_fields_are_saved_in_place(self, officers, meeting, item):
        agency = AgencyFactory(code="PUPR", short_name="PUPR")
        decision = DecisionFactory(meeting=meeting, agenda_item=item)
        action = MeetingActionItemFactory(meeting=meeting, agenda_item=item)
        path = address(meeting, f"/tindak-lanjut/{action.id}/konsep")
        form = form_at(officers, meeting, f"/tindak-lanjut/{action.id}/konsep")
        typed = {
            "title": "Baru",
            "addressee": "pupr",
            "expected_proof": "Surat",
            "due_on": "31/01/2099",
            "decision": "1",
        }
        assert officers.post(path, {**form, **typed}).status_code == 303
        stored = fresh(action)
        assert (stored.title, stored.agency_id, stored.expected_proof) == (
            "Baru",
            agency.id,
            "Surat",
        )
        assert stored.due_on.isoformat() == "2099-01-31"
        assert stored.decision_id == decision.id

    def test_a_basis_that_was_left_alone_stays_when_numbers_shift(self, officers, meeting, item):
        first = AgendaItemFactory(meeting=meeting, position=0)
        before = DecisionFactory(meeting=meeting, agenda_item=None)
        kept = DecisionFactory(meeting=meeting, agenda_item=item)
        first_id = first.id
        action = MeetingActionItemFactory(meeting=meeting, agenda_item=item, decision=kept)
        path = f"/tindak-lanjut/{action.id}/konsep"
        form = form_at(officers, meeting, path)
        assert form["decision"] == "1"
        db.session.get_one(Decision, before.id).agenda_item_id = first_id
        db.session.commit()
        officers.post(address(meeting, path), {**form, "title": "Lain"})
        assert (fresh(action).title, fresh(action).decision_id) == ("Lain", kept.id)
        form = form_at(officers, meeting, path)
        assert form["decision"] == "2"
        officers.post(address(meeting, path), {**form, "decision": " 01 "})
        assert fresh(action).decision_id == before.id
        officers.post(address(meeting, path), {**form_at(officers, meeting, path), "decision": ""})
        assert fresh(action).decision_id is None

    def test_an_action_item_moves_until_it_is_sent(self, officers, meeting, item):
        later = AgendaItemFactory(meeting=meeting, position=2)
        action = MeetingActionItemFactory(meeting=meeting, agenda_item=item)
        sent = MeetingActionItemFactory(meeting=meeting, agenda_item=item, sent=True)
        path = address(meeting, f"/tindak-lanjut/{action.id}/pindah")
        response = officers.post(path, {"nomor": "2"})
        assert response.headers["Location"].endswith(f"#tindak-{action.id}")
        assert fresh(action).agenda_item_id == later.id
        officers.post(path, {"nomor": ""})
        assert fresh(action).agenda_item_id is None
        path = address(meeting, f"/tindak-lanjut/{sent.id}/pindah")
        assert officers.post(path, {"nomor": "2"}).status_code == 409
        assert fresh(sent).agenda_item_id == item.id

    def test_a_doubt_is_said_with_the_save(self, officers, meeting):
        action = MeetingActionItemFactory(meeting=meeting)
        path = address(meeting, f"/tindak-lanjut/{action.id}/konsep")
        form = form_at(officers, meeting, f"/tindak-lanjut/{action.id}/konsep")
        for typed in ({"addressee": "Antariksa"}, {"supporters": "Antariksa"}):
            response = officers.post(path, {**form, **typed}, headers=PARTIAL)
            assert response.status_code == 200
            assert "Tidak ada instansi aktif bernama" in response.get_data(as_text=True)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"title": " "}, "tidak boleh kosong"),
            ({"due_on": "besok"}, "bukan tanggal"),
            ({"decision": "999999"}, "Tidak ada keputusan nomor 999999. Belum ada keputusan."),
        ],
    )
    def test_a_fault_keeps_that_field_as_it_was(self, officers, meeting, typed, said):
        action = MeetingActionItemFactory(meeting=meeting)
        before = (action.title, action.due_on, action.decision_id)
        path = address(meeting, f"/tindak-lanjut/{action.id}/konsep")
        form = form_at(officers, meeting, f"/tindak-lanjut/{action.id}/konsep")
        response = officers.post(path, {**form, **typed})
        assert response.status_code == 422
        assert said in response.get_data(as_text=True)
        stored = fresh(action)
        assert (stored.title, stored.due_on, stored.decision_id) == before

    @pytest.mark.parametrize("typed", [{"title": ""}, {"due_on": "besok"}, {"title": "x" * 501}])
    def test_a_refused_line_stays_in_its_fields(self, officers, meeting, typed):
        form = {"title": "Menyampaikan", "addressee": "Dinkes", **typed}
        response = officers.post(address(meeting, "/tindak-lanjut"), form)
        assert response.status_code == 422
        assert 'value="Dinkes"' in response.get_data(as_text=True)

    def test_it_goes_before_it_is_sent_and_not_after(self, officers, meeting):
        action = MeetingActionItemFactory(meeting=meeting)
        sent = MeetingActionItemFactory(meeting=meeting, sent=True)
        assert officers.post(address(meeting, f"/tindak-lanjut/{action.id}/hapus")).status_code
        assert fresh(action) is None
        for way in ("hapus", "konsep"):
            path = address(meeting, f"/tindak-lanjut/{sent.id}/{way}")
            assert officers.post(path, {"title": "x"}).status_code == 409
        assert fresh(sent) is not None

    def test_what_was_sent_to_many_is_one_line_with_a_count(self, officers, session):
        ended = MeetingFactory(ended=True)
        group = AgencyGroupFactory(code="KEC", name="Kecamatan")
        sent = MeetingActionItemFactory(meeting=ended, agency=None, group=group, sent=True)
        for trait in ({"closed": True}, {}, {}, {"cancelled": True}):
            row = FollowUpFactory(**trait)
            MeetingFollowUpFactory(action_item_id=sent.id, follow_up_id=row.id)
        row = officers.get_page(address(ended)).select_one(f"#tindak-{sent.id}")
        assert "1 dari 3 selesai" in row.get_text()
        assert f"%23tindak-{sent.id}&" in row.select_one("a")["href"]


class TestCarried:
    @pytest.fixture
    def carried(self, item):
        return CarriedItemFactory(agenda_item=item)

    def settle(self, client, carried, meeting, **typed):
        form = {"edition": str(carried.edition), **typed}
        path = address(meeting, f"/dari-rapat-lalu/{carried.id}")
        return client.post(path, form, headers=typed.pop("headers", None))

    def test_it_stands_with_its_state_and_whose_turn(self, officers, carried, meeting):
        row = officers.get_page(address(meeting)).select_one(f"#lanjut-{carried.id}")
        assert carried.follow_up.number in row.get_text()
        assert "Menunggu jawaban dari" in row.get_text()
        assert [button.get_text() for button in row.select("button[name=outcome]")] == [
            "Selesai",
            "Perpanjang",
            "Batalkan",
            "Tetap",
        ]

    def test_what_was_said_waits_for_the_end(self, officers, carried, meeting):
        said = {"words": "Sudah terkirim.", "said_by": "Bapak Rahmat"}
        assert self.settle(officers, carried, meeting, outcome="close", **said).status_code == 303
        stored = fresh(carried)
        assert stored.outcome is CarriedOutcome.CLOSE
        assert stored.edition == 1
        text = officers.get_page(address(meeting)).select_one(f"#lanjut-{carried.id}").get_text()
        assert "Berlaku saat rapat diakhiri." in text
        assert "menurut Bapak Rahmat" in text
        path = address(meeting, f"/dari-rapat-lalu/{carried.id}/urungkan")
        response = officers.post(path, {"edition": "1"}, headers=PARTIAL)
        assert f'id="lanjut-{carried.id}"' in response.get_data(as_text=True)
        assert fresh(carried).outcome is None

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"outcome": "close", "said_by": "Rahmat"}, "Tuliskan apa yang disampaikan."),
            ({"outcome": "cancel", "words": "Ganda."}, "Tuliskan siapa yang menyampaikan."),
            ({"outcome": "extend", "words": "a", "said_by": "b"}, "Isi batas waktu baru"),
            ({"outcome": "hapus", "words": "Ketikan."}, "Pilih salah satu"),
            ({"outcome": "close", "words": "x" * 1_001, "said_by": "b"}, "Paling panjang 1000"),
        ],
    )
    def test_what_lacks_is_said_and_what_was_typed_stays(
        self, officers, carried, meeting, typed, said
    ):
        response = self.settle(officers, carried, meeting, **typed)
        assert response.status_code == 422
        assert said in response.get_data(as_text=True)
        assert typed.get("words", "") in response.get_data(as_text=True)
        assert fresh(carried).outcome is None

    def test_an_extension_has_a_new_day(self, officers, carried, meeting):
        day = (clock.today() + timedelta(days=9)).isoformat()
        said = {"outcome": "extend", "words": "Menunggu.", "said_by": "Ani", "due_on": day}
        assert self.settle(officers, carried, meeting, **said).status_code == 303
        assert clock.local(fresh(carried).due_at).date().isoformat() == day

    def test_a_stale_page_is_told_and_keeps_its_words(self, officers, carried, meeting):
        self.settle(officers, carried, meeting, outcome="keep")
        response = officers.post(
            address(meeting, f"/dari-rapat-lalu/{carried.id}"),
            {"edition": "0", "outcome": "cancel", "words": "Ketikanku.", "said_by": "Ani"},
            headers=PARTIAL,
        )
        assert response.status_code == 409
        assert "Ketikanku." in response.get_data(as_text=True)
        assert "Tetap berjalan" in response.get_data(as_text=True)
        assert fresh(carried).outcome is CarriedOutcome.KEEP

    def test_what_asks_for_data_is_not_closed_by_word(self, officers, item, meeting):
        carried = CarriedItemFactory(agenda_item=item, follow_up=FollowUpFactory(indicator=True))
        row = officers.get_page(address(meeting)).select_one(f"#lanjut-{carried.id}")
        assert "Selesai" not in [button.get_text() for button in row.select("[name=outcome]")]
        said = {"outcome": "close", "words": "Ada.", "said_by": "Ani"}
        assert self.settle(officers, carried, meeting, **said).status_code == 422

    def test_what_is_done_has_no_buttons(self, officers, item, meeting):
        carried = CarriedItemFactory(agenda_item=item, follow_up=FollowUpFactory(closed=True))
        row = officers.get_page(address(meeting)).select_one(f"#lanjut-{carried.id}")
        assert not row.select("form")

    def test_after_the_end_it_is_too_late(self, officers):
        ended = MeetingFactory(ended=True)
        carried = CarriedItemFactory(agenda_item=AgendaItemFactory(meeting=ended))
        response = self.settle(officers, carried, ended, outcome="keep")
        assert response.status_code == 409
        assert not officers.get_page(address(ended)).select(f"#lanjut-{carried.id} form")


class TestOthers:
    def look(self, client, meeting, stamp):
        return client.get(address(meeting, f"?sejak={stamp}"), headers=PARTIAL)

    def stamp(self, client, meeting):
        return client.get_page(address(meeting)).select_one("#minutes")["data-stamp"]

    def test_nothing_new_is_no_answer_and_cheap(self, officers, meeting, item):
        stamp = self.stamp(officers, meeting)
        with query_budget(4):
            assert self.look(officers, meeting, stamp).status_code == 204

    def test_what_others_did_is_told_and_what_i_did_is_not(
        self, app, officers, other_officer, meeting, item
    ):
        stamp = self.stamp(officers, meeting)
        mine = {"agenda": str(item.id), "words": "Keputusanku."}
        officers.post(address(meeting, "/keputusan"), mine)
        assert self.look(officers, meeting, stamp).status_code == 204
        second = Client(app).sign_in(other_officer)
        second.post(address(meeting, "/keputusan"), {**mine, "words": "Keputusannya."})
        form = form_at(second, meeting, f"/agenda/{item.id}/konsep")
        second.post(address(meeting, f"/agenda/{item.id}/konsep"), {**form, "notes": "Catatan."})
        text = self.look(officers, meeting, stamp).get_data(as_text=True)
        assert "Rudi Hartono, S.E.: Keputusan ditambah “Keputusannya.”" in text
        assert "Rudi Hartono, S.E. menulis di notulen ini." in text
        assert "Keputusanku" not in text
        assert self.look(officers, meeting, self.stamp(officers, meeting)).status_code == 204

    @pytest.mark.parametrize("stamp", ["", "x", "99999999999999-5", "1-999999999999999999999"])
    def test_a_broken_stamp_is_no_fault(self, officers, meeting, stamp):
        assert self.look(officers, meeting, stamp).status_code in (200, 204)


class TestScreen:
    def test_one_agenda_item_at_a_time_without_what_is_internal(self, officers, meeting, item):
        AgendaItemFactory(meeting=meeting, title="Berikutnya", position=2)
        item.notes = "Catatan notulis."
        db.session.commit()
        DecisionFactory(meeting=meeting, agenda_item=item, words="Disepakati.")
        agency = AgencyFactory(short_name="Dinkes")
        MeetingActionItemFactory(meeting=meeting, agenda_item=item, title="Kirim", agency=agency)
        CarriedItemFactory(agenda_item=item)
        page = officers.get_page(f"/rapat/{meeting.code}/layar")
        text = page.get_text()
        for words in ("Evaluasi capaian", "Disepakati.", "Dinkes", "Kirim", "paling lambat"):
            assert words in text
        assert "Catatan notulis." not in text
        assert not page.select(".nav")
        assert page.select_one("a[rel=next]")["href"].endswith("?agenda=2")
        last = officers.get_page(f"/rapat/{meeting.code}/layar?agenda=99")
        assert "Berikutnya" in last.select_one("#screen-heading").get_text()
        assert not last.select("a[rel=next]")

    def test_it_asks_again_and_hears_nothing_where_nothing_is_new(self, officers, meeting, item):
        path = f"/rapat/{meeting.code}/layar"
        stamp = officers.get_page(path).select_one("#screen")["data-stamp"]
        assert officers.get(f"{path}?sejak={stamp}", headers=PARTIAL).status_code == 204
        officers.post(address(meeting, "/keputusan"), {"agenda": str(item.id), "words": "Baru."})
        text = officers.get(f"{path}?sejak={stamp}", headers=PARTIAL).get_data(as_text=True)
        assert text.lstrip().startswith('<div id="screen"')
        assert "Baru." in text

    def test_it_begins_where_the_meeting_is(self, officers, meeting, item):
        AgendaItemFactory(meeting=meeting, title="Berikutnya", position=2)
        officers.post(address(meeting, f"/agenda/{item.id}/hasil"), {"outcome": "discussed"})
        page = officers.get_page(f"/rapat/{meeting.code}/layar")
        assert "Berikutnya" in page.select_one("#screen-heading").get_text()

    def test_a_meeting_without_agenda(self, officers, meeting):
        DecisionFactory(meeting=meeting, words="Tanpa agenda.")
        assert "Tanpa agenda." in officers.get_page(f"/rapat/{meeting.code}/layar").get_text()
        assert "Di luar agenda" in officers.get_page(address(meeting)).get_text()


class TestBudget:
    @pytest.fixture
    def large(self, session):
        meeting = MeetingFactory(invited=True)
        items = [AgendaItemFactory(meeting=meeting, position=n) for n in range(25)]
        for n in range(60):
            AttendanceFactory(meeting_id=meeting.id)
            CarriedItemFactory(agenda_item=items[n % 3])
        for n in range(40):
            item = items[n % 25]
            decision = DecisionFactory(meeting=meeting, agenda_item=item)
            MeetingActionItemFactory(meeting=meeting, agenda_item=item, decision=decision)
        return meeting

    def test_the_page_asks_a_fixed_number_of_questions_and_is_light(self, officers, large):
        path = address(large)
        officers.get_page(path)
        with query_budget(14):
            officers.get(path)
        packed = officers.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < 40_000

    @pytest.mark.parametrize(
        ("typed", "most"),
        [({"title": "Lain"}, 8), ({"addressee": "RUJUKAN"}, 10), ({"addressee": "kecamatan"}, 12)],
    )
    def test_an_autosave_of_an_action_item_asks_few(self, officers, large, typed, most):
        AgencyFactory(code="RUJUKAN")
        action = db.session.scalars(db.select(MeetingActionItem)).first()
        path = address(large, f"/tindak-lanjut/{action.id}/konsep")
        form = form_at(officers, large, f"/tindak-lanjut/{action.id}/konsep")
        with query_budget(most):
            officers.post(path, {**form, **typed}, headers=PARTIAL)

    def test_an_autosave_asks_few(self, officers, large):
        item = db.session.scalars(db.select(AgendaItem)).first()
        form = form_at(officers, large, f"/agenda/{item.id}/konsep")
        with query_budget(8):
            officers.post(
                address(large, f"/agenda/{item.id}/konsep"),
                {**form, "notes": "Satu kalimat lagi."},
                headers=PARTIAL,
            )
