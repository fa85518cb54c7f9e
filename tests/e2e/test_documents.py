"""Every document as offices open it: Word files by LibreOffice, PDFs by a reader of their own."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.reports.models import DocumentKind, Letterhead, Paper
from app.reports.queries.letterheads import FIELDS
from app.reports.queries.meetings import Minutes
from app.reports.services.documents import catalogue, gatherings, minutes, samples
from app.reports.services.documents.context import MILLIMETRES, Document
from app.reports.services.documents.docx import render_docx
from app.reports.services.documents.sample_minutes import CONTENT
from tests.factories.meetings import MeetingFactory
from tests.support.documents import as_libreoffice_prints, pdf_size, pdf_words

HOSTILE = '{{ 7*7 }} #eval("1+1") </w:t></w:r> & <b> *tebal* $x$ @nama 😀 \x0b\nbaris kedua'
SAID = {
    DocumentKind.MINUTES: ("NOTULEN RAPAT", "Pimpinan rapat,", "Notulis,", "TL-2025-0107"),
    DocumentKind.INVITATION: ("Yth.", "Selasa, 10 Maret 2026", "Data capaian tahun 2025"),
    DocumentKind.DATA_REQUEST: ("Yth.", "Kepala Dinas Kesehatan", "16.2"),
    DocumentKind.CORRECTION_SHEET: ("LEMBAR CATATAN PERBAIKAN", "81,2 %", "berkas terbatas"),
}


@pytest.fixture
def in_app(real_app: Flask) -> Iterator[None]:
    with real_app.app_context():
        yield


def letterhead(paper: Paper = Paper.F4, **given: str) -> Letterhead:
    lines = dict.fromkeys(FIELDS, "") | {"government": "Pemerintah Contoh", "office": "Dinas Anak"}
    return Letterhead(id=1, **(lines | given), paper=paper)


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", DocumentKind)
def test_libreoffice_opens_what_is_written(in_app, tmp_path, kind, paper):
    kept = letterhead(paper)
    content = render_docx(catalogue.default_template(kind, paper), samples.sample(kind, kept))
    printed = as_libreoffice_prints(content, tmp_path)
    words = pdf_words(printed)
    for said in ("DINAS ANAK", *SAID[kind]):
        assert said in words, said
    assert "{{" not in words
    assert "{%" not in words
    assert sorted(pdf_size(printed)) == sorted(MILLIMETRES[paper])


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("kind", DocumentKind)
def test_a_reader_finds_the_words_of_our_own_pdf(in_app, kind, paper):
    kept = letterhead(paper)
    printed = catalogue.compose(kind, samples.sample(kind, kept), kept, "pdf")
    words = pdf_words(printed)
    for said in ("DINAS ANAK", *SAID[kind]):
        assert said in words, said
    assert sorted(pdf_size(printed)) == sorted(MILLIMETRES[paper])


def wild(paper: Paper = Paper.F4) -> Document:
    content = CONTENT | {
        "meeting": CONTENT["meeting"] | {"title": HOSTILE},
        "decisions": [CONTENT["decisions"][0] | {"words": HOSTILE}],
        "actions": [CONTENT["actions"][0] | {"title": HOSTILE, "addressee": "x" * 400}],
    }
    return minutes.minutes(Minutes(content, {}), letterhead(paper, office=HOSTILE))


def test_wild_words_are_printed_as_they_were_typed(in_app, tmp_path):
    document = wild()
    template = catalogue.default_template(DocumentKind.MINUTES, Paper.F4)
    by_libreoffice = as_libreoffice_prints(render_docx(template, document), tmp_path)
    kept = letterhead()
    by_typst = catalogue.compose(DocumentKind.MINUTES, document, kept, "pdf")
    for printed in (by_libreoffice, by_typst):
        words = " ".join(pdf_words(printed).split())
        assert "{{ 7*7 }}" in words
        assert '#eval("1+1")' in words
        assert "</w:t></w:r>" in words
        assert "*tebal* $x$ @nama" in words
        assert "baris kedua" in words
        assert "KONSEP" in words


def test_the_book_of_a_year_says_where_each_meeting_is(in_app, tmp_path):
    found = [Minutes(CONTENT, {}, 1), Minutes(CONTENT, {}, 2, "Nama peserta.")]
    book = minutes.minutes_book(found, 2026, letterhead())
    words = pdf_words(catalogue.compose_book(book, "pdf"))
    assert "DAFTAR ISI" in words
    contents = [line for line in words.splitlines() if "...." in line.replace(" ", "")]
    assert contents[0].split()[-1].strip("\u2060") == "2"
    printed = as_libreoffice_prints(catalogue.compose_book(book, "docx"), tmp_path)
    assert pdf_words(printed).count("NOTULEN RAPAT\n") >= 2


@pytest.mark.parametrize("paper", Paper)
def test_an_attendance_list_has_room_to_sign(in_app, paper):
    meeting = MeetingFactory.build()
    line = CONTENT["attendance"][0] | {"contact": "0812-0000-0000"}
    listed = gatherings.attendance_list(meeting, [line] * 3, letterhead(), paper, blank=30)
    printed = catalogue.compose_attendance(listed)
    words = pdf_words(printed)
    assert "Tanda tangan" in words
    assert "0812-0000-0000" in words
    assert any(line.split()[:1] == ["33"] for line in words.splitlines())
    assert pdf_size(printed) == MILLIMETRES[paper]
