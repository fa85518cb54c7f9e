"""Every page of every role: readable to everybody, on a phone, and without JavaScript.

The pages are found by following links from each role's home, one page an endpoint, and by NAMED,
which tells the states that links alone would not show. A page that nobody reaches is reported.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import HTTPException

from tests.e2e.conftest import MAIL, Visitors
from tests.support.office import Office

NARROW, PHONE, DESK = 320, 360, 1280
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
VILLAGE = "desa_sumber_sentosa"
ROLES = ("petugas1", "dinkes", "dp3a", "sekda", "admin", "kec_busang", VILLAGE)

STATES = tuple(
    f"/tindak-lanjut?keadaan={state}" for state in ("assigned", "submitted", "returned", "closed")
)
NAMED: dict[str, tuple[str, ...]] = {
    "petugas1": (
        *STATES,
        "/tindak-lanjut?keadaan=draft",
        "/tindak-lanjut?q=tidak-ada-yang-begini",
        "/evaluasi/2026/bagikan/pratinjau",
        "/rapat?q=tidak-ada-yang-begini",
        "/keputusan?q=tidak-ada-yang-begini",
        "/tidak/ada",
    ),
    "dinkes": (
        *STATES,
        "/tindak-lanjut?jenis=action_item",
        "/tindak-lanjut?peran=pendukung",
        "/pengguna",
    ),
    "dp3a": STATES,
}
"""Lists of which the first row is looked at too, and pages that nothing links to."""

BEFORE_SIGNING_IN = (
    "/masuk",
    "/lupa-sandi",
    "/lupa-sandi/terkirim",
    "/kode",
    "/sandi/salah",
    "/tidak/ada",
)
NO_PAGES = {
    "static",
    "health.live",
    "health.ready",
    "followups.open_evidence",
    "meetings.calendar_by_link",
    "meetings.meeting_calendar",
    "meetings.open_file",
    "notifications.mail_calendar",
    "notifications.mail_html",
    "reports.attendance_list",
    "reports.correction_of_one",
    "reports.correction_sheet",
    "reports.data_request",
    "reports.decisions_xlsx",
    "reports.download_template",
    "reports.download_version",
    "reports.follow_ups_xlsx",
    "reports.invitation",
    "reports.logo",
    "reports.meetings_xlsx",
    "reports.minutes",
    "reports.minutes_book",
    "reports.sample",
}
"""What answers GET with something else than a page of its own."""

ANYBODY, AFTER_DISPATCH, THROUGH_MEETINGS = "anybody", "after a dispatch", "through meetings"
WALKS = (*ROLES, ANYBODY, AFTER_DISPATCH, THROUGH_MEETINGS)


class Walk:
    """One person's way through the pages, each endpoint once."""

    def __init__(self, page: Page, app: Flask) -> None:
        self.page = page
        self.addresses = app.url_map.bind("")
        self.axe = Axe()
        self.seen: set[str] = set()
        self.troubles: list[str] = []

    def endpoint(self, path: str) -> str:
        try:
            endpoint, _ = self.addresses.match(urlsplit(path).path, "GET")
        except HTTPException:
            return ""
        return str(endpoint)

    def everywhere(self, named: tuple[str, ...]) -> None:
        """Follow the links from the home, then look at what is named."""
        known = {"dashboard.home"}
        ahead = ["/"]
        while ahead:
            for path in self.visit(ahead.pop(0)):
                endpoint = self.endpoint(path)
                if endpoint and endpoint not in known | NO_PAGES:
                    known.add(endpoint)
                    ahead.append(path)
        for path in named:
            links = self.visit(path)
            first = next((link for link in links if self.endpoint(link) == "followups.detail"), "")
            if first:
                self.visit(first)

    def visit(self, path: str) -> list[str]:
        """Open a page, look at it and return where its links lead."""
        answer = self.page.goto(path)
        assert answer, path
        self._expect(answer.status < 500, path, f"answers {answer.status}")
        return self.look(path)

    def look(self, path: str) -> list[str]:
        """Look at the page that is open, in every width, and return where its links lead."""
        self.seen.add(self.endpoint(path))
        self.page.set_viewport_size({"width": DESK, "height": 800})
        self._expect(self.page.locator("h1").count() == 1, path, "not one h1")
        links = self.page.locator("a[href^='/']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        self._listen(path, DESK)
        self.page.emulate_media(color_scheme="dark")
        self.page.set_viewport_size({"width": PHONE, "height": 740})
        self._listen(path, PHONE)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": NARROW, "height": 740})
        over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self._expect(over <= 0, path, f"{over} px too wide at {NARROW} px")
        return list(links)

    def _listen(self, path: str, width: int) -> None:
        found = self.axe.run(self.page, options=AXE_OPTIONS).response["violations"]
        for violation in found:
            where = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
            self._expect(False, path, f"{violation['id']} at {width} px: {where}")

    def _expect(self, held: bool, path: str, trouble: str) -> None:
        if not held:
            self.troubles.append(f"{path}: {trouble}")


def _dispatch_and_look(walk: Walk) -> None:
    """Send one draft, then look at what came of it and at the mail."""
    page = walk.page
    page.goto("/tindak-lanjut/baru")
    page.locator("#title").fill("Menyampaikan notulen rapat")
    page.locator("#lead").fill("Dinkes")
    page.locator("main button[value=simpan]").click()
    page.wait_for_url("**/tindak-lanjut/TL-*")
    number = page.url.rsplit("/", 1)[-1]
    page.goto("/evaluasi/2026/bagikan/konsep")
    for tick in page.locator("main tbody [type=checkbox]").all():
        tick.uncheck()
    page.locator("tr", has_text=number).get_by_role("checkbox").check()
    page.locator("main .primary").click()
    expect(page.locator("h1")).to_have_text("1 permintaan terkirim")
    walk.look(urlsplit(page.url).path)
    mail = page.locator("main td.main a").first
    for _ in range(MAIL):
        page.goto("/kotak-keluar")
        if mail.count():
            break
        page.wait_for_timeout(1000)
    mail.click()
    walk.look(urlsplit(page.url).path)


def _look_through_meetings(walk: Walk) -> None:
    """Look at what is before a meeting, at its door, and at what is left of an earlier one."""
    page = walk.page
    for title, pages in (
        (
            "Rapat Koordinasi I Gugus",
            ("", "notulen/versi/1", "notulen/versi/2/perbedaan", "berkas"),
        ),
        ("Rapat Koordinasi II Gugus", ("", "notulen", "layar", "pengesahan", "daftar-hadir")),
    ):
        meeting = _meeting(page, title)
        for below in pages:
            walk.visit(f"{meeting}/{below}".rstrip("/"))
    meeting = _meeting(page, "Rapat Koordinasi III Gugus")
    walk.visit(f"{meeting}/undangan/pratinjau")
    page.goto(f"{meeting}/kode-hadir")
    walk.visit("/" + page.locator(".address").inner_text().split("/", 1)[1])
    page.goto(f"{meeting}/undangan")
    page.locator("main td.main a").first.click()
    walk.visit(urlsplit(page.locator("main a", has_text="/undangan/").inner_text()).path)
    page.goto(f"{meeting}/daftar-hadir")
    seat = page.locator(".seat").first
    seat.get_by_role("button", name="Izin").click()
    seat.get_by_role("link").first.click()
    page.wait_for_url("**/daftar-hadir/*")
    walk.look(urlsplit(page.url).path)


def _meeting(page: Page, title: str) -> str:
    page.goto("/rapat")
    return str(page.locator("main td.main a", has_text=title).get_attribute("href"))


class Walks:
    """Each walk once, however many tests ask for it."""

    def __init__(self, visitors: Visitors, app: Flask) -> None:
        self.visitors = visitors
        self.app = app
        self.done: dict[str, Walk] = {}

    def of(self, name: str) -> Walk:
        """Return the walk of a person, of ANYBODY, AFTER_DISPATCH, or THROUGH_MEETINGS."""
        if name not in self.done:
            walk = self.done[name] = Walk(self._page_of(name), self.app)
            if name == AFTER_DISPATCH:
                _dispatch_and_look(walk)
            elif name == THROUGH_MEETINGS:
                _look_through_meetings(walk)
            elif name == ANYBODY:
                for path in BEFORE_SIGNING_IN:
                    walk.visit(path)
            else:
                walk.everywhere(NAMED.get(name, ()))
        return self.done[name]

    def _page_of(self, name: str) -> Page:
        if name == ANYBODY:
            return self.visitors.anybody()
        officers = (AFTER_DISPATCH, THROUGH_MEETINGS)
        return self.visitors.person("petugas1" if name in officers else name)


@pytest.fixture(scope="module")
def walks(browser: Browser, town: Office, app: Flask) -> Iterator[Walks]:
    """Return the walks of this run."""
    visitors = Visitors(browser, town)
    visitors.expected_statuses |= {403, 404, 410, 422}
    yield Walks(visitors, app)
    visitors.leave()
    assert not visitors.troubles, visitors.troubles


@pytest.mark.parametrize("name", WALKS)
def test_every_page_that_a_person_reaches_can_be_read(walks, name):
    assert not walks.of(name).troubles, "\n".join(walks.of(name).troubles)


def test_no_page_was_left_out(walks, app):
    """A new page has to be linked from somewhere, or named above."""
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
    }
    assert pages - set().union(*(walks.of(name).seen for name in WALKS)) == set()


