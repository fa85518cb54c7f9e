"""A whole office with the demo regency, a real mail server, and a real browser."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.support.database import empty_database
from tests.support.office import Office, free_port, office
from tests.support.smtp import MailServer, mail_server

TEST_DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
PASSWORD = "rahasia-contoh"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
ASKED_OF_DINKES = (
    "/tindak-lanjut?instansi=DINKES&peran=penanggung-jawab&keadaan=assigned&jenis=indicator"
)
TAKEN: set[str] = set()
"""Follow-ups that a test of this run has used: none is used twice."""

PATIENCE = 30_000
"""Milliseconds to wait for a page: a busy machine is slow, not wrong."""

START = 180
"""Seconds to wait for an office that makes its demo regency first."""

MAIL = 60
"""Seconds to wait for a mail."""

SAVED = re.compile(r"tersimpan \d\d\.\d\d")

FLAGS = ("--disable-quic", "--no-first-run", "--disable-background-networking")


def demo_settings(port: int, mail_port: int) -> dict[str, str]:
    """Return the environment of an office with the demo and a mail server."""
    return {
        "PORT": str(port),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "DEMO": "1",
        "DEMO_PASSWORD": PASSWORD,
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DEFAULT_SENDER": "gugus@dp3a.test",
        "MAIL_HOLD_SECONDS": "1",
    }


expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def mail_box() -> Iterator[MailServer]:
    """Return a mail server and what it received."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, mail_box: MailServer) -> Iterator[Office]:
    """Return a running office with the demo regency, on SQLite or on `TEST_DATABASE_URL`."""
    folder = tmp_path_factory.mktemp("town")
    with empty_database(TEST_DATABASE_URL, folder) as url:
        database = {"DATABASE_URL": url, "SECRET_KEY": "a-key-for-tests-alone-0123456789abcdef"}
        settings = demo_settings(free_port(), mail_box.port) | database
        with office(folder, **settings) as running:
            running.wait_until_ready(START)
            yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the system's Chromium."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, chromium_sandbox=os.geteuid() != 0, args=list(FLAGS)
        )
        yield launched
        launched.close()


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Tell whether the browser runs scripts: the key journeys work either way."""
    return bool(request.param)


@pytest.fixture
def visit(browser: Browser, town: Office) -> Iterator["Visitors"]:
    """Return a maker of people with a browser of their own."""
    visitors = Visitors(browser, town)
    yield visitors
    visitors.leave()
    assert not visitors.troubles, visitors.troubles


class Visitors:
    """People in front of screens. What their browsers complain of is collected."""

    def __init__(self, browser: Browser, town: Office) -> None:
        self.browser = browser
        self.town = town
        self.contexts: list[BrowserContext] = []
        self.troubles: list[str] = []
        self.taken: set[str] = TAKEN
        self.expected_statuses = {401, 409, 422, 413}

    def anybody(self, *, phone: bool = False, javascript: bool = True) -> Page:
        """Return the page of somebody who has not signed in."""
        context = self.browser.new_context(
            base_url=self.town.url(""),
            viewport=PHONE if phone else DESK,
            java_script_enabled=javascript,
            locale="id-ID",
            timezone_id="Asia/Makassar",
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._listen)
        return page

    def person(self, username: str, path: str = "/", **how: bool) -> Page:
        """Return the page of somebody who signed in and went to a path."""
        page = self.anybody(**how)
        page.goto(path)
        sign_in(page, username)
        return page

    def leave(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        statuses = "|".join(map(str, sorted(self.expected_statuses)))
        expected = re.search(
            rf"status of ({statuses})|ERR_INTERNET_DISCONNECTED|ERR_FAILED", message.text
        )
        if message.type == "error" and not expected:
            self.troubles.append(message.text)


def sign_in(page: Page, username: str) -> None:
    """Fill in the sign-in form that the page shows."""
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Masuk").click()
    page.get_by_role("button", name="Keluar").wait_for()
    page.wait_for_load_state()


def save_of(page: Page, words: str) -> AbstractContextManager[object]:
    """Wait, at the end of a `with`, until a save of the working copy with these words is answered.

    What the status line says may be about an earlier save.
    """
    return page.expect_response(
        lambda answer: (
            answer.url.endswith("/konsep")
            and answer.ok
            and quote_plus(words) in (answer.request.post_data or "")
        )
    )


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Return a large photo as a phone's camera takes it."""
    from PIL import Image

    path = tmp_path / "IMG_0042.jpg"
    light = Image.radial_gradient("L").resize((3000, 2250))
    grain = Image.effect_noise((3000, 2250), 40)
    Image.blend(light, grain, 0.3).convert("RGB").save(path, "JPEG", quality=95)
    return path
