"""The page before the end of a meeting, and its end."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock, htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.core.formatting import zone_name
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.meetings import policy
from app.meetings.forms.ending import (
    EndingForm,
    likely_outcome,
    proposed_ending,
    typed_outcomes,
)
from app.meetings.models import Meeting
from app.meetings.queries import finding
from app.meetings.queries.checking import check_of, written_marks
from app.meetings.services.ending import Ending, end_meeting
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

SAID = "Rapat diakhiri. Surel hasil rapat berangkat beberapa menit lagi."


@bp.get("/rapat/<code>/akhiri")
@requires(Permission.MEETING_MANAGE)
def check(code: str) -> ResponseReturnValue:
    """Show what is missing, what differs, and who will be mailed what."""
    return _page(_endable(code))


@bp.post("/rapat/<code>/akhiri")
@requires(Permission.MEETING_MANAGE)
@mutation
def end(code: str) -> ResponseReturnValue:
    """End a meeting and send its follow-ups, once."""
    form = EndingForm()
    if not form.validate():
        return _page(_endable(code), 422, form)
    token, location = request.form.get("form_token", ""), url_for("meetings.detail", code=code)
    given = Ending(
        ended_at=form.ended_at(), due_on=form.due_on.data, outcomes=typed_outcomes(request.form)
    )
    try:
        with write() as actor:
            if once.answered_before(token, actor) is None:
                meeting = finding.get_locked(code, actor)
                end_meeting(meeting, actor, given, seen=request.form.get("seen", ""))
                once.remember(token, actor, location)
    except InvalidInput as refusal:
        form.refuse(refusal)
        return _page(_endable(code), refusal.status, form)
    except StaleVersion as refusal:
        changed = refusal.details.get("changed", ())
        return _page(_endable(code), refusal.status, form, refusal.message, changed)
    flash(SAID, "success")
    return htmx.go_to(location)


def _endable(code: str) -> Meeting:
    actor = current_actor()
    meeting = finding.get(code, actor)
    if not policy.can_end(actor, meeting):
        raise InvalidTransition("Rapat ini sudah diakhiri atau dibatalkan.")
    return meeting


def _page(
    meeting: Meeting,
    status: int = 200,
    form: EndingForm | None = None,
    message: str = "",
    changed: tuple[str, ...] | list[str] = (),
) -> ResponseReturnValue:
    """Render the page; what was typed stays, what it is about is always as it is now."""
    check = check_of(meeting, current_actor())
    outcomes = {item.id: likely_outcome(item) for _, item in check.not_marked}
    return show(
        "meetings/check_end.html",
        meeting,
        status=status,
        check=check,
        form=form or proposed_ending(check),
        outcomes=outcomes | typed_outcomes(request.form),
        message=message,
        changed=changed,
        seen=written_marks(check.marks),
        form_token=once.new_token(),
        zone=zone_name(),
        has_begun=meeting.starts_at <= clock.now(),
    )
