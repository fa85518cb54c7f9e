"""A meeting before it is held: set up from the last one, changed, moved, cancelled."""

from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock, formatting, htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition, NotVisible, StaleVersion
from app.core.identity import current_actor
from app.core.input import seen_number
from app.core.write import mutation, write
from app.followups.queries.handing_out import current_cycle_id
from app.meetings import labels, policy
from app.meetings.forms.preparing import (
    LETTER,
    CancelForm,
    MeetingForm,
    filled_form,
    proposed_form,
)
from app.meetings.models import Meeting, MeetingKind
from app.meetings.queries import choices, finding
from app.meetings.services import preparing
from app.meetings.services.guarding import require_open
from app.meetings.services.preparing import Plan
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

CREATED = "Rapat disiapkan sebagai konsep. Belum ada yang diberi tahu."
SAVED = "Keterangan rapat disimpan."
TOLD = "Keterangan rapat disimpan. Yang diundang diberi tahu lewat surel beberapa menit lagi."
CANCELLED = "Rapat dibatalkan."
KIND = "jenis"


@bp.get("/rapat/baru")
@requires(Permission.MEETING_MANAGE)
def new_meeting() -> ResponseReturnValue:
    """Show the form of a new meeting, filled in from the last one of its kind."""
    actor = current_actor()
    kind = _kind(request.args.get(KIND, ""))
    form = proposed_form(
        kind,
        choices.last_of_kind(kind),
        ordinal=choices.next_ordinal(clock.today().year),
        cycle_id=current_cycle_id(),
        minute_taker=(actor.name, choices.position_of(actor.user_id)),
    )
    return _new_page(form)


@bp.post("/rapat/baru")
@requires(Permission.MEETING_MANAGE)
@mutation
def create_meeting() -> ResponseReturnValue:
    """Set up a meeting as a draft, with the agenda that it starts with."""
    form = _offered(MeetingForm())
    if not form.validate():
        return _new_page(form, 422)
    given, token = _given(form), request.form.get("form_token", "")
    again = request.form.get("undang_lagi", "")
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                copied = finding.get(again, actor) if again else None
                made = preparing.create_meeting(Plan(**given), actor, copied=copied)
                location = url_for("meetings.agenda", code=made.code)
                once.remember(token, actor, location)
    except InvalidInput as error:
        return _new_page(form, error.status, form.refuse(error))
    except StaleVersion as error:
        return _new_page(form, error.status, error.message)
    flash(CREATED, "success")
    return htmx.go_to(location)


@bp.get("/rapat/<code>/ubah")
@requires(Permission.MEETING_MANAGE)
def edit_meeting(code: str) -> ResponseReturnValue:
    """Show a meeting's particulars, to be changed."""
    meeting = finding.get(code, current_actor())
    require_open(meeting, current_actor(), preparing.PARTICULARS)
    return _edit_page(meeting, filled_form(meeting))


@bp.post("/rapat/<code>/ubah")
@requires(Permission.MEETING_MANAGE)
@mutation
def change_meeting(code: str) -> ResponseReturnValue:
    """Change a meeting's particulars; those invited are told where it moves."""
    form = _offered(MeetingForm())
    if not form.validate():
        return _edit_page(finding.get(code, current_actor()), form, 422)
    version = seen_number(request.form.get("version"))
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            before = meeting.sequence
            preparing.change_meeting(meeting, Plan(**_given(form)), actor, version=version)
            has_moved = meeting.sequence != before
    except InvalidInput as error:
        return _edit_page(
            finding.get(code, current_actor()), form, error.status, form.refuse(error)
        )
    except (StaleVersion, InvalidTransition) as error:
        meeting = finding.get(code, current_actor())
        return _edit_page(meeting, form, error.status, error.message, is_stale=True)
    flash(TOLD if has_moved else SAVED, "success")
    return htmx.go_to(url_for("meetings.detail", code=code))


