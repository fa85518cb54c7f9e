"""Whatever is typed into any form or address: an answer in Indonesian, never a fault of ours.

The forms are those that the pages of the access ledger show. Nothing here asks for the fixture
`session`: everything happens in the ledger's office.
"""

import json
import logging

import pytest
from flask import url_for

from app.core.db import db
from tests.contracts.ledger import ROWS, client_of, noting_writes, open_office
from tests.factories.accounts import PASSWORD
from tests.support.client import strict_page
from tests.support.forms import post_forms

TYPISTS = ("officer", "lead", "admin", "anonymous")
ENGLISH = ("Not a valid", "Invalid ", "This field", "must be", "Field must")
# What survives a refusal by law: the working copy, and how often something was tried.
KEPT = ("/konsep", "/kirim", "/data-dukung")
COUNTED = "throttles"
# Shown beside what the ledger's pages are not about: what ended, and what one holds.
ELSEWHERE = {
    "accounts.reactivate_user",
    "agencies.reactivate_agency",
    "followups.release",
}
# Its address says of whom it is: without that there is nothing to show.
NAMED_BY_ADDRESS = {"/dokumen/permintaan-data"}
# Shown for what the ledger sends them about, on a page that has no row of its own for that.
SHOWN_ON = {
    "meetings.change_guest": "meetings.invitation",
    "meetings.discard_attendance": "meetings.attendance",
    "meetings.submit_minutes": "meetings.approval",
    "meetings.open_correction": "meetings.approval",
    "meetings.drop_correction": "meetings.approval",
    "meetings.withdraw_action": "meetings.approval",
    "meetings.keep_action": "meetings.approval",
    "meetings.remove_file": "meetings.files",
    "reports.restore_template": "reports.template",
}

NASTY = {
    "nothing": "",
    "blanks": " \t ",
    "long": "x" * 60_000,
    "markup": "\"'><script>alert(1)</script><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE users; -- %_\\",
    "control characters": "a\0b\x1b[2J\x7f\r\nSet-Cookie: a=b",
    "no characters": "\ufffe\U0010ffff\u202egnp.exe\u2028",
    "other digits": "١٢٣",
    "a huge number": "9" * 5_000,
    "just too large": str(2**31),
    "an exponent": "1e999999999",
    "a negative": "-1",
    "no day": "2026-02-30",
    "the last day": "9999-12-31",
    "no time": "24:61",
    "a template": "{{ 7*7 }}{% include 'x' %}${7*7}%s",
    "deep": "[" * 50_000,
    "json": json.dumps({"note": "\ud800", "1": [None]}),
    "another's number": "TL-2026-999999",
}


@pytest.fixture(scope="module")
def office(app):
    with open_office(app) as opened:
        yield opened


@pytest.fixture
def as_if(app, office):
    """Return a function that sends one request as somebody; nothing of it stays."""
    built, connection = office

    def send(actor, path, form=None, **options):
        db.session.remove()
        kept = connection.begin_nested()
        client = client_of(app, built, actor)
        with noting_writes() as wrote:
            if form is None:
                response = client.open(path, **{"method": "GET", **options})
            else:
                response = client.post(path, form, **options)
        db.session.remove()
        kept.rollback()
        return response, wrote

    return send


@pytest.fixture(scope="module")
def forms(app, office):
    """Return one form for each view, with somebody who is shown it: `{action: (actor, form)}`."""
    built, connection = office
    adapter = app.url_map.bind("localhost")
    found = {}
    for row in ROWS:
        shown_on = row.endpoint if row.method == "GET" else SHOWN_ON.get(row.name)
        for actor in TYPISTS:
            is_allowed = row.statuses[actor] == (200 if row.method == "GET" else 303)
            if shown_on is None or not is_allowed:
                continue
            db.session.remove()
            kept = connection.begin_nested()
            client = client_of(app, built, actor)
            address = built.given(row.name, actor).address
            if row.method == "POST":
                [rule] = app.url_map.iter_rules(shown_on)
                address = {name: address[name] for name in rule.arguments}
            path = client.url(shown_on, **address)
            response = client.get(path)
            if response.mimetype == "text/html" and "frame" not in path:
                for form in post_forms(strict_or_empty(response), path):
                    endpoint, _ = adapter.match(form.action.partition("?")[0], "POST")
                    found.setdefault(endpoint, (form.action, (actor, form)))
            db.session.remove()
            kept.rollback()
    return dict(found.values())


