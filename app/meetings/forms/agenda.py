"""What is asked about one item of an agenda."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.errors import InvalidInput
from app.core.forms import IndonesianMeta, at_most, blame
from app.meetings.models import MAX_LINE, MAX_TITLE, AgendaItem
from app.meetings.queries.agenda import LONGEST, seen_of


class TopicForm(FlaskForm):
    """What about, who presents it, how long."""

    class Meta(IndonesianMeta):
        pass

    title = StringField(
        "Apa yang dibahas",
        [
            InputRequired("Tuliskan apa yang dibahas."),
            at_most(MAX_TITLE),
        ],
    )
    presenter = StringField("Penyaji", [at_most(MAX_LINE)])
    minutes = IntegerField(
        "Lama", [Optional(), NumberRange(1, LONGEST, f"Tulis 1 sampai {LONGEST} menit.")]
    )
    seen = HiddenField()

    def given(self) -> dict[str, Any]:
        """Return what was filled in, as a service's `Topic` names it."""
        return {
            "title": self.title.data or "",
            "presenter": self.presenter.data or "",
            "minutes": self.minutes.data,
        }

    def refuse(self, error: InvalidInput) -> str:
        """Put what a service refused on its field; return it where it belongs to none."""
        return "" if blame(self, error) else error.message


def prefix_of(item_id: int) -> str:
    """Return what the fields of one item's form are called by, several being on the page."""
    return f"butir{item_id}-"


def filled_topic(item: AgendaItem) -> TopicForm:
    """Return the form of an item as it is."""
    data = {
        "title": item.title,
        "presenter": item.presenter,
        "minutes": item.minutes,
        "seen": seen_of(item),
    }
    return TopicForm(formdata=None, data=data, prefix=prefix_of(item.id))
