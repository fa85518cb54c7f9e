"""A coordination meeting from the last one's minutes to the next one's agenda, as people live it.

Real browser, real mail server: prepared, invited, answered on a phone, checked in by the wall's
code, written by the keyboard, ended, approved by the signed scan, and taken up again.
"""

import io
import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.e2e.conftest import MAIL
from tests.e2e.test_journey import readable
from tests.support.files import pdf
from tests.support.smtp import MailServer

ZONE = ZoneInfo("Asia/Makassar")
LONGEST = timedelta(minutes=8)
"""How long a journey may take on a slow machine."""
INVITATION = re.compile(r"http://127\.0\.0\.1:\d+(/undangan/\S+)")
DECISIONS = (
    "Rekap imunisasi disampaikan setiap bulan.",
    "Sekolah ramah anak ditambah di lima kecamatan.",
    "Rapat berikutnya membahas hasil verifikasi.",
)
TASKS = (
    ("Menyampaikan rekap imunisasi bulanan", "dinkes"),
    ("Menetapkan sekolah ramah anak", "disdikbud"),
    ("Mendata forum anak desa", "semua kecamatan"),
    ("Memasang rambu di depan sekolah", "dishub"),
    ("Menyusun jadwal verifikasi", "dp3a"),
    ("Memutakhirkan profil anak di situs", "diskominfo"),
)


@pytest.fixture
def begun() -> datetime:
    """Return the beginning of a meeting that goes on right now, and is over by midnight.

    A meeting ends on its day: one that would begin just before midnight waits for the next.
    """
    now = datetime.now(ZONE)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), ZONE)
    if midnight - now < LONGEST:
        time.sleep((midnight - now).total_seconds() + 1)
        now = datetime.now(ZONE)
    return max(now - timedelta(minutes=10), now.replace(hour=0, minute=0))


def prepare(page: Page, begun: datetime) -> str:
    """Set a meeting up from the last one, and return its path."""
    page.goto("/rapat")
    page.get_by_role("link", name="Siapkan rapat").first.click()
    page.locator("[name=day]").fill(begun.date().isoformat())
    page.locator("[name=starts]").fill(f"{begun:%H:%M}")
    page.locator("[name=ends]").fill("23:59")
    again = page.locator("[name=undang_lagi]")
    if not again.is_checked():
        again.check()
    page.get_by_role("button", name="Buat rapat dan susun agenda").click()
    page.wait_for_url(re.compile(r"/rapat/RK-\d+-\d+/agenda"))
    return re.search(r"/rapat/RK-\d+-\d+", page.url)[0]


