"""What the meeting says of follow-ups from before."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock, htmx
from app.core.access import requires
from app.core.errors import DomainError, InvalidInput, InvalidTransition, StaleVersion
from app.core.identity import current_actor
from app.core.input import seen_number
from app.core.write import mutation, write
from app.meetings.forms.live import SettleForm, first_fault
from app.meetings.queries import finding
from app.meetings.queries import live as queries
from app.meetings.services import settling
from app.meetings.views.blueprint import bp
from app.meetings.views.live import Trouble, reload, row
from app.meetings.views.writing import minutes_url


@bp.post("/rapat/<code>/notulen/dari-rapat-lalu/<int:carried_id>")
@requires(Permission.MEETING_MANAGE)
@mutation
def settle(code: str, carried_id: int) -> ResponseReturnValue:
    """Note that a follow-up is closed, extended, cancelled or kept; done at the meeting's end."""
    form = SettleForm()
    if not form.validate():
        return _refused(code, carried_id, first_fault(form))
    day = form.due_on.data
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            settling.settle(
                meeting,
                queries.carried_item(meeting, carried_id).row,
                actor,
                form.outcome.data,
                words=form.words.data or "",
                said_by=form.said_by.data or "",
                due_at=None if day is None else clock.end_of_day(day),
                edition=seen_number(request.form.get("edition")),
            )
    except (InvalidInput, InvalidTransition, StaleVersion) as refusal:
        return _refused(code, carried_id, refusal)
    return _settled(code, carried_id)


@bp.post("/rapat/<code>/notulen/dari-rapat-lalu/<int:carried_id>/urungkan")
@requires(Permission.MEETING_MANAGE)
@mutation
def unsettle(code: str, carried_id: int) -> ResponseReturnValue:
    """Take back what was noted of a follow-up."""
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            carried = queries.carried_item(meeting, carried_id).row
            settling.unsettle(
                meeting, carried, actor, edition=seen_number(request.form.get("edition"))
            )
    except (InvalidTransition, StaleVersion) as refusal:
        return _refused(code, carried_id, refusal)
    return _settled(code, carried_id)


def _settled(code: str, carried_id: int) -> ResponseReturnValue:
    if htmx.wants_fragment():
        return _row(code, carried_id, Trouble())
    return htmx.go_to(minutes_url(code, f"lanjut-{carried_id}"))


def _refused(code: str, carried_id: int, refusal: DomainError) -> ResponseReturnValue:
    """Show the form again with what was typed, beside what is stored now."""
    name = refusal.field if isinstance(refusal, InvalidInput) else None
    trouble = Trouble(
        place=f"c{carried_id}",
        typed=request.form,
        faults={name or "": refusal.message},
        lost=_typed() if isinstance(refusal, InvalidTransition) else (),
    )
    if htmx.wants_fragment():
        return _row(code, carried_id, trouble), refusal.status
    return reload(code, refusal.status, trouble)


def _typed() -> list[tuple[str, str]]:
    form = request.form
    said = (("Yang disampaikan", "words"), ("Disampaikan oleh", "said_by"))
    return [(label, form[name]) for label, name in said if form.get(name, "").strip()]


def _row(code: str, carried_id: int, trouble: Trouble) -> str:
    meeting = queries.get_readable(code, current_actor())
    carried = queries.carried_item(meeting, carried_id)
    return row("meetings/_carried.html", meeting, trouble=trouble, carried=carried)
