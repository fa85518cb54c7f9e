"""Forms of DP3A's side: the queue's filters, a judgement, what is managed, comments."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import AnyOf, InputRequired, Optional

from app.agencies.forms import AgencyField, AgencyList
from app.core import clock
from app.core.errors import InvalidInput
from app.core.forms import IndonesianMeta, at_most, blame
from app.followups.forms.fields import DayField, TimeOfDayField, instant_of, soon_enough
from app.followups.labels import OUTCOME_LABELS, REMARKER_LABELS
from app.followups.machine import Action
from app.followups.models import MAX_COMMENT, MAX_WORDS, Outcome, Remarker, ReturnReason
from app.followups.queries.queue import QueueAgency, Waiting

WORKING_DAYS = 3
SATURDAY = 5
MAX_SEARCH = 120
REMARK = "remark-"
MAX_REMARK = 1_000
EVERY = ("", "Semua")
ROW_ID = re.compile(r"[0-9]{1,9}")
TICKED = "Ada alasan yang dicentang. Hapus centangnya bila jawaban dinyatakan selesai."


def proposed_due(days: int = WORKING_DAYS) -> date:
    """Return the day some working days from today. Weekends are left out, holidays are not."""
    day = clock.today()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day


def row_ids(given: Iterable[str] | None) -> set[int]:
    """Return the ids of rows that a form named; what is none is left out."""
    return {int(text) for text in given or () if ROW_ID.fullmatch(text)}


class PanelForm(FlaskForm):
    """A form beside others on one page: its fields carry its prefix."""

    class Meta(IndonesianMeta):
        pass

    def refuse(self, error: InvalidInput) -> str:
        """Put what a service refused on its field; return it where it belongs to none."""
        return "" if blame(self, error) else error.message


class DueForm(PanelForm):
    """Words, and a day with an optional time."""

    words = TextAreaField("Alasan", [InputRequired("Tuliskan alasannya."), at_most(MAX_WORDS)])
    due_on = DayField("Batas waktu", [InputRequired("Isi batas waktunya."), soon_enough])
    due_time = TimeOfDayField("Pukul")

    @property
    def due_at(self) -> datetime | None:
        """Return the due time that was typed."""
        return instant_of(self.due_on.data, self.due_time.data)


class WordsForm(PanelForm):
    """Words alone."""

    words = TextAreaField("Alasan", [InputRequired("Tuliskan alasannya."), at_most(MAX_WORDS)])


class ReassignForm(PanelForm):
    """Another lead agency, and why."""

    agency = AgencyField(
        "Instansi penanggung jawab yang baru", [InputRequired("Tulis nama instansinya.")]
    )
    words = TextAreaField("Alasan", [InputRequired("Tuliskan alasannya."), at_most(MAX_WORDS)])


class SupportersForm(PanelForm):
    """Which supporters stay, and which come."""

    keep = SelectMultipleField("Instansi pendukung", validate_choice=False)
    shown = SelectMultipleField("Yang tadi tampil", validate_choice=False)
    add = AgencyList("Tambah instansi pendukung")

    @property
    def removed(self) -> set[int]:
        """Return the agencies that were shown and are ticked no longer."""
        return row_ids(self.shown.data) - row_ids(self.keep.data)


class CommentForm(PanelForm):
    """A comment."""

    words = TextAreaField(
        "Komentar", [InputRequired("Tuliskan komentarnya."), at_most(MAX_COMMENT)]
    )
    internal = BooleanField("Hanya untuk DP3A")


class ReviewForm(PanelForm):
    """A judgement: either of two, from one form."""

    reasons = SelectMultipleField("Alasan perbaikan", validate_choice=False)
    words = TextAreaField("Catatan untuk instansi", [at_most(MAX_WORDS)])
    whose = RadioField(
        "Catatan dari",
        choices=[SelectChoice(whose.value, label) for whose, label in REMARKER_LABELS.items()],
        validators=[AnyOf(list(Remarker), "Pilih salah satu.")],
        validate_choice=False,
        default=Remarker.DP3A.value,
    )
    due_on = DayField("Batas waktu perbaikan", [Optional(), soon_enough])
    due_time = TimeOfDayField("Pukul")
    outcome = RadioField(
        "Hasil",
        choices=[SelectChoice(outcome.value, label) for outcome, label in OUTCOME_LABELS.items()],
        validators=[AnyOf(list(Outcome), "Pilih salah satu hasil.")],
        validate_choice=False,
        default=Outcome.MET.value,
    )
    closing_words = TextAreaField("Catatan penutup", [at_most(MAX_WORDS)])

    def validate_for(self, action: Action) -> bool:
        """Check what the one judgement needs; what belongs to the other is left as it is."""
        if action is Action.ACCEPT:
            needed = (self.outcome, self.whose, self.closing_words)
            checked = [field.validate(self) for field in needed]
            if self.reasons.data:
                self.reasons.errors = [TICKED]
                return False
            return all(checked)
        return bool(self.validate())

    def remarks(self, given: Mapping[str, str]) -> dict[int, str]:
        """Return the remarks of a sent form by evidence id."""
        return {
            evidence_id: words[:MAX_REMARK]
            for name, words in given.items()
            if name.startswith(REMARK)
            for evidence_id in row_ids([name.removeprefix(REMARK)])
        }

    @property
    def reason_ids(self) -> tuple[int, ...]:
        """Return the ticked reasons; what is no number stands for none that exists."""
        ticked = self.reasons.data or []
        return tuple(sorted(row_ids(ticked))) or ((0,) if ticked else ())

    def words_or_sentences(self, reasons: Sequence[ReturnReason]) -> str:
        """Return the words; where none were typed, the sentences of the ticked reasons."""
        typed = (self.words.data or "").strip()
        ticked = set(self.reason_ids)
        return typed or "\n".join(
            reason.sentence for reason in reasons if reason.id in ticked and reason.sentence
        )

    @property
    def due_at(self) -> datetime | None:
        """Return the due time that was typed."""
        return instant_of(self.due_on.data, self.due_time.data)


class QueueForm(FlaskForm):
    """What the queue can be narrowed to."""

    class Meta(IndonesianMeta):
        pass

    q = StringField("Cari kata atau nomor", [at_most(MAX_SEARCH)])
    instansi = SelectField("Instansi", default="")
    klaster = SelectField("Klaster", default="")
    putaran = BooleanField("Hanya hasil perbaikan", false_values=("",))
    lewat = BooleanField("Hanya yang dikirim lewat batas waktu", false_values=("",))


def clean(text: str) -> str:
    """Return what of a text a database can be asked for."""
    return text.replace("\0", "")[:MAX_SEARCH]


def read_queue(
    given: MultiDict[str, str],
    agencies: Sequence[QueueAgency],
    clusters: Sequence[tuple[str, str]],
) -> tuple[QueueForm, dict[str, str], list[str]]:
    """Read an address: its form, what of it is understood, and notes on what is not."""
    form = QueueForm(formdata=given)
    form.instansi.choices = [
        EVERY,
        *((row.code, f"{row.short_name} ({row.waiting})") for row in agencies),
    ]
    form.klaster.choices = [EVERY, *clusters]
    form.validate()
    notes = []
    for field in form:
        if field.errors:
            if field.raw_data and field.raw_data[0]:
                notes.append(
                    f"{field.label.text} pada alamat tidak dikenal, sehingga tidak dipakai."
                )
            field.data, field.errors = field.default, []
    known = {
        field.name: "1" if isinstance(field, BooleanField) else str(field.data).strip()
        for field in form
        if field.data
    }
    return form, {name: value for name, value in known.items() if value}, notes


def waiting_of(arguments: Mapping[str, Any]) -> Waiting:
    """Return the part of the queue that understood arguments of an address mean."""
    said = {name: clean(str(arguments.get(name, ""))) for name in ("q", "instansi", "klaster")}
    return Waiting(
        words=said["q"],
        agency=said["instansi"],
        cluster=said["klaster"],
        corrected=bool(arguments.get("putaran")),
        late=bool(arguments.get("lewat")),
    )
