"""How answers are read, kept, refused and worded."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.formatting import number, parse_number
from app.followups import answers
from app.followups.answers import AnswerSpec
from app.followups.models import FollowUp
from app.instruments.models import AnswerType, Cycle, Question

NUMBER = AnswerSpec(AnswerType.NUMBER, ("2025",))
PERCENT = AnswerSpec(AnswerType.PERCENT, ("2024", "2025"))
YES_NO = AnswerSpec(AnswerType.YES_NO, ("2025",))
CHOICE = AnswerSpec(AnswerType.CHOICE, ("2025",), choices=("Perda", "Perbup", "Belum ada"))
TEXT = AnswerSpec(AnswerType.TEXT, (answers.UNDATED,))
EVERY = [NUMBER, PERCENT, YES_NO, CHOICE, TEXT]


def given_in(spec, value, detail=""):
    return {year: {"value": value, "detail": detail} for year in spec.years}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("81,2", "81.2"),
        ("81.2", "81.2"),
        ("1.234", "1234"),
        ("1.234.567,89", "1234567.89"),
        ("Rp 1.500.000.000.000", "1500000000000"),
        ("Rp.2.500", "2500"),
        (" 84,0 % ", "84"),
        ("1 234", "1234"),
        ("0", "0"),
        ("0,00", "0"),
        ("-5", "-5"),
        ("1000", "1000"),
        ("007", "7"),
        ("٣", "3"),
    ],
)
def test_a_number_is_kept_as_a_plain_decimal(typed, kept):
    assert answers.canonical(NUMBER, typed) == kept


@pytest.mark.parametrize(
    "typed", ["sekitar 80", "1,2,3", "1.23.456", "12e3", "NaN", "Infinity", "1_000", "²", "-", ""]
)
def test_what_is_no_number_is_kept_as_typed_and_refused(typed):
    kept = answers.canonical(NUMBER, typed)
    assert kept == typed
    assert (answers.fault(NUMBER, kept) is None) is (typed == "")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_kept_once_and_for_all(typed):
    for spec in EVERY:
        kept = answers.canonical(spec, typed)
        assert answers.canonical(spec, kept) == kept
        answers.fault(spec, kept)
        answers.faults(spec, given_in(spec, kept))
        answers.is_negative(spec, given_in(spec, kept))


@given(st.decimals(-(10**15), 10**15, places=3))
def test_a_number_written_for_people_is_read_back(amount):
    assert parse_number(number(amount)) == amount
    kept = answers.canonical(NUMBER, number(amount))
    assert Decimal(kept) == amount
    assert answers.fault(NUMBER, kept) is None
    assert "E" not in kept


@given(st.decimals(0, 10**15, places=2))
def test_a_kept_number_shown_and_saved_again_is_the_same(amount):
    kept = answers.canonical(NUMBER, number(amount))
    assert answers.canonical(NUMBER, number(kept)) == kept


@pytest.mark.parametrize(
    ("value", "fits"),
    [("0", True), ("100", True), ("81.2", True), ("100.01", False), ("-1", False), ("1500", False)],
)
def test_a_percentage_lies_between_0_and_100(value, fits):
    wrong = answers.fault(PERCENT, value)
    assert (wrong is None) is fits
    assert fits or "antara 0 dan 100" in wrong


@pytest.mark.parametrize(
    ("spec", "value", "says"),
    [
        (NUMBER, "banyak", "“banyak” bukan angka"),
        (YES_NO, "mungkin", "Pilih ya atau tidak."),
        (CHOICE, "SK", "Pilih salah satu"),
    ],
    ids=["number", "yes-no", "choice"],
)
def test_a_fault_says_how_to_mend_it(spec, value, says):
    assert says in answers.fault(spec, value)


def test_a_long_mistake_is_quoted_in_part():
    assert len(answers.fault(NUMBER, "a" * 500)) < 120


def test_each_year_that_lacks_an_answer_is_named():
    found = answers.faults(PERCENT, {"2024": {"value": "81.2"}})
    assert found == {"answer-2025-value": "Jawaban 2025 belum diisi."}


def test_an_answer_in_words_names_no_year():
    assert answers.faults(TEXT, {}) == {"answer-isi-value": "Jawaban belum diisi."}


def test_a_yes_asks_for_its_explanation_and_a_no_does_not():
    assert list(answers.faults(YES_NO, given_in(YES_NO, "ya"))) == ["answer-2025-detail"]
    assert answers.faults(YES_NO, given_in(YES_NO, "ya", "Perda 3/2024")) == {}
    assert answers.faults(YES_NO, given_in(YES_NO, "tidak")) == {}


@pytest.mark.parametrize(
    ("spec", "value", "negative"),
    [
        (NUMBER, "0", True),
        (NUMBER, "1", False),
        (NUMBER, "", False),
        (NUMBER, "nihil", False),
        (PERCENT, "0", True),
        (YES_NO, "tidak", True),
        (YES_NO, "ya", False),
        (CHOICE, "Belum ada", True),
        (CHOICE, "Perda", False),
        (TEXT, "belum ada ", True),
        (TEXT, "Belum ada SK, sedang disusun", False),
        (TEXT, "", False),
    ],
)
def test_what_counts_as_nothing_there(spec, value, negative):
    assert answers.is_negative(spec, given_in(spec, value)) is negative


def test_one_year_with_something_is_not_nothing():
    answer = {"2024": {"value": "0"}, "2025": {"value": "3"}}
    assert not answers.is_negative(PERCENT, answer)


def test_a_question_asks_for_the_years_before_its_cycle():
    question = Question(data_years=2, unit="%", choices=[])
    row = FollowUp(question=question, cycle=Cycle(year=2026), answer_type=AnswerType.PERCENT)
    spec = answers.spec_of(row)
    assert (spec.years, spec.unit) == (("2024", "2025"), "%")


def test_an_action_item_is_answered_in_words():
    spec = answers.spec_of(FollowUp(answer_type=AnswerType.TEXT))
    assert spec == AnswerSpec(AnswerType.TEXT, ("isi",))
