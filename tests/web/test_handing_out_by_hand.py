"""An action item made by hand, and a draft changed before it is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.permissions import Role
from app.core import clock
from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp, Kind
from app.followups.services.verify import differences
from app.history.models import Event
from app.instruments.models import AnswerType
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyAliasFactory, AgencyFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import CycleFactory
from tests.support.client import strict_page

DUE = (clock.now() + timedelta(days=20)).date().isoformat()


@pytest.fixture
def officer(client, session):
    user = UserFactory(role=Role.OFFICER)
    client.sign_in(user)
    return user


@pytest.fixture
def agencies(session):
    dinkes = AgencyFactory(code="DINKES", short_name="Dinkes", name="Dinas Kesehatan")
    AgencyAliasFactory(agency=dinkes, alias="Dinas Kes. Kutim", key="dinaskeskutim")
    pupr = AgencyFactory(code="PUPR", short_name="PUPR", name="Dinas Pekerjaan Umum")
    perkim = AgencyFactory(code="PERKIM", short_name="Perkim", name="Dinas Perumahan")
    AgencyFactory(code="LAMA", short_name="Dinas Lama", deactivated=True)
    return dinkes, pupr, perkim


TASK = {
    "title": "Menyampaikan SK Gugus Tugas\n yang terbaru",
    "expected_proof": "SK yang sudah ditandatangani",
    "lead": "dinas kes kutim",
    "supporters-0": "pupr",
    "supporters-1": "",
    "due_on": DUE,
    "due_time": "17.00",
    "basis": "Arahan Bupati, 3 Maret",
    "basis_url": "/rapat/3",
}


def all_of(model=FollowUp):
    query = select(model).order_by(model.id).execution_options(populate_existing=True)
    return db.session.scalars(query).all()


def test_an_action_item_is_sent_at_once_and_once(client, officer, agencies):
    cycle_id = CycleFactory().id
    lead_id = agencies[0].id
    page = client.get_page("/tindak-lanjut/baru")
    token = page.select_one("[name=form_token]")["value"]
    assert len(page.select("datalist option")) == 3
    given = {**TASK, "form_token": token, "tindakan": "kirim"}
    first, again = (client.post("/tindak-lanjut/baru", given) for _ in range(2))
    assert first.status_code == 303, first.get_data(as_text=True)
    assert again.location == first.location
    (made,) = all_of()
    assert first.location == f"/tindak-lanjut/{made.number}"
    assert (made.kind, made.answer_type) == (Kind.ACTION_ITEM, AnswerType.TEXT)
    assert (made.state, made.round_no, made.cycle_id) == (State.ASSIGNED, 1, cycle_id)
    assert made.title == "Menyampaikan SK Gugus Tugas yang terbaru"
    assert made.agency_id == lead_id
    assert clock.local(made.due_at).strftime("%H:%M") == "17:00"
    assert [row.verb for row in all_of(Event)] == ["follow_up_created", "follow_up_dispatched"]
    assert all_of(Event)[0].payload["agency_id"] == lead_id
    assert [row.kind for row in all_of(Notice)] == ["dispatched"]


def test_an_action_item_is_kept_as_a_draft_and_nobody_is_told(client, officer, agencies):
    response = client.post("/tindak-lanjut/baru", {**TASK, "tindakan": "simpan"})
    assert response.status_code == 303
    (made,) = all_of()
    assert (made.state, made.cycle_id) == (State.DRAFT, None)
    assert not all_of(Notice)


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"title": "  "}, ("title", "Tuliskan apa yang diminta.")),
        ({"title": "a" * 501}, ("title", "Paling panjang 500 huruf.")),
        ({"lead": ""}, ("lead", "Tulis nama instansinya.")),
        ({"lead": "Dinas Zebra"}, ("lead", "Tidak ada instansi aktif bernama “Dinas Zebra”")),
        ({"lead": "Dinas Lama"}, ("lead", "Tidak ada instansi aktif")),
        ({"lead": "dinas pe"}, ("lead", "dapat berarti PUPR, Perkim")),
        ({"supporters-0": "zebra"}, ("supporters-0", "Tidak ada instansi aktif")),
        ({"supporters-0": "DINKES"}, ("supporters-0", "sudah menjadi penanggung jawab")),
        ({"due_on": ""}, ("due_on", "Isi batas waktunya.")),
        ({"due_on": "31-02-2030"}, ("due_on", "Tulis tanggalnya")),
        ({"due_on": "2020-01-01"}, ("due_on", "sudah lewat")),
        ({"due_time": "pagi"}, ("due_time", "Tulis jamnya")),
        ({"basis_url": "javascript:alert(1)"}, ("basis_url", "Tautan dimulai dengan https://")),
        ({"basis_url": "//elsewhere.test"}, ("basis_url", "Tautan dimulai dengan https://")),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_everything_is_kept(
    client, officer, agencies, change, at
):
    field, words = at
    given = {**TASK, **change, "tindakan": "kirim", "form_token": "abc"}
    response = client.post("/tindak-lanjut/baru", given)
    assert response.status_code == 422
    page = strict_page(response.get_data(as_text=True))
    assert words in page.select_one(f"#{field}-error").get_text()
    assert page.select_one(f"#error-summary a[href='#{field}']")
    assert page.select_one("[name=basis]").get_text(strip=True) == TASK["basis"]
    assert page.select_one("[name=form_token]")["value"] == "abc"
    for name, value in given.items():
        control = page.select_one(f"input[name='{name}']")
        if control:
            assert control.get("value", "") == value
    assert not all_of()


@pytest.fixture
def draft(agencies):
    return FollowUpFactory(
        draft=True,
        version=0,
        indicator=True,
        agency=agencies[0],
        due_at=clock.end_of_day(clock.today()),
    )


def form_of(client, draft):
    page = client.get_page(f"/tindak-lanjut/{draft.number}/ubah")
    form = page.select_one("main form[method=post]")
    given = {c["name"]: c.get("value", "") for c in form.select("input")}
    given |= {c["name"]: c.get_text().removeprefix("\n") for c in form.select("textarea")}
    given.pop("csrf_token")
    return given


def test_a_draft_changes_in_everything_and_nobody_is_told(client, officer, agencies, draft):
    pupr = agencies[1]
    given = form_of(client, draft) | {
        "title": "Kalimat baru",
        "lead": "PUPR",
        "supporters-0": "Perkim",
        "supporters-1": "Dinkes",
        "due_on": DUE,
    }
    response = client.post(f"/tindak-lanjut/{draft.number}/ubah", given)
    assert response.status_code == 303, response.get_data(as_text=True)
    (row,) = all_of()
    assert (row.state, row.agency_id, row.title) == (State.DRAFT, pupr.id, "Kalimat baru")
    assert clock.local(row.due_at).date().isoformat() == DUE
    assert "kalimat baru" in row.search_text
    again = form_of(client, row)
    assert (again["supporters-0"], again["supporters-1"]) == ("Dinkes", "Perkim")
    verbs = [event.verb for event in all_of(Event)]
    assert verbs == ["follow_up_edited", "follow_up_reassigned", "follow_up_extended"]
    assert all_of(Event)[0].payload["changed"]["title"][1] == "Kalimat baru"
    assert not all_of(Notice)


def test_a_draft_is_changed_and_sent(client, officer, draft):
    given = form_of(client, draft) | {"due_on": DUE, "tindakan": "kirim"}
    assert client.post(f"/tindak-lanjut/{draft.number}/ubah", given).status_code == 303
    assert all_of()[0].state is State.ASSIGNED
    page = client.get_page(f"/tindak-lanjut/{draft.number}/ubah", status=409)
    assert "sudah dikirim" in page.select_one("main").get_text()


def test_a_draft_that_another_changed_shows_both_and_keeps_what_was_typed(client, officer, draft):
    mine = form_of(client, draft) | {"title": "Kalimat saya", "due_on": DUE}
    theirs = form_of(client, draft) | {"title": "Kalimat mereka", "due_on": DUE}
    assert client.post(f"/tindak-lanjut/{draft.number}/ubah", theirs).status_code == 303
    response = client.post(f"/tindak-lanjut/{draft.number}/ubah", mine)
    assert response.status_code == 409
    page = strict_page(response.get_data(as_text=True))
    assert "Kalimat mereka" in page.select_one("dl.facts").get_text()
    assert page.select_one("[name=title]").get_text(strip=True) == "Kalimat saya"
    mine["edition"] = page.select_one("[name=edition]")["value"]
    assert client.post(f"/tindak-lanjut/{draft.number}/ubah", mine).status_code == 303
    assert all_of()[0].title == "Kalimat saya"


def test_a_question_that_the_other_agency_has_already_is_refused_at_the_field(
    client, officer, agencies, draft
):
    theirs = FollowUpFactory(draft=True, agency=agencies[1])
    same = {"kind": draft.kind, "question_id": draft.question_id, "cycle_id": draft.cycle_id}
    db.session.execute(update(FollowUp).where(FollowUp.id == theirs.id).values(**same))
    db.session.commit()
    given = form_of(client, draft) | {"lead": "PUPR", "due_on": DUE}
    response = client.post(f"/tindak-lanjut/{draft.number}/ubah", given)
    assert response.status_code == 422
    page = strict_page(response.get_data(as_text=True))
    assert "sudah ada pada instansi" in page.select_one("#lead-error").get_text()


def test_only_officers_make_and_change(client, session, draft):
    address = f"/tindak-lanjut/{draft.number}/ubah"
    client.sign_in(UserFactory())
    assert client.get("/tindak-lanjut/baru").status_code == 403
    assert client.get(address).status_code == 403


def test_the_replay_of_what_was_made_here_gives_what_is_stored(client, officer, agencies):
    client.post("/tindak-lanjut/baru", {**TASK, "tindakan": "kirim"})
    client.post("/tindak-lanjut/baru", {**TASK, "tindakan": "simpan"})
    draft = all_of()[1]
    given = form_of(client, draft) | {"lead": "Perkim", "due_time": "08:00", "tindakan": "kirim"}
    number = f"TL-{clock.today().year}-0002"
    assert client.post(f"/tindak-lanjut/{number}/ubah", given).status_code == 303
    assert not list(differences())
