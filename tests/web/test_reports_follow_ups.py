"""The list as XLSX: the same rows as the page, real dates, and no formula."""

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from app.core import clock
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.support.queries import query_budget


@pytest.fixture
def officer(client):
    user = UserFactory(officer=True, name="Sari Wulandari")
    client.sign_in(user)
    return user


def open_sheet(response):
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.data)).active


def rows_of(sheet):
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "No. instrumen")
    names = [cell.value for cell in sheet[head]]
    return [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=head + 1)]


def test_it_has_the_rows_of_the_page_in_its_order(client, officer):
    agency = AgencyFactory(code="DINKES", short_name="Dinkes")
    FollowUpFactory(agency=agency, title="Kedua")
    FollowUpFactory(agency=agency, title="Pertama", late=True)
    FollowUpFactory(title="Milik lain")
    page = client.get_page("/tindak-lanjut?instansi=DINKES")
    url = next(a["href"] for a in page.select("#list a") if "XLSX" in a.get_text())
    response = client.get(url)
    assert response.mimetype.endswith("spreadsheetml.sheet")
    assert "attachment; filename=tindak-lanjut-" in response.headers["Content-Disposition"]
    sheet = open_sheet(response)
    rows = rows_of(sheet)
    assert [row["Pertanyaan atau tugas"].value for row in rows] == ["Pertama", "Kedua"]
    assert rows[0]["Posisi"].value == "Dinkes"
    assert rows[0]["Lewat (hari)"].value == 3
    assert sheet["A2"].value.startswith("Saringan: Instansi: Dinkes")
    assert "Sari Wulandari" in sheet["A3"].value
    assert sheet.freeze_panes == "A6"


def test_every_column_of_the_page_is_there(client, officer):
    FollowUpFactory()
    page = client.get_page("/tindak-lanjut")
    rows = rows_of(open_sheet(client.get("/tindak-lanjut.xlsx")))
    assert {th.get_text(strip=True) for th in page.select("thead th")} <= set(rows[0])


def test_dates_are_dates(client, officer):
    noon = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
    FollowUpFactory(title="Jam", due_at=noon)
    FollowUpFactory(title="Hari", due_at=clock.end_of_day(date(2026, 3, 11)))
    day, moment = sorted(
        (row["Batas waktu"] for row in rows_of(open_sheet(client.get("/tindak-lanjut.xlsx")))),
        key=lambda cell: "hh" in cell.number_format,
    )
    assert day.is_date
    assert day.value == datetime(2026, 3, 11)  # noqa: DTZ001 - a cell knows no zone
    assert day.number_format == "dd/mm/yyyy"
    assert moment.value == datetime(2026, 3, 10, 12, 0)  # noqa: DTZ001 - a cell knows no zone


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t"])
def test_what_looks_like_a_formula_stays_text(client, officer, sign):
    FollowUpFactory(title=f'{sign}cmd|"/c calc"!A1')
    cell = rows_of(open_sheet(client.get("/tindak-lanjut.xlsx")))[0]["Pertanyaan atau tugas"]
    assert cell.data_type == "s"
    assert cell.value.startswith(sign)
    assert cell.quotePrefix


def test_an_address_in_a_text_is_no_link(client, officer):
    FollowUpFactory(title="https://contoh.test/x")
    cell = rows_of(open_sheet(client.get("/tindak-lanjut.xlsx")))[0]["Pertanyaan atau tugas"]
    assert cell.hyperlink is None


def test_it_holds_only_what_the_person_sees(client, session):
    user, agency = UserFactory(), AgencyFactory()
    MembershipFactory(user=user, agency=agency)
    FollowUpFactory(agency=agency, title="Milik sendiri")
    FollowUpFactory(title="Milik lain")
    rows = rows_of(open_sheet(client.sign_in(user).get("/tindak-lanjut.xlsx?instansi=LAIN")))
    assert [row["Pertanyaan atau tugas"].value for row in rows] == ["Milik sendiri"]


def test_an_empty_list_is_a_sheet_with_headings(client, officer):
    assert rows_of(open_sheet(client.get("/tindak-lanjut.xlsx?q=tidakada"))) == []


def test_its_questions_do_not_grow_with_its_rows(client, officer):
    agency = AgencyFactory()
    for _ in range(20):
        FollowUpFactory(agency=agency)
    with query_budget(8):
        client.get("/tindak-lanjut.xlsx")
