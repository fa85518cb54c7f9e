"""The main job: a question goes to its agency, comes back, is returned, and is closed."""

import re
import time
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.e2e.conftest import MAIL, sign_in
from tests.support.smtp import MailServer

QUESTION = {True: "17.3a", False: "17.3b"}
"""Questions that Dinkes has not got yet: one for each way of this journey."""

WITA = ZoneInfo("Asia/Makassar")
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/tindak-lanjut/TL-\d+-\d+)")


def mail_to(box: MailServer, username: str, *words: str, seconds: float = MAIL) -> str:
    """Return the text of the newest mail to somebody that has some words in it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for mail in reversed(box.received):
            text = readable(mail)
            if f"{username}@" in str(mail["To"]) and all(word in text for word in words):
                return text
        time.sleep(0.1)
    raise AssertionError(
        f"no mail to {username} about {words}: {[str(m['Subject']) for m in box.received]}"
    )


def readable(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return f"{mail['Subject']}\n{body.get_content()}"


def send_question(officer: Page, ref: str) -> None:
    """Choose one question by its number, look at who gets it, and send it."""
    officer.goto(f"/evaluasi/{datetime.now(ZoneInfo('Asia/Makassar')).year}/bagikan")
    officer.get_by_label("Cari pertanyaan").fill(ref)
    officer.get_by_role("button", name="Cari", exact=True).click()
    officer.get_by_role("checkbox", name=re.compile(rf"^{re.escape(ref)} ")).check()
    officer.get_by_role("button", name="Lihat siapa mendapat apa").click()
    expect(officer.get_by_role("main")).to_contain_text("Dinkes")
    officer.get_by_role("button", name="Kirim 1 ke instansi").click()
    officer.wait_for_url("**/hasil/**")


def answer(page: Page, value: str, words: str) -> None:
    """Type an answer of whatever kind the page asks for."""
    for number in page.locator("input[type=text][id^=answer-]").all():
        number.fill(value)
    for text in page.locator("textarea[id^=answer-]").all():
        text.fill(words)
    page.locator("#note").fill(words)


def attach(page: Page, picture: str, *, javascript: bool) -> None:
    """Attach a photo; without scripts it goes along with the form."""
    page.locator("#files-foto").set_input_files(picture)
    if javascript:
        expect(page.locator("#evidence-list .file")).to_have_count(1)


def test_a_question_goes_out_comes_back_and_is_closed(
    visit, mail_box: MailServer, javascript: bool, picture, town
):
    ref = QUESTION[javascript]

    # Petugas 1 hands the question out, and Dinkes is told.
    send_question(visit.person("petugas1", javascript=javascript), ref)
    path = LINK.search(mail_to(mail_box, "dinkes", ref))[1]
    number = path.rsplit("/", 1)[1]

    # Dinkes opens the link of the mail on a phone, signs in, and is where it wanted to be.
    phone = visit.anybody(phone=True, javascript=javascript)
    phone.goto(path)
    sign_in(phone, "dinkes")
    expect(phone).to_have_url(re.compile(f"{path}$"))
    answer(phone, "81,2", "Menurut profil kesehatan.")
    attach(phone, str(picture), javascript=javascript)
    phone.get_by_role("button", name="Kirim ke DP3A").click()
    expect(phone.locator(".turn")).to_contain_text("Menunggu pemeriksaan DP3A")
    mail_to(mail_box, "petugas2", number)

    # Petugas 2 returns it, with two reasons and a remark on the file.
    desk = visit.person("petugas2", path, javascript=javascript)
    desk.get_by_role("checkbox", name="Tidak terbaca").check()
    desk.get_by_role("checkbox", name="Bukan tahun data yang dinilai").check()
    desk.get_by_label(re.compile("^Yang harus|^Catatan untuk instansi|^Kata")).first.fill(
        "Mohon foto ulang, dan sertakan data 2025."
    )
    desk.locator("summary", has_text="Catatan dan tanda berkas").click()
    desk.get_by_label("Catatan untuk berkas ini").fill("terlalu gelap")
    desk.get_by_role("button", name="Kembalikan untuk perbaikan").last.click()
    expect(desk.get_by_role("main")).to_contain_text("Urungkan")

    # The mail alone says why.
    told = mail_to(mail_box, "dinkes", number, "Tidak terbaca")
    for words in ("Bukan tahun data yang dinilai", "Mohon foto ulang", "terlalu gelap", ref):
        assert words in told

    # Dinkes corrects it.
    phone.goto(path)
    expect(phone.locator("#fix ~ *").first).to_be_visible()
    expect(phone.get_by_role("main")).to_contain_text("terlalu gelap")
    answer(phone, "84", "Menurut profil kesehatan 2025.")
    phone.get_by_role("button", name="Kirim ke DP3A").click()
    expect(phone.locator(".turn")).to_contain_text("Menunggu pemeriksaan DP3A")

    # Petugas 1 sees what changed, and closes it.
    desk = visit.person("petugas1", path, javascript=javascript)
    expect(desk.locator(".compare .changed").first).to_be_visible()
    if desk.get_by_role("radio", name="Terpenuhi").count():
        desk.get_by_role("radio", name="Terpenuhi").check()
    desk.get_by_role("button", name="Nyatakan selesai").click()
    expect(desk.get_by_role("main")).to_contain_text("Urungkan")
    desk.goto(path)
    expect(desk.locator(".turn")).to_contain_text("Selesai")

    # The whole story is there.
    story = desk.locator(".timeline")
    for chapter in ("Dikirim ke instansi", "Dikirim ke DP3A", "Dikembalikan", "Dinyatakan selesai"):
        expect(story).to_contain_text(chapter)
    mail_to(mail_box, "dinkes", number, "elesai")
