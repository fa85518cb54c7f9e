"""The review queue: what waits, the longest first, and the way through it."""

from datetime import timedelta
from typing import NamedTuple

import pytest

from app.core import clock
from app.core.db import db
from app.followups.machine import Action, State
from app.followups.models import FollowUp
from tests.factories.agencies import AgencyFactory
from tests.factories.followups import FollowUpFactory
from tests.support import lives
from tests.support.client import Client, strict_page
from tests.support.queries import query_budget


class Handle(NamedTuple):
    """What stays of a follow-up when the request that loaded it has ended."""

    id: int
    number: str


@pytest.fixture
def desk(client, officer):
    return client.sign_in(officer)


@pytest.fixture
def waiting(officer, lead, lead_agency):
    """Return three submissions that lived, the longest waiting first."""
    found = []
    for hours in (5, 3, 1):
        with clock.shifted(timedelta(hours=-hours)):
            row = lives.act(lives.born(officer, agency=lead_agency), Action.DISPATCH, officer)
            lives.submit(row, lead)
        found.append(Handle(row.id, row.number))
    return found


def now(handle):
    return db.session.get(FollowUp, handle.id, populate_existing=True)


def titles(page):
    return [link.get_text(strip=True) for link in page.select("table.rows td.main a")]


def numbers(page):
    return [row.small.get_text(strip=True) for row in page.select("table.rows tbody tr")]


def make(**given):
    return FollowUpFactory(submitted=True, **given)


def test_an_empty_queue_says_so_kindly(desk):
    page = desk.get_page("/antrean")
    assert "Semua sudah diperiksa" in page.select_one(".empty").get_text()
    assert not page.select("form[action='/antrean/berikutnya']")


def test_the_longest_waiting_comes_first(desk, waiting):
    page = desk.get_page("/antrean")
    assert numbers(page) == [handle.number for handle in waiting]
    assert "3 menunggu pemeriksaan" in page.select_one("#queue").get_text()
    assert "3 belum diambil" in page.select_one("#queue").get_text()
    link = page.select_one("td.main a")["href"]
    assert link == f"/tindak-lanjut/{waiting[0].number}?antrean=semua"


def test_only_what_waits_for_dp3a_is_there(desk, session):
    for trait in ("draft", "returned", "closed", "cancelled"):
        FollowUpFactory(**{trait: True})
    make(title="Menunggu")
    assert titles(desk.get_page("/antrean")) == ["Menunggu"]


@pytest.mark.parametrize("person", ["lead", "leader", "admin"])
def test_the_queue_is_for_officers(request, client, person):
    client.sign_in(request.getfixturevalue(person))
    assert client.get("/antrean").status_code == 403
    assert client.post("/antrean/berikutnya").status_code == 403


def test_filters_narrow_the_queue_and_stay_in_the_address(desk, session):
    dinkes = AgencyFactory(code="DINKES", short_name="Dinkes")
    make(title="Imunisasi", agency=dinkes)
    make(title="Posyandu", agency=dinkes, round_no=2)
    make(title="Jalan", late=True)
    make(title="Akta kelahiran", indicator=True)
    assert titles(desk.get_page("/antrean?instansi=DINKES")) == ["Imunisasi", "Posyandu"]
    assert titles(desk.get_page("/antrean?instansi=DINKES&putaran=1")) == ["Posyandu"]
    assert titles(desk.get_page("/antrean?lewat=1")) == ["Jalan"]
    page = desk.get_page("/antrean?instansi=DINKES&q=imun")
    assert page.select_one("option[selected]")["value"] == "DINKES"
    assert "Dinkes (2)" in page.select_one("option[selected]").get_text()
    taking = page.select_one("form[action='/antrean/berikutnya'] [name=antrean]")["value"]
    assert taking == "q=imun&instansi=DINKES"


def test_an_address_that_is_not_understood_shows_the_whole_queue_with_a_note(desk, session):
    make()
    page = desk.get_page("/antrean?instansi=TIADA&klaster=XX&hal=x&q=" + "a" * 200)
    assert len(page.select(".notice li")) == 3
    assert len(titles(page)) == 1


@pytest.mark.parametrize("name", ["q", "instansi", "klaster", "putaran", "lewat", "hal"])
def test_no_filter_breaks_on_what_a_database_cannot_hold(desk, name):
    assert desk.get(f"/antrean?{name}=a%00b").status_code == 200
    assert desk.get(f"/antrean?{name}=%F0%9F%98%80%27%22%25_").status_code == 200


def test_a_filter_that_leaves_nothing_leads_back(desk, session):
    AgencyFactory(code="SEPI", short_name="Sepi")
    page = desk.get_page("/antrean?instansi=SEPI")
    assert page.select_one("option[selected]")["value"] == "SEPI"
    assert page.select_one(".empty a")["href"] == "/antrean"


def test_the_fragment_is_the_list_alone(desk, session):
    make()
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    body = desk.get("/antrean", headers=headers).get_data(as_text=True)
    assert body.lstrip().startswith('<div id="queue"')


