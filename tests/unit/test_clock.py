"""The one clock: instants in UTC, days in the regency's zone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from app.core import clock


@pytest.fixture(autouse=True)
def makassar():
    app = Flask(__name__)
    app.config["TIMEZONE"] = "Asia/Makassar"
    with app.app_context():
        yield


def test_due_on_the_7th_is_on_time_until_the_last_second_of_the_7th_in_wita():
    assert clock.end_of_day(date(2026, 3, 7)) == datetime(2026, 3, 7, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
    ids=["last-minute-of-the-year", "new-year", "leap-day"],
)
def test_the_day_turns_at_midnight_in_the_regency(instant, day):
    with clock.set_to(instant):
        assert clock.today() == day


def test_a_day_and_a_time_or_a_whole_day():
    day = date(2026, 3, 7)
    assert clock.instant(day, time(9, 0)) == datetime(2026, 3, 7, 1, 0, tzinfo=UTC)
    assert clock.instant(day, None) == clock.end_of_day(day)
    assert clock.is_whole_day(clock.end_of_day(day))
    assert not clock.is_whole_day(clock.instant(day, time(23, 59)))


def test_a_moved_clock_ticks_on_and_comes_back():
    before = clock.now()
    with clock.shifted(timedelta(days=2)), clock.shifted(timedelta(hours=-1)):
        moved = clock.now()
        assert clock.now() >= moved
    assert timedelta(days=2, hours=-1) <= moved - before < timedelta(days=2)
    assert clock.now() - before < timedelta(minutes=1)


def test_it_comes_back_after_a_failure():
    before = clock.now()
    with pytest.raises(LookupError), clock.shifted(timedelta(days=400)):
        raise LookupError
    assert clock.now() - before < timedelta(minutes=1)
