"""What goes with approving, returning and correcting minutes."""

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from app.core.forms import Form, at_most
from app.meetings.models import MAX_LINE, MAX_REASON, Meeting


class ApproveForm(Form):
    """The number of the minutes, as the office gives it."""

    minutes_number = StringField("Nomor notulen", [at_most(MAX_LINE)])


class ReturnForm(Form):
    """What is to be mended."""

    note = TextAreaField(
        "Yang perlu diperbaiki",
        [InputRequired("Tuliskan apa yang perlu diperbaiki."), at_most(MAX_REASON)],
    )


class ReasonForm(Form):
    """Why approved minutes are corrected, or an action item is taken back."""

    reason = TextAreaField("Alasan", [InputRequired("Tuliskan alasannya."), at_most(MAX_REASON)])


def numbered(meeting: Meeting) -> ApproveForm:
    """Return the form with the number that the minutes have already."""
    return ApproveForm(formdata=None, data={"minutes_number": meeting.minutes_number})
