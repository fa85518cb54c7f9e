"""Bringing agencies in: added, changed, unchanged, and nothing at all where something is wrong."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.agencies import queries
from app.agencies.models import Agency, AgencyAlias, AgencyGroup, spelling_key
from app.agencies.services.importing import import_agencies
from app.agencies.services.reading import read_agencies
from app.core.actor import SYSTEM
from app.core.imports import ADDED, CHANGED, UNCHANGED, ImportReport
from app.history.models import Event
from tests.factories.agencies import AgencyAliasFactory, AgencyFactory
from tests.support.queries import query_budget

DATA = Path(__file__).parents[2] / "app/demo/data/agencies.yaml"
ROW = "- {code: %s, name: %s, short_name: %s, category: opd, kind: dinas%s}\n"


def bring(*rows: tuple[str, ...], dry_run: bool = False) -> ImportReport:
    text = "agencies:\n" + "".join(ROW % (*row, "")[:4] for row in rows)
    return import_agencies(SYSTEM, read_agencies(text.encode()), dry_run=dry_run)


def count(session, model) -> int:
    return session.scalar(select(func.count()).select_from(model))


def called(text):
    """Return the agencies that go by a spelling."""
    known = queries.all_with_spellings()
    ids = queries.spellings_of(known).get(spelling_key(text), set())
    return [agency for agency in known if agency.id in ids]


def test_the_shipped_list_comes_in_once(session):
    file = read_agencies(DATA.read_bytes())
    with query_budget(15):  # however many agencies
        report = import_agencies(SYSTEM, file)
    assert not report.faults
    assert report.is_written
    assert report.count(ADDED, "Instansi") == 79
    assert report.count(ADDED, "Kelompok") == 4
    assert count(session, Agency) == 79
    assert count(session, AgencyGroup) == 4
    assert len(session.scalars(select(Agency).where(Agency.kind == "kecamatan")).all()) == 18
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
    (agency,) = called("KESEHATAN")
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
    assert [agency.code for agency in called("D.K.E.S")] == ["DINKES"]
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


def test_an_agency_goes_by_every_spelling_however_it_is_written(session):
    agency = AgencyFactory(code="DISDUKCAPIL", name="Dinas Kependudukan", short_name="Disdukcapil")
    AgencyAliasFactory(agency=agency, alias="Capil", key="capil")
    for text in ("capil", "CAPIL.", "dinas  kependudukan", "Dis-Dukcapil", "disdukcapil"):
        assert [found.id for found in called(text)] == [agency.id]
    assert called("Dukun") == called(" - ") == []
