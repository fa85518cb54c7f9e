"""The list of follow-ups: what a person sees, narrowed and sorted by the address."""

import pytest
from sqlalchemy import select

from app.agencies.models import Agency
from app.core.db import db
from app.core.search import searchable
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyAliasFactory, AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import (
    ClusterFactory,
    CycleFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionFactory,
)
from tests.support.client import strict_page
from tests.support.queries import query_budget


@pytest.fixture
def officer(session):
    return UserFactory(officer=True)


@pytest.fixture
def ask(session):
    """Ask questions of one indicator, given by their number in the instrument."""
    instrument = InstrumentFactory(year=2026)
    cycle = CycleFactory(instrument=instrument, year=2026)
    cluster = ClusterFactory(instrument=instrument, code="K3", name="Klaster III")
    indicator = IndicatorFactory(cluster=cluster, number="16")

    def asking(ref, agency=None, position=0, **follow_up):
        question = QuestionFactory(
            indicator=indicator, ref=ref, position=position, text=f"Pertanyaan {ref}?"
        )
        return FollowUpFactory(
            indicator=True,
            question=question,
            cycle=cycle,
            agency=agency or AgencyFactory(),
            **follow_up,
        )

    return asking


def member_of_an_agency(user=None):
    user, agency = user or UserFactory(), AgencyFactory()
    MembershipFactory(user=user, agency=agency)
    return user, agency


def titles(page):
    return [link.get_text(strip=True) for link in page.select("table.rows td.main a")]


def tile(page, label):
    found = next(a for a in page.select(".tiles a") if a.get_text(strip=True).endswith(label))
    return found.b.get_text(strip=True), found["href"]


class TestWhatIsSeen:
    def test_an_officer_sees_every_agencys_work_and_drafts(self, client, officer):
        FollowUpFactory(title="Milik satu")
        FollowUpFactory(title="Milik dua", draft=True)
        page = client.sign_in(officer).get_page("/tindak-lanjut")
        assert titles(page) == ["Milik satu", "Milik dua"]
        assert tile(page, "konsep")[0] == "1"

    def test_an_agency_sees_what_it_leads_and_supports_and_no_drafts(self, client, session):
        user, agency = member_of_an_agency()
        FollowUpFactory(agency=agency, title="Memimpin")
        FollowUpFactory(agency=agency, title="Konsep", draft=True)
        helped = FollowUpFactory(title="Membantu")
        FollowUpFactory(title="Milik lain")
        session.refresh(helped, ["supporters"])
        helped.supporters.append(agency)
        session.commit()
        page = client.sign_in(user).get_page("/tindak-lanjut")
        assert sorted(titles(page)) == ["Membantu", "Memimpin"]
        only = client.get_page("/tindak-lanjut?peran=pendukung")
        assert titles(only) == ["Membantu"]
        assert "(+ " in only.select_one("td[data-label=Instansi]").get_text()
        assert titles(client.get_page("/tindak-lanjut?peran=penanggung-jawab")) == ["Memimpin"]

    def test_the_agency_reads_the_state_from_its_own_side(self, client, session):
        user, agency = member_of_an_agency()
        FollowUpFactory(agency=agency, returned=True)
        page = client.sign_in(user).get_page("/tindak-lanjut")
        assert page.select_one(".state").get_text(strip=True) == "Perlu diperbaiki"

    def test_an_administrator_has_no_part_in_the_work(self, client, session):
        client.sign_in(UserFactory(admin=True)).get_page("/tindak-lanjut", status=403)

    def test_an_empty_list_says_what_would_fill_it(self, client, officer, session):
        page = client.sign_in(officer).get_page("/tindak-lanjut")
        assert "Belum ada tindak lanjut" in page.select_one(".empty").get_text()
        user, _ = member_of_an_agency()
        page = client.sign_in(user).get_page("/tindak-lanjut")
        assert "Belum ada yang dikirim DP3A" in page.select_one(".empty").get_text()


