"""What is asked of whom: an action item, or a draft before it is sent."""

from datetime import timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from app.agencies.forms import AgencyField, AgencyList
from app.core import clock
from app.core.errors import InvalidInput
from app.core.forms import IndonesianMeta, at_most, blame
from app.followups.forms.fields import DayField, TimeOfDayField, instant_of, soon_enough
from app.followups.models import MAX_TEXT, MAX_TITLE, FollowUp

PROPOSED = timedelta(days=14)


class TaskForm(FlaskForm):
    """What an officer wants, of whom, until when, and on what basis."""

    class Meta(IndonesianMeta):
        pass

    title = TextAreaField(
        "Apa yang diminta", [InputRequired("Tuliskan apa yang diminta."), at_most(MAX_TITLE)]
    )
    expected_proof = TextAreaField("Bukti yang diharapkan", [at_most(MAX_TEXT)])
    lead = AgencyField("Instansi penanggung jawab", [InputRequired("Tulis nama instansinya.")])
    supporters = AgencyList("Instansi pendukung")
    due_on = DayField("Batas waktu", [InputRequired("Isi batas waktunya."), soon_enough])
    due_time = TimeOfDayField("Pukul")
    basis = TextAreaField("Dasar", [at_most(MAX_TEXT)])
    basis_url = StringField("Tautan dasar", [at_most(MAX_TITLE)])

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as a service's `Task` names it (after `validate`)."""
        return {
            "title": one_paragraph(self.title.data),
            "expected_proof": self.expected_proof.data or "",
            "lead": self.lead.data or "",
            "supporters": self.supporters.typed(),
            "due_at": instant_of(self.due_on.data, self.due_time.data),
            "basis": self.basis.data or "",
            "basis_url": self.basis_url.data or "",
        }

    def refuse(self, error: InvalidInput) -> str:
        """Put what a service refused on its field; return it where it belongs to none."""
        return "" if blame(self, error) else error.message


def blank_task() -> TaskForm:
    """Return the form of a new action item, with a due time proposed."""
    return TaskForm(formdata=None, data={"due_on": clock.today() + PROPOSED})


def filled_task(follow_up: FollowUp) -> TaskForm:
    """Return the form of a draft as it is (agency and supporters loaded)."""
    whole_day = clock.is_whole_day(follow_up.due_at)
    local = clock.local(follow_up.due_at)
    data: dict[str, Any] = {
        "title": follow_up.title,
        "expected_proof": follow_up.expected_proof,
        "lead": follow_up.agency.short_name,
        "supporters": [agency.short_name for agency in follow_up.supporters],
        "due_on": local.date(),
        "due_time": None if whole_day else local.time(),
        "basis": follow_up.basis,
        "basis_url": follow_up.basis_url,
    }
    return TaskForm(formdata=None, data=data)


def one_paragraph(text: str | None) -> str:
    """Return what is asked on one line: it heads pages, lists and mails."""
    return " ".join((text or "").split())
