"""Bringing agencies in: added, changed, unchanged, and nothing at all where something is wrong."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.agencies import queries
from app.agencies.models import Agency, AgencyAlias, AgencyGroup
from app.agencies.services.importing import import_agencies
from app.agencies.services.reading import read_agencies
from app.core.actor import SYSTEM
from app.core.errors import InvalidInput
from app.core.imports import ADDED, CHANGED, UNCHANGED, ImportReport
from app.history.models import Event
from tests.factories.agencies import AgencyAliasFactory, AgencyFactory

DATA = Path(__file__).parents[2] / "app/demo/data/agencies.yaml"
ROW = "- {code: %s, name: %s, short_name: %s, category: opd, kind: dinas%s}\n"


def bring(*rows: tuple[str, ...], dry_run: bool = False) -> ImportReport:
    text = "agencies:\n" + "".join(ROW % (*row, "")[:4] for row in rows)
    return import_agencies(SYSTEM, read_agencies(text.encode()), dry_run=dry_run)


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def test_the_shipped_list_comes_in_once(session):
    file = read_agencies(DATA.read_bytes())
    report = import_agencies(SYSTEM, file)
    assert not report.faults
    assert report.is_written
    assert report.count(ADDED, "Instansi") == 79
    assert report.count(ADDED, "Kelompok") == 3
    assert count(session, Agency) == 79
    assert count(session, AgencyGroup) == 3
    assert len(queries.agencies_of_kind("kecamatan")) == 18
    assert count(session, Event) == 79

    again = import_agencies(SYSTEM, file)
    assert {change.status for change in again.changes} == {UNCHANGED}
    assert count(session, Event) == 79
    assert count(session, Agency) == 79


def test_a_dry_run_says_the_same_and_writes_nothing(session):
    file = read_agencies(DATA.read_bytes())
    dry = import_agencies(SYSTEM, file, dry_run=True)
    assert not dry.is_written
    assert count(session, Agency) == 0
    assert dry.changes == import_agencies(SYSTEM, file).changes


def test_what_changed_is_said_field_by_field(session):
    AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes", kind="dinas")
    report = bring(("DINKES", "Dinas Kesehatan Kutim", "Dinkes", ", aliases: [Kesehatan]"))
    (change,) = report.changes
    assert change.status == CHANGED
    assert change.fields["Nama"] == ("Dinas Kesehatan", "Dinas Kesehatan Kutim")
    assert change.fields["Ejaan lain"] == ("", "Kesehatan")
    agency = queries.find_agency("KESEHATAN")
    assert agency is not None
    assert agency.name == "Dinas Kesehatan Kutim"
    event = session.scalar(select(Event))
    assert event.verb == "agency_changed"
    assert event.agency_id == agency.id


@pytest.mark.parametrize("spelling", ["dinas-kesehatan", "DINKES.", "dinas  sehat"])
def test_a_known_agency_under_another_code_is_the_same_agency(session, spelling):
    agency = AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    AgencyAliasFactory(agency=agency, alias="Dinas Sehat", key="dinassehat")
    report = bring(("DKES", spelling, "Dinas Kes"))
    assert [change.code for change in report.changes] == ["DINKES"]
    assert "kode DINKES tetap dipakai" in report.warnings[0].message
    assert count(session, Agency) == 1
    found = queries.find_agency("D.K.E.S")
    assert found is not None
    assert found.code == "DINKES"
    again = bring(("DKES", spelling, "Dinas Kes"))
    assert {change.status for change in again.changes} == {UNCHANGED}


def test_an_agency_that_could_be_two_is_a_fault(session):
    AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    AgencyFactory(code="RSUD", name="Rumah Sakit", short_name="RSUD")
    report = bring(("BARU", "Dinas Kesehatan", "RSUD"))
    assert [fault.found for fault in report.faults] == ["cocok dengan DINKES, RSUD"]
    assert count(session, Agency) == 2


def test_a_spelling_of_another_agency_is_a_fault_and_nothing_is_written(session):
    agency = AgencyFactory(code="RSUD", name="Rumah Sakit", short_name="RSUD")
    AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes")
    AgencyAliasFactory(agency=agency, alias="RS Kudungga", key="rskudungga")
    report = bring(
        ("PUPR", "Dinas Pekerjaan Umum", "PUPR"),
        ("DINKES", "Dinas Kesehatan", "Dinkes", ", aliases: [RS. Kudungga]"),
    )
    assert [(fault.place, fault.allowed) for fault in report.faults] == [
        ("agencies[1].aliases[0]", "nama yang belum dipakai RSUD")
    ]
    assert count(session, Agency) == 2
    assert count(session, Event) == 0


def test_desa_find_their_kecamatan_in_the_same_file(session):
    report = bring(
        ("DESA_A", "Desa A", "Desa A", ", parent: Sangatta Utara"),
        ("KEC_SU", "Kecamatan Sangatta Utara", "Sangatta Utara"),
    )
    assert not report.faults
    desa = queries.get_by_code("DESA_A")
    assert desa.parent is not None
    assert desa.parent.code == "KEC_SU"


@pytest.mark.parametrize("parent", ["A", "X", "C"])
def test_a_parent_is_another_known_agency_that_has_none(session, parent):
    report = bring(
        ("A", "Aa", "Aaa", f", parent: {parent}"), ("B", "Bb", "Bbb"), ("C", "Cc", "Ccc, parent: B")
    )
    assert [fault.found for fault in report.faults] == [f"induk {parent}"]


def test_spellings_and_agencies_that_the_file_leaves_out_stay(session):
    agency = AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes", kind="dinas")
    AgencyAliasFactory(agency=agency, alias="Dinas Sehat", key="dinassehat")
    AgencyFactory(code="LAMA")
    report = bring(("DINKES", "Dinas Kesehatan", "Dinkes"))
    assert [(change.code, change.status) for change in report.changes] == [("DINKES", UNCHANGED)]
    assert count(session, AgencyAlias) == 1
    assert count(session, Agency) == 2


def test_an_agency_is_found_by_any_spelling_and_doubt_is_a_fault(session):
    agency = AgencyFactory(code="DISDUKCAPIL", name="Dinas Kependudukan", short_name="Disdukcapil")
    AgencyAliasFactory(agency=agency, alias="Capil", key="capil")
    for text in ("capil", "CAPIL.", "dinas  kependudukan", "Dis-Dukcapil", "disdukcapil"):
        found = queries.find_agency(text)
        assert found is not None
        assert found.id == agency.id
    assert queries.find_agency("Dukun") is None
    assert queries.find_agency(" - ") is None
    AgencyFactory(code="LAIN", name="Capil!", short_name="Lain")
    with pytest.raises(InvalidInput, match="DISDUKCAPIL, LAIN"):
        queries.find_agency("capil")
