"""Web server and worker killed by signal 9 in the middle: nothing acknowledged is missing."""

import os
import signal
import time
from collections import Counter

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import (
    ASKED_OF_DINKES,
    MAIL,
    SAVED,
    START,
    Visitors,
    demo_settings,
    save_of,
)
from tests.support.office import Office, free_port, office
from tests.support.smtp import MailServer, mail_server


def kill(running: Office) -> None:
    """End web server and worker as a power cut does."""
    for pid in [*running.children(), running.process.pid]:
        os.kill(pid, signal.SIGKILL)
    running.process.wait(30)


def first_asked(page) -> str:
    page.goto(ASKED_OF_DINKES)
    return page.locator("#list td.main a").first.get_attribute("href")


def answer(page) -> None:
    """Fill in whatever kind of answer the page asks for."""
    for fieldset in page.locator("fieldset[id^=answer-]").all():
        fieldset.locator("input[type=radio]").first.check()
    for control in page.locator("input[type=text][id^=answer-]").all():
        control.fill("12")
    for words in page.locator("textarea[id^=answer-]").all():
        words.fill("Sudah berjalan di semua kecamatan.")


def wait_for(condition, seconds: float = MAIL) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def told(box: MailServer, number: str) -> list[str]:
    """Return the Message-IDs of the mails to officers that tell of a follow-up."""
    return [
        str(mail["Message-ID"])
        for mail in box.received
        if "petugas" in str(mail["To"]) and number in mail.get_body(("plain",)).get_content()
    ]


def test_what_was_acknowledged_outlives_a_power_cut(browser: Browser, tmp_path, picture):
    with mail_server() as box:
        settings = demo_settings(free_port(), box.port)
        with office(tmp_path, **settings) as before:
            before.wait_until_ready(START)
            visitors = Visitors(browser, before)
            page = visitors.person("dinkes", phone=True)
            path = first_asked(page)
            number = path.rsplit("/", 1)[1]
            page.goto(path)
            answer(page)
            with save_of(page, "Ditulis sebelum listrik padam"):
                page.locator("#note").fill("Ditulis sebelum listrik padam")
            page.locator("#files-lainnya").set_input_files(picture)
            expect(page.locator("#evidence-list .file")).to_have_count(1)
            expect(page.locator("#draft-status")).to_have_text(SAVED)
            kill(before)
        with office(tmp_path, **settings) as between:
            between.wait_until_ready(START)
            page.goto(path)
            expect(page.locator("#note")).to_have_value("Ditulis sebelum listrik padam")
            expect(page.locator("#evidence-list .file")).to_have_count(1)
            page.get_by_role("button", name="Kirim ke DP3A").click()
            page.get_by_text("Jawaban terkirim ke DP3A").wait_for()
            kill(between)
        with office(tmp_path, **settings) as after:
            after.wait_until_ready(START)
            page.goto(path)
            expect(page.locator(".turn")).to_contain_text("Menunggu pemeriksaan DP3A")
            wait_for(lambda: len(set(told(box, number))) == 2)
            status, output = after.end()
            assert status == 0, output
        visitors.leave()
        # One mail for each of the two officers, whatever was repeated on the way.
        assert len(Counter(told(box, number))) == 2