class TestOrder:
    def test_what_hurts_comes_first(self, client, officer):
        FollowUpFactory(title="e batal", cancelled=True)
        FollowUpFactory(title="d selesai", closed=True, late=True)
        FollowUpFactory(title="c konsep", draft=True)
        FollowUpFactory(title="b terbuka", submitted=True, late=True)
        FollowUpFactory(title="a lewat", returned=True, late=True)
        page = client.sign_in(officer).get_page("/tindak-lanjut")
        assert titles(page) == ["a lewat", "b terbuka", "c konsep", "d selesai", "e batal"]
        assert page.select_one("tbody tr .mark").get_text(strip=True) == "lewat 3 hari"

    def test_the_instruments_order_is_its_own_not_that_of_letters(self, client, officer, ask):
        ask("1.10", position=2)
        ask("1.2a", position=1)
        FollowUpFactory(title="Dari rapat")
        client.sign_in(officer)
        page = client.get_page("/tindak-lanjut?urut=pertanyaan")
        assert titles(page) == ["Pertanyaan 1.2a?", "Pertanyaan 1.10?", "Dari rapat"]
        page = client.get_page("/tindak-lanjut?urut=-pertanyaan")
        assert titles(page) == ["Pertanyaan 1.10?", "Pertanyaan 1.2a?", "Dari rapat"]
        assert page.select_one("th[aria-sort=descending]").get_text(strip=True) == "Nomor"

    @pytest.mark.parametrize(
        "sort", ["mendesak", "dikembalikan", "batas-waktu", "nomor", "instansi", "sejak"]
    )
    def test_every_sort_is_total(self, client, officer, sort):
        for _ in range(3):
            FollowUpFactory(title="Sama")
        client.sign_in(officer)
        seen = [
            [a["href"] for a in client.get_page(f"/tindak-lanjut?urut={sort}").select(".main a")]
            for _ in range(2)
        ]
        assert seen[0] == seen[1]
        assert len(set(seen[0])) == 3


