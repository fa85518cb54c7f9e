"""Nothing that is typed is lost: not to a dropped line, a second tab, or a colleague."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import SAVED, save_of
from tests.support.office import Office


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


TYPE_AND_RELOAD = """words => new Promise(resolve => {
  new MutationObserver(resolve).observe(document.querySelector(".dock"), { childList: true });
  const note = document.querySelector("#note");
  note.value = words;
  note.dispatchEvent(new Event("input", { bubbles: true }));
  location.reload();
})"""
"""Type while the page is already being asked for anew, until what was typed is saved."""


def note(page: Page):
    return page.locator("#note")


def status(page: Page):
    return page.locator("#draft-status")


def write(page: Page, words: str) -> None:
    """Type a note and wait until it is saved."""
    with save_of(page, words):
        note(page).fill(words)
    expect(status(page)).to_have_text(SAVED)


def test_an_answer_is_saved_while_it_is_typed(visit, asked):
    page = visit.person("dinkes", asked, phone=True)
    write(page, "Sumber: profil kesehatan")
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


def test_a_page_answered_before_the_last_save_and_shown_after_it_has_the_words(visit, asked):
    page = visit.person("dinkes", asked, phone=True)

    older = page.request.get(asked)
    held: list[Route] = []
    page.route(f"**{asked}", lambda route: held.append(route), times=1)
    with save_of(page, "diketik sambil memuat ulang"):
        page.evaluate(TYPE_AND_RELOAD, "diketik sambil memuat ulang")
    held[0].fulfill(response=older)
    expect(note(page)).to_have_value("diketik sambil memuat ulang")
    page.reload()
    expect(note(page)).to_have_value("diketik sambil memuat ulang")


def test_a_page_of_the_browsers_memory_has_the_words_that_were_saved_since(visit, asked):
    page = visit.person("dinkes", asked)
    write(page, "yang lama")
    page.goto(asked + "?lagi")
    write(page, "yang baru")
    page.go_back()
    expect(note(page)).to_have_value("yang baru")


def test_two_tabs_on_different_fields_do_not_disturb_each_other(visit, asked):
    first = visit.person("dinkes", asked)
    second = first.context.new_page()
    second.goto(asked)
    write(first, "dari tab pertama")
    second.locator("#no_evidence_reason").fill("dari tab kedua")
    expect(status(second)).to_contain_text("rekan juga mengubah")
    first.reload()
    expect(note(first)).to_have_value("dari tab pertama")
    expect(first.locator("#no_evidence_reason")).to_have_value("dari tab kedua")


def test_a_colleague_on_the_same_field_is_shown_and_overwrites_nothing(visit, asked):
    mine = visit.person("dinkes", asked)
    theirs = visit.person("dinkes2", asked)
    write(theirs, "kata rekan")
    note(mine).fill("kata saya")
    conflict = mine.locator("#draft-conflict")
    expect(conflict).to_contain_text("kata rekan")
    expect(conflict).to_contain_text("kata saya")
    with save_of(mine, "kata saya"):
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
