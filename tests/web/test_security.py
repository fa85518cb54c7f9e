"""What every answer owes: headers, compression, and nothing that follows from a forged header."""

import gzip
import hashlib
import io

import brotli
import pytest
from flask import Blueprint, request

from app import create_app
from app.core import once, storage
from app.core.access import public
from app.core.write import write
from tests.support import files, lives
from tests.support.client import Client
from tests.support.database import config_for

bp = Blueprint("probe", __name__)


@bp.get("/whoami")
@public
def whoami():
    return {"ip": request.remote_addr, "scheme": request.scheme, "host": request.host}


@bp.get("/fails")
@public
def fails():
    raise ValueError("Bu Sari's number '0812' is no number")


def office(tmp_path, **changes):
    app = create_app(config_for(tmp_path, f"sqlite:///{tmp_path}/gugus.sqlite3", **changes))
    app.register_blueprint(bp)
    return app


FORWARDED = {
    "X-Forwarded-For": "9.9.9.9, 10.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "gugus.test",
}


def test_without_a_proxy_nobody_says_who_the_visitor_is(tmp_path):
    seen = office(tmp_path).test_client().get("/whoami", headers=FORWARDED).json
    assert seen == {"ip": "127.0.0.1", "scheme": "http", "host": "localhost"}


def test_one_proxy_says_what_it_saw_and_not_what_it_was_told(tmp_path):
    app = office(tmp_path, TRUSTED_PROXIES=1)
    seen = app.test_client().get("/whoami", headers=FORWARDED).json
    assert seen == {"ip": "10.0.0.1", "scheme": "https", "host": "gugus.test"}


@pytest.mark.parametrize("path", ["/", "/tidak-ada"])
def test_a_forged_host_is_nowhere_in_the_answer(client, path):
    response = client.get(path, headers={"Host": "evil.test"})
    assert "evil.test" not in response.get_data(as_text=True)
    assert "evil.test" not in str(response.headers)


def test_a_body_without_a_length_is_refused(client):
    response = client.open("/", method="POST", headers={"Transfer-Encoding": "chunked"})
    assert response.status_code == 411


@pytest.mark.parametrize(
    ("accepted", "unpack"), [("gzip", gzip.decompress), ("gzip, br", brotli.decompress)]
)
def test_pages_are_compressed_as_the_browser_likes_best(client, accepted, unpack):
    plain = client.get("/tidak-ada").get_data()
    response = client.get("/tidak-ada", headers={"Accept-Encoding": accepted})
    assert unpack(response.get_data()) == plain
    assert int(response.headers["Content-Length"]) == len(response.get_data()) < len(plain) * 0.6
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "zstd", "br;q=0, gzip;q=0"])
def test_who_wants_plain_pages_gets_them(client, accepted):
    response = client.get("/tidak-ada", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert "Accept-Encoding" in response.headers["Vary"]


def test_what_is_short_stays_plain(client):
    response = client.get("/health/live", headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in response.headers


def test_a_page_allows_nothing_inline_and_is_kept_by_no_cache(client):
    headers = client.get("/tidak-ada").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_https_is_remembered_where_it_is_used(tmp_path):
    secure = office(tmp_path, PUBLIC_BASE_URL="https://gugus.test")
    assert "Strict-Transport-Security" in secure.test_client().get("/tidak-ada").headers


def test_an_uncaught_error_has_a_number_that_the_log_has_too(tmp_path, caplog):
    response = office(tmp_path).test_client().get("/fails")
    assert response.status_code == 500
    [record] = [record for record in caplog.records if record.name == "app.core.errors"]
    assert record.reference in response.get_data(as_text=True)


def test_a_mark_of_restriction_holds_in_every_round(follow_up_returned, officer, lead, client):
    before, after = (lives.round_of(follow_up_returned, number).evidence[0] for number in (1, 2))
    path = client.url(
        "followups.mark_evidence", number=follow_up_returned.number, evidence_id=after.id
    )
    for restricted in (True, False):
        client.sign_in(officer).post(path, {"restricted": "1" if restricted else "0"})
        assert lives.round_of(follow_up_returned, 1).evidence[0].restricted is restricted
        assert lives.round_of(follow_up_returned, 2).evidence[0].restricted is restricted
    assert before.id != after.id


@pytest.mark.parametrize("url", ["https://a.test/\nBcc: x@y.test", "https://a.test/\u202ecod"])
def test_a_link_is_one_word_that_can_be_read(follow_up_assigned, lead, client, url):
    path = client.url("followups.add_evidence", number=follow_up_assigned.number)
    assert client.sign_in(lead).post(path, {"url-lainnya": url}).status_code == 422
    assert not lives.round_of(follow_up_assigned).evidence


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}]
)
def test_what_another_site_sent_is_not_carried_through_the_sign_in(client, headers):
    fields = {"komentar-words": "Tulisan situs lain."}
    response = client.post("/tindak-lanjut/TL-2026-0001/komentar", fields, headers=headers)
    assert response.status_code == 401
    assert "Tulisan situs lain." not in response.get_data(as_text=True)


@pytest.mark.parametrize("origin", ["http://localhost", "http://gugus.test"])
def test_what_a_page_of_our_own_sent_is_carried(client, origin):
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": origin}
    fields = {"komentar-words": "Tulisan sendiri."}
    response = client.post("/tindak-lanjut/TL-2026-0001/komentar", fields, headers=headers)
    assert "Tulisan sendiri." in response.get_data(as_text=True)


def test_bytes_of_a_stranger_are_not_kept(client, app, follow_up_assigned, leader, other_agency):
    path = client.url("followups.add_evidence", number=follow_up_assigned.number)
    strangers = [(Client(app).sign_in(leader), 403), (Client(app).sign_in(other_agency), 404)]
    for stranger, status in strangers:
        content = files.pdf(f"of a stranger {status}")
        form = {"files-lainnya": (io.BytesIO(content), "surat.pdf")}
        assert stranger.post(path, form).status_code == status
        with app.app_context():
            assert not storage.path_of(hashlib.sha256(content).hexdigest()).exists()


def test_a_form_token_is_its_senders_own(session, officer, other_officer):
    token = "x" * 80
    for user in (officer, other_officer):
        with write():
            actor = lives.actor_of(user)
            assert once.answered_before(token, actor) is None
            once.remember(token, actor, f"/{user.username}")
    assert once.answered_before(token, lives.actor_of(officer)) == f"/{officer.username}"


@pytest.mark.parametrize("path", ["/instansi//DINKES", "/tindak-lanjut//TL-2026-0001", "/./akun"])
def test_no_redirect_names_the_host_that_was_asked_for(client, path):
    response = client.get(path, headers={"Host": "evil.test"})
    assert "evil.test" not in response.headers.get("Location", "")


@pytest.mark.parametrize(("base", "secure"), [("https://gugus.test", True), ("http://x", False)])
def test_the_session_cookie_is_no_scripts_and_follows_the_scheme(tmp_path, base, secure):
    response = office(tmp_path, PUBLIC_BASE_URL=base).test_client().get("/lupa-sandi")
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure
