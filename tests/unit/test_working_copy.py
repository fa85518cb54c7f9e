"""The merge of a working copy: stored, shown and typed text, and who changed it last."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.core.actor import Actor
from app.core.working_copy import (
    MAX_TEXT,
    Conflict,
    Save,
    fingerprints,
    read_base,
    read_text,
    save_fields,
    touch,
)

NOW = datetime(2026, 3, 10, 2, 30, tzinfo=UTC)
ME, COLLEAGUE = 1, 2
HERE, ELSEWHERE = "tab-ini", "tab-lain"


def person(user_id):
    return Actor(user_id, "Ani", "agency")


@pytest.fixture
def row():
    return SimpleNamespace(
        draft_no=0, draft_at=None, draft_by_id=None, draft_marks={}, words={"a": "", "b": ""}
    )


class Page:
    """What somebody has open: the fields as shown, and what was seen."""

    def __init__(self, row, user_id=ME, tab=HERE):
        self.row, self.actor, self.tab = row, person(user_id), tab
        self.shown = dict(row.words)
        self.draft_no, self.base = row.draft_no, fingerprints(self.shown)

    def save(self, read=read_text, **typed):
        self.shown |= typed
        saved = save_fields(
            self.row,
            dict(self.row.words),
            Save(self.shown, self.draft_no, self.base, self.tab),
            self.actor,
            NOW,
            read=read,
            store=self.row.words.update,
        )
        self.draft_no, self.base = saved.draft_no, saved.base
        return saved


def test_what_is_typed_is_stored_with_who_typed_it(row):
    saved = Page(row).save(a="satu")
    assert row.words == {"a": "satu", "b": ""}
    assert (row.draft_no, row.draft_by_id, row.draft_marks) == (1, ME, {"a": [1, ME, HERE]})
    assert (saved.draft_no, saved.saved_at, row.draft_at) == (1, NOW, NOW)
    assert (saved.conflicts, saved.faults, saved.others_wrote) == ([], {}, False)


def test_the_same_again_changes_nothing(row):
    page = Page(row)
    page.save(a="satu")
    page.save(a="satu")
    assert row.draft_no == 1


def test_two_people_in_different_fields_both_stay(row):
    mine, theirs = Page(row), Page(row, COLLEAGUE)
    theirs.save(b="dari rekan")
    saved = mine.save(a="dari saya")
    assert row.words == {"a": "dari saya", "b": "dari rekan"}
    assert saved.conflicts == []
    assert saved.others_wrote


def test_a_page_that_only_sends_old_words_back_overwrites_nothing(row):
    mine, theirs = Page(row), Page(row, COLLEAGUE)
    theirs.save(a="dari rekan")
    mine.save()
    assert row.words["a"] == "dari rekan"


@pytest.mark.parametrize(("user_id", "tab"), [(COLLEAGUE, HERE), (ME, ELSEWHERE)])
def test_a_field_that_another_person_or_tab_changed_is_a_conflict(row, user_id, tab):
    mine, theirs = Page(row), Page(row, user_id, tab)
    theirs.save(a="yang pertama")
    saved = mine.save(a="yang kedua")
    assert saved.conflicts == [Conflict("a", mine="yang kedua", saved="yang pertama")]
    assert row.words["a"] == "yang pertama"


def test_after_a_conflict_the_next_save_decides(row):
    mine, theirs = Page(row), Page(row, COLLEAGUE)
    theirs.save(a="yang pertama")
    mine.save(a="yang kedua")
    assert mine.save().conflicts == []
    assert row.words["a"] == "yang kedua"


def test_both_typing_the_same_is_no_conflict(row):
    mine, theirs = Page(row), Page(row, COLLEAGUE)
    theirs.save(a="sama")
    assert mine.save(a="sama").conflicts == []


def test_a_save_whose_answer_was_lost_is_no_conflict_with_itself(row):
    page = Page(row)
    before = page.draft_no, page.base
    page.save(a="satu")
    page.draft_no, page.base = before
    assert page.save(a="satu dua").conflicts == []
    assert row.words["a"] == "satu dua"


def test_a_fault_keeps_that_field_alone_from_being_saved(row):
    def read(name, text):
        return (None, "bukan tanggal") if name == "a" else (text, None)

    saved = Page(row).save(read, a="kemarin", b="dua")
    assert saved.faults == {"a": "bukan tanggal"}
    assert row.words == {"a": "", "b": "dua"}


def test_fields_that_are_not_this_persons_are_ignored(row):
    page = Page(row)
    page.shown["state"] = "closed"
    page.save(a="satu")
    assert row.words == {"a": "satu", "b": ""}


def test_a_field_that_appeared_meanwhile_is_left_alone(row):
    page = Page(row)
    row.words["c"] = "baru"
    saved = page.save(a="satu")
    assert row.words["c"] == "baru"
    assert saved.base["c"] == fingerprints(row.words)["c"]


def test_touching_moves_the_number_but_marks_no_field(row):
    page = Page(row)
    touch(row, person(COLLEAGUE), NOW)
    assert (row.draft_no, row.draft_by_id, row.draft_marks) == (1, COLLEAGUE, {})
    assert page.save(a="satu").conflicts == []


def test_words_that_are_too_long_are_cut_and_said():
    kept, fault = read_text("a", " " + "x" * MAX_TEXT + "y")
    assert kept == "x" * MAX_TEXT
    assert "Paling panjang" in fault
    assert read_text("a", "satu\r\ndua ", limit=8) == ("satu\ndua", None)


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', "null", "{]", "[" * 100_000])
def test_a_base_that_cannot_be_read_counts_as_not_seen(text):
    assert read_base(text) == {}
