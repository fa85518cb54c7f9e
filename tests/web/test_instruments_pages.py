"""The pages of instruments and evaluations."""

from datetime import date

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.history.models import Event
from app.history.services import record
from app.instruments import queries
from app.instruments.models import Cycle, StageCode
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.instruments import (
    CycleFactory,
    EvidenceTypeFactory,
    InstrumentFactory,
    QuestionFactory,
)
from tests.support.client import strict_page

CYCLE = {
    "year": "2026",
    "instrument": "2024",
    "target": "Nindya",
    "self_assessment-starts_on": "2026-02-18",
    "self_assessment-ends_on": "2026-04-30",
}


QUESTION = "/instrumen/2024/Q-1"


@pytest.fixture
def officer(client):
    return client.sign_in(UserFactory(officer=True))


@pytest.fixture
def instrument(session):
    return InstrumentFactory(year=2024)


@pytest.fixture
def question(session, instrument):
    dinkes = AgencyFactory(code="DINKES", short_name="Dinkes")
    AgencyFactory(code="PUPR", short_name="PUPR", name="Dinas Pekerjaan Umum")
    EvidenceTypeFactory(code="SK", instrument_id=instrument.id, position=0)
    EvidenceTypeFactory(code="FOTO", instrument_id=instrument.id, position=1)
    return QuestionFactory(
        code="Q-1", ref="16.1", lead=dinkes, indicator__cluster__instrument=instrument
    )


def page_of(response, status):
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return strict_page(response.get_data(as_text=True))


@pytest.mark.parametrize(
    ("role", "reads", "manages"),
    [("officer", 200, 200), ("leader", 200, 403), ("agency", 403, 403), ("admin", 403, 403)],
)
def test_who_reads_and_who_manages(client, question, role, reads, manages):
    instrument = queries.get_whole_instrument(2024)
    CycleFactory(year=2026, instrument=instrument)
    client.sign_in(UserFactory(**{role: True}))
    for path in ("/instrumen", "/instrumen/2024", "/evaluasi", "/evaluasi/2026"):
        client.get_page(path, status=reads)
    for path in (
        "/instrumen/impor",
        "/instrumen/2024/Q-1",
        "/evaluasi/baru",
        "/evaluasi/2026/ubah",
    ):
        client.get_page(path, status=manages)
    if manages == 403:
        assert client.post("/evaluasi/baru", CYCLE).status_code == 403


def test_empty_lists_say_what_would_fill_them(officer):
    assert officer.get_page("/instrumen").select_one(".empty")
    assert officer.get_page("/evaluasi").select_one(".empty a")["href"] == "/instrumen/impor"


@pytest.mark.parametrize(("words", "found"), [("16.1", 1), ("dinkes", 1), ("zebra", 0)])
def test_a_question_is_found_by_number_word_or_agency(officer, question, words, found):
    page = officer.get_page(f"/instrumen/2024?q={words}")
    assert len(page.select("li.panel")) == found
    assert bool(page.select_one(".empty")) is not bool(found)


def test_a_question_changes_and_a_form_that_is_behind_is_409(officer, session, question):
    seen = officer.get_page(QUESTION).select_one("input[name=seen]")["value"]
    data = {"text": "Berapa?", "unit_text": "", "lead": "dinas pekerjaan umum",
            "supporters-0": "", "supporters-1": "dinkes", "respondents": "lead",
            "evidence_required": ["SK"], "seen": seen}  # fmt: skip
    assert officer.post(QUESTION, data).status_code == 303
    changed = queries.get_question(2024, "Q-1")
    assert [named.agency.code for named in changed.question_agencies] == ["PUPR", "DINKES"]
    assert changed.evidence_required == ["SK"]
    page = page_of(officer.post(QUESTION, {**data, "text": "Lain?"}), 409)
    assert page.select_one("#text").get_text().strip() == "Lain?"
    assert page.select_one("#supporters-1")["value"] == "dinkes"
    assert [e.verb for e in session.scalars(select(Event))] == ["question_changed"]


def test_agencies_of_a_question_are_typed_and_required_evidence_ticked(officer, question):
    page = officer.get_page(QUESTION)
    assert page.select_one("#lead[list=agencies]")["value"] == "Dinkes"
    assert [field.get("value", "") for field in page.select("input[id^=supporters-]")] == ["", ""]
    assert {option["value"] for option in page.select("#agencies option")} == {"Dinkes", "PUPR"}
    assert [tick["value"] for tick in page.select("[name=evidence_required]")] == ["SK", "FOTO"]
    assert not page.select("select[multiple]")


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"text": ""}, "text", "Isi pertanyaannya."),
        ({"lead": "hantu"}, "lead", "Tidak ada instansi aktif bernama “hantu”"),
        ({"lead": ""}, "lead", "Tulis nama instansinya."),
        ({"supporters-1": "hantu"}, "supporters-1", "Tidak ada instansi aktif bernama “hantu”"),
        ({"supporters-0": "Dinkes"}, "supporters-0", "sudah menjadi penanggung jawab"),
        ({"evidence_required": ["X"]}, "evidence_required", "Pilih dari daftar."),
    ],
)
def test_what_is_wrong_about_a_question_stands_at_its_field_and_all_that_was_typed_stays(
    officer, question, change, field, said
):
    seen = officer.get_page(QUESTION).select_one("input[name=seen]")["value"]
    data = {"text": "Berapa?", "lead": "DINKES", "supporters-0": "pupr", "respondents": "lead",
            "evidence_required": ["FOTO"], "seen": seen, **change}  # fmt: skip
    page = page_of(officer.post(QUESTION, data), 422)
    assert said in page.find(id=f"{field}-error").get_text()
    assert page.select_one(f"#error-summary a[href='#{field}']")
    assert page.select_one("#text").get_text().strip() == data["text"]
    assert page.select_one("#lead").get("value", "") == data["lead"]
    assert page.select_one("#supporters-0")["value"] == data["supporters-0"]
    ticked = [tick["value"] for tick in page.select("[name=evidence_required][checked]")]
    assert ticked == [code for code in data["evidence_required"] if code != "X"]
    assert queries.get_question(2024, "Q-1").question_agencies[0].agency.code == "DINKES"


