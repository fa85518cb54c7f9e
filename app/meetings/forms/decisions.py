"""The filters of the register of decisions, as its address carries them.

What an address gets wrong is left out with a note: a saved link never breaks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Optional

from app.core.filters import EVERY, Chip, FilterField, changed, chip_of, drop_faults
from app.core.forms import IndonesianMeta, at_most
from app.meetings import labels
from app.meetings.models import MeetingKind
from app.meetings.queries.decisions import Narrowing, Progress

MAX_WORDS = 120
PROGRESS_LABELS = {
    Progress.RUNNING: "Ada yang belum selesai",
    Progress.DONE: "Semua selesai",
    Progress.NONE: "Tanpa tindak lanjut",
}
OWN_PROGRESS_LABELS = {
    Progress.RUNNING: "Instansi ini belum selesai",
    Progress.DONE: "Instansi ini selesai",
    Progress.NONE: "Tanpa tindak lanjut instansi ini",
}
"""As those read it who see the follow-ups of their own agencies alone."""


class DecisionsForm(FlaskForm):
    """What the register can be narrowed to. Nothing is required."""

    class Meta(IndonesianMeta):
        pass

    q = StringField(
        "Cari kata, rapat, atau nomor",
        [Optional(), at_most(MAX_WORDS)],
    )
    tahun = FilterField("Tahun", default="")
    jenis = FilterField("Jenis rapat", default="")
    keadaan = FilterField("Tindak lanjutnya", default="")


@dataclass(frozen=True, slots=True)
class DecisionsRequest:
    """What an address asks for: the narrowing, and how the page says so."""

    form: DecisionsForm
    narrowing: Narrowing
    arguments: Mapping[str, Any]
    """What of the address is understood, without the page."""
    notes: Sequence[str]
    """What of the address is not understood."""

    def with_(self, **changes: str) -> dict[str, Any]:
        """Return the arguments of an address that differs; an empty value takes one away."""
        return changed(self.arguments, changes)

    @property
    def chips(self) -> list[Chip]:
        """Return the filters in force, each with the address's arguments without it."""
        return [chip_of(self.form[name], self.arguments) for name in self.arguments]


def read_decisions(arguments: MultiDict[str, str], *, reads_all: bool) -> DecisionsRequest:
    """Read an address. The years on offer come from what is found: see `offer_years`."""
    form = DecisionsForm(formdata=arguments)
    form.jenis.choices = EVERY + [(k.value, label) for k, label in labels.KIND_LABELS.items()]
    of_reader = PROGRESS_LABELS if reads_all else OWN_PROGRESS_LABELS
    form.keadaan.choices = EVERY + [(p.value, label) for p, label in of_reader.items()]
    year = form.tahun.data or ""
    is_year = year.isdecimal() and len(year) == len("2026")
    form.tahun.choices = EVERY + ([(year, year)] if is_year else [])
    notes = drop_faults(form)
    given = {field.name: str(field.data).strip() for field in form if field.data}
    given = {name: value for name, value in given.items() if value}
    narrowing = Narrowing(
        words=given.get("q", ""),
        year=int(given["tahun"]) if "tahun" in given else None,
        kind=MeetingKind(given["jenis"]) if "jenis" in given else None,
        progress=Progress(given["keadaan"]) if "keadaan" in given else None,
    )
    return DecisionsRequest(form, narrowing, given, notes)


def offer_years(asked: DecisionsRequest, years: Sequence[int]) -> None:
    """Offer the years in which there are decisions, and the one that the address names."""
    wanted = {*years, *([asked.narrowing.year] if asked.narrowing.year else [])}
    asked.form.tahun.choices = EVERY + [(str(y), str(y)) for y in sorted(wanted, reverse=True)]
