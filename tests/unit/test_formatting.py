"""Dates, times and numbers as an office in Kutai Timur writes them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import clock, formatting

EVENING = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)  # the 10th has begun at half past midnight, WITA


@pytest.fixture(autouse=True)
def makassar():
    app = Flask(__name__)
    app.config["TIMEZONE"] = "Asia/Makassar"
    with app.app_context():
        yield


def test_a_day_is_the_day_in_the_regency():
    assert formatting.long_date(EVENING) == "Selasa, 10 Maret 2026"
    assert formatting.long_date(date(2025, 12, 16)) == "Selasa, 16 Desember 2025"
    assert formatting.short_date(EVENING) == "10 Mar 2026"
    assert formatting.long_date(date(2028, 2, 29)) == "Selasa, 29 Februari 2028"


def test_a_time_has_a_point_and_its_zone():
    assert formatting.clock_time(EVENING) == "00.30"
    assert formatting.moment(EVENING) == "10 Mar 2026 pukul 00.30 WITA"


def test_a_due_day_is_written_without_its_last_second():
    whole = clock.end_of_day(date(2026, 3, 10))
    assert formatting.due(whole) == "10 Mar 2026"
    assert formatting.due(whole, long=True) == "Selasa, 10 Maret 2026"
    assert formatting.due(EVENING) == "10 Mar 2026 pukul 00.30 WITA"


@pytest.mark.parametrize(
    ("due_at", "said"),
    [
        (timedelta(days=3), "3 hari lagi"),
        (timedelta(days=1), "besok"),
        (timedelta(hours=5), "5 jam lagi"),
        (timedelta(minutes=20), "hari ini"),
        (timedelta(minutes=-20), "lewat batas waktu"),
        (timedelta(days=-2), "lewat 2 hari"),
    ],
    ids=str,
)
def test_how_far_a_due_time_is(due_at, said):
    noon = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
    with clock.set_to(noon):
        assert formatting.time_left(noon + due_at + timedelta(seconds=30)) == said


def test_a_due_day_is_today_until_it_ends():
    whole = clock.end_of_day(date(2026, 3, 10))
    with clock.set_to(whole - timedelta(hours=9)):
        assert formatting.time_left(whole) == "hari ini"
    with clock.set_to(whole + timedelta(seconds=2)):
        assert formatting.time_left(whole) == "lewat 1 hari"


def test_how_long_ago():
    with clock.set_to(EVENING):
        assert formatting.ago(EVENING) == "hari ini, 00.30"
        assert formatting.ago(EVENING - timedelta(hours=1)) == "kemarin"
        assert formatting.ago(EVENING - timedelta(days=8)) == "8 hari lalu"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        ("", ""),
        ("872.87", "872,87"),
        (1234567, "1.234.567"),
        (Decimal("1500000000000.5"), "1.500.000.000.000,5"),
        (0, "0"),
        ("nihil", "nihil"),
        ("NaN", "NaN"),
    ],
    ids=str,
)
def test_numbers_have_indonesian_marks(value, written):
    assert formatting.number(value) == written


@given(st.text(max_size=50))
def test_any_text_can_be_read_for_a_number(text):
    found = formatting.parse_number(text)
    assert found is None or found.is_finite()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.timedeltas(timedelta(days=-13_000), timedelta(days=27_000)))
def test_any_instant_can_be_written(away):
    instant = EVENING + away
    for write in (formatting.moment, formatting.ago, formatting.time_left, formatting.due):
        assert write(instant)


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (1_468_007, "1,4 MB"),
        (20 * 1024**2, "20 MB"),
    ],
)
def test_sizes(size, written):
    assert formatting.file_size(size) == written
