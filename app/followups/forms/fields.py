"""Days and times as people type them, with what is wrong said in Indonesian."""

from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import DateField, TimeField
from wtforms.validators import ValidationError

from app.core import clock

DAYS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]
TIMES = ["%H:%M", "%H.%M", "%H:%M:%S"]
FURTHEST = timedelta(days=5 * 366)


class DayField(DateField):
    """A day: "2026-03-10" as browsers send it, or "10-03-2026" as people type it."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=DAYS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; raise ValueError where it is none."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            self.raw_data = []  # blanks are nothing, to `InputRequired` too
            return
        for form in DAYS:
            try:
                self.data = datetime.strptime(valuelist[0].strip(), form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            return
        raise ValueError("Tulis tanggalnya seperti 10-03-2026.")


class TimeOfDayField(TimeField):
    """A time of day: "17:00" or "17.00"."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=TIMES, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; raise ValueError where it is none."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        for form in TIMES:
            try:
                self.data = datetime.strptime(valuelist[0].strip(), form).time()  # noqa: DTZ007 - a time of day has no zone
            except ValueError:
                continue
            return
        raise ValueError("Tulis jamnya seperti 17.00.")


def soon_enough(_form: object, field: DayField) -> None:
    """Refuse a day that is past, or so far away that it was mistyped."""
    if field.data is None:
        return
    today = clock.today()
    if field.data < today:
        raise ValidationError("Tanggal ini sudah lewat.")
    if field.data > today + FURTHEST:
        raise ValidationError("Tanggal ini terlalu jauh. Periksa tahunnya.")


def instant_of(day: date | None, at: time | None) -> datetime | None:
    """Return the due time that a day and an optional time mean; None without a day."""
    return None if day is None else clock.instant(day, at)
