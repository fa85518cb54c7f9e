"""Letters and sheets that are made of follow-ups: what they say, and to whom."""

import io
from datetime import date

import pytest

from app.accounts.actors import actor_of
from app.agencies.models import Agency, Duty
from app.core import clock, storage
from app.core.db import db
from app.core.write import write
from app.followups.models import FollowUp
from app.followups.queries import detail
from app.followups.services import evidence
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import (
    ClusterFactory,
    CycleFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionFactory,
)
from tests.support import lives
from tests.support.client import Client
from tests.support.documents import rows_of, words_of
from tests.support.files import pdf
from tests.support.queries import query_budget

LETTER = "/dokumen/permintaan-data"
SHEET = "/dokumen/lembar-perbaikan"
HOSTILE = (
    '{{ 7*7 }} #eval("1") </w:t></w:r> & <b> 😀 \x0b{% for x in y %}\nbaris kedua ' + "x" * 300
)


@pytest.fixture
def ask(session):
    """Return what makes an indicator follow-up of a question with a number in the instrument."""
    instrument = InstrumentFactory(year=2039)
    cycle = CycleFactory(year=2040, instrument=instrument)
    indicator = IndicatorFactory(cluster=ClusterFactory(instrument=instrument))

    def made(agency, ref, **given) -> FollowUp:
        question = QuestionFactory(
            indicator=indicator, instrument_id=instrument.id, ref=ref, lead=agency
        )
        return FollowUpFactory(
            indicator=True, cycle=cycle, question=question, agency=agency, **given
        )

    return made


@pytest.fixture
def dinkes(session):
    return AgencyFactory(code="DINKES", short_name="Dinkes", name="Dinas Kesehatan")


def member_of(agency):
    user = UserFactory()
    MembershipFactory(agency=agency, user=user, duty=Duty.FOCAL_POINT)
    return user


# -- the letter that asks for data


def test_it_asks_what_an_agency_has_not_answered(client, officer, dinkes, ask):
    due = clock.end_of_day(date(2040, 3, 10))
    ask(dinkes, "16.1", title="Berapa persen air layak?", expected_proof="Tabel", due_at=due)
    ask(dinkes, "16.2", title="Masih konsep", draft=True)
    ask(dinkes, "17.1", title="Sudah selesai", closed=True)
    ask(AgencyFactory(), "18.1", title="Milik lain")
    client.sign_in(officer)
    page = client.get_page(f"{LETTER}?instansi=DINKES")
    assert "2 pertanyaan kepada Dinas Kesehatan" in page.get_text()
    fields = {c["name"]: c.get("value", "") for c in page.select("main input:not([type=checkbox])")}
    assert fields["hal"] == "Permintaan Data Evaluasi KLA 2040"
    fields |= {"nomor": "400.2/12/DP3A", "tanggal": "2040-03-02", "narahubung": "Ibu Sari"}
    response = client.get(f"{LETTER}.docx", query_string=fields)
    assert "permintaan-data-dinkes.docx" in response.headers["Content-Disposition"]
    words = words_of(response.data)
    for said in ("400.2/12/DP3A", "2 Maret 2040", "Kepala Dinas Kesehatan", "dari Ibu Sari"):
        assert said in words
    first, second = rows_of(response.data, "Bukti yang diharapkan")
    assert first == ["1", "16.1", "Berapa persen air layak?", "Tabel", "10 Mar 2040"]
    assert second[:4] == ["2", "16.2", "Masih konsep", "-"]
    everything = client.get(f"{LETTER}.docx", query_string={**fields, "semua": "y"})
    assert "Sudah selesai" in words_of(everything.data)


def test_what_is_left_blank_is_left_to_be_written_by_hand(client, officer, dinkes):
    client.sign_in(officer)
    words = words_of(client.get(f"{LETTER}.docx?instansi=DINKES").data)
    assert "……/……/……/……" in words
    assert "NIP …" in words


def test_a_date_that_is_none_is_said_on_the_form(client, officer, dinkes):
    client.sign_in(officer)
    response = client.get(f"{LETTER}.pdf?instansi=DINKES&tanggal=kemarin")
    assert response.status_code == 422
    assert "Tulis tanggalnya seperti" in response.get_data(as_text=True)


def test_an_agency_that_is_not_there_is_not_found(client, officer):
    client.sign_in(officer)
    assert client.get(f"{LETTER}?instansi=TIDAKADA").status_code == 404
    assert client.get(f"{LETTER}.docx").status_code == 404


