"""How dates, times and numbers read in Indonesian. Template filters and plain functions alike."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

from app.core import clock

LOCALE = "id"
MEGABYTE = 1024**2
GIGABYTE = 1024**3
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def zone_name() -> str:
    """Return what people call the regency's zone ("WITA")."""
    return ZONE_NAMES.get(clock.zone().key, clock.zone().key)


def long_date(value: date | datetime) -> str:
    """Write a day: "Selasa, 24 November 2026"."""
    return _written(_day(value), "EEEE, d MMMM y")


def short_date(value: date | datetime) -> str:
    """Write a day for a list: "24 Nov 2026"."""
    return _written(_day(value), "d MMM y")


def clock_time(value: datetime) -> str:
    """Write a time of day: "09.00"."""
    return f"{clock.local(value):%H.%M}"


def moment(value: datetime) -> str:
    """Write an instant: "24 Nov 2026 pukul 09.00 WITA"."""
    return f"{short_date(value)} pukul {clock_time(value)} {zone_name()}"


def due(value: datetime, *, long: bool = False) -> str:
    """Write a due time: the day alone where the whole day is meant."""
    day = long_date(value) if long else short_date(value)
    if clock.is_whole_day(value):
        return day
    return f"{day} pukul {clock_time(value)} {zone_name()}"


def days_between(earlier: datetime, later: datetime) -> int:
    """Count midnights between two instants, as people count days."""
    return (clock.local(later).date() - clock.local(earlier).date()).days


def ago(value: datetime) -> str:
    """Write how long ago something was, in days as people count them."""
    days = days_between(value, clock.now())
    if days <= 0:
        return f"hari ini, {clock_time(value)}"
    return "kemarin" if days == 1 else f"{days} hari lalu"


def time_left(value: datetime) -> str:
    """Write how far a due time is from now: "3 hari lagi", "hari ini", "lewat 2 hari"."""
    now = clock.now()
    days = days_between(now, value)
    if value < now:
        return f"lewat {-days} hari" if days < 0 else "lewat batas waktu"
    if days > 1:
        return f"{days} hari lagi"
    if days == 1:
        return "besok"
    hours = int((value - now) / timedelta(hours=1))
    return "hari ini" if clock.is_whole_day(value) or hours == 0 else f"{hours} jam lagi"


def number(value: Decimal | int | float | str | None) -> str:
    """Write a number with Indonesian marks: "1.234.567,89". Text that is no number stays itself."""
    if value is None or value == "":
        return ""
    if type(value) is int:  # what counts count, dozens on a page: no locale data is asked
        return f"{value:,}".replace(",", ".")
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not amount.is_finite():
        return str(value)
    return format_decimal(amount, locale=LOCALE, decimal_quantization=False)


_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")


def parse_number(text: str) -> Decimal | None:
    """Read a number as people here type it; None where it is none.

    "1.234.567,89", "81,2", "Rp 1.500" and "81.2" are read; "1.234" is one thousand two hundred
    and thirty-four, as an Indonesian reader means it.
    """
    text = text.replace("\u00a0", " ").strip()
    text = re.sub(r"^(Rp\.?|rp\.?)\s*", "", text).removesuffix("%").strip().replace(" ", "")
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not _PLAIN.fullmatch(text) or len(text) > 40:
        return None
    return Decimal(text)


def file_size(size: int) -> str:
    """Write a size in bytes as people read it: "312 KB", "1,4 MB", "78 GB"."""
    if size < 1024:
        return f"{size} B"
    if size < MEGABYTE:
        return f"{round(size / 1024)} KB"
    if size < GIGABYTE:
        return f"{format_decimal(size / MEGABYTE, format='#,##0.#', locale=LOCALE)} MB"
    return f"{format_decimal(size / GIGABYTE, format='#,##0', locale=LOCALE)} GB"


@lru_cache(maxsize=4096)
def _written(day: date, pattern: str) -> str:
    """Write a day by a pattern. A list names the same few days again and again."""
    return format_date(day, pattern, locale=LOCALE)


def _day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def register_formatting(app: Flask) -> None:
    """Give the templates these functions as filters."""
    for function in (
        long_date,
        short_date,
        clock_time,
        moment,
        due,
        ago,
        time_left,
        number,
        file_size,
    ):
        app.add_template_filter(function)