REFUSED = {
    "": ("/masuk", "/lupa-sandi", "/kode"),
    "petugas1": (
        "/tindak-lanjut/baru",
        "/evaluasi/baru",
        "/evaluasi/2026/bagikan",
        "/instansi/baru",
        "/instansi/DINKES/anggota/baru",
        "/instrumen/impor",
        "/dokumen/templat/notulen",
        "/rapat/baru",
    ),
    "admin": ("/pengguna/baru",),
}
"""Forms that are sent with nothing in them."""


@pytest.mark.parametrize("username", REFUSED)
def test_a_refused_form_can_be_read(visit, app, username):
    walk = Walk(visit.person(username) if username else visit.anybody(), app)
    visit.expected_statuses |= {422}
    for path in REFUSED[username]:
        walk.page.goto(path)
        walk.page.locator("main form:has(.primary)").evaluate("form => form.reset()")
        walk.page.locator("main .primary").last.click()
        expect(walk.page.locator("main .errors, main [role=alert]").first).to_be_visible()
        walk.look(path)
    assert not walk.troubles, "\n".join(walk.troubles)


MAIN_ACTIONS = (
    ("petugas1", "/"),
    ("petugas1", "/tindak-lanjut"),
    ("petugas1", "/tindak-lanjut/baru"),
    ("petugas1", "/antrean"),
    ("petugas1", "/evaluasi"),
    ("petugas1", "/evaluasi/2026"),
    ("petugas1", "/evaluasi/2026/bagikan"),
    ("petugas1", "/evaluasi/2026/bagikan/konsep"),
    ("petugas1", "/instansi"),
    ("petugas1", "/rapat"),
    ("petugas1", "/rapat/baru"),
    ("petugas1", "/dokumen"),
    ("petugas1", "/dokumen/kop"),
    ("petugas1", "/instrumen"),
    ("admin", "/pengguna"),
    ("admin", "/instansi/impor"),
)


@pytest.fixture
def without_scripts(visit) -> dict[str, Page]:
    """Return the pages of people whose browsers run no scripts."""
    names = {name for name, _ in MAIN_ACTIONS}
    return {name: visit.person(name, phone=True, javascript=False) for name in names}


def test_the_main_action_is_there_without_javascript(without_scripts):
    missing = []
    for name, path in MAIN_ACTIONS:
        page = without_scripts[name]
        page.goto(path)
        if not page.locator("main .primary").first.is_visible():
            missing.append((name, path))
    assert not missing