def test_what_people_typed_is_printed_as_they_typed_it(client, officer, dinkes, ask):
    ask(dinkes, "16.1", title=HOSTILE)
    client.sign_in(officer)
    given = {"instansi": "DINKES", "hal": HOSTILE[:100]}
    content = client.get(f"{LETTER}.docx", query_string=given).data
    [row] = rows_of(content, "Pertanyaan")
    assert row[2] == HOSTILE.replace("\x0b", "")
    assert client.get(f"{LETTER}.pdf", query_string=given).data.startswith(b"%PDF")


# -- the correction sheet


@pytest.fixture
def returned(follow_up_submitted, officer, session):
    """Return a follow-up that came back with words and a remark on its evidence."""
    piece = lives.round_of(follow_up_submitted).evidence[0]
    return lives.give_back(
        follow_up_submitted, officer, words="Tabel 2023.", remarks={piece.id: "belum dicap"}
    )


def test_it_says_what_came_back_and_what_is_to_be_done(client, officer, returned, lead_agency):
    client.sign_in(officer)
    content = client.get(f"{SHEET}.docx?instansi={lead_agency.code}").data
    [row] = rows_of(content, "Yang harus diperbaiki")
    assert row[0] == "1"
    assert returned.title in row[1]
    assert row[2] == "12"
    assert lives.LINK in row[3]
    assert "Tabel 2023." in row[4]
    assert "belum dicap" in row[4]
    assert row[5] == "Data dukung belum lengkap"
    assert row[6] == lead_agency.short_name
    assert row[8:] == ["1", "Dikembalikan untuk perbaikan"]
    one = client.get(f"/tindak-lanjut/{returned.number}/lembar-perbaikan.docx").data
    assert rows_of(one, "Catatan pemeriksa") == [row]


def test_an_agency_gets_its_own_sheet_and_no_others(client, returned, lead, lead_agency):
    number, code = returned.number, lead_agency.code
    client.sign_in(lead)
    assert client.get(f"{SHEET}.pdf?instansi={code}").status_code == 200
    other = AgencyFactory()
    assert client.get(f"{SHEET}.pdf?instansi={other.code}").status_code == 404
    listed = client.get_page("/tindak-lanjut")
    ways = [a["href"] for a in listed.select("#list .actions a") if "perbaikan" in a["href"]]
    assert ways == [f"{SHEET}.{ending}?instansi={code}" for ending in ("docx", "pdf")]
    page = client.get_page(f"/tindak-lanjut/{number}")
    links = [a["href"] for a in page.select("#papers ~ p a")]
    assert links == [f"/tindak-lanjut/{number}/lembar-perbaikan.{e}" for e in ("docx", "pdf")]
    client.sign_in(member_of(other))
    path = f"/tindak-lanjut/{number}/lembar-perbaikan.docx"
    assert client.get(path).status_code == 404


def test_the_name_of_a_restricted_file_is_for_those_who_may_open_it(
    app, follow_up_assigned, officer, lead, leader
):
    stored = storage.put(io.BytesIO(pdf("rahasia")))
    number = follow_up_assigned.number
    code = db.session.get_one(Agency, follow_up_assigned.agency_id).code
    with write():
        actor = actor_of(lead)
        row = detail.get_locked(number, actor)
        round_ = detail.open_round(row)
        described = evidence.Description(slot="lainnya", file_name="nama-anak.pdf", restricted=True)
        evidence.add_file(row, round_, actor, storage.remember(stored), described)
    lives.give_back(lives.submit(detail.get(number, actor_of(lead)), lead), officer)
    path = f"{SHEET}.docx?instansi={code}"
    told = [(Client(app).sign_in(user), user is not leader) for user in (officer, lead, leader)]
    for browser, is_told in told:
        words = words_of(browser.get(path).data)
        assert ("nama-anak.pdf" in words) is is_told
        assert ("berkas terbatas" in words) is not is_told


def test_what_was_never_returned_has_no_sheet(client, officer, follow_up_submitted, lead_agency):
    client.sign_in(officer)
    path = f"/tindak-lanjut/{follow_up_submitted.number}/lembar-perbaikan.docx"
    sheet = f"{SHEET}.docx?instansi={lead_agency.code}"
    assert client.get(path).status_code == 404
    empty = client.get(sheet).data
    assert rows_of(empty, "Catatan pemeriksa") == []


def test_its_questions_do_not_grow_with_its_rows(client, officer, lead, lead_agency):
    for _ in range(3):
        row = lives.born(officer, agency=lead_agency)
        lives.give_back(lives.submit(lives.act(row, lives.Action.DISPATCH, officer), lead), officer)
    client.sign_in(officer)
    with query_budget(18):
        client.get(f"{SHEET}.docx?instansi={lead_agency.code}")
