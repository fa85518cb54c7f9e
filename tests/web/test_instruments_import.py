"""Bringing an instrument in: twice is once, and questions in use do not disappear."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from app.agencies.services.importing import import_agencies
from app.agencies.services.reading import read_agencies
from app.core.actor import SYSTEM
from app.core.imports import ADDED, CHANGED, REMOVED, UNCHANGED, ImportReport
from app.history.models import Event
from app.instruments import queries
from app.instruments.models import Indicator, Question, QuestionAgency
from app.instruments.services.importing import import_instrument
from app.instruments.services.reading import read_instrument
from tests.factories.agencies import AgencyFactory, AgencyGroupFactory
from tests.factories.instruments import CycleFactory
from tests.support.queries import query_budget

DATA = Path(__file__).parents[2] / "app/demo/data"


@pytest.fixture
def office(session):
    """Return an office of two agencies and a group."""
    AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    AgencyFactory(code="PUPR", name="Pekerjaan Umum", short_name="PUPR")
    AgencyGroupFactory(code="KEC", name="Kecamatan")


def question(code: str, **change: Any) -> dict[str, Any]:
    return {
        "id": code,
        "ref": [code.removeprefix("Q-")],
        "text": f"Berapa {code}?",
        "answer_type": "number",
        "agencies": ["DINKES", "PUPR"],
        **change,
    }


def bring(*questions: dict[str, Any], dry_run: bool = False) -> ImportReport:
    indicator = {"number": "1", "title": "Perda", "max_score": 10, "questions": list(questions)}
    tree = {
        "meta": {
            "instrument_year": 2024,
            "total_max_score": 10,
            "categories": [{"name": "Madya", "min": 601, "max": 700}],
        },
        "evidence_types": [{"code": "foto", "label": "Foto", "formats": ["jpg"]}],
        "clusters": [{"code": "K0", "name": "Kelembagaan", "indicators": [indicator]}],
    }
    file = read_instrument(yaml.safe_dump(tree, sort_keys=False).encode())
    return import_instrument(SYSTEM, file, dry_run=dry_run)


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def statuses(report: ImportReport, what: str = "Pertanyaan") -> dict[str, str]:
    return {change.code: change.status for change in report.changes if change.what == what}


def test_the_shipped_instrument_comes_in_once(session):
    import_agencies(SYSTEM, read_agencies((DATA / "agencies.yaml").read_bytes()))
    file = read_instrument((DATA / "indicators.yaml").read_bytes())
    with query_budget(20):  # however many questions
        report = import_instrument(SYSTEM, file)
    assert not report.faults
    assert any("1.004" in warning.message for warning in report.warnings)
    assert report.count(ADDED, "Pertanyaan") == count(session, Question) == 269
    assert report.count(ADDED, "Indikator") == count(session, Indicator) == 31
    assert report.count(ADDED, "Klaster") == 7
    assert session.scalar(select(func.sum(Indicator.max_score))) == 1000
    again = import_instrument(SYSTEM, file)
    assert {change.status for change in again.changes} == {UNCHANGED}
    events = session.scalars(select(Event).where(Event.verb == "instrument_imported")).all()
    assert len(events) == 1


def test_a_dry_run_says_the_same_and_writes_nothing(session, office):
    dry = bring(question("Q-1"), dry_run=True)
    assert count(session, Question) == 0
    assert not dry.is_written
    assert dry.changes == bring(question("Q-1")).changes


def test_the_first_agency_leads(session, office):
    bring(question("Q-1", agencies=["pupr", "Dinas Kesehatan"], groups=["kecamatan"]))
    found = queries.get_question(2024, "Q-1")
    assert [named.agency.code for named in found.question_agencies] == ["PUPR", "DINKES"]
    assert found.groups == ["KEC"]


@pytest.mark.parametrize(
    ("change", "place", "found", "hint"),
    [
        ({"agencies": ["DINKEZ"]}, "agencies[0]", "DINKEZ", "Maksudnya DINKES?"),
        ({"agencies": ["KEC"]}, "agencies[0]", "KEC", "tidak memimpin"),
        ({"agencies": ["DINKES", "dinkes"]}, "agencies[1]", "dinkes", "satu kali"),
        ({"groups": ["KECA"]}, "groups[0]", "KECA", "Maksudnya KEC?"),
    ],
)
def test_an_unknown_agency_is_a_fault_and_nothing_is_written(office, change, place, found, hint):
    (fault,) = bring(question("Q-1"), question("Q-2", **change)).faults
    assert fault.place == f"clusters[0].indicators[0].questions[1].{place}"
    assert fault.found == found
    assert hint in fault.allowed
    assert queries.find_whole_instrument(2024) is None


def test_what_changed_is_said_field_by_field(session, office):
    bring(question("Q-1"), question("Q-2"), question("Q-3"))
    report = bring(
        question("Q-1"), question("Q-4"), question("Q-2", text="Lain?", agencies=["PUPR"])
    )
    assert statuses(report) == {"Q-1": UNCHANGED, "Q-4": ADDED, "Q-2": CHANGED, "Q-3": REMOVED}
    (changed,) = [change for change in report.changes if change.status == CHANGED]
    assert changed.fields == {
        "Pertanyaan": ("Berapa Q-2?", "Lain?"),
        "Instansi": ("DINKES, PUPR", "PUPR"),
    }
    rows = session.scalars(select(Question).order_by(Question.position)).all()
    assert [row.code for row in rows] == ["Q-1", "Q-4", "Q-2"]
    assert count(session, QuestionAgency) == 5


def test_another_order_is_a_change_of_the_instrument(session, office):
    bring(question("Q-1"), question("Q-2"))
    report = bring(question("Q-2"), question("Q-1"))
    (change,) = report.touched
    assert change.fields == {"Urutan pertanyaan": ("Q-1, Q-2", "Q-2, Q-1")}
    rows = session.scalars(select(Question).order_by(Question.position)).all()
    assert [row.code for row in rows] == ["Q-2", "Q-1"]


def test_an_instrument_in_use_may_be_mended_in_its_words(session, office):
    bring(question("Q-1"))
    CycleFactory(instrument=queries.get_whole_instrument(2024))
    report = bring(question("Q-1", text="Berapa sekarang?"), question("Q-2"))
    assert not report.faults
    assert statuses(report) == {"Q-1": CHANGED, "Q-2": ADDED}


def test_questions_in_use_neither_disappear_nor_ask_for_another_answer(session, office):
    bring(question("Q-1"), question("Q-2"))
    CycleFactory(instrument=queries.get_whole_instrument(2024))
    report = bring(question("Q-1", answer_type="text", data_years=2))
    assert sorted(fault.found for fault in report.faults) == [
        "answer_type: text",
        "data_years: 2",
        "pertanyaan Q-2 (2) hilang",
    ]
    assert count(session, Question) == 2
