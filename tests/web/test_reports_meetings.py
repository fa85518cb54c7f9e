"""The list of meetings as XLSX: the rows of the page, real dates, and no formula."""

import io
from datetime import datetime

import openpyxl

from app.core import clock
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory, morning


def rows_of(response):
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).active
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Nomor")
    names = [cell.value for cell in sheet[head]]
    found = sheet.iter_rows(min_row=head + 1)
    return [
        dict(zip(names, (cell.value for cell in row), strict=True)) for row in found if row[0].value
    ]


def test_it_has_the_rows_of_the_page_in_its_order(client, session):
    client.sign_in(UserFactory(officer=True))
    day = clock.local(morning(9)).date()
    coming = MeetingFactory(invited=True, title="=1+1", starts_at=morning(9))
    InvitationFactory(meeting=coming, coming=True)
    InvitationFactory(meeting=coming)
    MeetingFactory(approved=True, title="Yang lalu")
    MeetingFactory(cancelled=True, title="Batal")
    page = client.get_page("/rapat?jenis=before_assessment")
    url = next(a["href"] for a in page.select("#list a") if "XLSX" in a.get_text())
    rows = rows_of(client.get(url))
    assert [row["Rapat"] for row in rows] == ["=1+1", "Batal", "Yang lalu"]
    assert rows[0]["Tanggal"] == datetime(day.year, day.month, day.day)  # noqa: DTZ001 - as sheets keep days
    assert (rows[0]["Diundang"], rows[0]["Menjawab"]) == (2, 1)
    assert rows[2]["Notulen"] == "Disahkan"


def test_an_agency_gets_its_own_without_counts(client, session):
    agency, user = AgencyFactory(), UserFactory()
    MembershipFactory(agency=agency, user=user)
    mine = MeetingFactory(ended=True, title="Milik kami")
    InvitationFactory(meeting=mine, agency=agency)
    MeetingFactory(invited=True, title="Milik lain")
    [row] = rows_of(client.sign_in(user).get("/rapat.xlsx"))
    assert (row["Rapat"], row["Notulen"]) == ("Milik kami", "Menyusul")
    assert "Diundang" not in row
