"""Signing in and out, and what an expired sign-in does with what was typed."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from app.accounts.models import Throttle, User
from app.accounts.services import throttle
from app.core import clock
from app.core.db import db
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.client import Client, strict_page


def page_of(response, status):
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return strict_page(response.get_data(as_text=True))


def anew(user):
    db.session.expire_all()
    return db.session.get(User, inspect(user).identity[0])


def is_signed_in(client):
    return client.get("/akun").status_code == 200


def sign_in(client, login, password=PASSWORD, **fields):
    return client.post("/masuk", {"login": login, "password": password, **fields})


def test_a_person_signs_in_by_username_or_by_mail_and_returns_to_the_page(client, app):
    user = UserFactory(username="dinkes", email="dinkes@kutaitimur.test")
    arrival = client.get("/akun?x=1")
    assert arrival.status_code == 303
    page = client.get_page(arrival.location)
    assert page.select_one("input[name=next]")["value"] == "/akun?x=1"
    answer = sign_in(client, " DinKes ", next="/akun?x=1")
    assert (answer.status_code, answer.location) == (303, "/akun?x=1")
    assert is_signed_in(client)
    assert anew(user).last_signed_in_at is not None
    other = Client(app)
    assert sign_in(other, "Dinkes@Kutaitimur.test").location == "/"
    assert is_signed_in(other)


def test_the_session_outlives_the_browser_and_keeps_nothing_of_the_visitor(client):
    UserFactory(username="dinkes")
    with client.browser.session_transaction() as stored:
        stored["planted"] = "by somebody else"
    token = client.csrf_token()
    sign_in(client, "dinkes")
    with client.browser.session_transaction() as stored:
        assert stored.permanent
        assert "planted" not in stored
    assert client.open("/keluar", method="POST", data={"csrf_token": token}).status_code == 400


@pytest.mark.parametrize(
    ("login", "password"),
    [("dinkes", "salah-sekali"), ("tidak-ada", PASSWORD), ("pindah", PASSWORD), ("baru1", "")],
)
def test_a_refused_sign_in_keeps_the_name_and_says_the_same_to_all(client, login, password):
    UserFactory(username="dinkes")
    UserFactory(username="pindah", deactivated=True)
    UserFactory(username="baru1", password_hash=None)
    page = page_of(sign_in(client, login, password or "apa-saja-boleh"), 422)
    assert page.select_one("[role=alert]").get_text() == "Nama pengguna atau sandi tidak cocok."
    assert page.select_one("#login")["value"] == login
    assert not page.select_one("#password").get("value")
    assert not is_signed_in(client)


def test_an_empty_form_says_what_is_missing(client):
    page = page_of(sign_in(client, "", ""), 422)
    assert page.select_one("#login-error").get_text() == "Isi nama pengguna atau surel."
    assert page.select_one("#password-error").get_text() == "Isi sandi."
    assert db.session.scalar(select(Throttle)) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://contoh.test/",
        "//contoh.test/",
        "/\\contoh.test",
        "\\\\contoh.test",
        "/\t/contoh.test",
        "javascript:alert(1)",
        "akun",
        "/" + "a" * 3000,
    ],
)
def test_sign_in_leads_nowhere_else(client, address):
    UserFactory(username="dinkes")
    page = strict_page(client.get("/masuk", query_string={"next": address}).text)
    assert page.select_one("input[name=next]") is None
    assert sign_in(client, "dinkes", next=address).location == "/"
    assert client.get("/masuk", query_string={"next": address}).location == "/"


def test_after_many_failures_even_the_right_password_waits_and_the_page_says_until_when(client):
    UserFactory(username="dinkes")
    for _ in range(throttle.SIGN_IN.tries):
        assert sign_in(client, "dinkes", "salah-sekali").status_code == 422
    page = page_of(sign_in(client, "dinkes"), 429)
    assert "Coba lagi pukul" in page.select_one("[role=alert]").get_text()
    assert page.select_one("#login")["value"] == "dinkes"
    with clock.shifted(timedelta(seconds=throttle.SIGN_IN.seconds)):
        assert sign_in(client, "dinkes").status_code == 303


def test_an_address_is_throttled_whatever_the_names(client, monkeypatch):
    monkeypatch.setattr(throttle, "SIGN_IN_ADDRESS", throttle.Limit("sign_in_address", 2, 900))
    assert [sign_in(client, f"nama{n}", "salah-sekali").status_code for n in range(3)] == [
        422,
        422,
        429,
    ]


def test_an_account_is_throttled_whatever_the_addresses_and_whichever_of_its_names(
    client, app, monkeypatch
):
    monkeypatch.setattr(throttle, "SIGN_IN_ACCOUNT", throttle.Limit("sign_in_account", 3, 3600))
    UserFactory(username="dinkes", email="dinkes@kutaitimur.test")
    UserFactory(username="disdik")

    def guess(number, login, password="salah-sekali"):
        form = {"login": login, "password": password}
        return Client(app).post("/masuk", form, environ_base={"REMOTE_ADDR": f"10.0.0.{number}"})

    assert guess(1, "dinkes", PASSWORD).status_code == 303
    guesses = [guess(n, login) for n, login in enumerate(["dinkes", "dinkes@kutaitimur.test"] * 2)]
    assert [answer.status_code for answer in guesses] == [422, 422, 422, 429]
    page = page_of(guess(9, "dinkes", PASSWORD), 429)
    assert "Coba lagi pukul" in page.select_one("[role=alert]").get_text()
    assert guess(9, "disdik", PASSWORD).status_code == 303
    with clock.shifted(timedelta(hours=1)):
        assert guess(9, "dinkes", PASSWORD).status_code == 303


def test_one_address_alone_locks_nobody_out_elsewhere(client, app):
    UserFactory(username="dinkes")
    for _ in range(throttle.SIGN_IN_ACCOUNT.tries + 5):
        sign_in(client, "dinkes", "salah-sekali")
    assert sign_in(client, "dinkes").status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.9.9.9"}
    form = {"login": "dinkes", "password": PASSWORD}
    assert Client(app).post("/masuk", form, environ_base=elsewhere).status_code == 303


def test_success_uses_nothing_up(client, app):
    UserFactory(username="dinkes")
    for _ in range(throttle.SIGN_IN.tries + 2):
        assert sign_in(Client(app), "dinkes").status_code == 303
    assert set(db.session.scalars(select(Throttle.tries))) == {0}


def test_a_hash_of_older_parameters_is_replaced_at_sign_in(client):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    user = UserFactory(username="dinkes", password_hash=old)
    sign_in(client, "dinkes")
    assert anew(user).password_hash != old
    assert sign_in(client, "dinkes").status_code == 303


def test_signing_out_ends_the_session(client):
    client.sign_in(UserFactory())
    assert client.post("/keluar").location == "/masuk"
    assert not is_signed_in(client)


def test_signing_out_twice_is_no_error(client):
    assert client.post("/keluar").location == "/masuk"


def test_a_later_epoch_ends_the_session(client):
    user = UserFactory()
    client.sign_in(user)
    assert is_signed_in(client)
    anew(user).session_epoch += 1
    db.session.commit()
    assert not is_signed_in(client)


def test_an_expired_fragment_is_told_where_to_sign_in_and_comes_back_to_its_page(client):
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    page = "http://localhost/akun?tab=2"
    for headers in ({"HX-Current-URL": page}, {"Referer": page}):
        answer = client.post("/akun", {"name": "Baru"}, headers={**partial, **headers})
        assert answer.status_code == 401
        assert answer.headers["HX-Redirect"] == "/masuk?next=/akun?tab%3D2"
    elsewhere = {**partial, "HX-Current-URL": "http://contoh.test/x"}
    assert client.get("/akun", headers=elsewhere).headers["HX-Redirect"] == "/masuk"


def test_an_expired_form_comes_through_the_sign_in_with_all_that_was_typed(client):
    user = UserFactory(username="dinkes", name="Nama Lama")
    typed = {
        "name": "Nama Baru\r\n<b>",
        "phone": "0812 3456 7890",
        "again": "rahasia",
        "current_password": "rahasia-sekali",
        "pilihan": ["a", "b"],
    }
    page = page_of(client.post("/akun?x=1", typed), 401)
    fields = [(i["name"], i["value"]) for i in page.select("input[type=hidden]")]
    carried = [(n, v) for n, v in fields if n != "csrf_token"]
    assert ("carried_to", "/akun?x=1") in carried
    assert ("carried:pilihan", "a") in carried
    assert ("carried:pilihan", "b") in carried
    assert "rahasia" not in page.decode()
    data = {}
    for name, value in carried:
        data.setdefault(name, []).append(value)
    refused = page_of(sign_in(client, "dinkes", "salah-sekali", **data), 422)
    assert refused.select_one("input[name='carried:phone']")["value"] == "0812 3456 7890"
    resumed = page_of(sign_in(client, "dinkes", **data), 200)
    form = resumed.select_one("main form")
    assert form["action"] == "/akun?x=1"
    sent = {area["name"]: area.get_text() for area in form.select("textarea")}
    assert "<b>" in sent["name"]
    token = form.select_one("input[name=csrf_token]")["value"]
    saved = client.open("/akun?x=1", method="POST", data={**sent, "csrf_token": token})
    assert saved.status_code in (303, 422)
    email = {"email": anew(user).email}
    saved = client.open("/akun", method="POST", data={**sent, **email, "csrf_token": token})
    assert saved.status_code == 303
    assert anew(user).name == "Nama Baru <b>"


def test_files_of_an_expired_form_are_asked_for_again(client):
    import io

    answer = client.post(
        "/akun",
        {"name": "Nama", "files": (io.BytesIO(b"x"), "tabel.pdf")},
        content_type="multipart/form-data",
    )
    assert "Berkas perlu dipilih lagi" in page_of(answer, 401).get_text()


def test_what_is_carried_goes_nowhere_but_here(client):
    UserFactory(username="dinkes")
    foreign = {"carried_to": "https://contoh.test/curi", "carried:note": "isi"}
    assert sign_in(client, "dinkes", **foreign).location == "/"
