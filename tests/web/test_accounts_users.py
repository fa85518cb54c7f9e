"""Looking after the accounts of others."""

import re

import pytest
from sqlalchemy import inspect, select

from app.accounts import services
from app.accounts.models import User
from app.accounts.permissions import Role
from app.accounts.views.presenting import timeline_of
from app.core.actor import SYSTEM
from app.core.db import db
from app.core.errors import InvalidInput, NotPermitted
from app.core.write import write
from app.history.models import Event
from app.notifications.models import Notice
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.client import Client, strict_page
from tests.support.queries import query_budget

NEW = {
    "username": "dinkes",
    "name": "dr. Budi Santoso, M.Kes.",
    "email": "budi@kutaitimur.test",
    "role": "agency",
    "means": "invitation",
}
TWICE = {"password": "perahu-di-mahakam-7", "again": "perahu-di-mahakam-7"}


@pytest.fixture
def admin(client):
    UserFactory(username="admin", name="Admin Satu", admin=True)
    return client.sign_in(named("admin"))


@pytest.fixture
def officer(client):
    UserFactory(username="petugas1", name="Sari Wulandari, S.Sos.", officer=True)
    return client.sign_in(named("petugas1"))


def named(username):
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.username == username)).one()


def page_of(response, status):
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return strict_page(response.get_data(as_text=True))


def verbs_of(username):
    user = named(username)
    found = select(Event.verb).where(Event.user_id == user.id).order_by(Event.id)
    return list(db.session.scalars(found))


def names_in(page):
    return [link.get_text() for link in page.select("table.rows td.main a")]


def code_on(page):
    return page.select_one(".tiles b").get_text()


def test_an_account_is_made_with_an_invitation(admin):
    page = admin.get_page("/pengguna/baru")
    assert page.select_one("input[name=role][value=agency]").has_attr("checked")
    answer = admin.post("/pengguna/baru", NEW)
    assert (answer.status_code, answer.location) == (303, "/pengguna/dinkes")
    page = admin.get_page("/pengguna/dinkes")
    assert "Undangan dikirim ke budi@kutaitimur.test" in page.select_one("#flash").get_text()
    assert verbs_of("dinkes") == ["user_created", "user_invited"]
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.kind, notice.audience_ids) == ("invitation", {"user_id": named("dinkes").id})


def test_an_account_without_mail_gets_a_code_shown_once(admin, app, caplog):
    data = {**NEW, "email": "", "means": "code"}
    answer = admin.post("/pengguna/baru", data)
    assert answer.headers["Cache-Control"] == "no-store"
    code = code_on(page_of(answer, 200))
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
    assert code not in caplog.text
    assert code not in admin.get("/pengguna/dinkes").text
    assert not [event for event in db.session.scalars(select(Event)) if code in str(event.payload)]
    assert verbs_of("dinkes") == ["user_created", "code_issued"]
    typed = {"username": "dinkes", "code": code, **TWICE}
    assert Client(app).post("/kode", typed).status_code == 303


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "ab"}, "username"),
        ({"username": "Dinas Kesehatan"}, "username"),
        ({"username": "baru"}, "username"),
        ({"username": "../admin"}, "username"),
        ({"username": "admin"}, "username"),
        ({"email": "admin@kutaitimur.test"}, "email"),
        ({"email": "bukan surel"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": ""}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"phone": "telepon saya"}, "phone"),
        ({"role": "raja"}, "role"),
    ],
)
def test_what_is_wrong_is_said_on_its_field_and_nothing_is_made(admin, change, field):
    page = page_of(admin.post("/pengguna/baru", {**NEW, **change}), 422)
    assert page.select_one(f"#{field}-error").get_text().strip()
    assert page.select_one("#error-summary")
    assert page.select_one("#username")["value"] == {**NEW, **change}["username"]
    assert len(db.session.scalars(select(User)).all()) == 1


def test_officers_make_accounts_of_agencies_and_no_others(session):
    from app.accounts.actors import actor_of

    officer = actor_of(UserFactory(officer=True))
    focal_point = {"username": "dinsos", "name": "Ani"}
    assert services.create_user(officer, role=Role.AGENCY, **focal_point).role is Role.AGENCY
    for role in (Role.OFFICER, Role.LEADER, Role.ADMIN):
        with pytest.raises(NotPermitted):
            services.create_user(officer, username="lain", name="Ani", role=role)
    nobody = actor_of(UserFactory(agency=True))
    with pytest.raises(NotPermitted):
        services.create_user(nobody, username="lain", name="Ani", role=Role.AGENCY)


def test_a_lost_race_for_a_name_is_a_fields_error(session, monkeypatch):
    UserFactory(username="dinkes", email="budi@kutaitimur.test")
    monkeypatch.setattr("app.accounts.queries.is_taken", lambda *_, **__: False)
    for username, email, field in [("dinkes", None, "username"), ("lain", NEW["email"], "email")]:
        with pytest.raises(InvalidInput) as refusal, write():
            services.create_user(
                SYSTEM, username=username, name="Budi", role=Role.AGENCY, email=email
            )
        assert refusal.value.field == field


