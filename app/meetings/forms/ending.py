"""The page before the end of a meeting: when it closed, and what nobody marked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from wtforms.validators import InputRequired

from app.core import clock
from app.core.errors import InvalidInput
from app.core.forms import Form
from app.core.input import whole
from app.followups.forms.fields import DayField, TimeOfDayField, soon_enough
from app.meetings.models import AgendaItem, AgendaOutcome
from app.meetings.queries.checking import Check, proposed_closing

PROPOSED = timedelta(days=14)
MARK = "agenda-"


class EndingForm(Form):
    """When the meeting closed, and until when what has no due time is due."""

    closing_day = DayField("Tanggal selesai", [InputRequired("Isi tanggal selesainya.")])
    closing_time = TimeOfDayField("Pukul selesai", [InputRequired("Isi pukul selesainya.")])
    due_on = DayField("Batas waktu untuk yang belum diisi", [soon_enough])

    def ended_at(self) -> datetime:
        """Return when the meeting closed. Raises `InvalidInput` where that was not said."""
        if self.closing_day.data is None or self.closing_time.data is None:
            raise InvalidInput("Isi pukul selesainya.", "closing_time")
        return clock.instant(self.closing_day.data, self.closing_time.data)


def proposed_ending(check: Check) -> EndingForm:
    """Return the form with what is most likely: it closes now, and two weeks to do things."""
    closing = clock.local(proposed_closing(check.meeting))
    return EndingForm(
        formdata=None,
        data={
            "closing_day": closing.date(),
            "closing_time": closing.time(),
            "due_on": clock.today() + PROPOSED if check.without_due else None,
        },
    )


def likely_outcome(item: AgendaItem) -> AgendaOutcome:
    """Return what most likely became of an item: with notes under it, it was talked about."""
    return AgendaOutcome.DISCUSSED if item.notes.strip() else AgendaOutcome.NOT_REACHED


def typed_outcomes(form: Mapping[str, str]) -> dict[int, AgendaOutcome]:
    """Return what was chosen for agenda items that nobody had marked, by their ids."""
    known = {code.value: code for code in AgendaOutcome}
    return {
        item_id: known[text]
        for name, text in form.items()
        if name.startswith(MARK)
        and (item_id := whole(name.removeprefix(MARK))) is not None
        and text in known
    }
