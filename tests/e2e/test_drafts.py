"""Nothing that is typed is lost: not to a dropped line, a second tab, or a colleague."""

import re
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import SAVED, save_of
from tests.support.office import Office

ASKED = "/tindak-lanjut?instansi=DINKES&peran=penanggung-jawab&keadaan=assigned"


@pytest.fixture
def asked(visit) -> str:
    """Return the path of a question that waits for Dinkes, none twice."""
    page = visit.person("dinkes", ASKED)
    path = next(path for path in asked_on(page) if path not in visit.taken)
    visit.taken.add(path)
    return path


def asked_on(page: Page) -> list[str]:
    links = page.locator("#list a[href*='/tindak-lanjut/TL-']")
    return links.evaluate_all("links => links.map(link => link.getAttribute('href'))")


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


MANY_FORMS = """<!doctype html><html lang="id"><title>Notulen</title><body data-user="dinkes">
<script src="{htmx}"></script><script type="module" src="{draft}"></script>
<button hx-get="/coba/blok" hx-target="#blok" hx-swap="outerMorph">Segarkan</button>
<button hx-get="/coba/blok" hx-target="#blok" hx-swap="outerHTML">Ganti</button>
{block}</body></html>"""

ONE_FORM = """<form id="butir-{n}" method="post" data-draft="rapat.{n}" data-draft-place="{n}">
<input type="hidden" name="draft_no" value="{draft_no}">
<input type="hidden" name="draft_base" value=""><input type="hidden" name="draft_tab" value="">
<textarea name="notes" aria-label="Butir {n}">{notes}</textarea>
<button formaction="/coba/{n}/konsep" data-draft-save>Simpan</button>
<div id="draft-conflict-{n}"></div><p id="draft-status-{n}" class="saved"></p></form>"""


class Minutes:
    """A page with many small forms, answered here: each knows its words and their number."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.items = {"1": [0, ""], "2": [0, ""]}
        self.answering = True
        scripts = {
            name: page.locator(f"script[src*='{name}']").first.get_attribute("src")
            for name in ("htmx", "draft")
        }
        page.route(
            "**/coba",
            lambda route: route.fulfill(
                content_type="text/html", body=MANY_FORMS.format(block=self.block(), **scripts)
            ),
        )
        page.route(
            "**/coba/blok",
            lambda route: route.fulfill(content_type="text/html", body=self.block()),
        )
        page.route("**/coba/*/konsep", self.save)
        page.goto("/coba")

    def block(self) -> str:
        forms = [
            ONE_FORM.format(n=n, draft_no=draft_no, notes=notes)
            for n, (draft_no, notes) in self.items.items()
        ]
        return f'<div id="blok">{"".join(forms)}</div>'

    def save(self, route: Route) -> None:
        if not self.answering:
            route.abort()
            return
        n = route.request.url.split("/")[-2]
        self.items[n] = [self.items[n][0] + 1, parse_qs(route.request.post_data)["notes"][0]]
        route.fulfill(
            content_type="text/html",
            body=f'<p id="draft-status-{n}" data-draft-no="{self.items[n][0]}">tersimpan 10.32</p>',
        )

    def words(self, n: int):
        return self.page.get_by_label(f"Butir {n}")

    def expect_status(self, n: int, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator(f"#draft-status-{n}")).to_contain_text(words)

    def swap(self, how: str) -> None:
        with self.page.expect_response("**/coba/blok"):
            self.page.get_by_role("button", name=how).dispatch_event("click")


@pytest.fixture
def minutes(visit) -> Minutes:
    page = visit.person("dinkes", ASKED)
    page.goto(asked_on(page)[0])
    return Minutes(page)


def test_each_of_many_forms_is_saved_on_its_own(minutes):
    minutes.words(1).fill("pembukaan")
    minutes.expect_status(1, SAVED)
    minutes.expect_status(2, "")
    minutes.words(2).fill("pembahasan")
    minutes.expect_status(2, SAVED)
    assert minutes.items == {"1": [1, "pembukaan"], "2": [1, "pembahasan"]}


def test_a_morphed_block_shows_others_words_and_leaves_the_form_alone_that_is_written_in(minutes):
    minutes.words(1).fill("dari saya")
    minutes.expect_status(1, SAVED)
    minutes.answering = False
    minutes.words(2).fill("sedang diketik")
    minutes.expect_status(2, "tersimpan di gawai ini")
    minutes.items = {"1": [2, "dari rekan"], "2": [1, "dari rekan juga"]}
    minutes.swap("Segarkan")
    expect(minutes.words(1)).to_have_value("dari rekan")
    expect(minutes.words(2)).to_have_value("sedang diketik")
    expect(minutes.words(2)).to_be_focused()


def test_a_form_that_replaces_one_gets_the_words_that_were_not_saved(minutes):
    minutes.answering = False
    minutes.words(1).fill("belum sampai")
    minutes.expect_status(1, "tersimpan di gawai ini")
    minutes.swap("Ganti")
    expect(minutes.words(1)).to_have_value("belum sampai")
    minutes.answering = True
    minutes.expect_status(1, SAVED)
    assert minutes.items["1"] == [1, "belum sampai"]


def test_a_form_that_comes_later_is_saved_and_one_that_goes_is_silent(minutes):
    minutes.items["3"] = [0, ""]
    del minutes.items["2"]
    minutes.swap("Ganti")
    minutes.words(3).fill("butir baru")
    minutes.expect_status(3, SAVED)
    assert minutes.items["3"] == [1, "butir baru"]