class TestNarrowing:
    @pytest.fixture(autouse=True)
    def work(self, client, officer, ask):
        client.sign_in(officer)
        dinkes = AgencyFactory(code="DINKES", short_name="Dinkes", name="Dinas Kesehatan")
        AgencyAliasFactory(agency=dinkes, alias="Dinas Sehat", key="dinassehat")
        ask("16.1", agency=dinkes, late=True)
        ask("1.16", returned=True)
        ask("116.1", submitted=True)
        FollowUpFactory(agency=dinkes, title="Rapat gugus", closed=True, seq=4321)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("lewat=1", ["Pertanyaan 16.1?"]),
            ("posisi=dp3a", ["Pertanyaan 116.1?"]),
            ("posisi=selesai", ["Rapat gugus"]),
            ("posisi=instansi", ["Pertanyaan 16.1?", "Pertanyaan 1.16?"]),
            ("keadaan=returned", ["Pertanyaan 1.16?"]),
            ("putaran=2", ["Pertanyaan 1.16?"]),
            ("jenis=action_item", ["Rapat gugus"]),
            ("klaster=K3&indikator=16&lewat=1", ["Pertanyaan 16.1?"]),
            ("instansi=DINKES", ["Pertanyaan 16.1?", "Rapat gugus"]),
            ("instansi=dinas+kesehatan", ["Pertanyaan 16.1?", "Rapat gugus"]),
            ("instansi=dinkes.", ["Pertanyaan 16.1?", "Rapat gugus"]),
            ("instansi=Dinas-Sehat", ["Pertanyaan 16.1?", "Rapat gugus"]),
            ("instansi=DINKES&peran=pendukung", []),
            ("q=16.1", ["Pertanyaan 16.1?"]),
            ("q=gugus+RAPAT", ["Rapat gugus"]),
            ("q=dinas+kesehatan", ["Pertanyaan 16.1?", "Rapat gugus"]),
            ("q=dinkes+gugus", ["Rapat gugus"]),
            ("q=%25", []),
            ("evaluasi=semua&q=rapat", ["Rapat gugus"]),
        ],
    )
    def test_a_filter_leaves_what_it_says(self, client, query, expected):
        page = client.get_page(f"/tindak-lanjut?{query}")
        assert titles(page) == expected
        assert page.select(".chips a")

    def test_a_renamed_agencys_work_is_found_by_the_new_name_alone(self, client):
        agency = db.session.scalars(select(Agency).where(Agency.code == "DINKES")).one()
        agency.name = agency.short_name = "Dinas Sehat Sentosa"
        agency.search_text = searchable(agency.code, agency.name)
        db.session.commit()
        assert len(titles(client.get_page("/tindak-lanjut?q=sentosa"))) == 2
        assert titles(client.get_page("/tindak-lanjut?q=kesehatan")) == []

    def test_an_officer_who_also_answers_narrows_to_its_own_agencies_by_the_part(
        self, client, officer
    ):
        dp3a = AgencyFactory(code="DP3A")
        MembershipFactory(user=officer, agency=dp3a)
        FollowUpFactory(agency=dp3a, title="Jawaban sendiri")
        page = client.get_page("/tindak-lanjut?peran=penanggung-jawab")
        assert titles(page) == ["Jawaban sendiri"]

    def test_a_number_finds_its_follow_up_alone(self, client):
        row = client.get_page("/tindak-lanjut?jenis=action_item").select_one("tbody small")
        page = client.get_page(f"/tindak-lanjut?q={row.get_text().lower()}")
        assert titles(page) == ["Rapat gugus"]

    def test_counts_are_links_that_keep_the_other_filters(self, client):
        page = client.get_page("/tindak-lanjut?instansi=DINKES&posisi=dp3a")
        assert tile(page, "lewat batas waktu") == (
            "1",
            "/tindak-lanjut?instansi=DINKES&lewat=1",
        )
        assert tile(page, "semua") == ("2", "/tindak-lanjut?instansi=DINKES")
        assert tile(page, "selesai")[0] == "1"

    def test_each_filter_in_force_can_be_taken_away(self, client):
        page = client.get_page("/tindak-lanjut?instansi=DINKES&lewat=1")
        assert [a["href"] for a in page.select(".chips a")] == [
            "/tindak-lanjut?lewat=1",
            "/tindak-lanjut?instansi=DINKES",
        ]

    def test_nothing_found_offers_to_take_the_filters_away(self, client):
        page = client.get_page("/tindak-lanjut?q=tidakada")
        assert "tidak ada" in page.select_one(".empty").get_text().lower()
        assert page.select_one(".empty a")["href"] == "/tindak-lanjut"

    @pytest.mark.parametrize(
        "query",
        [
            "keadaan=rusak",
            "posisi=x%00",
            "putaran=-1",
            "putaran=99999999999999999999",
            "instansi=TIDAKADA",
            "klaster='--",
            "evaluasi=1",
            "urut=rusak",
            "peran=x",
            "peran=pendukung",
            "jenis[]=x&jenis=%F0%9F%98%80",
            "q=" + "a" * 5000,
        ],
    )
    def test_what_is_not_understood_is_left_out_with_a_note(self, client, query):
        page = client.get_page(f"/tindak-lanjut?{query}")
        assert len(titles(page)) == 4
        assert "tidak dipakai" in page.select_one("main .notice").get_text()
        assert not page.select(".chips a")

    @pytest.mark.parametrize("number", ["0", "-3", "x", "99999999999", "7"])
    def test_a_page_that_does_not_exist_is_the_nearest_that_does(self, client, number):
        assert len(titles(client.get_page(f"/tindak-lanjut?halaman={number}"))) == 4

    def test_htmx_gets_the_list_alone(self, client):
        response = client.get(
            "/tindak-lanjut?lewat=1",
            headers={"HX-Request": "true", "HX-Request-Type": "partial"},
        )
        html = response.get_data(as_text=True)
        assert html.lstrip().startswith('<div id="list"')
        assert "Pertanyaan 16.1?" in html
        assert "<html" not in html


