"""What every page owes, held on each page that the access ledger's requests brought back."""

import re
from urllib.parse import urlsplit

import pytest

from app.core.security import CONTENT_SECURITY_POLICY
from tests.contracts.ledger import ROWS
from tests.contracts.test_htmx import ALLOWED
from tests.support.client import strict_page

# Answers whose HTML is no page of ours: a mail, shown in a frame that may do nothing.
FOREIGN = {"notifications.mail_html"}
HANDLER = re.compile(r"on[a-z]+")


@pytest.fixture(scope="module")
def pages(visits):
    """Return each different page that came back, parsed strictly, with its visit."""
    seen = {}
    for visit in visits:
        if visit.is_page and visit.row.endpoint not in FOREIGN:
            seen.setdefault(visit.body, visit)
    return [(visit, strict_page(body)) for body, visit in seen.items()]


def places(pages, found):
    """Return where something was found, to be read in a failure."""
    return sorted(
        {
            (visit.row.name, visit.actor, str(tag)[:160])
            for visit, page in pages
            for tag in found(page)
        }
    )


def test_the_ledger_sees_every_page(pages):
    shown = {visit.row.endpoint for visit, _ in pages}
    answers = {row.endpoint for row in ROWS if row.method == "GET"}
    downloads = {"static", "health.live", "health.ready", "reports.follow_ups_xlsx"}
    documents = {row.endpoint for row in ROWS if row.endpoint.startswith("reports.")} - {
        "reports.documents",
        "reports.edit_letterhead",
        "reports.template",
        "reports.new_data_request",
    }
    files = {"followups.open_evidence", "meetings.calendar_by_link", *FOREIGN}
    assert answers - downloads - documents - files <= shown


def test_nothing_inline_and_nothing_foreign(pages):
    def inline(page):
        yield from page.select("style, script:not([src]), [style], iframe[srcdoc]")
        yield from (tag for tag in page.select("*") if any(map(HANDLER.fullmatch, tag.attrs)))

    def foreign(page):
        for tag in page.select("[src], link[href], form[action], [formaction]"):
            for name in ("src", "href", "action", "formaction"):
                parts = urlsplit(tag.get(name, ""))
                if parts.scheme or parts.netloc:
                    yield tag

    assert not places(pages, inline)
    assert not places(pages, foreign)


def test_only_attributes_of_htmx_4(pages):
    def unknown(page):
        for tag in page.select("*"):
            used = {name.partition(":")[0] for name in tag.attrs if name.startswith("hx-")}
            if used - ALLOWED:
                yield tag

    assert not places(pages, unknown)


def test_what_htmx_does_a_plain_page_does_too(pages):
    def without_plain(page):
        plain = {tag["href"].partition("?")[0] for tag in page.select("[href]")}
        plain |= {form.get("action", "") for form in page.select("form:not([method=post])")}
        for tag in page.select("[hx-get]"):
            if tag["hx-get"].partition("?")[0] not in plain:
                yield tag
        for tag in page.select("[hx-post]"):
            form = tag if tag.name == "form" else tag.find_parent("form")
            if form is None or form.get("method") != "post":
                yield tag

    assert not places(pages, without_plain)


def test_what_htmx_swaps_is_on_the_page(pages):
    def without_target(page):
        for tag in page.select('[hx-target^="#"]'):
            if not page.select(tag["hx-target"]):
                yield tag

    assert not places(pages, without_target)


def test_what_points_into_the_page_points_at_something(pages):
    def dangling(page):
        ids = {tag["id"] for tag in page.select("[id]")}
        for tag in page.select('a[href^="#"]'):
            if tag["href"][1:] not in ids:
                yield tag
        for name in ("for", "form", "list", "aria-describedby", "aria-labelledby"):
            for tag in page.select(f"[{name}]"):
                if set(tag[name].split()) - ids:
                    yield tag

    assert not places(pages, dangling)


def test_every_form_says_where_it_goes(app, pages):
    adapter = app.url_map.bind("localhost")

    def nowhere(page):
        for form in page.select("form"):
            method = form.get("method", "get").upper()
            sent = [(form.get("action", ""), method)]
            sent += [
                (button["formaction"], button.get("formmethod", method).upper())
                for button in page.select("[formaction]")
                if button.find_parent("form") is form or button.get("form", "") == form.get("id")
            ]
            for action, how in sent:
                path = urlsplit(action).path
                if path and not adapter.test(path, how):
                    yield form

    assert not places(pages, nowhere)


def test_headers_of_every_answer(visits):
    for visit in visits:
        where = (visit.row.name, visit.actor)
        headers = visit.headers
        assert headers["X-Content-Type-Options"] == "nosniff", where
        assert visit.row.name == "static" or headers["Referrer-Policy"] == "same-origin", where
        assert "Server" not in headers, where
        if visit.row.endpoint in FOREIGN and visit.status == 200:
            assert "sandbox" in headers["Content-Security-Policy"], where
        elif not headers["Content-Type"].startswith("application/pdf"):
            assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, where
        if headers["Content-Type"].startswith("text/html"):
            assert headers["Cache-Control"] == "no-store", where
            assert "HX-Request" in headers["Vary"], where
        elif visit.row.endpoint not in {"static", "health.live", "health.ready"}:
            assert "no-store" in headers["Cache-Control"] or "private" in headers["Cache-Control"]
        if "Location" in headers:
            assert headers["Location"].startswith("/"), where


def test_a_download_is_named_and_is_no_page(visits):
    sent = [
        v for v in visits if v.status == 200 and not v.headers["Content-Type"].startswith("text/")
    ]
    named = [v for v in sent if v.row.endpoint not in {"static", "health.live", "health.ready"}]
    assert named
    for visit in named:
        assert "filename" in visit.headers["Content-Disposition"], visit.row.name
