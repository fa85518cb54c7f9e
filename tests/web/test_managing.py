"""What officers change of a follow-up beside judging it, and what others may not."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.followups.machine import Action, State
from app.followups.models import FollowUp
from app.history.models import Event
from tests.factories.agencies import AgencyFactory
from tests.support import lives
from tests.support.client import Client, strict_page


class Handle(NamedTuple):
    """What stays of a follow-up when the request that loaded it has ended."""

    id: int
    number: str


@pytest.fixture
def desk(client, officer):
    return client.sign_in(officer)


@pytest.fixture
def assigned(follow_up_assigned):
    return Handle(follow_up_assigned.id, follow_up_assigned.number)


@pytest.fixture
def submitted(follow_up_submitted):
    return Handle(follow_up_submitted.id, follow_up_submitted.number)


@pytest.fixture
def closed(follow_up_closed):
    return Handle(follow_up_closed.id, follow_up_closed.number)


def address(follow_up, tail=""):
    return f"/tindak-lanjut/{follow_up.number}{tail}"


def now(follow_up):
    return db.session.scalars(
        select(FollowUp)
        .where(FollowUp.id == follow_up.id)
        .options(selectinload(FollowUp.supporters))
        .execution_options(populate_existing=True)
    ).one()


def last_event(follow_up):
    return db.session.scalars(
        select(Event).where(Event.follow_up_id == follow_up.id).order_by(Event.id.desc()).limit(1)
    ).one()


def form_of(page, action):
    form = page.select_one(f"form[action$='{action}']")
    return {
        control["name"]: control.get("value", "") if control.name == "input" else ""
        for control in form.select("input[name], textarea[name]")
        if control["name"] != "csrf_token"
    }


def day(days):
    return (clock.today() + timedelta(days=days)).isoformat()


def test_reopening_opens_a_round_with_words_and_a_due_day(desk, closed):
    fields = form_of(desk.get_page(address(closed)), "/buka-kembali")
    fields |= {"buka-words": "Datanya berubah.", "buka-due_on": day(5)}
    assert desk.post(address(closed, "/buka-kembali"), fields).status_code == 303
    assert (now(closed).state, now(closed).round_no) == (State.RETURNED, 2)
    assert "Datanya berubah." in desk.get_page(address(closed)).select_one("#fix").parent.get_text()


def test_cancelling_needs_a_reason_and_is_final(desk, assigned):
    fields = form_of(desk.get_page(address(assigned)), "/batalkan")
    answer = desk.post(address(assigned, "/batalkan"), fields)
    assert answer.status_code == 422
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("details.confirm[open] #batal-words-error")
    fields["batal-words"] = "Salah alamat."
    assert desk.post(address(assigned, "/batalkan"), fields).status_code == 303
    assert now(assigned).state is State.CANCELLED
    assert not desk.get_page(address(assigned)).select("#manage")


def test_extending_moves_the_due_time_and_says_why(desk, assigned):
    fields = form_of(desk.get_page(address(assigned)), "/perpanjang")
    fields |= {
        "perpanjang-words": "Menunggu data BPS.",
        "perpanjang-due_on": day(20),
        "perpanjang-due_time": "10.30",
    }
    assert desk.post(address(assigned, "/perpanjang"), fields).status_code == 303
    assert clock.local(now(assigned).due_at).strftime("%H:%M") == "10:30"
    assert last_event(assigned).verb == "follow_up_extended"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"perpanjang-words": ""}, id="no-words"),
        pytest.param({"perpanjang-due_on": ""}, id="no-day"),
        pytest.param({"perpanjang-due_on": "1999-01-01"}, id="past"),
        pytest.param({"perpanjang-due_on": "9999-01-01"}, id="far"),
        pytest.param({"perpanjang-words": "x" * 4001}, id="long"),
    ],
)
def test_what_is_wrong_stands_in_the_panel_with_what_was_typed(desk, assigned, changed):
    before = now(assigned).due_at
    fields = form_of(desk.get_page(address(assigned)), "/perpanjang")
    fields |= {"perpanjang-words": "Menunggu data BPS.", "perpanjang-due_on": day(20)}
    answer = desk.post(address(assigned, "/perpanjang"), fields | changed)
    assert answer.status_code == 422
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("details.confirm[open] .errors")
    kept = page.select_one("#perpanjang-words").get_text()
    assert kept == (fields | changed)["perpanjang-words"]
    assert now(assigned).due_at == before


def test_a_stale_panel_keeps_its_words_and_shows_what_happened(desk, assigned, lead):
    lead_id = lead.id
    fields = form_of(desk.get_page(address(assigned)), "/batalkan")
    fields["batal-words"] = "Tidak diperlukan lagi."
    lives.submit(now(assigned), db.session.get(User, lead_id))
    answer = desk.post(address(assigned, "/batalkan"), fields)
    assert answer.status_code == 409
    page = strict_page(answer.get_data(as_text=True))
    panel = page.select_one("details.confirm[open]")
    assert "Dikirim ke DP3A" in panel.get_text()
    assert panel.textarea.get_text() == "Tidak diperlukan lagi."
    again = form_of(page, "/batalkan") | {"batal-words": "Tidak diperlukan lagi."}
    assert desk.post(address(assigned, "/batalkan"), again).status_code == 303


def test_a_panel_whose_action_is_over_comes_back_without_its_button(desk, assigned, officer):
    fields = form_of(desk.get_page(address(assigned)), "/batalkan")
    fields["batal-words"] = "Kembar."
    lives.act(now(assigned), Action.CANCEL, officer, words="Sudah ada.")
    answer = desk.post(address(assigned, "/batalkan"), fields)
    assert answer.status_code == 409
    panel = strict_page(answer.get_data(as_text=True)).select_one("details.confirm[open]")
    assert panel.textarea.get_text() == "Kembar."
    assert not panel.select("button")


def test_a_form_sent_twice_acts_once(desk, assigned):
    fields = form_of(desk.get_page(address(assigned)), "/perpanjang")
    fields |= {"perpanjang-words": "Menunggu.", "perpanjang-due_on": day(20)}
    for _ in range(2):
        assert desk.post(address(assigned, "/perpanjang"), dict(fields)).status_code == 303
    found = db.session.scalars(
        select(Event).where(Event.follow_up_id == assigned.id, Event.verb == "follow_up_extended")
    ).all()
    assert len(found) == 1


def test_reassigning_hands_it_to_another_agency(desk, assigned):
    target = AgencyFactory(short_name="Disdik", name="Dinas Pendidikan").id
    page = desk.get_page(address(assigned, "/instansi"))
    assert "Disdik" in {option["value"] for option in page.select("#agencies option")}
    fields = form_of(page, "/alihkan")
    fields |= {"alih-agency": "dinas pendidikan", "alih-words": "Data di sana."}
    assert desk.post(address(assigned, "/alihkan"), fields).status_code == 303
    assert now(assigned).agency_id == target


@pytest.mark.parametrize("target", ["", " ", "Dinas Zebra", "x" * 501, "Dinkes"])
def test_an_agency_that_is_none_is_refused_at_its_field(desk, assigned, target):
    page = desk.get_page(address(assigned, "/instansi"))
    fields = form_of(page, "/alihkan") | {"alih-agency": target, "alih-words": "Data di sana."}
    answer = desk.post(address(assigned, "/alihkan"), fields)
    assert answer.status_code == 422
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("#alih-agency-error")
    assert page.select_one("#alih-agency").get("value", "") == target
    assert page.select_one("#alih-words").get_text() == "Data di sana."


def test_the_lead_is_not_reassigned_while_its_answer_is_judged(desk, submitted):
    page = desk.get_page(address(submitted, "/instansi"))
    assert not page.select("form[action$='/alihkan']")
    assert page.select_one("form[action$='/pendukung']")


def test_supporters_come_and_go_without_undoing_another_officer(desk, assigned, supporting_agency):
    ids = [AgencyFactory(short_name=name).id for name in ("Disdik", "Dinsos")]
    supporting_id = supporting_agency.id
    shown = form_of(desk.get_page(address(assigned, "/instansi")), "/pendukung")
    assert shown["pendukung-shown"] == str(supporting_id)
    given = {"pendukung-shown": supporting_id, "pendukung-keep": supporting_id}
    desk.post(address(assigned, "/pendukung"), given | {"pendukung-add-0": "disdik"})
    given = {"pendukung-shown": supporting_id, "pendukung-add-1": "DINSOS"}
    assert desk.post(address(assigned, "/pendukung"), given).status_code == 303
    assert {row.id for row in now(assigned).supporters} == set(ids)
    event = last_event(assigned)
    assert event.verb == "follow_up_supporters_changed"
    assert event.payload == {"added": ["Dinsos"], "removed": ["PUPR"]}
    assert (
        "Ditambah: Dinsos." in desk.get_page(address(assigned)).select_one(".timeline").get_text()
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [("Dinkes", "sudah menjadi penanggung jawab"), ("Dinas Zebra", "Tidak ada instansi aktif")],
)
def test_who_cannot_support_is_refused_where_it_was_typed(desk, assigned, typed, said):
    given = {"pendukung-add-0": "", "pendukung-add-1": typed}
    answer = desk.post(address(assigned, "/pendukung"), given)
    assert answer.status_code == 422
    page = strict_page(answer.get_data(as_text=True))
    assert said in page.select_one("#pendukung-add-1-error").get_text()
    assert page.select_one("#pendukung-add-1")["value"] == typed


def test_nothing_is_managed_of_what_is_over(desk, closed):
    assert desk.get(address(closed, "/instansi")).status_code == 409
    assert desk.post(address(closed, "/pendukung")).status_code == 409
    assert not desk.get_page(address(closed)).select("form[action$='/batalkan']")


def test_officers_answer_on_behalf_from_a_link_and_otherwise_only_read(desk, assigned):
    page = desk.get_page(address(assigned))
    assert not page.select("form[data-draft]")
    link = next(a for a in page.select("#manage ~ p a, .panel a") if "atas nama" in a.get_text())
    page = desk.get_page(link["href"])
    assert page.select_one("form[data-draft]")
    assert "jemput bola" in page.get_text()


def test_a_draft_is_changed_on_its_own_page_and_can_be_cancelled(desk, follow_up_draft):
    draft = Handle(follow_up_draft.id, follow_up_draft.number)
    page = desk.get_page(address(draft))
    assert page.select_one(f"a[href='{address(draft, '/ubah')}']")
    assert not page.select("form[action$='/perpanjang']")
    fields = form_of(page, "/batalkan") | {"batal-words": "Tidak jadi."}
    assert desk.post(address(draft, "/batalkan"), fields).status_code == 303
    assert now(draft).state is State.CANCELLED


TAILS = ("/buka-kembali", "/batalkan", "/perpanjang", "/alihkan", "/pendukung", "/urungkan")


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("person", ["lead", "supporter", "leader"])
def test_nobody_else_manages(request, app, assigned, person, tail):
    browser = Client(app).sign_in(request.getfixturevalue(person))
    assert browser.post(address(assigned, tail)).status_code == 403
    assert not browser.get_page(address(assigned)).select("#manage")
    assert now(assigned).state is State.ASSIGNED


@pytest.mark.parametrize("tail", TAILS)
def test_what_does_not_exist_is_not_there(desk, tail):
    fields = {f"{key}-words": "x" for key in ("buka", "batal", "perpanjang", "alih")}
    fields |= {f"{key}-due_on": day(3) for key in ("buka", "perpanjang")} | {"alih-agency": "1"}
    assert desk.post(f"/tindak-lanjut/TL-1999-0001{tail}", fields).status_code == 404
