"""Nothing that is typed is lost: not to a dropped line, a second tab, or a colleague."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.office import Office

SAVED = re.compile(r"tersimpan \d\d\.\d\d")


@pytest.fixture
def asked(visit) -> str:
    """Return the path of a question that waits for Dinkes, none twice."""
    page = visit.person(
        "dinkes", "/tindak-lanjut?instansi=DINKES&peran=penanggung-jawab&keadaan=assigned"
    )
    paths = page.locator("#list a[href*='/tindak-lanjut/TL-']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    taken = visit.taken
    path = next(path for path in paths if path not in taken)
    taken.add(path)
    return path


def note(page: Page):
    return page.locator("#note")


def status(page: Page):
    return page.locator("#draft-status")


def test_an_answer_is_saved_while_it_is_typed(visit, asked):
    page = visit.person("dinkes", asked, phone=True)
    note(page).fill("Sumber: profil kesehatan")
    expect(status(page)).to_have_text(SAVED)
    page.reload()
    expect(note(page)).to_have_value("Sumber: profil kesehatan")


def test_words_typed_without_a_line_are_kept_and_saved_when_it_is_back(visit, asked):
    page = visit.person("dinkes", asked, phone=True)
    page.context.set_offline(True)
    note(page).fill("Ditulis di kapal")
    expect(status(page)).to_contain_text("tersimpan di gawai ini")
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    page.reload()
    expect(note(page)).to_have_value("Ditulis di kapal")


def test_two_tabs_on_different_fields_do_not_disturb_each_other(visit, asked):
    first = visit.person("dinkes", asked)
    second = first.context.new_page()
    second.goto(asked)
    note(first).fill("dari tab pertama")
    expect(status(first)).to_have_text(SAVED)
    second.locator("#no_evidence_reason").fill("dari tab kedua")
    expect(status(second)).to_contain_text("rekan juga mengubah")
    first.reload()
    expect(note(first)).to_have_value("dari tab pertama")
    expect(first.locator("#no_evidence_reason")).to_have_value("dari tab kedua")


def test_a_colleague_on_the_same_field_is_shown_and_overwrites_nothing(visit, asked):
    mine = visit.person("dinkes", asked)
    theirs = visit.person("dinkes2", asked)
    note(theirs).fill("kata rekan")
    expect(status(theirs)).to_have_text(SAVED)
    note(mine).fill("kata saya")
    conflict = mine.locator("#draft-conflict")
    expect(conflict).to_contain_text("kata rekan")
    expect(conflict).to_contain_text("kata saya")
    conflict.get_by_role("button", name="Pakai yang diketik di sini").click()
    expect(status(mine)).to_have_text(SAVED)
    theirs.reload()
    expect(note(theirs)).to_have_value("kata saya")


def test_an_expired_sign_in_keeps_the_words_and_sends_them_after_signing_in(visit, asked):
    page = visit.person("dinkes", asked, phone=True)
    kept = page.context.cookies()
    page.context.clear_cookies()
    note(page).fill("ditulis sesudah sesi habis")
    expect(status(page)).to_contain_text("perlu masuk lagi")
    page.context.add_cookies(kept)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(status(page)).to_have_text(SAVED)


def test_a_photo_is_shrunk_and_arrives_once(visit, asked, picture, town: Office):
    page = visit.person("dinkes", asked, phone=True)
    assert picture.stat().st_size > 2_000_000
    page.locator("#files-lainnya").set_input_files(picture)
    piece = page.locator("#evidence-list .file")
    expect(piece).to_have_count(1)
    expect(piece).to_contain_text("Foto JPG")
    stored = [f for f in (town.data_dir / "files").rglob("*") if f.is_file()]
    newest = max(stored, key=lambda file: file.stat().st_mtime)
    assert newest.stat().st_size < 1_000_000
