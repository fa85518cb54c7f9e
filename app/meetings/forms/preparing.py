"""What is asked about a meeting before it is held, and about its invitation letter."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from app.core import clock
from app.core.errors import InvalidInput
from app.core.forms import IndonesianMeta, at_most, blame
from app.followups.forms.fields import DayField, TimeOfDayField, instant_of
from app.instruments.models import Cycle
from app.meetings.labels import FIELD_LABELS, KIND_LABELS, proposed_title
from app.meetings.models import MAX_LINE, MAX_REASON, MAX_TITLE, Meeting, MeetingKind
from app.meetings.queries.choices import Person

NEAR_ENOUGH = timedelta(days=3 * 366)
MAX_ORDINAL = 99
COPIED = (
    "place",
    "video_url",
    "chair_name",
    "chair_position",
    "chair_id",
    "letter_nature",
    "letter_attachments",
    "letter_subject",
    "bring",
    "contact",
)
"""What a new meeting takes from the last one as it was there."""
FIRST = {"letter_nature": "Biasa", "letter_attachments": "-"}
LETTER = (
    "letter_number",
    "letter_date",
    "letter_nature",
    "letter_attachments",
    "letter_subject",
    "bring",
    "contact",
)


def _line(name: str, length: int = MAX_LINE) -> StringField:
    return StringField(FIELD_LABELS[name], [at_most(length)])


def _near_enough(_form: object, field: DayField) -> None:
    """Refuse a day so far away that its year was mistyped; meetings of the past are written up."""
    if field.data is not None and abs(field.data - clock.today()) > NEAR_ENOUGH:
        raise ValidationError("Tanggal ini terlalu jauh. Periksa tahunnya.")


class MeetingForm(FlaskForm):
    """A meeting's particulars and those of its letter. Days and hours are the regency's."""

    class Meta(IndonesianMeta):
        pass

    kind = SelectField(
        "Jenis rapat",
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        default=MeetingKind.BEFORE.value,
    )
    ordinal = IntegerField(
        "Rapat koordinasi ke-",
        [Optional(), NumberRange(1, MAX_ORDINAL, f"Tulis angka 1 sampai {MAX_ORDINAL}.")],
    )
    title = _line("title", MAX_TITLE)
    proposed = HiddenField()
    proposed_ordinal = HiddenField()
    """What the form proposed: left as it was, it follows the day that is chosen."""
    day = DayField("Hari dan tanggal", [InputRequired("Isi tanggal rapat."), _near_enough])
    starts = TimeOfDayField("Pukul", [InputRequired("Isi jam mulainya.")])
    ends = TimeOfDayField("Sampai pukul", [InputRequired("Isi jam selesainya.")])
    place = _line("place")
    video_url = _line("video_url", 500)
    chair_name = _line("chair_name")
    chair_position = _line("chair_position")
    chair_id = SelectField("Akun pimpinan rapat")
    minute_taker_name = _line("minute_taker_name")
    minute_taker_position = _line("minute_taker_position")
    basis = TextAreaField(FIELD_LABELS["basis"], [at_most(MAX_REASON)])
    cycle_id = SelectField("Evaluasi")
    letter_number = _line("letter_number")
    letter_date = DayField(FIELD_LABELS["letter_date"], [Optional(), _near_enough])
    letter_nature = _line("letter_nature")
    letter_attachments = _line("letter_attachments")
    letter_subject = _line("letter_subject", MAX_TITLE)
    bring = TextAreaField(FIELD_LABELS["bring"], [at_most(MAX_REASON)])
    contact = TextAreaField(FIELD_LABELS["contact"], [at_most(MAX_REASON)])

    def offer(self, people: Sequence[Person], cycles: Sequence[Cycle]) -> None:
        """Let choose from accounts that may approve, and from evaluations."""
        named = [(str(p.id), f"{p.name}, {p.position}" if p.position else p.name) for p in people]
        self.chair_id.choices = [SelectChoice("", "Tidak memakai akun")] + [
            SelectChoice(value, label) for value, label in named
        ]
        self.cycle_id.choices = [SelectChoice(str(c.id), c.name) for c in cycles] + [
            SelectChoice("", "Tidak terkait evaluasi")
        ]

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as a service's `Plan` names it (after `validate`)."""
        lines = {
            name: one_line(self._fields[name].data)
            for name in FIELD_LABELS
            if isinstance(self._fields.get(name), StringField)
            and not isinstance(self._fields[name], TextAreaField)
        }
        texts = {name: (self._fields[name].data or "").strip() for name in _TEXTS}
        ordinal = self.ordinal.data if self.kind.data != MeetingKind.OTHER.value else None
        if lines["title"] == one_line(self.proposed.data):
            lines["title"] = ""
        return {
            **lines,
            **texts,
            "kind": MeetingKind(self.kind.data),
            "ordinal": ordinal,
            "starts_at": instant_of(self.day.data, self.starts.data),
            "ends_at": instant_of(self.day.data, self.ends.data),
            "chair_id": int(self.chair_id.data) if self.chair_id.data else None,
            "cycle_id": int(self.cycle_id.data) if self.cycle_id.data else None,
            "letter_date": self.letter_date.data,
        }

    @property
    def moves_to_year(self) -> int | None:
        """Return the year of the day chosen, where the ordinal was proposed for another one."""
        if self.day.data is None or self.day.data.year == clock.today().year:
            return None
        untouched = str(self.ordinal.data or "") == self.proposed_ordinal.data
        return self.day.data.year if self.ordinal.data and untouched else None

    def refuse(self, error: InvalidInput) -> str:
        """Put what a service refused on its field; return it where it belongs to none."""
        return "" if blame(self, error) else error.message