def test_the_list_is_searched_narrowed_sorted_and_paged(admin):
    UserFactory(
        username="dinkes", name="Budi Santoso", position="Kasi Data", last_signed_in_at=now()
    )
    UserFactory(username="dinsos", name="Citra 100%", without_mail=True)
    UserFactory(username="sekda", name="Dewi", leader=True, deactivated=True)
    assert names_in(admin.get_page("/pengguna")) == [
        "Admin Satu",
        "Budi Santoso",
        "Citra 100%",
        "Dewi",
    ]
    assert names_in(admin.get_page("/pengguna?sort=-name"))[0] == "Dewi"
    assert names_in(admin.get_page("/pengguna?sort=last_signed_in_at"))[0] == "Budi Santoso"
    for query, found in [
        ("q=budi", ["Budi Santoso"]),
        ("q=BUDI+data", ["Budi Santoso"]),
        ("q=100%25", ["Citra 100%"]),
        ("q=_", []),
        ("role=leader", ["Dewi"]),
        ("status=no_mail", ["Citra 100%"]),
        ("status=never_signed_in", ["Admin Satu", "Citra 100%"]),
        ("status=deactivated", ["Dewi"]),
        ("status=active&role=agency", ["Budi Santoso", "Citra 100%"]),
        (
            "role=raja&status=x&sort=zzz&page=-1",
            ["Admin Satu", "Budi Santoso", "Citra 100%", "Dewi"],
        ),
    ]:
        assert names_in(admin.get_page(f"/pengguna?{query}")) == found, query
    cells = admin.get_page("/pengguna?q=budi").select("td[data-label=Surel]")
    assert [cell.get_text() for cell in cells] == ["dinkes@kutaitimur.test"]
    empty = admin.get_page("/pengguna?q=tidak-ada")
    assert empty.select_one(".empty a")["href"] == "/pengguna"
    tiles = {tile["href"]: tile.b.get_text() for tile in empty.select(".tiles a")}
    assert tiles["/pengguna?status=no_mail"] == "1"


def test_a_long_list_has_pages_and_keeps_its_filter(admin):
    for _ in range(55):
        UserFactory(agency=True)
    with query_budget(6):
        page = admin.get_page("/pengguna?role=agency")
    assert len(names_in(page)) == 50
    follow = page.select_one("a[rel=next]")["href"]
    assert "role=agency" in follow
    assert len(names_in(admin.get_page(follow))) == 5
    assert len(names_in(admin.get_page("/pengguna?role=agency&page=999"))) == 5


def test_an_account_is_changed_and_its_history_says_what(admin):
    UserFactory(username="dinkes", name="Budi")
    page = admin.get_page("/pengguna/dinkes/ubah")
    assert page.select_one("input[name=role][value=agency]").has_attr("checked")
    data = {"name": "Budi Santoso", "position": "Kasi", "email": NEW["email"], "role": "leader"}
    assert admin.post("/pengguna/dinkes/ubah", data).location == "/pengguna/dinkes"
    user = named("dinkes")
    assert (user.name, user.role, user.email) == ("Budi Santoso", Role.LEADER, NEW["email"])
    assert verbs_of("dinkes") == ["user_role_changed", "user_changed"]
    timeline = admin.get_page("/pengguna/dinkes").select_one(".timeline").get_text(" ")
    assert "Pengguna instansi menjadi Pimpinan" in timeline
    assert "Admin Satu, Administrator" in timeline
    assert "surel" in timeline


def test_a_new_role_ends_the_sessions(admin, app):
    UserFactory(username="dinkes")
    browser = Client(app).sign_in(named("dinkes"))
    assert browser.get("/akun").status_code == 200
    same = {"name": "Budi", "email": named("dinkes").email, "role": "agency"}
    admin.post("/pengguna/dinkes/ubah", same)
    assert browser.get("/akun").status_code == 200
    admin.post("/pengguna/dinkes/ubah", {**same, "role": "officer"})
    assert browser.get("/akun").status_code == 303


def test_who_was_invited_to_a_wrong_address_is_invited_anew(admin):
    admin.post("/pengguna/baru", NEW)
    admin.post("/pengguna/dinkes/ubah", {**NEW, "email": "benar@kutaitimur.test"})
    assert verbs_of("dinkes")[-2:] == ["user_changed", "user_invited"]


def test_a_refused_change_keeps_what_was_typed(admin):
    UserFactory(username="dinkes")
    data = {"name": "Budi", "email": "admin@kutaitimur.test", "role": "agency"}
    page = page_of(admin.post("/pengguna/dinkes/ubah", data), 422)
    assert page.select_one("#email-error")
    assert page.select_one("#name")["value"] == "Budi"
    page_of(admin.post("/pengguna/dinkes/ubah", {**data, "name": ""}), 422)


