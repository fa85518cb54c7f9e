"""An officer hands questions out: chooses, sees who gets what, keeps or sends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.permissions import Role
from app.core import clock
from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp
from app.history.models import Event
from app.instruments.models import AnswerType, Instrument, Respondents
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.instruments import (
    ClusterFactory,
    CycleFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionFactory,
)
from tests.support.client import strict_page
from tests.support.queries import query_budget

DUE = (clock.now() + timedelta(days=20)).date().isoformat()


@pytest.fixture
def officer(client, session):
    user = UserFactory(role=Role.OFFICER, name="Sari Wulandari, S.Sos.")
    client.sign_in(user)
    return user


class Regency:
    """Two clusters, three questions, two agencies and three kecamatan."""

    def __init__(self):
        self.dinkes = AgencyFactory(code="DINKES", short_name="Dinkes")
        self.pupr = AgencyFactory(code="PUPR", short_name="PUPR")
        self.kecamatan = [AgencyFactory(kind="kecamatan") for _ in range(3)]
        self.instrument = InstrumentFactory()
        water = IndicatorFactory(
            cluster=ClusterFactory(instrument=self.instrument, code="K3", name="Klaster III"),
            number="16",
            short_title="Air Minum",
        )
        forum = IndicatorFactory(
            cluster=ClusterFactory(instrument=self.instrument, code="KD", name="Kelana"),
            number="25",
            short_title="Kelana",
        )
        self.water = QuestionFactory(
            indicator=water,
            ref="16.1",
            text="Berapa persen rumah tangga dengan akses air minum layak?",
            answer_type=AnswerType.PERCENT,
            lead=self.dinkes,
            supporters=[self.pupr],
        )
        self.nobody = QuestionFactory(indicator=water, ref="16.2", lead=None, groups=["MEDIA"])
        self.forum = QuestionFactory(
            indicator=forum,
            ref="25.2",
            text="Berapa kecamatan yang mempunyai Forum Anak?",
            unit_text="Apakah kecamatan ini mempunyai Forum Anak?",
            counts="kecamatan",
            respondents=Respondents.EACH_KECAMATAN,
            lead=self.dinkes,
        )
        self.cycle = CycleFactory(instrument=db.session.get_one(Instrument, self.instrument.id))
        self.url = f"/evaluasi/{self.cycle.year}/bagikan"


@pytest.fixture
def regency(session):
    return Regency()


def follow_ups():
    return db.session.scalars(
        select(FollowUp).order_by(FollowUp.seq).execution_options(populate_existing=True)
    ).all()


def test_the_questions_are_grouped_and_say_whom_they_ask(client, officer, regency):
    page = client.get_page(regency.url)
    assert [h.get_text() for h in page.select("section h2")] == ["Klaster III", "Kelana"]
    hints = [hint.get_text(" ", strip=True) for hint in page.select(".choice .hint")]
    assert hints[0] == "Dinkes (+ PUPR)"
    assert hints[1].startswith("belum ada penanggung jawab")
    assert hints[2] == "setiap kecamatan (+ Dinkes)"
    assert page.select_one("[name=due_on]")["value"]


def test_a_search_keeps_what_was_ticked(client, officer, regency):
    page = client.get_page(f"{regency.url}?kata=forum&q={regency.water.id}&due_on={DUE}")
    assert len(page.select("input[type=checkbox][name=q]")) == 1
    kept = page.select_one("input[type=hidden][name=q]")
    assert kept["value"] == str(regency.water.id)
    assert page.select_one("[name=due_on]")["value"] == DUE
    page = client.get_page(f"{regency.url}?kata=zebra")
    assert "Tidak ada pertanyaan yang cocok" in page.select_one(".empty").get_text()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"due_on={DUE}", "Pilih paling sedikit satu pertanyaan."),
        ("semua=1&due_on=", "Isi batas waktunya."),
        ("semua=1&due_on=besok", "Tulis tanggalnya"),
        ("semua=1&due_on=2020-01-01", "sudah lewat"),
        ("semua=1&due_on=9999-12-31", "terlalu jauh"),
        (f"semua=1&due_on={DUE}&due_time=25.61", "Tulis jamnya"),
    ],
)
def test_a_choice_that_cannot_be_handed_out_says_why_and_keeps_it(
    client, officer, regency, address, words
):
    page = client.get_page(f"{regency.url}/pratinjau?{address}", status=422)
    assert words in page.select_one("#error-summary").get_text()
    assert page.select_one("[name=semua]").has_attr("checked") == address.startswith("semua")


def test_the_preview_says_who_gets_what_and_who_cannot_be_reached(client, officer, regency):
    user = UserFactory(email=None)
    MembershipFactory(agency=regency.dinkes, user=user)
    page = client.get_page(f"{regency.url}/pratinjau?semua=1&due_on={DUE}&KD-due_on=&kata=")
    tiles = [b.get_text(strip=True) for b in page.select(".tiles b")]
    assert tiles == ["4", "4", "0", "1"]
    notices = [notice.get_text(" ", strip=True) for notice in page.select(".notice")]
    assert notices[0].startswith("3 instansi belum mempunyai narahubung")
    assert notices[1].startswith("1 instansi mempunyai narahubung tanpa surel")
    assert notices[2].startswith("1 pertanyaan belum mempunyai penanggung jawab")
    row = page.select_one("table.rows tbody tr")
    assert row.select_one(".main").get_text(strip=True) == "Dinkes"
    assert row.select_one("[data-label=Klaster]").get_text(strip=True) == "Klaster III: 1"


def submit(client, page, action):
    """Press a button of the preview as a browser would."""
    form = page.select_one("main form[method=post]")
    fields = {}
    for control in form.select("input[type=hidden]"):
        fields.setdefault(control["name"], []).append(control["value"])
    fields.pop("csrf_token")
    return client.post(form["action"], {**fields, "tindakan": action})


def test_what_was_previewed_is_sent_once_however_often_it_is_pressed(client, officer, regency):
    page = client.get_page(f"{regency.url}/pratinjau?semua=1&due_on={DUE}&due_time=15:00")
    first = submit(client, page, "kirim")
    again = submit(client, page, "kirim")
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    made = follow_ups()
    assert [row.state for row in made] == [State.ASSIGNED] * 4
    assert [row.answer_type for row in made] == [AnswerType.PERCENT, *[AnswerType.YES_NO] * 3]
    assert made[1].title == "Apakah kecamatan ini mempunyai Forum Anak?"
    assert clock.local(made[0].due_at).strftime("%Y-%m-%d %H:%M") == f"{DUE} 15:00"
    assert "16.1" in made[0].search_text
    assert len(db.session.scalars(select(Notice)).all()) == 4
    page = client.get_page(first.location)
    assert page.h1.get_text(strip=True) == "4 permintaan terkirim"


def test_a_second_time_nothing_is_asked_twice(client, officer, regency):
    address = f"{regency.url}/pratinjau?semua=1&due_on={DUE}"
    stale = client.get_page(address)
    submit(client, client.get_page(address), "kirim")
    page = client.get_page(client_location(submit(client, stale, "kirim")))
    assert page.h1.get_text(strip=True) == "Tidak ada yang baru"
    assert len(follow_ups()) == 4
    page = client.get_page(address)
    assert "Tidak ada yang baru untuk dikirim" in page.select_one(".empty").get_text()
    page = client.get_page(regency.url)
    assert "sudah dikirim" in page.select_one(".choice .hint").get_text()


def client_location(response):
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.location


def test_drafts_wait_and_are_sent_from_their_page(client, officer, regency):
    preview = client.get_page(f"{regency.url}/pratinjau?semua=1&due_on={DUE}")
    page = client.get_page(client_location(submit(client, preview, "simpan")))
    assert page.h1.get_text(strip=True) == "4 konsep disimpan"
    assert {row.state for row in follow_ups()} == {State.DRAFT}
    assert not db.session.scalars(select(Notice)).all()
    page = client.get_page(f"{regency.url}/konsep")
    assert len(page.select("[name=konsep]")) == 4
    token = page.select_one("[name=form_token]")["value"]
    one = page.select("[name=konsep]")[0]["value"]
    given = {"konsep": [one], "form_token": token, "tindakan": "pilihan"}
    page = client.get_page(client_location(client.post(f"{regency.url}/konsep", given)))
    assert page.h1.get_text(strip=True) == "1 permintaan terkirim"
    assert [row.state for row in follow_ups()].count(State.DRAFT) == 3
    created = db.session.scalars(select(Event).where(Event.verb == "follow_up_created")).all()
    assert created[0].payload["state"] == "draft"
    assert created[0].payload["round"] == 0


def test_a_preview_sends_the_drafts_that_there_are_as_they_are(client, officer, regency):
    address = f"{regency.url}/pratinjau?q={regency.water.id}&due_on={DUE}"
    submit(client, client.get_page(address), "simpan")
    page = client.get_page(address)
    assert "1 di antaranya sudah menjadi konsep" in page.select_one("main").get_text()
    submit(client, page, "kirim")
    assert [row.state for row in follow_ups()] == [State.ASSIGNED]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tindakan": "pilihan"}, "Pilih paling sedikit satu konsep."),
        ({"tindakan": "semua", "sampai": "99999999"}, "Batas waktunya sudah lewat: TL-"),
    ],
)
def test_drafts_that_cannot_be_sent_say_why(client, officer, regency, given, words):
    preview = client.get_page(f"{regency.url}/pratinjau?q={regency.water.id}&due_on={DUE}")
    submit(client, preview, "simpan")
    (row,) = follow_ups()
    row.due_at = clock.now() - timedelta(days=1)
    db.session.commit()
    response = client.post(f"{regency.url}/konsep", given)
    assert response.status_code == 422
    page = strict_page(response.get_data(as_text=True))
    assert words in page.select_one("#error-summary").get_text()


def test_a_forged_post_without_a_due_time_changes_nothing(client, officer, regency):
    response = client.post(regency.url, {"q": [str(regency.water.id)], "tindakan": "kirim"})
    assert response.status_code == 422
    page = strict_page(response.get_data(as_text=True))
    assert "Isi batas waktu Klaster III." in page.select_one("#error-summary").get_text()
    assert not follow_ups()


def test_a_question_handed_on_to_another_agency_is_not_asked_again(client, officer, regency):
    address = f"{regency.url}/pratinjau?q={regency.water.id}&due_on={DUE}"
    submit(client, client.get_page(address), "simpan")
    (row,) = follow_ups()
    row.agency_id = regency.pupr.id
    db.session.commit()
    submit(client, client.get_page(address), "kirim")
    assert [row.agency_id for row in follow_ups()] == [regency.pupr.id]


def test_the_pages_ask_little_whatever_is_chosen(client, officer, regency):
    client.get(regency.url)
    with query_budget(10):
        client.get(regency.url)
    with query_budget(14):
        client.get(f"{regency.url}/pratinjau?semua=1&due_on={DUE}")


@pytest.mark.parametrize("path", ["", "/pratinjau?semua=1", "/konsep", "/hasil/1"])
def test_only_officers_hand_out(client, regency, path):
    client.sign_in(UserFactory())
    assert client.get(regency.url + path).status_code == 403
    assert client.get("/evaluasi/1999/bagikan").status_code == 403


def test_an_evaluation_that_is_not_there(client, officer):
    client.get_page("/evaluasi/1999/bagikan", status=404)


def test_an_empty_instrument_says_what_would_fill_it(client, officer, session):
    cycle = CycleFactory()
    page = client.get_page(f"/evaluasi/{cycle.year}/bagikan")
    assert "belum berisi pertanyaan" in page.select_one(".empty").get_text()
    page = client.get_page(f"/evaluasi/{cycle.year}/bagikan/konsep")
    assert "Tidak ada konsep" in page.select_one(".empty").get_text()
