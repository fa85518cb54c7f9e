"""What decisions and action items have in common: lines added under an agenda item, and moved."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core import htmx
from app.core.errors import DomainError, InvalidInput
from app.core.identity import current_actor
from app.core.stale import fingerprint
from app.meetings.models import AgendaItem, Meeting
from app.meetings.queries import live as queries
from app.meetings.queries.addressing import known_addressees
from app.meetings.views.live import Trouble, reload, row
from app.meetings.views.writing import typed_words


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
