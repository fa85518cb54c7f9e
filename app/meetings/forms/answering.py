"""The answer to an invitation: the same form by link, on the page, and by phone."""

from typing import Any

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from app.core.forms import Form, at_most
from app.meetings.labels import ANSWER_LABELS
from app.meetings.models import MAX_LINE, MAX_REASON, Answer, Invitation

ASKED = {**ANSWER_LABELS, Answer.REPRESENTED: "Diwakilkan kepada orang lain"}


class ReplyForm(Form):
    """Whether somebody comes, who, or why nobody does."""

    answer = RadioField(
        "Jawaban",
        [InputRequired(message="Pilih salah satu jawaban.")],
        choices=[SelectChoice(code.value, label) for code, label in ASKED.items()],
    )
    name = StringField(
        "Nama yang hadir atau mewakili",
        [at_most(MAX_LINE)],
    )
    position = StringField("Jabatan", [at_most(MAX_LINE)])
    note = TextAreaField(
        "Catatan, atau alasan berhalangan",
        [at_most(MAX_REASON)],
    )

    @classmethod
    def of(cls, invitation: Invitation, prefix: str = "") -> "ReplyForm":
        """Return the form with the answer as it stands; a guest's own name is proposed."""
        return cls(
            formdata=None,
            prefix=prefix,
            data={
                "answer": invitation.answer.value if invitation.answer else None,
                "name": invitation.answer_name or invitation.guest_name,
                "position": invitation.answer_position or invitation.guest_position,
                "note": invitation.answer_note,
            },
        )

    def typed(self) -> dict[str, Any]:
        """Return the answer as a service's `Reply` takes it; called once the form is valid."""
        return {
            "answer": Answer(self.answer.data),
            "name": self.name.data or "",
            "position": self.position.data or "",
            "note": self.note.data or "",
        }