@pytest.fixture(scope="module")
def addresses(app, office):
    """Return each row of the ledger with a real address."""
    built, _ = office
    with app.test_request_context():
        return [
            (row, url_for(row.endpoint, **built.given(row.name, "officer").address))
            for row in ROWS
            if row.endpoint != "static"
        ]


@pytest.fixture(scope="module")
def narrowed(app, office, addresses):
    """Return each page, with somebody who sees it and the names that its address may carry."""
    built, connection = office
    found = []
    for row, path in addresses:
        actor = next((who for who in TYPISTS if row.statuses[who] == 200), None)
        if row.method != "GET" or actor is None or row.endpoint.startswith("health"):
            continue
        db.session.remove()
        kept = connection.begin_nested()
        response = client_of(app, built, actor).get(path)
        if response.mimetype == "text/html":
            page = strict_or_empty(response)
            asked = page.select("form:not([method=post]) [name]")
            if asked:
                found.append((actor, path, sorted({control["name"] for control in asked})))
        db.session.remove()
        kept.rollback()
    return found


def strict_or_empty(response):
    html = response.get_data(as_text=True)
    return strict_page(html if "<h1" in html else "<!doctype html><title>x</title><h1>x</h1>")


def check(where, response, wrote):
    """Check an answer to something that was typed."""
    text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
    assert response.status_code < 500, where
    if text:
        strict_page(text)
        assert not [words for words in ENGLISH if words in text], where
        assert "<script>alert" not in text, where
        assert "49" not in text or "{{ 7*7 }}" not in str(where), where
    if response.status_code >= 400 and not where[0].endswith(KEPT):
        assert not [statement for statement in wrote if COUNTED not in statement], where
    assert "Set-Cookie" not in response.headers or "a=b" not in response.headers["Set-Cookie"]


def test_every_post_has_a_form_on_some_page(app, forms):
    adapter = app.url_map.bind("localhost")
    shown = {adapter.match(action.partition("?")[0], "POST")[0] for action in forms}
    posts = {row.endpoint for row in ROWS if row.method == "POST"}
    assert posts - shown == ELSEWHERE


@pytest.mark.parametrize("kind", NASTY)
def test_every_field_at_once(as_if, forms, kind):
    for action, (actor, form) in forms.items():
        sent = dict.fromkeys([*form.fields, *form.typed], NASTY[kind])
        check((action, actor, kind), *as_if(actor, action, sent))


def test_one_field_after_another(as_if, forms):
    kinds = list(NASTY)
    at = 0
    for action, (actor, form) in forms.items():
        for name in form.fields:
            at += 1
            kind = kinds[at % len(kinds)]
            sent = {**form.fields, name: NASTY[kind]}
            check((action, actor, name, kind), *as_if(actor, action, sent))


def test_a_form_without_its_fields(as_if, forms):
    for action, (actor, _) in forms.items():
        check((action, actor), *as_if(actor, action, {}))


def test_fields_that_no_form_has(as_if, forms):
    more = {"role": "admin", "state": "closed", "id": "1", "user_id": "1", "is_admin": "1"}
    for action, (actor, form) in forms.items():
        check((action, actor), *as_if(actor, action, {**more, **form.fields, "x[]": "1"}))


def test_what_was_typed_stays(as_if, forms):
    typed = "Tulisan khas <b>tebal</b> & 'petik'"
    for action, (actor, form) in forms.items():
        texts = [name for name in form.typed if "password" not in name and name != "again"]
        sent = {**form.fields, **dict.fromkeys(texts, typed)}
        response, _ = as_if(actor, action, sent)
        if response.status_code not in (409, 422):
            continue
        page = strict_page(response.get_data(as_text=True))
        kept = {
            (c["name"], (c.get("value") or c.get_text()).strip()) for c in page.select("[name]")
        }
        shown = page.get_text()
        for name in texts:
            assert (name, typed) in kept or typed in shown, (action, name)


