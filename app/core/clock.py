"""The one clock: instants in UTC, days in the regency's zone. Tests move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import current_app

END_OF_DAY = time(23, 59, 59)

_offset = timedelta(0)


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC) + _offset


def zone() -> ZoneInfo:
    """Return the regency's zone (`TIMEZONE`)."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def local(instant: datetime) -> datetime:
    """Return an instant as the clock on the office's wall shows it."""
    return instant.astimezone(zone())


def today() -> date:
    """Return the day that it is in the regency."""
    return local(now()).date()


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in the regency: due on the 7th is on time until then."""
    return datetime.combine(day, END_OF_DAY, tzinfo=zone()).astimezone(UTC)


def instant(day: date, at: time | None) -> datetime:
    """Return the instant of a wall-clock day and time; without a time, the end of that day."""
    if at is None:
        return end_of_day(day)
    return datetime.combine(day, at, tzinfo=zone()).astimezone(UTC)


def is_whole_day(moment: datetime) -> bool:
    """Tell whether an instant stands for a day rather than for a day and a time."""
    return local(moment).time().replace(microsecond=0) == END_OF_DAY


@contextmanager
def shifted(offset: timedelta) -> Iterator[None]:
    """Move the clock of this process, for tests and for seeding a past that was lived."""
    global _offset  # noqa: PLW0603 - there is one clock
    before = _offset
    _offset = before + offset
    try:
        yield
    finally:
        _offset = before


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Set the clock of this process to an instant; it goes on ticking from there."""
    with shifted(moment - now()):
        yield
