"""Decisions: added by a line, changed in place, moved, taken out."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import drafting, htmx, once
from app.core.access import requires
from app.core.errors import DomainError, InvalidInput, InvalidTransition
from app.core.identity import current_actor
from app.core.stale import fingerprint
from app.core.write import mutation, write
from app.meetings.forms.live import DecisionForm, first_fault
from app.meetings.models import AgendaItem, Meeting
from app.meetings.queries import finding
from app.meetings.queries import live as queries
from app.meetings.queries.addressing import known_addressees
from app.meetings.services import deciding
from app.meetings.views.blueprint import bp
from app.meetings.views.live import Trouble, reload, row
from app.meetings.views.writing import answer, minutes_url, overtaken, typed_words


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


def not_moved(code: str, place: str, refusal: InvalidInput) -> ResponseReturnValue:
    """Show the page again with what is wrong with the number, beside the row."""
    faults = {refusal.field or "": refusal.message}
    return reload(code, 422, Trouble(f"pindah-{place}", request.form, faults))


def section_item(meeting: Meeting, item_id: int | None) -> AgendaItem | None:
    """Return the agenda item that a form names; None where it names none."""
    return queries.agenda_item(meeting, item_id) if item_id else None


def token_of(*typed: str) -> str:
    """Return the form's token with what was typed: the same words again are a repeat.

    Other words are not, as when a page without script is gone back to.
    """
    token = request.form.get("form_token", "")[:40]
    return f"{token}.{fingerprint(*typed)}" if token else ""


def added(code: str, location: str) -> ResponseReturnValue:
    """Answer what was added: its row alone to the page's script, else the page at its place."""
    if not htmx.wants_fragment():
        return htmx.go_to(location)
    kind, _, row_id = location.rpartition("#")[2].partition("-")
    meeting = queries.get_readable(code, current_actor())
    sections = queries.sections_of(meeting)
    found = next(
        (
            numbered
            for section in sections
            for numbered in (section.decisions if kind == "keputusan" else section.actions)
            if numbered.row.id == int(row_id)
        ),
        None,
    )
    template = "meetings/_decision.html" if kind == "keputusan" else "meetings/_action.html"
    if found is None:
        return "", 204
    known = known_addressees(meeting.cycle)
    return row(template, meeting, sections, numbered=found, known=known)


def refused(code: str, place: str, refusal: DomainError) -> ResponseReturnValue:
    """Answer a line that was not added: with a sentence at its field, and what was typed."""
    if htmx.wants_fragment():
        line = render_template("meetings/_refused_line.html", message=refusal.message)
        return line, refusal.status
    if not isinstance(refusal, InvalidInput):
        return reload(code, refusal.status, Trouble(message=refusal.message, lost=typed_words()))
    trouble = Trouble(
        place=place, typed=request.form, faults={refusal.field or "": refusal.message}
    )
    return reload(code, refusal.status, trouble)
