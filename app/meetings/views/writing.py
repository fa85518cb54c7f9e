"""Autosave of what is written while people talk, and what became of each agenda item."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import drafting, htmx
from app.core.access import requires
from app.core.errors import DomainError, InvalidTransition
from app.core.identity import current_actor
from app.core.working_copy import Saved
from app.core.write import mutation, write
from app.meetings import labels
from app.meetings.forms.live import MarkForm
from app.meetings.queries import finding
from app.meetings.queries import live as queries
from app.meetings.services import writing
from app.meetings.views.blueprint import bp
from app.meetings.views.live import FIELD_LABELS, Trouble, reload, saved_place


@bp.post("/rapat/<code>/notulen/konsep")
@requires(Permission.MEETING_MANAGE)
@mutation
def save_minutes(code: str) -> ResponseReturnValue:
    """Save the opening or the closing words."""
    place = "penutup" if "closing" in request.form else "pembukaan"
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            saved = writing.save_words(meeting, actor, drafting.typed())
    except InvalidTransition as refusal:
        return overtaken(code, place, refusal)
    return answer(code, place, saved, anchor=place)


@bp.post("/rapat/<code>/notulen/agenda/<int:item_id>/konsep")
@requires(Permission.MEETING_MANAGE)
@mutation
def save_notes(code: str, item_id: int) -> ResponseReturnValue:
    """Save the notes of an agenda item."""
    place = f"a{item_id}"
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            item = queries.agenda_item(meeting, item_id)
            saved = writing.save_notes(meeting, item, actor, drafting.typed())
    except InvalidTransition as refusal:
        return overtaken(code, place, refusal)
    return answer(code, place, saved, anchor=f"agenda-{item_id}")


@bp.post("/rapat/<code>/notulen/agenda/<int:item_id>/hasil")
@requires(Permission.MEETING_MANAGE)
@mutation
def mark_agenda_item(code: str, item_id: int) -> ResponseReturnValue:
    """Say that an agenda item was discussed, or goes to the next meeting."""
    form = MarkForm()
    form.validate()
    with write() as actor:
        meeting = finding.get_locked(code, actor)
        item = queries.agenda_item(meeting, item_id)
        if not form.errors:
            writing.mark_agenda_item(meeting, item, actor, form.outcome.data)
    if htmx.wants_fragment():
        item = queries.agenda_item(finding.get(code, current_actor()), item_id)
        return render_template(
            "meetings/_mark.html", meeting=meeting, item=item, can_write=True, labels=labels
        )
    return htmx.go_to(minutes_url(code, f"agenda-{item_id}"))


def minutes_url(code: str, anchor: str) -> str:
    """Return the address of a place on the page."""
    return url_for("meetings.minutes", code=code, _anchor=anchor)


def answer(
    code: str, place: str, saved: Saved, *, anchor: str, doubt: str = ""
) -> ResponseReturnValue:
    """Answer an autosave, or the button of a form without script."""
    line = drafting.status_line(saved)
    fragment = saved_place(place, saved, f"{line} · {doubt}" if doubt else line)
    if fragment is not None:
        return fragment
    if not saved.conflicts and not saved.faults:
        return htmx.go_to(minutes_url(code, anchor))
    wrong = {*saved.faults, *(conflict.field for conflict in saved.conflicts)}
    trouble = Trouble(
        place=place,
        typed={name: request.form[name] for name in wrong if name in request.form},
        faults=saved.faults,
        conflicts=saved.conflicts,
    )
    return reload(code, 409 if saved.conflicts else 422, trouble)


def overtaken(code: str, place: str, refusal: DomainError) -> ResponseReturnValue:
    """Answer where the minutes are no longer written: what was typed stays readable."""
    if htmx.wants_fragment():
        return render_template(
            "meetings/_draft_status.html", message=refusal.message, saved=None, place=place
        ), 422
    return reload(code, refusal.status, Trouble(message=refusal.message, lost=typed_words()))


def typed_words() -> list[tuple[str, str]]:
    """Return what the request's form had in its fields, by label."""
    return [
        (label, text)
        for name, label in FIELD_LABELS.items()
        if (text := request.form.get(name, "").strip())
    ]
