"""A meeting is written down by the keyboard alone, by two at once, and over a line that drops."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, SAVED
from tests.e2e.test_pages import AXE_OPTIONS

DECISIONS = (
    "Data dukung dikumpulkan paling lambat akhir bulan.",
    "Puskesmas ramah anak ditambah.",
    "Rapat berikutnya di Sangatta.",
)
TASKS = (
    ("Menyampaikan rekap imunisasi", "dinas kesehatan", "Dinkes"),
    ("Menyampaikan data sekolah ramah anak", "disdik", "Disdikbud"),
    ("Mendata forum anak", "semua kecamatan", "Semua kecamatan"),
    ("Mengisi tabel pengasuhan", "klaster ii", "Klaster II"),
    ("Memasang rambu zona selamat sekolah", "dishub", "Dishub"),
    ("Menyusun jadwal verifikasi", "dp3a", "DP3A"),
)
DAYS = iter(range(1, 28))
"""Meetings of this module, each on a day of its own."""


@pytest.fixture
def meeting(visit) -> str:
    """Return the path of a new meeting with two agenda items, none twice."""
    page = visit.person("petugas1", "/rapat/baru?jenis=other")
    page.locator("[name=title]").fill(f"Rapat uji {next(DAYS)}")
    page.locator("[name=day]").fill("2027-03-10")
    page.locator("[name=starts]").fill("09:00")
    page.locator("[name=ends]").fill("12:00")
    page.get_by_role("button", name="Buat rapat dan susun agenda").click()
    page.wait_for_url(re.compile(r"/rapat/RK-\d+-\d+/agenda"))
    for title in ("Capaian data", "Jadwal verifikasi"):
        page.locator("[name=baru-title]").fill(title)
        page.locator("[name=baru-title]").press("Enter")
        page.get_by_text(title, exact=True).first.wait_for()
    return re.search(r"/rapat/RK-\d+-\d+", page.url)[0]


def section(page: Page, title: str = "Capaian data"):
    return page.locator("[data-section]", has=page.get_by_role("heading", name=title))


def notes(page: Page, title: str = "Capaian data"):
    return section(page, title).locator("[data-notes]")


def rows(page: Page, kind: str):
    """Return what the server has of a list: what still waits is not in it."""
    return page.locator(f"li[id^={kind}-]")


def test_three_decisions_and_six_action_items_by_the_keyboard_alone(visit, meeting):
    page = visit.person("petugas1", f"{meeting}/notulen")
    section(page).focus()
    keys = page.keyboard
    keys.press("Alt+n")
    keys.type("Dinkes melaporkan capaian.")
    keys.press("Alt+k")
    for words in DECISIONS:
        keys.type(words)
        keys.press("Enter")
    expect(rows(page, "keputusan")).to_have_count(3)
    keys.press("Alt+t")
    for title, addressee, _ in TASKS:
        keys.type(title)
        keys.press("Tab")
        keys.type(addressee)
        keys.press("Enter")
        expect(page.locator("[data-line][name=title]:focus")).to_have_value("")
    expect(rows(page, "tindak")).to_have_count(6)
    expect(page.locator("[data-pending]")).to_have_count(0)
    page.reload()
    expect(notes(page)).to_have_value("Dinkes melaporkan capaian.")
    shown = [rows(page, "keputusan").nth(n).locator("textarea") for n in range(3)]
    for field, words in zip(shown, DECISIONS, strict=True):
        expect(field).to_have_value(words)
    for at, (title, _, called) in enumerate(TASKS):
        row = rows(page, "tindak").nth(at)
        expect(row.locator("[name=title]")).to_have_value(title)
        expect(row.locator("[name=addressee]")).to_have_value(called)


def test_the_same_without_scripts(visit, meeting):
    page = visit.person("petugas1", f"{meeting}/notulen", javascript=False)
    notes(page).fill("Tanpa skrip.")
    section(page).get_by_role("button", name="Simpan catatan").click()
    expect(page).to_have_url(re.compile(r"#agenda-\d+$"))
    expect(notes(page)).to_have_value("Tanpa skrip.")
    section(page).locator("[data-line][name=words]").fill("Disepakati.")
    section(page).get_by_role("button", name="Tambah keputusan").click()
    expect(rows(page, "keputusan")).to_have_count(1)
    section(page).locator("[data-line][name=title]").fill("Kirim data")
    section(page).get_by_role("button", name="Tambah tindak lanjut").click()
    expect(rows(page, "tindak")).to_have_count(1)


def test_a_new_row_is_changed_in_place(visit, meeting):
    page = visit.person("petugas1", f"{meeting}/notulen")
    line = section(page).locator("[data-line][name=words]")
    line.fill("Kata pertama.")
    line.press("Enter")
    row = rows(page, "keputusan").first
    row.locator("textarea").fill("Kata kedua.")
    expect(row.locator(".saved")).to_have_text(SAVED)
    page.reload()
    expect(rows(page, "keputusan").first.locator("textarea")).to_have_value("Kata kedua.")


def test_a_dropped_line_loses_nothing(visit, meeting):
    page = visit.person("petugas1", f"{meeting}/notulen")
    page.context.set_offline(True)
    line = section(page).locator("[data-line][name=words]")
    for words in DECISIONS:
        line.fill(words)
        line.press("Enter")
    notes(page).fill("Ditulis tanpa sambungan.")
    expect(page.locator("[data-pending]")).to_have_count(3)
    line.fill("Belum selesai diket")
    page.context.set_offline(False)
    page.reload()
    expect(rows(page, "keputusan")).to_have_count(3)
    shown = rows(page, "keputusan").locator("textarea")
    for at, words in enumerate(DECISIONS):
        expect(shown.nth(at)).to_have_value(words)
    expect(page.locator("[data-pending]")).to_have_count(0)
    expect(line).to_have_value("Belum selesai diket")
    expect(notes(page)).to_have_value("Ditulis tanpa sambungan.")
    expect(section(page).locator(".saved").first).to_have_text(SAVED)


def test_two_who_write_the_same_words_both_see_them(visit, meeting):
    sari = visit.person("petugas1", f"{meeting}/notulen")
    rudi = visit.person("petugas2", f"{meeting}/notulen")
    notes(sari).fill("Tulisan Sari.")
    expect(section(sari).locator(".saved").first).to_have_text(SAVED)
    notes(rudi).fill("Tulisan Rudi.")
    conflict = section(rudi).locator("[id^=draft-conflict-a]")
    expect(conflict).to_contain_text("Tulisan Sari.")
    expect(conflict).to_contain_text("Tulisan Rudi.")
    conflict.get_by_role("button", name="Pakai yang diketik di sini").click()
    expect(section(rudi).locator(".saved").first).to_have_text(SAVED)
    sari.reload()
    expect(notes(sari)).to_have_value("Tulisan Rudi.")


def test_what_a_colleague_adds_is_shown_without_losing_what_is_typed(visit, meeting):
    sari = visit.person("petugas1", f"{meeting}/notulen")
    rudi = visit.person("petugas2", f"{meeting}/notulen")
    line = section(rudi).locator("[data-line][name=words]")
    line.fill("Usul Rudi.")
    line.press("Enter")
    expect(rows(rudi, "keputusan")).to_have_count(1)
    own = section(sari, "Jadwal verifikasi").locator("[data-line][name=words]")
    own.fill("Sedang diketik Sari")
    notes(sari, "Jadwal verifikasi").fill("Catatan Sari.")
    sari.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(sari.locator("#changes")).to_contain_text("Keputusan ditambah “Usul Rudi.”")
    sari.get_by_role("link", name="Tampilkan").click()
    expect(rows(sari, "keputusan").locator("textarea")).to_have_value("Usul Rudi.")
    expect(own).to_have_value("Sedang diketik Sari")
    expect(notes(sari, "Jadwal verifikasi")).to_have_value("Catatan Sari.")
    expect(sari.locator("#changes .notice")).to_have_count(0)
    field = rows(sari, "keputusan").locator("textarea")
    field.fill("Diperbaiki Sari.")
    expect(rows(sari, "keputusan").locator(".saved")).to_have_text(SAVED)


def test_what_is_said_of_an_earlier_follow_up_is_noted_in_its_place(visit, meeting):
    page = visit.person("petugas1", f"{meeting}/notulen")
    row = page.locator("li[id^=lanjut-]").first
    row.locator("summary").press("Enter")
    row.get_by_label("Yang disampaikan").fill("Surat sudah terkirim.")
    row.get_by_role("button", name="Batalkan").press("Enter")
    expect(row.get_by_label("Disampaikan oleh")).to_be_focused()
    expect(row.get_by_label("Yang disampaikan")).to_have_value("Surat sudah terkirim.")
    page.keyboard.type("Bapak Rahmat")
    row.get_by_role("button", name="Batalkan").press("Enter")
    expect(row).to_contain_text("Berlaku saat rapat diakhiri.")
    expect(row).to_be_focused()
    row.get_by_role("button", name="Urungkan").press("Enter")
    expect(row.locator("summary")).to_be_visible()


def test_the_screen_follows_and_turns_by_the_arrows(visit, meeting):
    sari = visit.person("petugas1", f"{meeting}/notulen")
    screen = visit.person("petugas2", meeting)
    number = section(sari).get_by_role("heading", level=2).inner_text().partition(".")[0]
    screen.goto(f"{meeting}/layar?agenda={number}")
    expect(screen.locator("#screen-heading")).to_contain_text("Capaian data")
    line = section(sari).locator("[data-line][name=words]")
    line.fill("Terlihat di layar.")
    line.press("Enter")
    expect(screen.locator("#screen")).to_contain_text("Terlihat di layar.")
    screen.keyboard.press("ArrowRight")
    expect(screen.locator("#screen-heading")).to_contain_text("Jadwal verifikasi")


def test_page_and_screen_are_readable_to_everybody(visit, meeting):
    page = visit.person("petugas1", f"{meeting}/notulen")
    for field, words in (("words", "Disepakati."), ("title", "Kirim data")):
        line = section(page).locator(f"[data-line][name={field}]")
        line.fill(words)
        line.press("Enter")
    expect(rows(page, "tindak")).to_have_count(1)
    for path in ("notulen", "layar?agenda=2"):
        page.goto(f"{meeting}/{path}")
        for summary in page.locator("main summary:visible").all():
            summary.click()
        assert not Axe().run(page, options=AXE_OPTIONS).response["violations"], path
        page.set_viewport_size(PHONE)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