def test_deactivating_ends_sessions_at_once_and_can_be_taken_back(admin, app):
    UserFactory(username="dinkes")
    browser = Client(app).sign_in(named("dinkes"))
    assert admin.post("/pengguna/dinkes/nonaktifkan").status_code == 303
    assert browser.get("/akun").status_code == 303
    sign_in = {"login": "dinkes", "password": PASSWORD}
    assert Client(app).post("/masuk", sign_in).status_code == 422
    page = admin.get_page("/pengguna/dinkes")
    assert "nonaktif sejak" in page.select_one("main > .stack > .notice").get_text()
    assert admin.post("/pengguna/dinkes/aktifkan").status_code == 303
    assert browser.get("/akun").status_code == 303
    assert Client(app).post("/masuk", sign_in).status_code == 303
    assert verbs_of("dinkes") == ["user_deactivated", "user_reactivated"]


def test_nobody_ends_itself_and_one_admin_remains(admin, app):
    assert admin.post("/pengguna/admin/nonaktifkan").status_code == 403
    assert not admin.get_page("/pengguna/admin").select("form[action$=nonaktifkan]")
    data = {"name": "Admin", "email": "admin@kutaitimur.test", "role": "officer"}
    assert admin.post("/pengguna/admin/ubah", data).status_code == 422
    UserFactory(username="admin2", admin=True)
    assert admin.post("/pengguna/admin2/nonaktifkan").status_code == 303


def test_the_last_admin_is_kept_whoever_asks(session):
    UserFactory(username="admin", admin=True)
    from app.accounts.actors import actor_of

    other = actor_of(UserFactory(username="admin2", admin=True))
    services.deactivate(other, "admin")
    services.reactivate(other, "admin")
    named("admin2").deactivated_at = now()
    db.session.commit()
    with pytest.raises(InvalidInput):
        services.deactivate(other, "admin")
    with pytest.raises(InvalidInput):
        services.update_user(
            other, "admin", name="A", role=Role.LEADER, position=None, email=None, phone=None
        )


@pytest.mark.parametrize(
    ("username", "status"),
    [("dinkes", 200), ("sekda", 403), ("petugas2", 403), ("admin", 403), ("pindah", 403)],
)
def test_an_officer_reads_codes_out_to_agencies_alone(officer, username, status):
    UserFactory(username="dinkes")
    UserFactory(username="pindah", deactivated=True)
    UserFactory(username="sekda", leader=True)
    UserFactory(username="petugas2", officer=True)
    UserFactory(username="admin", admin=True)
    page = officer.get_page(f"/pengguna/{username}")
    assert bool(page.select("form[action$='/kode']")) == (status == 200)
    assert officer.post(f"/pengguna/{username}/kode").status_code == status
    assert bool(named(username).code_hash) == (status == 200)


def test_an_admin_reads_codes_out_to_all_but_itself(admin):
    UserFactory(username="sekda", leader=True)
    UserFactory(username="admin2", admin=True)
    assert admin.post("/pengguna/sekda/kode").status_code == 200
    assert admin.post("/pengguna/admin2/kode").status_code == 200
    assert admin.post("/pengguna/admin/kode").status_code == 403


def test_an_invitation_is_sent_again_while_no_password_was_chosen(officer):
    UserFactory(username="dinkes", password_hash=None)
    UserFactory(username="dinsos")
    assert officer.get_page("/pengguna/dinkes").select("form[action$=undangan]")
    assert officer.post("/pengguna/dinkes/undangan").status_code == 303
    assert officer.post("/pengguna/dinsos/undangan").status_code == 403


def test_officers_read_accounts_and_change_none(officer):
    UserFactory(username="dinkes")
    page = officer.get_page("/pengguna")
    assert not page.select("a[href='/pengguna/baru']")
    assert officer.get("/pengguna/baru").status_code == 403
    for path in ("baru", "dinkes/ubah", "dinkes/nonaktifkan", "dinkes/aktifkan"):
        assert officer.post(f"/pengguna/{path}", NEW).status_code == 403


@pytest.mark.parametrize("trait", ["agency", "leader"])
def test_others_see_no_accounts_but_their_own(client, trait):
    client.sign_in(UserFactory(username="saya", **{trait: True}))
    for path in ("/pengguna", "/pengguna/saya", "/pengguna/saya/ubah", "/pengguna/baru"):
        assert client.get(path).status_code == 403
    client.get_page("/akun")


def test_an_unknown_account_is_not_found(admin):
    admin.get_page("/pengguna/tidak-ada", status=404)
    assert admin.post("/pengguna/tidak-ada/kode").status_code == 404
    assert admin.post("/pengguna/tidak-ada/ubah", NEW).status_code == 404


def test_every_event_of_an_account_has_its_words(session):
    from app.accounts.labels import EVENT_TITLES, MEANS_LABELS

    user = UserFactory()
    payloads = {
        "user_role_changed": {"role_before": "agency", "role": "admin"},
        "user_changed": {"fields": ["email", "name", "phone", "position"]},
        "password_changed": {"means": next(iter(MEANS_LABELS))},
    }
    for verb in EVENT_TITLES:
        event = Event(
            verb=verb, at=now(), actor_name="A", actor_duty="", payload=payloads.get(verb, {})
        )
        event.user_id = inspect(user).identity[0]
        assert timeline_of([event])[0]["title"]


def now():
    from app.core import clock

    return clock.now()