def test_pages_cost_the_same_whatever_the_queue(desk, session):
    agency = AgencyFactory()
    for _ in range(55):
        make(agency=agency)
    desk.get("/antrean")
    with query_budget(8):
        page = desk.get_page("/antrean?hal=2")
    assert len(titles(page)) == 5
    assert "dari 55" in page.get_text()


def test_the_next_is_the_oldest_that_nobody_has(app, desk, waiting, other_officer):
    second = Client(app).sign_in(other_officer)
    first_to = desk.post("/antrean/berikutnya", {"antrean": "semua"}).location
    second_to = second.post("/antrean/berikutnya", {"antrean": "semua"}).location
    assert waiting[0].number in first_to
    assert waiting[1].number in second_to
    page = second.get_page("/antrean")
    assert "Sari Wulandari" in page.select("tbody tr")[0].get_text()
    assert "diambil sendiri" in page.select("tbody tr")[1].get_text()
    assert "1 belum diambil" in page.get_text()


def test_the_next_respects_the_filters(desk, waiting, session):
    other = make(state_since=clock.now(), agency=AgencyFactory(code="LAIN")).number
    answer = desk.post("/antrean/berikutnya", {"antrean": "instansi=LAIN"})
    assert answer.location == f"/tindak-lanjut/{other}?antrean=instansi%3DLAIN"


def test_an_empty_queue_has_no_next_and_says_so(desk):
    answer = desk.post("/antrean/berikutnya", {"antrean": "semua"})
    assert answer.location == "/antrean"
    page = desk.get_page("/antrean")
    assert "Terima kasih" in page.select_one("#flash").get_text()


def test_where_others_have_all_that_waits_it_says_so(desk, waiting, other_officer):
    for handle in waiting:
        lives.take(now(handle), other_officer)
    desk.post("/antrean/berikutnya", {"antrean": "semua"})
    assert "petugas lain" in desk.get_page("/antrean").select_one("#flash").get_text()


def test_after_a_judgement_the_next_is_there_already_taken(desk, waiting, officer):
    officer_id = officer.id
    desk.post("/antrean/berikutnya", {"antrean": "semua"})
    for handle, following in zip(waiting, [*waiting[1:], None], strict=True):
        page = desk.get_page(f"/tindak-lanjut/{handle.number}?antrean=semua")
        fields = {
            name: page.select_one(f".review form[novalidate] [name={name}]")["value"]
            for name in ("version", "form_token", "antrean")
        }
        answer = desk.post(f"/tindak-lanjut/{handle.number}/selesai", fields)
        assert now(handle).state is State.CLOSED
        if following is None:
            assert answer.location == "/antrean"
        else:
            assert answer.location == f"/tindak-lanjut/{following.number}?antrean=semua"
            assert now(following).taken_by_id == officer_id
            flash = desk.get_page(answer.location).select_one("#flash")
            assert flash.a["href"] == f"/tindak-lanjut/{handle.number}?antrean=semua"
    assert "Terima kasih" in desk.get_page("/antrean").select_one("#flash").get_text()


def test_passing_over_one_puts_it_back_and_takes_the_one_behind_it(desk, waiting, officer):
    desk.post("/antrean/berikutnya", {"antrean": "semua"})
    given = {"antrean": "semua", "lewati": waiting[0].number}
    assert waiting[1].number in desk.post("/antrean/berikutnya", given).location
    assert now(waiting[0]).taken_by_id is None
    desk.post("/antrean/berikutnya", given | {"lewati": waiting[1].number})
    answer = desk.post("/antrean/berikutnya", given | {"lewati": waiting[2].number})
    assert answer.location == "/antrean"
    assert "akhir antrean" in desk.get_page("/antrean").select_one("#flash").get_text()


def test_what_one_sent_oneself_is_not_the_next(desk, waiting, officer, other_officer, lead):
    lives.act(now(waiting[0]), Action.WITHDRAW, lead)
    with clock.shifted(timedelta(hours=-6)):
        lives.submit(now(waiting[0]), officer)
    answer = desk.post("/antrean/berikutnya", {"antrean": "semua"})
    assert waiting[1].number in answer.location


@pytest.mark.parametrize("text", ["instansi=%00", "x=1&y=2", "%%%", "a" * 3000])
def test_a_hostile_way_through_the_queue_changes_nothing(desk, text):
    answer = desk.post("/antrean/berikutnya", {"antrean": text})
    assert answer.status_code == 303
    assert answer.location.startswith("/antrean")


def test_the_page_in_the_queue_offers_to_pass_over(desk, waiting):
    page = desk.get_page(f"/tindak-lanjut/{waiting[0].number}?antrean=semua")
    assert page.select_one("[name=lewati]")["value"] == waiting[0].number
    page = desk.get_page(f"/tindak-lanjut/{waiting[0].number}")
    assert not page.select("[name=lewati]")
    assert strict_page(str(page))