def test_a_question_that_nobody_leads_is_mended_and_stays_so(officer, instrument):
    QuestionFactory(code="Q-2", lead=None, indicator__cluster__instrument=instrument)
    path = "/instrumen/2024/Q-2"
    seen = officer.get_page(path).select_one("input[name=seen]")["value"]
    data = {"text": "Berapa media?", "lead": "", "respondents": "lead", "seen": seen}
    assert officer.post(path, data).status_code == 303
    assert queries.get_question(2024, "Q-2").text == "Berapa media?"


def test_an_evaluation_is_set_up_once(officer, session, instrument):
    assert officer.post("/evaluasi/baru", CYCLE).location == "/evaluasi/2026"
    cycle = queries.get_cycle(2026)
    assert cycle.target == "Nindya"
    assert [(s.code, s.starts_on) for s in cycle.stages] == [
        (StageCode.SELF_ASSESSMENT, date(2026, 2, 18))
    ]
    assert page_of(officer.post("/evaluasi/baru", CYCLE), 422).select_one("#year-error")
    assert [e.verb for e in session.scalars(select(Event))] == ["cycle_created"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"year": "26"}, "year"),
        ({"year": "dua"}, "year"),
        ({"instrument": "1999"}, "instrument"),
        ({"target": "Juara"}, "target"),
        ({"self_assessment-ends_on": ""}, "self_assessment-starts_on"),
        ({"self_assessment-ends_on": "2026-01-01"}, "self_assessment-starts_on"),
        ({"self_assessment-ends_on": "kemarin"}, "self_assessment-ends_on"),
        ({"correction-starts_on": "2026-01-01", "correction-ends_on": "2026-12-01"},
         "correction-starts_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_stands_at_its_field(officer, session, instrument, change, field):
    page = page_of(officer.post("/evaluasi/baru", {**CYCLE, **change}), 422)
    assert page.find(id=f"{field}-error")
    assert session.scalar(select(Cycle)) is None


def test_an_evaluation_changes_and_a_form_that_is_behind_is_409(officer, session, instrument):
    officer.post("/evaluasi/baru", CYCLE)
    path = "/evaluasi/2026/ubah"
    seen = officer.get_page(path).select_one("input[name=seen]")["value"]
    data = {"instrument": "2024", "target": "Utama", "seen": seen}
    assert officer.post(path, data).status_code == 303
    assert queries.get_cycle(2026).stages == []
    page = page_of(officer.post(path, {**data, "target": "KLA"}), 409)
    assert page.select_one("#target option[selected]")["value"] == "KLA"
    verbs = list(session.scalars(select(Event.verb).order_by(Event.id)))
    assert verbs == ["cycle_created", "cycle_changed"]


def test_an_evaluation_tells_its_history(officer, session, instrument):
    officer.post("/evaluasi/baru", CYCLE)
    path = "/evaluasi/2026/ubah"
    form = officer.get_page(path)
    seen = form.select_one("input[name=seen]")["value"]
    days = {name: CYCLE[name] for name in CYCLE if "_on" in name}
    officer.post(path, {"instrument": "2024", "target": "Utama", "seen": seen, **days})
    cycle = queries.get_cycle(2026)
    record(SYSTEM, "follow_ups_handed_out", cycle_id=cycle.id, sent=1269, agencies=62)
    session.commit()
    sent, changed, created = officer.get_page("/evaluasi/2026").select(".timeline li")
    assert "1.269 permintaan dikirim ke 62 instansi" in sent.get_text()
    assert "Predikat yang dituju: Utama" in changed.get_text()
    assert "18 Feb 2026 sampai" in changed.get_text()
    assert "Evaluasi dibuat" in created.get_text()


def test_a_bad_import_lists_its_faults(officer):
    page = page_of(officer.post("/instrumen/impor", {"content": "meta: 3", "confirmed": "1"}), 422)
    assert "meta" in [cell.get_text() for cell in page.select("td.main")]
    assert page_of(officer.post("/instrumen/impor", {}), 422).select_one("#file-error")
