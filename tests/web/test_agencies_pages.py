"""The pages of agencies: who sees them, what they change, and what they refuse."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.agencies import queries
from app.agencies.models import Agency, Duty, Membership
from app.history.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.support.client import strict_page

DATA = Path(__file__).parents[2] / "app/demo/data/agencies.yaml"
FORM = {
    "name": "Dinas Kesehatan",
    "short_name": "Dinkes",
    "category": "opd",
    "kind": "perangkat_daerah",
    "parent": "",
    "aliases": "Dinas Sehat\nDINAS SEHAT.\n\n-",
}


@pytest.fixture
def officer(client):
    return client.sign_in(UserFactory(officer=True))


@pytest.fixture
def dinkes(session):
    return AgencyFactory(code="DINKES", name="Dinas Kesehatan", short_name="Dinkes")


def page_of(response, status):
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return strict_page(response.get_data(as_text=True))


def events(session) -> list[str]:
    return list(session.scalars(select(Event.verb).order_by(Event.id)))


@pytest.mark.parametrize(
    ("role", "reads", "manages"),
    [("officer", 200, 200), ("admin", 200, 200), ("leader", 200, 403), ("agency", 403, 403)],
)
def test_who_reads_and_who_manages(client, dinkes, role, reads, manages):
    client.sign_in(UserFactory(**{role: True}))
    for path in ("/instansi", "/instansi/DINKES"):
        client.get_page(path, status=reads)
    for path in ("/instansi/baru", "/instansi/impor", "/instansi/DINKES/ubah",
                 "/instansi/DINKES/anggota/baru", "/instansi/DINKES/anggota/tambah"):  # fmt: skip
        client.get_page(path, status=manages)
    if manages == 403:
        for path in ("/instansi/baru", "/instansi/impor", "/instansi/DINKES/nonaktifkan"):
            assert client.post(path, FORM).status_code == 403


def test_an_empty_list_says_what_would_fill_it(officer):
    page = officer.get_page("/instansi")
    assert page.select_one(".empty a")["href"] == "/instansi/impor"


def test_the_list_finds_any_spelling(officer, session):
    officer.post("/instansi/baru", {**FORM, "code": "dinkes"})
    AgencyFactory(code="PUPR")
    for words in ("dinas sehat", "DINAS-SEHAT", "dinkes"):
        page = officer.get_page(f"/instansi?q={words}")
        assert [a.get_text() for a in page.select("td.main a")] == ["Dinkes"]
    assert officer.get_page("/instansi?q=%00tidak%25").select_one(".empty")


def test_the_list_narrows_to_who_cannot_be_reached(officer, dinkes):
    MembershipFactory(agency=dinkes, user=UserFactory(without_mail=True))
    AgencyFactory(code="NOBODY", short_name="Nobody")
    MembershipFactory(agency=AgencyFactory(code="PUPR"))

    def shown(missing):
        page = officer.get_page(f"/instansi?missing={missing}&sort=-focal_points")
        return [a.get_text() for a in page.select("td.main a")]

    assert shown("narahubung") == ["Nobody"]
    assert shown("surel") == ["Dinkes"]
    assert len(shown("")) == 3


def test_an_agency_is_added_with_each_spelling_once(officer, session):
    response = officer.post("/instansi/baru", {**FORM, "code": "dinkes"})
    assert response.location == "/instansi/DINKES"
    agency = queries.get_by_code("DINKES")
    assert [alias.alias for alias in agency.aliases] == ["Dinas Sehat"]
    assert events(session) == ["agency_added"]
    assert "Belum ada narahubung" in officer.get_page("/instansi/DINKES").get_text()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "a-b"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "PUPR"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "!!!"}, "name"),
        ({"short_name": "P.U.P.R"}, "short_name"),
        ({"aliases": "Sehat\npupr"}, "aliases"),
        ({"kind": "kabinet"}, "kind"),
        ({"category": "x"}, "category"),
        ({"parent": "TIDAKADA"}, "parent"),
    ],
)
def test_what_cannot_be_used_stands_at_its_field_and_stays_typed(officer, session, change, field):
    AgencyFactory(code="PUPR", name="Pekerjaan Umum", short_name="PUPR")
    page = page_of(officer.post("/instansi/baru", {**FORM, "code": "DINKES", **change}), 422)
    assert page.select_one(f"#{field}-error")
    assert page.select_one("#aliases").get_text().strip() != ""
    assert session.scalar(select(func.count()).select_from(Agency)) == 1


def test_a_change_is_an_event_with_what_changed(officer, session, dinkes):
    page = officer.get_page("/instansi/DINKES/ubah")
    seen = page.select_one("input[name=seen]")["value"]
    officer.post("/instansi/DINKES/ubah", {**FORM, "name": "Dinas Sehat Sekali", "seen": seen})
    event = session.scalar(select(Event))
    assert event.payload["fields"]["Nama"] == ["Dinas Kesehatan", "Dinas Sehat Sekali"]
    assert "Dinas Sehat Sekali" in officer.get_page("/instansi/DINKES").h1.get_text()


def test_a_form_that_is_behind_is_409_and_keeps_what_was_typed(officer, session, dinkes):
    seen = officer.get_page("/instansi/DINKES/ubah").select_one("input[name=seen]")["value"]
    officer.post("/instansi/DINKES/ubah", {**FORM, "name": "Nama Pertama", "seen": seen})
    late = {**FORM, "name": "Nama Kedua", "seen": seen}
    page = page_of(officer.post("/instansi/DINKES/ubah", late), 409)
    assert page.select_one("#name")["value"] == "Nama Kedua"
    assert "Nama Pertama" in page.select_one("form.panel .notice").get_text()
    again = {**late, "seen": page.select_one("input[name=seen]")["value"]}
    assert officer.post("/instansi/DINKES/ubah", again).status_code == 303
    assert queries.get_by_code("DINKES").name == "Nama Kedua"


def test_an_agency_is_ended_with_a_reason_and_comes_back(officer, session, dinkes):
    for reason in ("", " ", "x" * 501):
        page = page_of(officer.post("/instansi/DINKES/nonaktifkan", {"reason": reason}), 422)
        assert page.select_one("details[open] #reason[aria-invalid=true]")
        assert page.select_one("details[open] .errors")
        assert page.h1.get_text(strip=True) == "Dinas Kesehatan"
    assert events(session) == []
    for _ in range(2):  # two people at once end it once
        officer.post("/instansi/DINKES/nonaktifkan", {"reason": "Digabung."})
    assert "tidak aktif" in officer.get_page("/instansi/DINKES").get_text()
    assert not queries.active_agencies()
    officer.post("/instansi/DINKES/aktifkan")
    assert events(session) == ["agency_deactivated", "agency_reactivated"]


def test_an_unknown_agency_is_404(officer):
    officer.get_page("/instansi/TIDAKADA", status=404)
    assert officer.post("/instansi/TIDAKADA/aktifkan").status_code == 404


def test_a_person_with_an_account_is_given_a_duty_once(officer, session, dinkes):
    UserFactory(username="budi")
    path = "/instansi/DINKES/anggota/tambah"
    assert officer.post(path, {"user": "budi", "duty": "deputy"}).status_code == 303
    page_of(officer.post(path, {"user": "budi", "duty": "deputy"}), 422)
    membership = session.scalar(select(Membership))
    assert membership.duty is Duty.DEPUTY
    assert events(session) == ["membership_started"]


def test_leaders_and_unknown_people_represent_no_agency(officer, session, dinkes):
    UserFactory(username="sekda", leader=True)
    for username in ("sekda", "hantu", ""):
        data = {"user": username, "duty": "focal_point"}
        assert officer.post("/instansi/DINKES/anggota/tambah", data).status_code == 422
    assert session.scalar(select(Membership)) is None


def test_a_new_person_is_invited_or_let_in_by_code(officer, session, dinkes):
    agency_id = dinkes.id
    new = {
        "name": "Budi, S.E.",
        "username": "budi",
        "duty": "focal_point",
        "position": "",
        "phone": "",
    }
    path = "/instansi/DINKES/anggota/baru"
    refused = page_of(officer.post(path, {**new, "email": "", "means": "invitation"}), 422)
    assert refused.select_one("#email-error")
    assert session.scalar(select(User).where(User.username == "budi")) is None
    page = page_of(officer.post(path, {**new, "email": "", "means": "code"}), 200)
    assert "Kode untuk Budi" in page.h1.get_text()
    other = {**new, "username": "sri", "email": "sri@kutaitimur.test", "means": "invitation"}
    assert officer.post(path, other).status_code == 303
    assert [row.user_id for row in queries.agency_team({"agency_id": agency_id})] == list(
        session.scalars(select(User.id).where(User.username.in_(["budi", "sri"])).order_by(User.id))
    )


def test_a_duty_changes_and_ends_with_a_handover(officer, session, dinkes):
    agency_id = dinkes.id
    member_id = MembershipFactory(agency=dinkes).id
    path = f"/instansi/DINKES/anggota/{member_id}"
    assert officer.post(f"{path}/tugas", {f"m{member_id}-duty": "head"}).status_code == 303
    assert not queries.agency_team({"agency_id": agency_id})
    officer.post(f"{path}/akhiri", {f"e{member_id}-note": "Berkas ada di lemari."})
    assert events(session) == ["membership_changed", "membership_ended"]
    assert "Berkas ada di lemari." in officer.get_page("/instansi/DINKES").get_text()
    assert officer.post(f"{path}/akhiri", {}).status_code == 404


def test_the_team_is_who_answers_today(session, dinkes):
    kept = MembershipFactory(agency=dinkes).user_id
    MembershipFactory(agency=dinkes, head=True)
    MembershipFactory(agency=dinkes, contributor=True)
    MembershipFactory(agency=dinkes, ended=True)
    MembershipFactory(agency=dinkes, user=UserFactory(deactivated=True))
    assert [person.user_id for person in queries.agency_team({"agency_id": dinkes.id})] == [kept]


def test_an_import_is_looked_at_and_then_confirmed(officer, session):
    with DATA.open("rb") as file:
        page = page_of(officer.post("/instansi/impor", {"file": (file, "a.yaml")}), 200)
    assert session.scalar(select(func.count()).select_from(Agency)) == 0
    assert "Instansi: 79 ditambahkan" in page.get_text()
    form = page.select_one("input[name=content]").find_parent("form")
    fields = {tag["name"]: tag["value"] for tag in form.select("input[type=hidden]")}
    assert officer.post("/instansi/impor", fields).location == "/instansi"
    assert session.scalar(select(func.count()).select_from(Agency)) == 79
    again = page_of(officer.post("/instansi/impor", {**fields, "confirmed": ""}), 200)
    assert "Tidak ada yang berubah" in again.get_text()


def test_a_bad_import_lists_its_faults_and_writes_nothing(officer, session):
    data = {"content": "agencies:\n- {code: a}", "confirmed": "1"}
    page = page_of(officer.post("/instansi/impor", data), 422)
    assert "agencies[0].code" in [cell.get_text() for cell in page.select("td.main")]
    assert not page.select("input[name=confirmed]")
    assert session.scalar(select(func.count()).select_from(Agency)) == 0
    assert page_of(officer.post("/instansi/impor", {}), 422).select_one("#file-error")
