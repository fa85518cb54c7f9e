"""Words pasted from anywhere become plain paragraphs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.meetings.services.writing import one_line, plain_text


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("Satu\r\n\r\nDua", "Satu\n\nDua"),
        ("Satu\u2028Dua\u2029Tiga", "Satu\nDua\nTiga"),
        ("Satu\n\n\n\n\nDua", "Satu\n\nDua"),
        ("\u00a0Dinas\u00a0Kesehatan\u202f ", "Dinas Kesehatan"),
        ("\ufeffRa\u00adpat\u200b \u200eKLA", "Rapat KLA"),
        ("• satu\n\uf0b7\tdua\n\u2013 tiga\no\tempat", "- satu\n- dua\n- tiga\n- empat"),
        ("  ▪  lima", "- lima"),
        ("*Keputusan:* data _wajib_ dan ~lama~", "Keputusan: data wajib dan lama"),
        ("2 * 3 * 4, nama_berkas_baru.pdf", "2 * 3 * 4, nama_berkas_baru.pdf"),
        ("o iya, rapat dimulai", "o iya, rapat dimulai"),
        ("keluarga 👨‍👩‍👧", "keluarga 👨‍👩‍👧"),
        ("a\u200db", "ab"),
        ("baris \nberikut\t kolom", "baris\nberikut  kolom"),
        ("", ""),
    ],
)
def test_what_is_pasted_reads_as_paragraphs(pasted, kept):
    assert plain_text(pasted) == kept


def test_a_heading_is_one_line():
    assert one_line("Kirim\n data\u00a0 segera ") == "Kirim data segera"


@given(st.text(alphabet="ab *_~•\u2013o\t\n\r\u00a0\u200b\u2028", max_size=60))
def test_plain_words_stay_as_they_are(typed):
    once = plain_text(typed)
    assert plain_text(once) == once
    assert "\r" not in once
    assert "\n\n\n" not in once
