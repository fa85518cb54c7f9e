"""What differs between two texts of minutes."""

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.meetings.queries.comparison import ADDED, REMOVED, SAME, compare, words_between

TEXTS = st.text(alphabet="ab c\n.", max_size=60)


def decision(number: int, words: str, id_: int | None = None) -> dict[str, Any]:
    return {"id": id_ or number, "number": number, "agenda_number": 1, "words": words}


def action(number: int, **said: Any) -> dict[str, Any]:
    whole = {
        "id": number,
        "number": number,
        "title": "Mengirim data",
        "expected_proof": "",
        "addressee": "Dinkes",
        "supporters": [],
        "due_on": "2026-03-12",
        "withdrawn_reason": "",
    }
    return {**whole, **said}


@given(TEXTS, TEXTS)
def test_pieces_hold_both_texts(before: str, after: str) -> None:
    pieces = words_between(before, after)
    now = "".join(text for kind, text in pieces if kind != REMOVED)
    assert now.split() == after.split()
    was = "".join(text for kind, text in pieces if kind != ADDED)
    assert was.split() == before.split()
    assert all(first[0] != second[0] for first, second in pairwise(pieces))


def test_words_are_marked_and_not_letters() -> None:
    assert words_between("Data dikirim minggu depan.", "Data dikirim bulan depan.") == [
        (SAME, "Data dikirim "),
        (REMOVED, "minggu "),
        (ADDED, "bulan "),
        (SAME, "depan."),
    ]


def test_long_notes_are_quick() -> None:
    before = "\n".join(f"Baris {n} dengan beberapa kata di dalamnya" for n in range(450))
    after = before.replace("beberapa", "banyak")
    began = time.monotonic()
    words_between(before, after)
    assert time.monotonic() - began < 2


def test_the_same_says_nothing() -> None:
    content = {"decisions": [decision(1, "Satu.")], "opening": "Dibuka."}
    assert compare(content, content) == []


def test_things_are_known_by_what_they_are_and_not_by_their_number() -> None:
    before = {"decisions": [decision(1, "Satu.", 7), decision(2, "Dua.", 8)]}
    after = {"decisions": [decision(1, "Nol.", 9), decision(2, "Satu.", 7)]}
    [part] = compare(before, after)
    assert [(change.title, change.kind) for change in part.changes] == [
        ("Keputusan 1", "added"),
        ("Keputusan 2", "removed"),
    ]


def test_fields_are_named_and_dates_are_written() -> None:
    [part] = compare({"actions": [action(1)]}, {"actions": [action(1, due_on="2026-03-20")]})
    [change] = part.changes
    [line] = change.lines
    assert (part.title, change.kind, line.label) == ("Tindak lanjut", "changed", "Batas waktu")
    assert (line.before, line.after) == ("Kamis, 12 Maret 2026", "Jumat, 20 Maret 2026")


@pytest.mark.parametrize("missing", ["before", "after"])
def test_a_part_that_one_of_them_does_not_have_is_not_compared(missing: str) -> None:
    whole = {"decisions": [decision(1, "Satu.")], "closing": "Ditutup."}
    short = {"decisions": [decision(1, "Satu.")]}
    pair = (short, whole) if missing == "before" else (whole, short)
    assert compare(*pair) == []


def test_of_people_it_tells_what_minutes_show_and_nothing_else() -> None:
    ana = {
        "name": "Ibu Ana",
        "gender": None,
        "position": "Kabid",
        "organisation": "",
        "agency": "Dinkes",
        "presence": "excused",
        "represents": "",
        "contact": "0812",
        "note": "Dirawat di rumah sakit",
    }
    seen_otherwise = {**ana, "contact": "0813", "note": "Sakit"}
    assert compare({"attendance": [ana]}, {"attendance": [seen_otherwise]}) == []
    [part] = compare({"attendance": [ana]}, {"attendance": [{**seen_otherwise, "gender": "P"}]})
    assert [(line.label, line.after) for line in part.changes[0].lines] == [("L/P", "P")]
    [part] = compare({"attendance": []}, {"attendance": [ana]})
    said = " ".join(line.after for line in part.changes[0].lines)
    assert "0812" not in said
    assert "Dirawat" not in said
