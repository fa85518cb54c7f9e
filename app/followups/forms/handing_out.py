"""Choosing questions to hand out: which, and until when in each cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length

from app.core import clock
from app.core.forms import IndonesianMeta
from app.core.input import whole_numbers
from app.followups.forms.fields import DayField, TimeOfDayField, instant_of, soon_enough
from app.instruments.models import Cluster, Question

PROPOSED = timedelta(days=14)
MAX_QUESTIONS = 5_000
ALL, CLUSTER, QUESTION = "semua", "klaster", "q"
"""The names of the checkboxes: every question, those of a cluster, one."""


class DueForm(FlaskForm):
    """A day, and a time where the day alone is too late."""

    class Meta(IndonesianMeta):
        pass

    due_on = DayField("Batas waktu", [soon_enough])
    due_time = TimeOfDayField("Pukul")

    @property
    def due_at(self) -> datetime | None:
        """Return the due time; None where no day is given."""
        return instant_of(self.due_on.data, self.due_time.data)


class WordsForm(FlaskForm):
    """What questions are searched by."""

    class Meta(IndonesianMeta):
        pass

    kata = StringField("Cari pertanyaan", [Length(max=120, message="Paling panjang 120 huruf.")])


@dataclass(slots=True)
class Choice:
    """What was ticked and typed, as an address or a form carries it."""

    words: WordsForm
    common: DueForm
    by_cluster: Mapping[str, DueForm]
    everything: bool
    clusters: frozenset[str]
    questions: frozenset[int]
    message: str = ""

    def includes(self, question: Question) -> bool:
        """Tell whether a question is chosen, by itself or with its cluster."""
        cluster = question.indicator.cluster.code
        return self.everything or cluster in self.clusters or question.id in self.questions

    def chosen(self, questions: Sequence[Question]) -> list[int]:
        """Return the ids of the chosen among questions, in their order."""
        return [question.id for question in questions if self.includes(question)]

    def due_of(self, cluster: Cluster) -> datetime | None:
        """Return the cluster's own due time, or the one for all."""
        return self.by_cluster[cluster.code].due_at or self.common.due_at

    def dues(self, clusters: Sequence[Cluster]) -> dict[int, datetime]:
        """Return the due time of each cluster that has one."""
        dues = {cluster.id: self.due_of(cluster) for cluster in clusters}
        return {id_: due_at for id_, due_at in dues.items() if due_at is not None}

    def check(self, questions: Sequence[Question]) -> bool:
        """Tell whether it can be handed out; what is wrong stands at its field."""
        forms: list[FlaskForm] = [self.words, self.common, *self.by_cluster.values()]
        sound = [form.validate() for form in forms].count(False) == 0
        if not any(self.includes(question) for question in questions):
            self.message = "Pilih paling sedikit satu pertanyaan."
            return False
        needed = {q.indicator.cluster.code: q for q in questions if self.includes(q)}
        for code, question in needed.items():
            due_at = self.due_of(question.indicator.cluster)
            form = self.by_cluster[code] if self.by_cluster[code].due_on.data else self.common
            if due_at is None:
                _add_error(self.common, "Isi batas waktunya.")
                return False
            if due_at <= clock.now() and not form.due_on.errors:
                _add_error(form, "Batas waktu harus sesudah saat ini.")
                sound = False
        return sound


def read_choice(given: MultiDict[str, str], clusters: Sequence[Cluster]) -> Choice:
    """Read a choice; where nothing was given yet, a due time is proposed."""
    asked = given or None
    proposed: dict[str, Any] = {"due_on": clock.today() + PROPOSED}
    ids = whole_numbers(given.getlist(QUESTION))
    return Choice(
        words=WordsForm(formdata=asked),
        common=DueForm(formdata=asked, data=proposed),
        by_cluster={
            cluster.code: DueForm(formdata=asked, prefix=f"{cluster.code}-") for cluster in clusters
        },
        everything=given.get(ALL) == "1",
        clusters=frozenset(given.getlist(CLUSTER)),
        questions=frozenset(ids[:MAX_QUESTIONS]),
    )


def _add_error(form: DueForm, message: str) -> None:
    form.due_on.errors = [*form.due_on.errors, message]
