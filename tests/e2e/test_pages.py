"""Every page of every role: readable to everybody, on a phone, and without JavaScript.

The pages are found by following links from each role's home, one page an endpoint, and by NAMED,
which tells the states that links alone would not show. A page that nobody reaches is reported.
"""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

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

ANYBODY = ("/masuk", "/lupa-sandi", "/lupa-sandi/terkirim", "/kode", "/sandi/salah", "/tidak/ada")
NO_PAGES = {
    "static",
    "health.live",
    "health.ready",
    "followups.open_evidence",
    "notifications.mail_html",
    "reports.follow_ups_xlsx",
}
"""What answers GET with something else than a page of its own."""

SEEN: set[str] = set()
"""Endpoints that this run has looked at."""


class Walk:
    """One person's way through the pages, each endpoint once."""

    def __init__(self, page: Page, app: Flask) -> None:
        self.page = page
        self.addresses = app.url_map.bind("")
        self.axe = Axe()
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
        """Look at a page in every width and return where its links lead."""
        self.page.set_viewport_size({"width": DESK, "height": 800})
        answer = self.page.goto(path)
        assert answer, path
        self._expect(answer.status < 500, path, f"answers {answer.status}")
        SEEN.add(self.endpoint(path))
        self._expect(self.page.locator("h1").count() == 1, path, "not one h1")
        links = self.page.locator("a[href^='/']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        self._listen(path, DESK)
        self.page.set_viewport_size({"width": PHONE, "height": 740})
        self._listen(path, PHONE)
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


@pytest.mark.parametrize("username", ROLES)
def test_every_page_that_a_person_reaches_can_be_read(visit, app, username):
    walk = Walk(visit.person(username), app)
    visit.expected_statuses |= {403, 404, 422}
    walk.everywhere(NAMED.get(username, ()))
    assert not walk.troubles, "\n".join(walk.troubles)


def test_every_page_before_signing_in_can_be_read(visit, app):
    walk = Walk(visit.anybody(), app)
    visit.expected_statuses |= {404, 410}
    for path in ANYBODY:
        walk.visit(path)
    assert not walk.troubles, "\n".join(walk.troubles)


def test_no_page_was_left_out(app):
    """A new page has to be linked from somewhere, or named above."""
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES
    }
    assert pages - SEEN == set()


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
