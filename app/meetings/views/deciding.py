"""Decisions: added by a line, changed in place, moved, taken out."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import drafting, htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition
from app.core.write import mutation, write
from app.meetings.forms.live import DecisionForm, first_fault
from app.meetings.queries import finding
from app.meetings.queries import live as queries
from app.meetings.services import deciding
from app.meetings.views.blueprint import bp
from app.meetings.views.lines import added, not_moved, refused, section_item, token_of
from app.meetings.views.writing import answer, minutes_url, overtaken


@bp.post("/rapat/<code>/notulen/keputusan")
@requires(Permission.MEETING_MANAGE)
@mutation
def add_decision(code: str) -> ResponseReturnValue:
    """Add a decision under an agenda item."""
    form = DecisionForm()
    place = f"k{form.agenda_id or 0}"
    if not form.validate():
        return refused(code, place, first_fault(form))
    token = token_of(form.words.data or "")
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                meeting = finding.get_locked(code, actor)
                item = section_item(meeting, form.agenda_id)
                made = deciding.add_decision(meeting, item, form.words.data or "", actor)
                location = minutes_url(code, f"keputusan-{made.id}")
                once.remember(token, actor, location)
    except (InvalidInput, InvalidTransition) as refusal:
        return refused(code, place, refusal)
    return added(code, location)


@bp.post("/rapat/<code>/notulen/keputusan/<int:decision_id>/konsep")
@requires(Permission.MEETING_MANAGE)
@mutation
def save_decision(code: str, decision_id: int) -> ResponseReturnValue:
    """Save the words of a decision."""
    place = f"d{decision_id}"
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            decision = queries.decision(meeting, decision_id)
            saved = deciding.save_decision(meeting, decision, actor, drafting.typed())
    except InvalidTransition as refusal:
        return overtaken(code, place, refusal)
    return answer(code, place, saved, anchor=f"keputusan-{decision_id}")


@bp.post("/rapat/<code>/notulen/keputusan/<int:decision_id>/pindah")
@requires(Permission.MEETING_MANAGE)
@mutation
def move_decision(code: str, decision_id: int) -> ResponseReturnValue:
    """Move a decision to another agenda item, named by its number."""
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            decision = queries.decision(meeting, decision_id)
            item = queries.agenda_numbered(meeting, request.form.get("nomor", ""))
            deciding.move_decision(meeting, decision, item, actor)
    except InvalidInput as refusal:
        return not_moved(code, f"d{decision_id}", refusal)
    return htmx.go_to(minutes_url(code, f"keputusan-{decision_id}"))


@bp.post("/rapat/<code>/notulen/keputusan/<int:decision_id>/hapus")
@requires(Permission.MEETING_MANAGE)
@mutation
def remove_decision(code: str, decision_id: int) -> ResponseReturnValue:
    """Take a decision out."""
    with write() as actor:
        meeting = finding.get_locked(code, actor)
        decision = queries.decision(meeting, decision_id)
        anchor = f"agenda-{decision.agenda_item_id or 0}"
        deciding.remove_decision(meeting, decision, actor)
    return htmx.go_to(minutes_url(code, anchor))