def test_bodies_that_are_no_form(as_if, forms):
    bodies = [
        ("application/json", b'{"csrf_token": "x"}'),
        ("multipart/form-data", b"--x\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfea\x00"),
        ("application/x-www-form-urlencoded", b"csrf_token=%ED%A0%80&&&=%00;%zz"),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ]
    for action, (actor, _) in forms.items():
        for content_type, body in bodies:
            options = {"method": "POST", "data": body, "content_type": content_type}
            response, wrote = as_if(actor, action, **options)
            assert response.status_code == 400, (action, content_type)
            assert not wrote


def test_nothing_is_posted_without_its_token(as_if, forms):
    for action, (actor, form) in forms.items():
        for token in ("", "x", "IjEi.abc.def"):
            response, wrote = as_if(actor, action, {**form.fields, "csrf_token": token})
            assert response.status_code == 400, action
            assert not wrote


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "BREW"])
def test_other_methods(as_if, addresses, method):
    for _, path in addresses:
        response, wrote = as_if("officer", path, method=method)
        assert response.status_code < 500, path
        assert not wrote, path
        if method not in ("OPTIONS", "HEAD"):
            assert response.status_code == 405, path


PARTS = [
    "%00",
    "a%00b",
    "%0d%0aSet-Cookie:a=b",
    "-1",
    "0",
    "%D9%A1",
    "9223372036854775808",
    "2147483648",
    "9" * 400,
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "%ED%A0%80",
    "%3Cscript%3Ealert(1)",
    "TL-2026-0000000",
    "TL-%D9%A2%D9%A0%D9%A2%D9%A6-0001",
    "TL-9999-9999999",
    "%E2%80%AE",
    "x" * 5_000,
]


@pytest.mark.parametrize("part", PARTS)
def test_addresses_with_something_else_in_them(app, as_if, part):
    for rule in app.url_map.iter_rules():
        if rule.arguments and rule.endpoint != "static":
            path = "".join(
                part if is_dynamic else text.replace("|", "") for is_dynamic, text in rule._trace
            )
            form = {} if "POST" in rule.methods else None
            response, wrote = as_if("officer", path, form)
            assert response.status_code in (303, 403, 404, 405, 410, 422), path
            assert not wrote, path


NUMBERS = ["999999", "0", "-1", "1e9", "9" * 5_000, "%00", "%D9%A1", "1%27", "", "a", "[]"]


@pytest.mark.parametrize("kind", [*NASTY, *(f"number {n[:9]}" for n in NUMBERS)])
def test_lists_with_anything_in_their_address(as_if, narrowed, kind):
    raw = dict(zip((f"number {n[:9]}" for n in NUMBERS), NUMBERS, strict=True)).get(kind)
    for actor, path, names in narrowed:
        given = dict.fromkeys([*names, "unknown", "hal", "page", "halaman"], NASTY.get(kind, ""))
        query = "&".join(f"{name}={raw}" for name in given) if raw is not None else given
        response, wrote = as_if(actor, path.partition("?")[0], query_string=query)
        is_named = path.partition("?")[0] in NAMED_BY_ADDRESS
        allowed = (200, 303, 404, 422) if is_named else (200, 303, 422)
        assert response.status_code in allowed, (path, kind)
        check((path, actor, kind), response, wrote)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test/",
        "\\/evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "https:evil.test",
        " //evil.test",
        "/%0d%0aLocation: https://evil.test",
        "///evil.test",
    ],
)
def test_nobody_is_sent_elsewhere(as_if, target):
    form = {"login": "lead", "password": PASSWORD, "next": target}
    sent = [
        as_if("anonymous", "/masuk", form),
        as_if("lead", "/masuk", query_string={"next": target}),
    ]
    for response, _ in sent:
        assert response.status_code == 303
        place = response.headers["Location"]
        assert place.startswith("/"), place
        assert not place.startswith(("//", "/\\")), place
        assert "\n" not in place


def test_an_uncaught_error_says_a_number_that_the_log_has(as_if, monkeypatch, caplog):
    def fails(*_arguments, **_options):
        raise ZeroDivisionError("Bu Sari's number")

    monkeypatch.setattr("app.followups.views.detail.load_page", fails)
    with caplog.at_level(logging.ERROR):
        response, wrote = as_if("officer", "/tindak-lanjut/TL-2026-0001")
    assert response.status_code == 500
    assert not wrote
    [record] = [r for r in caplog.records if r.name == "app.core.errors"]
    page = strict_page(response.get_data(as_text=True))
    assert record.reference in page.get_text()
    assert "Sari" not in page.get_text()
