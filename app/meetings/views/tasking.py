"""Action items: added by a line, changed in place, taken out before they are sent."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import drafting, htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition
from app.core.write import mutation, write
from app.meetings.forms.live import ActionItemForm, first_fault
from app.meetings.queries import finding
from app.meetings.queries import live as queries
from app.meetings.queries.addressing import Directory
from app.meetings.services import tasking
from app.meetings.services.tasking import Wish
from app.meetings.views.blueprint import bp
from app.meetings.views.lines import added, not_moved, refused, section_item, token_of
from app.meetings.views.writing import answer, minutes_url, overtaken


@bp.post("/rapat/<code>/notulen/tindak-lanjut")
@requires(Permission.MEETING_MANAGE)
@mutation
def add_action_item(code: str) -> ResponseReturnValue:
    """Add an action item under an agenda item."""
    form = ActionItemForm()
    place = f"t{form.agenda_id or 0}"
    if not form.validate():
        return refused(code, place, first_fault(form))
    token = token_of(form.title.data or "", form.addressee.data or "")
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                meeting = finding.get_locked(code, actor)
                item = section_item(meeting, form.agenda_id)
                made = tasking.add_action_item(meeting, item, _wish(form), actor)
                location = minutes_url(code, f"tindak-{made.id}")
                once.remember(token, actor, location)
    except (InvalidInput, InvalidTransition) as refusal:
        return refused(code, place, refusal)
    return added(code, location)


def _wish(form: ActionItemForm) -> Wish:
    return Wish(
        title=form.title.data or "",
        addressee=form.addressee.data or "",
        expected_proof=form.expected_proof.data or "",
        supporters=form.supporters.data or "",
        due_on=form.due_on.data,
    )


@bp.post("/rapat/<code>/notulen/tindak-lanjut/<int:item_id>/konsep")
@requires(Permission.MEETING_MANAGE)
@mutation
def save_action_item(code: str, item_id: int) -> ResponseReturnValue:
    """Save the fields of an action item."""
    place, save, doubt = f"t-{item_id}", drafting.typed(), ""
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            action = queries.action_item(meeting, item_id)
            before = (action.addressee, action.supporters)
            directory = Directory(meeting.cycle)
            saved = tasking.save_action_item(meeting, action, actor, save, directory)
            if before != (action.addressee, action.supporters) or not tasking.is_addressed(action):
                doubt = tasking.doubt_about(action, directory)
    except InvalidTransition as refusal:
        return overtaken(code, place, refusal)
    return answer(code, place, saved, anchor=f"tindak-{item_id}", doubt=doubt)


@bp.post("/rapat/<code>/notulen/tindak-lanjut/<int:item_id>/pindah")
@requires(Permission.MEETING_MANAGE)
@mutation
def move_action_item(code: str, item_id: int) -> ResponseReturnValue:
    """Move an action item to another agenda item, named by its number."""
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            action = queries.action_item(meeting, item_id)
            item = queries.agenda_numbered(meeting, request.form.get("nomor", ""))
            tasking.move_action_item(meeting, action, item, actor)
    except InvalidInput as refusal:
        return not_moved(code, f"t-{item_id}", refusal)
    return htmx.go_to(minutes_url(code, f"tindak-{item_id}"))


@bp.post("/rapat/<code>/notulen/tindak-lanjut/<int:item_id>/hapus")
@requires(Permission.MEETING_MANAGE)
@mutation
def remove_action_item(code: str, item_id: int) -> ResponseReturnValue:
    """Take an action item out, before it is sent."""
    with write() as actor:
        meeting = finding.get_locked(code, actor)
        action = queries.action_item(meeting, item_id)
        anchor = f"agenda-{action.agenda_item_id or 0}"
        tasking.remove_action_item(meeting, action, actor)
    return htmx.go_to(minutes_url(code, anchor))