def title_of(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def add_topic(page: Page, path: str, title: str) -> None:
    page.goto(f"{path}/agenda")
    page.locator("[name=baru-title]").fill(title)
    page.locator("[name=baru-title]").press("Enter")
    page.get_by_text(title, exact=True).first.wait_for()


def invite(page: Page, path: str) -> None:
    page.goto(f"{path}/undangan")
    page.get_by_role("button", name="Kirim undangan").click()
    expect(page.get_by_role("status").first).to_be_visible()


def mails_to(box: MailServer, username: str, title: str, since: int, words: str = "") -> list[str]:
    """Return the texts of the mails to somebody about a meeting, of those after a place."""
    found = []
    for mail in box.received[since:]:
        text = readable(mail)
        if f"{username}@" in str(mail["To"]) and title in text and words in text:
            found.append(text)
    return found


def wait_for_mail(
    box: MailServer, username: str, title: str, since: int, words: str = ""
) -> list[str]:
    until = time.monotonic() + MAIL
    while time.monotonic() < until:
        if found := mails_to(box, username, title, since, words):
            return found
        time.sleep(0.2)
    raise AssertionError(f"no mail to {username}: {[str(m['Subject']) for m in box.received]}")


def end(page: Page, path: str) -> None:
    page.goto(f"{path}/akhiri")
    page.get_by_role("button", name=re.compile("^Akhiri rapat")).click()
    page.wait_for_url(re.compile(rf"{path}$"))


def section(page: Page, title: str):
    return page.locator("[data-section]", has=page.get_by_role("heading", name=title))


def rows(page: Page, kind: str):
    return page.locator(f"li[id^={kind}-]")


def test_from_the_last_minutes_to_the_next_agenda(visit, mail_box: MailServer, begun):
    officer = visit.person("petugas1", "/rapat")
    path = prepare(officer, begun)
    title = title_of(officer)
    expect(officer.get_by_text("Notulen rapat sebelumnya").first).to_be_visible()
    add_topic(officer, path, "Capaian data")

    since = len(mail_box.received)
    invite(officer, path)
    (call,) = wait_for_mail(mail_box, "dinkes", title, since)
    answer_on_a_phone(visit, INVITATION.search(call)[1])
    check_in_by_the_wall(visit, officer, path)
    write_by_the_keyboard(officer, path)

    since = len(mail_box.received)
    end(officer, path)
    for who in ("dinkes", "disdikbud", "dishub"):
        wait_for_mail(mail_box, who, title, since)
    time.sleep(3)  # whatever else would come has come by now
    for who in ("dinkes", "disdikbud", "dishub", "dispusip"):
        (told,) = mails_to(mail_box, who, title, since)
        assert DECISIONS[0] in told
    assert "Menyampaikan rekap imunisasi bulanan" in mails_to(mail_box, "dinkes", title, since)[0]
    people = [str(mail["To"]) for mail in mail_box.received[since:]]
    assert len(people) == len(set(people))

    since = len(mail_box.received)
    approve(officer, path)
    wait_for_mail(mail_box, "dinkes", title, since, "disahkan")
    open_the_document(officer, path)
    see_the_decisions(visit, path)

    following = prepare(officer, begun)
    assert following != path
    expect(officer.get_by_text("Menyampaikan rekap imunisasi bulanan")).to_have_count(1)


def answer_on_a_phone(visit, link: str) -> None:
    """Answer by the link in the mail, without an account."""
    phone = visit.anybody(phone=True)
    phone.goto(link)
    phone.get_by_label("Hadir", exact=True).check()
    phone.get_by_label("Nama", exact=False).first.fill("Ibu Ratna Lestari, S.KM.")
    phone.get_by_role("button", name="Kirim jawaban").click()
    expect(phone.get_by_role("main")).to_contain_text("Hadir")
    expect(phone.get_by_role("main")).to_contain_text("Ibu Ratna Lestari, S.KM.")


def check_in_by_the_wall(visit, officer: Page, path: str) -> None:
    """Write oneself down by the address of the code on the wall; the minute-taker ticks it."""
    officer.goto(f"{path}/kode-hadir")
    address = officer.locator(".address").inner_text()
    phone = visit.anybody(phone=True)
    phone.goto(f"http://{address}")
    phone.locator("[name=name]").fill("Bapak Hasan Kurnia")
    phone.locator("[name=place]").fill("Dishub")
    phone.get_by_role("button", name="Saya hadir").click()
    expect(phone.get_by_role("main")).to_contain_text("Menunggu centang notulis")
    officer.goto(f"{path}/daftar-hadir")
    officer.get_by_role("button", name="Centang Bapak Hasan Kurnia").click()
    expect(officer.locator("#waiting")).to_have_count(0)


def write_by_the_keyboard(officer: Page, path: str) -> None:
    """Write notes, three decisions and six action items without touching the mouse."""
    officer.goto(f"{path}/notulen")
    section(officer, "Capaian data").focus()
    keys = officer.keyboard
    keys.press("Alt+n")
    keys.type("Dinkes melaporkan capaian imunisasi.")
    keys.press("Alt+k")
    for words in DECISIONS:
        keys.type(words)
        keys.press("Enter")
    expect(rows(officer, "keputusan")).to_have_count(len(DECISIONS))
    keys.press("Alt+t")
    for task, addressee in TASKS:
        keys.type(task)
        keys.press("Tab")
        keys.type(addressee)
        keys.press("Enter")
        expect(officer.locator("[data-line][name=title]:focus")).to_have_value("")
    expect(rows(officer, "tindak")).to_have_count(len(TASKS))
    expect(officer.locator("[data-pending]")).to_have_count(0)


def approve(officer: Page, path: str) -> None:
    """Hand the minutes in, put the signed scan with them, and approve."""
    officer.goto(f"{path}/pengesahan")
    officer.get_by_role("button", name="Ajukan notulen").click()
    expect(officer.get_by_role("button", name="Ajukan notulen")).to_have_count(0)
    officer.goto(f"{path}/berkas")
    scan = {"name": "notulen.pdf", "mimeType": "application/pdf", "buffer": pdf("bertanda tangan")}
    officer.locator("[name=files-minutes]").set_input_files(scan)
    expect(officer.locator("#evidence-list")).to_contain_text("notulen.pdf")
    officer.goto(f"{path}/pengesahan")
    officer.get_by_role("button", name="Sahkan notulen").click()
    expect(officer.get_by_role("main")).to_contain_text("Disahkan")


def open_the_document(officer: Page, path: str) -> None:
    """Fetch the Word file and find the decisions and action items in it."""
    answer = officer.request.get(f"{path}/notulen.docx")
    assert answer.ok
    document = Document(io.BytesIO(answer.body()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for words in (*DECISIONS, TASKS[0][0], "Bapak Hasan Kurnia"):
        assert words in text


def see_the_decisions(visit, path: str) -> None:
    """Dinkes finds the decisions in the register, and on its own follow-up."""
    agency = visit.person("dinkes", f"/keputusan?q={path.rpartition('/')[2]}")
    expect(agency.locator("td.main")).to_have_count(len(DECISIONS))
    agency.goto("/tindak-lanjut?q=rekap+imunisasi+bulanan&evaluasi=semua")
    agency.get_by_role("link", name="Menyampaikan rekap imunisasi bulanan").click()
    expect(agency.locator("section[aria-labelledby=meetings]")).to_contain_text("Keputusan 3")


def test_the_same_in_short_without_scripts(visit, mail_box: MailServer, begun):
    officer = visit.person("petugas1", "/rapat", javascript=False)
    path = prepare(officer, begun)
    title = title_of(officer)
    add_topic(officer, path, "Jadwal verifikasi")
    since = len(mail_box.received)
    invite(officer, path)
    (call,) = wait_for_mail(mail_box, "dishub", title, since)
    guest = visit.anybody(phone=True, javascript=False)
    guest.goto(INVITATION.search(call)[1])
    guest.get_by_label("Berhalangan hadir").check()
    guest.locator("[name=note]").fill("Dinas luar.")
    guest.get_by_role("button", name="Kirim jawaban").click()
    expect(guest.get_by_role("main")).to_contain_text("Berhalangan hadir")

    officer.goto(f"{path}/notulen")
    here = section(officer, "Jadwal verifikasi")
    here.locator("[data-line][name=words]").fill("Jadwal disepakati.")
    here.get_by_role("button", name="Tambah keputusan").click()
    here.locator("[data-line][name=title]").fill("Mengirim jadwal")
    here.locator("[name=addressee]").last.fill("dishub")
    here.get_by_role("button", name="Tambah tindak lanjut").click()
    expect(rows(officer, "tindak")).to_have_count(1)
    since = len(mail_box.received)
    end(officer, path)
    (told,) = wait_for_mail(mail_box, "dishub", title, since)
    assert "Mengirim jadwal" in told
    assert "Jadwal disepakati." in told
