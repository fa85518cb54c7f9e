"""Choosing a password: by link, by code, and by the current one."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import inspect, select

from app.accounts import services
from app.accounts.messages import LINK_PATH, invitation, password_reset, the_user
from app.accounts.models import User
from app.accounts.services import throttle
from app.accounts.tokens import Purpose, new_link_token
from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db
from app.history.models import Event
from app.notifications.messages import render_letter
from app.notifications.models import Notice
from app.notifications.registry import Recipient, registry
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.client import Client, strict_page

NEW = "perahu-di-mahakam-7"
TWICE = {"password": NEW, "again": NEW}


def verbs(user):
    return list(
        db.session.scalars(select(Event.verb).where(Event.user_id == user.id).order_by(Event.id))
    )


def page_of(response, status):
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return strict_page(response.get_data(as_text=True))


def anew(user):
    db.session.expire_all()
    return db.session.get(User, inspect(user).identity[0])


def can_sign_in(app, user, password):
    data = {"login": anew(user).username, "password": password}
    return Client(app).post("/masuk", data).status_code == 303


def link_of(user, purpose=Purpose.PASSWORD_RESET):
    return LINK_PATH.format(token=new_link_token(user, purpose))


def test_the_path_in_mails_is_the_page(client):
    assert client.url("accounts.choose_by_link", token="t") == LINK_PATH.format(token="t")
    assert client.url("accounts.forgotten") == "/lupa-sandi"


def test_a_request_owes_one_mail_and_answers_the_same_for_nobody(client):
    user = UserFactory(username="dinkes")
    UserFactory(username="tanpa", without_mail=True)
    UserFactory(username="pindah", deactivated=True)
    client.get_page("/lupa-sandi")
    for login in ("DINKES@kutaitimur.test", "tidak-ada", "tanpa", "pindah"):
        answer = client.post("/lupa-sandi", {"login": login})
        assert (answer.status_code, answer.location) == (303, "/lupa-sandi/terkirim")
    client.get_page("/lupa-sandi/terkirim")
    notice = db.session.scalars(select(Notice)).one()
    assert (notice.kind, notice.audience) == ("password_reset", "user")
    assert notice.audience_ids == {"user_id": anew(user).id}
    assert notice.payload == {}
    assert notice.hold_until == notice.created_at


def test_requests_are_throttled(client):
    for _ in range(throttle.RESET.tries):
        assert client.post("/lupa-sandi", {"login": "dinkes"}).status_code == 303
    page = page_of(client.post("/lupa-sandi", {"login": "dinkes"}), 429)
    assert "Coba lagi pukul" in page.select_one("[role=alert]").get_text()


def test_the_mail_carries_the_link_and_its_body_is_confidential(client, session):
    user = UserFactory(username="dinkes")
    recipients = the_user({"user_id": user.id})
    assert [(r.user_id, r.address) for r in recipients] == [(user.id, user.email)]
    for kind in ("password_reset", "invitation"):
        assert registry().kinds[kind].confidential
    letter = render_letter("password_reset", recipients[0], [])
    path = urlsplit(password_reset(recipients[0], [])["link"]).path
    assert "\n" not in letter.subject
    assert "dinkes" in letter.text
    assert "/sandi/" in letter.text
    assert "/sandi/" in letter.html
    client.get_page(path)


def test_an_invitation_is_for_those_who_have_no_password_yet(session):
    invited = UserFactory(password_hash=None)
    known = UserFactory()
    letter = render_letter("invitation", Recipient(invited.id, invited.name, invited.email), [])
    assert "Nama pengguna: " + invited.username in letter.text
    assert invitation(Recipient(known.id, known.name, known.email), []) is None


def test_nobody_who_left_is_mailed(session):
    gone = UserFactory(deactivated=True)
    assert the_user({"user_id": gone.id}) == []
    assert the_user({"user_id": 0}) == []
    assert password_reset(Recipient(gone.id, gone.name, gone.email), []) is None


def test_a_link_sets_a_password_once_and_ends_other_sessions(client, app):
    user = UserFactory()
    elsewhere = Client(app).sign_in(user)
    assert elsewhere.get("/akun").status_code == 200
    link = link_of(user)
    page = client.get_page(link)
    assert user.username in page.main.get_text()
    answer = client.post(link, TWICE)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/akun").status_code == 200
    assert elsewhere.get("/akun").status_code == 303
    assert can_sign_in(app, user, NEW)
    assert not can_sign_in(app, user, PASSWORD)
    assert verbs(user) == ["password_changed"]
    assert page_of(Client(app).post(link, TWICE), 410).h1.get_text() == "Tautan sudah tidak berlaku"
    Client(app).get_page(link, status=410)


@pytest.mark.parametrize(
    ("purpose", "lasts"),
    [(Purpose.PASSWORD_RESET, timedelta(hours=2)), (Purpose.INVITATION, timedelta(days=14))],
)
def test_a_link_ends_with_its_time(client, purpose, lasts):
    link = link_of(UserFactory(), purpose)
    with clock.shifted(lasts - timedelta(minutes=1)):
        client.get_page(link)
    with clock.shifted(lasts + timedelta(seconds=2)):
        client.get_page(link, status=410)
        assert client.post(link, TWICE).status_code == 410


def test_a_forged_link_and_one_of_a_deactivated_person_are_nothing(client):
    user = UserFactory(deactivated=True)
    client.get_page(link_of(user), status=410)
    client.get_page("/sandi/abc.def", status=410)
    client.get_page(link_of(UserFactory())[:-2] + "xx", status=410)


@pytest.mark.parametrize(
    ("password", "again", "field", "says"),
    [
        ("pendek", "pendek", "password", "paling sedikit 10"),
        ("kutaitimur2025", "kutaitimur2025", "password", "sering dipakai"),
        ("Bismillah123", "Bismillah123", "password", "sering dipakai"),
        ("dinas-sosial", "dinas-sosial", "password", "mudah ditebak"),
        ("dinas-sosial@kutaitimur.test",) * 2 + ("password", "mudah ditebak"),
        ("aaaaaaaaaaaaaa",) * 2 + ("password", "mudah ditebak"),
        ("x1y2z3" * 50,) * 2 + ("password", "paling banyak"),
        (NEW, NEW + "x", "again", "tidak sama"),
        ("", "", "password", "Isi sandi baru"),
    ],
)
def test_a_password_that_others_would_guess_is_refused(client, password, again, field, says):
    user = UserFactory(username="dinas-sosial")
    link = link_of(user)
    page = page_of(client.post(link, {"password": password, "again": again}), 422)
    assert says.lower() in page.select_one(f"#{field}-error").get_text().lower()
    client.get_page(link)


def test_a_code_opens_the_account_once(client, app):
    user = UserFactory(username="desa1", without_mail=True, password_hash=None)
    code = services.issue_code(SYSTEM, user)
    db.session.commit()
    assert code.replace("-", "") not in user.code_hash
    client.get_page("/kode?username=desa1")
    typed = {"username": "Desa1", "code": f" {code.lower().replace('-', ' ')} ", **TWICE}
    answer = client.post("/kode", typed)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/akun").status_code == 200
    assert can_sign_in(app, user, NEW)
    assert anew(user).code_hash is None
    page = page_of(Client(app).post("/kode", typed), 422)
    assert "tidak berlaku" in page.select_one("#code-error").get_text()
    assert page.select_one("#username")["value"] == "Desa1"


def test_a_code_ends_after_a_day_and_with_the_next_one(client):
    user = UserFactory(username="desa1")
    first = services.issue_code(SYSTEM, user)
    second = services.issue_code(SYSTEM, user)
    db.session.commit()
    post = {"username": "desa1", **TWICE}
    assert client.post("/kode", {**post, "code": first}).status_code == 422
    with clock.shifted(timedelta(hours=24, seconds=1)):
        assert client.post("/kode", {**post, "code": second}).status_code == 422
    assert client.post("/kode", {**post, "code": second}).status_code == 303


def test_a_refused_password_leaves_the_code_good(client):
    user = UserFactory(username="desa1")
    code = services.issue_code(SYSTEM, user)
    db.session.commit()
    post = {"username": "desa1", "code": code}
    assert client.post("/kode", {**post, "password": "a", "again": "a"}).status_code == 422
    assert client.post("/kode", {**post, **TWICE}).status_code == 303


def test_codes_cannot_be_guessed_at_leisure(client):
    user = UserFactory(username="desa1")
    code = services.issue_code(SYSTEM, user)
    db.session.commit()
    post = {"username": "desa1", **TWICE}
    for n in range(throttle.CODE.tries):
        assert client.post("/kode", {**post, "code": f"AAAA-AA2{n}"}).status_code == 422
    page = page_of(client.post("/kode", {**post, "code": code}), 429)
    assert "Coba lagi pukul" in page.select_one("[role=alert]").get_text()


def test_a_new_password_keeps_this_session_and_ends_the_others(client, app):
    user = UserFactory()
    client.sign_in(user)
    elsewhere = Client(app).sign_in(user)
    answer = client.post("/akun/sandi", {"old_password": PASSWORD, **TWICE})
    assert answer.location == "/akun"
    assert "Sandi sudah diganti" in client.get_page("/akun").select_one("#flash").get_text()
    assert elsewhere.get("/akun").status_code == 303
    assert can_sign_in(app, user, NEW)


def test_the_current_password_is_asked_for_and_throttled(client):
    client.sign_in(UserFactory())
    wrong = {"old_password": "salah-sekali", **TWICE}
    page = page_of(client.post("/akun/sandi", wrong), 422)
    assert "tidak cocok" in page.select_one("#old_password-error").get_text()
    for _ in range(throttle.OWN_PASSWORD.tries - 1):
        client.post("/akun/sandi", wrong)
    assert client.post("/akun/sandi", {**wrong, "old_password": PASSWORD}).status_code == 429


def test_a_person_changes_its_particulars(client):
    user = UserFactory(email="lama@kutaitimur.test")
    client.sign_in(user)
    page = client.get_page("/akun")
    assert page.select_one("#name")["value"] == user.name
    data = {"name": "Dr. Andi  Saputra", "position": "Kasi", "phone": "0812 3456 7890"}
    page = page_of(client.post("/akun", {**data, "email": "baru@kutaitimur.test"}), 422)
    assert page.select_one("#current_password-error")
    assert page.select_one("#email")["value"] == "baru@kutaitimur.test"
    data |= {"email": "BARU@kutaitimur.test", "current_password": PASSWORD}
    assert client.post("/akun", data).status_code == 303
    assert client.get("/akun").status_code == 200
    user = anew(user)
    assert (user.name, user.email) == ("Dr. Andi Saputra", "baru@kutaitimur.test")
    event = db.session.scalars(select(Event).where(Event.user_id == user.id)).one()
    assert event.payload == {"fields": ["email", "name", "phone", "position"]}


def test_a_changed_address_ends_the_links_sent_to_the_old_one(client):
    user = UserFactory()
    link = link_of(user)
    client.sign_in(user)
    data = {"name": user.name, "email": "baru@kutaitimur.test", "current_password": PASSWORD}
    client.post("/akun", data)
    db.session.expire_all()
    client.get_page(link, status=410)
    assert db.session.get(User, user.id).email == "baru@kutaitimur.test"