_TEXTS = ("basis", "bring", "contact")


class CancelForm(FlaskForm):
    """Why a meeting is not held."""

    class Meta(IndonesianMeta):
        pass

    reason = TextAreaField(
        "Alasan pembatalan",
        [InputRequired("Tuliskan alasan pembatalannya."), at_most(MAX_REASON)],
    )

    def refuse(self, error: InvalidInput) -> str:
        """Put what a service refused on its field; return it where it belongs to none."""
        return "" if blame(self, error) else error.message


def proposed_form(
    kind: MeetingKind,
    last: Meeting | None,
    *,
    ordinal: int,
    cycle_id: int | None,
    minute_taker: tuple[str, str],
) -> MeetingForm:
    """Return the form of a new meeting: the next number, and what stays as it was last time."""
    place_in_year = None if kind is MeetingKind.OTHER else ordinal
    title = proposed_title(place_in_year, clock.today().year)
    data: dict[str, Any] = {
        **FIRST,
        "kind": kind.value,
        "ordinal": place_in_year,
        "title": title,
        "proposed": title,
        "proposed_ordinal": str(place_in_year or ""),
        "cycle_id": str(cycle_id or ""),
        "letter_subject": "Undangan rapat koordinasi",
    }
    if last is not None:
        data |= {name: getattr(last, name) or "" for name in COPIED}
        data["chair_id"] = str(last.chair_id or "")
        data["starts"] = clock.local(last.starts_at).time()
        data["ends"] = clock.local(last.ends_at).time()
    data["minute_taker_name"], data["minute_taker_position"] = minute_taker
    return MeetingForm(formdata=None, data=data)


def filled_form(meeting: Meeting) -> MeetingForm:
    """Return the form of a meeting as it is."""
    starts, ends = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
    data = {name: getattr(meeting, name) for name in FIELD_LABELS}
    data |= {
        "kind": meeting.kind.value,
        "proposed": proposed_title(meeting.ordinal, meeting.year),
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "chair_id": str(meeting.chair_id or ""),
        "cycle_id": str(meeting.cycle_id or ""),
    }
    return MeetingForm(formdata=None, data=data)


def one_line(text: str | None) -> str:
    """Return a name or a number on one line, as letters and mails have it."""
    return " ".join((text or "").split())
