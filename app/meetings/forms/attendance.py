"""Lines of the attendance list, as the minute-taker types them and as people do themselves."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SearchField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import Length

from app.agencies.forms import AgencyField
from app.core.forms import Form, at_most
from app.core.input import seen_number, whole_numbers
from app.meetings.labels import GENDER_LABELS, PRESENCE_LABELS
from app.meetings.models import (
    MAX_ATTENDANCE,
    MAX_LINE,
    MAX_REASON,
    Attendance,
    Gender,
    Presence,
)
from app.meetings.queries.attendance import Board, Seat, from_where

OPEN, WAITING, RECORDED = "belum", "menunggu", "hadir"
SHOWN = [
    ("", "Semua yang diundang"),
    (OPEN, "Belum dicatat"),
    (WAITING, "Menunggu centang"),
    (RECORDED, "Sudah dicatat"),
]
PRESENCES = {**PRESENCE_LABELS, Presence.REPRESENTING: "Diwakili oleh orang ini"}


class BoardFilterForm(Form):
    """What the attendance list is narrowed to; it stands in the address."""

    kata = SearchField("Cari instansi atau nama")
    tampil = SelectField(
        "Tampilkan",
        choices=[SelectChoice(code, label) for code, label in SHOWN],
        validate_choice=False,
    )

    def narrow(self, board: Board) -> list[Seat]:
        """Return the seats that are asked for."""
        wanted, words = self.tampil.data or "", self.kata.data or ""
        seats = [seat for seat in board.seats if not words or seat.mentions(words)]
        if wanted == OPEN:
            return [seat for seat in seats if seat.is_open]
        if wanted == WAITING:
            return [seat for seat in seats if len(seat.confirmed) < len(seat.lines)]
        if wanted == RECORDED:
            return [seat for seat in seats if not seat.is_open]
        return seats

    @property
    def active(self) -> int:
        """Return how many filters are set."""
        return bool(self.kata.data) + bool(self.tampil.data)


class _PersonForm(Form):
    """What is asked of everybody on the list."""

    place = AgencyField("Instansi atau asal")
    name = StringField("Nama", [at_most(MAX_LINE)])
    gender = RadioField(
        "L/P",
        choices=[SelectChoice(code.value, label) for code, label in GENDER_LABELS.items()],
        validate_choice=False,
    )
    position = StringField("Jabatan", [at_most(MAX_LINE)])
    contact = StringField("Nomor telepon atau surel", [at_most(MAX_LINE)])

    def typed(self) -> dict[str, Any]:
        """Return who it is, as a service's `Person` takes it; a gender that is none is blank."""
        chosen = self.gender.data
        return {
            "place": self.place.data or "",
            "name": self.name.data or "",
            "gender": Gender(chosen) if chosen in list(Gender) else None,
            "position": self.position.data or "",
            "contact": self.contact.data or "",
        }


class PersonForm(_PersonForm):
    """A line as the minute-taker types it."""

    presence = RadioField(
        "Kehadiran",
        choices=[SelectChoice(code.value, label) for code, label in PRESENCES.items()],
        default=Presence.PRESENT.value,
    )
    represents = StringField("Mewakili", [at_most(MAX_LINE)])
    note = TextAreaField("Keterangan", [at_most(MAX_REASON)])
    edition = HiddenField()

    @classmethod
    def of(cls, line: Attendance) -> "PersonForm":
        """Return the form with a line (its agency loaded) as it stands."""
        data: dict[str, Any] = {
            name: getattr(line, name)
            for name in ("name", "position", "contact", "represents", "note")
        }
        return cls(
            formdata=None,
            data=data
            | {
                "place": from_where(line),
                "gender": line.gender.value if line.gender else None,
                "presence": line.presence.value,
                "edition": str(line.edition),
            },
        )

    def typed(self) -> dict[str, Any]:
        """Return the line as a service's `Person` takes it; called once the form is valid."""
        return super().typed() | {
            "presence": Presence(self.presence.data),
            "represents": self.represents.data or "",
            "note": self.note.data or "",
        }

    @property
    def seen(self) -> int:
        """Return the edition of the line that the page showed; -1 where it said none."""
        return seen_number(self.edition.data)


class CheckInForm(_PersonForm):
    """What somebody writes by the code on the wall."""

    device = HiddenField(validators=[Length(max=64)])

    @classmethod
    def of(cls, line: Attendance) -> "CheckInForm":
        """Return the form with what was written from this browser."""
        return cls(
            formdata=None,
            data={
                "place": from_where(line),
                "name": line.name,
                "gender": line.gender.value if line.gender else None,
                "position": line.position,
                "contact": line.contact,
                "device": line.device,
            },
        )


def ids_of(given: MultiDict[str, str]) -> list[int]:
    """Return the lines that were ticked."""
    return whole_numbers(given.getlist("baris")[:MAX_ATTENDANCE])