@bp.post("/rapat/<code>/batal")
@requires(Permission.MEETING_MANAGE)
@mutation
def cancel_meeting(code: str) -> ResponseReturnValue:
    """Cancel a meeting, with a reason; those invited are told."""
    form = CancelForm(prefix="batal-")
    if not form.validate():
        meeting = finding.get(code, current_actor())
        return _edit_page(meeting, filled_form(meeting), 422, cancelling=form)
    version = seen_number(request.form.get("version"))
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            preparing.cancel_meeting(meeting, form.reason.data or "", actor, version=version)
    except InvalidInput as error:
        meeting, message = finding.get(code, current_actor()), form.refuse(error)
        return _edit_page(meeting, filled_form(meeting), error.status, message, cancelling=form)
    except (StaleVersion, InvalidTransition) as error:
        meeting, message = finding.get(code, current_actor()), error.message
        return _edit_page(meeting, filled_form(meeting), error.status, message, cancelling=form)
    flash(CANCELLED, "success")
    return htmx.go_to(url_for("meetings.detail", code=code))


def _kind(text: str) -> MeetingKind:
    """Read a kind from an address; anything else is the first."""
    return MeetingKind(text) if text in list(MeetingKind) else MeetingKind.BEFORE


def _offered(form: MeetingForm) -> MeetingForm:
    form.offer(choices.approvers(), choices.cycles())
    return form


def _given(form: MeetingForm) -> dict[str, Any]:
    """Return what was filled in; an ordinal proposed for this year follows the day chosen."""
    given = form.given()
    if (year := form.moves_to_year) is not None:
        given["ordinal"] = choices.next_ordinal(year)
    return given


def _new_page(form: MeetingForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    kind = _kind(form.kind.data or "")
    last = choices.last_of_kind(kind)
    is_first = request.method == "GET"
    return htmx.render_page(
        "meetings/new.html",
        status=status,
        form=_offered(form),
        message=message,
        labels=labels,
        zone=formatting.zone_name(),
        kind=kind,
        kinds=[
            {
                "label": label,
                "url": url_for("meetings.new_meeting", jenis=offered.value),
                "is_current": offered is kind,
            }
            for offered, label in labels.KIND_LABELS.items()
        ],
        last=last,
        again=len(choices.agencies_to_copy(last.id)) if last is not None else 0,
        invites_again=is_first or bool(request.form.get("undang_lagi")),
        opens_letter=any(form[name].errors for name in LETTER),
        form_token=request.form.get("form_token") or once.new_token(),
    )


def _edit_page(
    meeting: Meeting,
    form: MeetingForm,
    status: int = 200,
    message: str = "",
    *,
    is_stale: bool = False,
    cancelling: CancelForm | None = None,
) -> ResponseReturnValue:
    """Render the form; where somebody else changed the meeting, beside what is stored now."""
    if not policy.can_manage(current_actor()):
        raise NotVisible
    shows_stored = request.method == "GET" or is_stale or cancelling is not None
    return show(
        "meetings/edit.html",
        meeting,
        status=status,
        form=_offered(form),
        zone=formatting.zone_name(),
        message=message,
        stored=_stored(meeting) if is_stale else [],
        version=meeting.version if shows_stored else request.form.get("version", ""),
        told=choices.who_knows(meeting.id),
        can_prepare=policy.can_prepare(current_actor(), meeting),
        cancelling=cancelling or CancelForm(formdata=None, prefix="batal-"),
        is_cancelling=cancelling is not None,
    )


def _stored(meeting: Meeting) -> list[tuple[str, str]]:
    """Return a meeting's particulars as they are stored, for who typed on an older page."""
    return [
        (labels.FIELD_LABELS[name], written)
        for name, value in preparing.plan_of(meeting).items()
        if name not in ("chair_id", "cycle_id")
        and (written := labels.KIND_LABELS.get(value) or preparing.written(value))
    ]