def test_the_evaluation_under_way_is_shown_with_what_belongs_to_none(client, officer, ask):
    old = CycleFactory(instrument=InstrumentFactory(year=2020), year=2020)
    question = QuestionFactory(text="Lama?")
    FollowUpFactory(indicator=True, question=question, cycle=old, closed=True)
    ask("1.1")
    FollowUpFactory(title="Tanpa evaluasi", year=2019)
    FollowUpFactory(title="Tanpa evaluasi, selesai dulu", year=2019, closed=True)
    client.sign_in(officer)
    assert sorted(titles(client.get_page("/tindak-lanjut"))) == [
        "Pertanyaan 1.1?",
        "Tanpa evaluasi",
    ]
    assert titles(client.get_page("/tindak-lanjut?evaluasi=2020")) == ["Lama?"]
    assert len(titles(client.get_page("/tindak-lanjut?evaluasi=semua"))) == 4


def test_a_long_list_has_pages_and_asks_the_same_few_questions(client, officer, ask):
    agency = AgencyFactory()
    for number in range(57):
        ask(f"1.{number}", agency=agency, position=number)
    client.sign_in(officer).get_page("/tindak-lanjut")
    with query_budget(8) as few:
        client.get_page("/tindak-lanjut?q=1.56")
    with query_budget(8) as many:
        first = client.get_page("/tindak-lanjut?urut=nomor")
    assert len(few) == len(many)
    assert len(titles(first)) == 50
    last = client.get_page(first.select_one(".pages a[rel=next]")["href"])
    assert len(titles(last)) == 7
    assert not set(titles(first)) & set(titles(last))
    assert "51\u201357 dari 57" in last.select_one(".pages").get_text()


def test_a_fragment_is_well_formed(client, officer):
    FollowUpFactory()
    client.sign_in(officer)
    html = client.get(
        "/tindak-lanjut", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    ).get_data(as_text=True)
    head = "<!doctype html><html lang=id><head><title>x</title></head><body><h1>x</h1>"
    strict_page(f"{head}{html}</body></html>")


def test_a_basis_narrows_to_what_was_decided_there(client, officer):
    here = "/rapat/RK-2026-01"
    agency = AgencyFactory()
    for title, url, basis in (
        ("Satu", f"{here}#tindak-1", "Rapat Koordinasi I, Agenda 1"),
        ("Dua", f"{here}#tindak-2", "Rapat Koordinasi I, Agenda 2"),
        ("Dua belas", f"{here}#tindak-12", "Rapat Koordinasi I, Agenda 2"),
        ("Surat", here, "Rapat Koordinasi I"),
        ("Lain", f"{here}0#tindak-1", "Rapat Koordinasi X"),
    ):
        FollowUpFactory(agency=agency, title=title, basis_url=url, basis=basis)
    client.sign_in(officer)
    path = "/tindak-lanjut?dasar="
    page = client.get_page(f"{path}{here}%23tindak-1")
    assert titles(page) == ["Satu"]
    assert "Dasar: Rapat Koordinasi I, Agenda 1" in page.select_one("#list .chips").get_text()
    assert page.select_one("form [name=dasar]")["value"] == f"{here}#tindak-1"
    with query_budget(8):
        page = client.get_page(path + here)
    assert sorted(titles(page)) == ["Dua", "Dua belas", "Satu", "Surat"]
    assert "Dasar: Rapat Koordinasi I" in page.select_one("#list .chips").get_text()
    assert "dasar=" in page.select_one("a[href*=xlsx]")["href"]
    assert not titles(client.get_page(f"{path}/rapat/RK-2026-1"))


def test_the_words_of_a_basis_are_for_those_who_see_its_work(client, lead):
    FollowUpFactory(title="Rahasia", basis_url="/rapat/RK-2026-09", basis="Rapat tertutup")
    page = client.sign_in(lead).get_page("/tindak-lanjut?dasar=/rapat/RK-2026-09")
    assert not titles(page)
    assert "Rapat tertutup" not in page.get_text()
