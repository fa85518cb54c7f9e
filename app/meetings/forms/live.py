"""What the page of live minutes sends: each form is one line, or one working copy."""

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from app.core.errors import InvalidInput
from app.core.forms import Form, at_most
from app.core.input import whole
from app.followups.forms.fields import DayField
from app.followups.models import MAX_TEXT, MAX_TITLE
from app.meetings.labels import AGENDA_LABELS, CARRIED_LABELS
from app.meetings.models import (
    MAX_DECISION,
    MAX_LINE,
    MAX_REASON,
    AgendaOutcome,
    CarriedOutcome,
)


def first_fault(form: Form) -> InvalidInput:
    """Return the first thing that is wrong with a form, at its field."""
    return next(InvalidInput(str(f.errors[0]), f.name) for f in form if f.errors)


class PlacedForm(Form):
    """Something that stands under an agenda item: its id, blank for none."""

    agenda = HiddenField()

    @property
    def agenda_id(self) -> int | None:
        """Return the agenda item's id."""
        return whole(self.agenda.data)


class DecisionForm(PlacedForm):
    """A decision that is added."""

    words = TextAreaField("Keputusan", [at_most(MAX_DECISION)])


class ActionItemForm(PlacedForm):
    """An action item that is added."""

    title = StringField("Apa yang dikerjakan", [at_most(MAX_TITLE)])
    addressee = StringField("Kepada", [at_most(MAX_LINE)])
    expected_proof = StringField("Bukti yang diharapkan", [at_most(MAX_TEXT)])
    supporters = StringField("Instansi pendukung", [at_most(MAX_TEXT)])
    due_on = DayField("Batas waktu")


class MarkForm(Form):
    """What became of an agenda item."""

    outcome = SelectField(
        choices=[SelectChoice(code.value, label) for code, label in AGENDA_LABELS.items()],
        coerce=AgendaOutcome,
    )


class SettleForm(Form):
    """What the meeting says of a follow-up from before."""

    outcome = SelectField(
        choices=[SelectChoice(code.value, label) for code, label in CARRIED_LABELS.items()],
        coerce=CarriedOutcome,
    )
    words = TextAreaField("Yang disampaikan", [at_most(MAX_REASON)])
    said_by = StringField("Disampaikan oleh", [at_most(MAX_LINE)])
    due_on = DayField("Batas waktu baru")
