"""Minutes on their way to a signature, and their correction afterwards."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx, once
from app.core.access import requires
from app.core.actor import Actor
from app.core.errors import (
    InvalidInput,
    InvalidTransition,
    NotVisible,
    StaleVersion,
    words_typed,
)
from app.core.forms import Form
from app.core.identity import current_actor
from app.core.input import seen_number
from app.core.stale import fingerprint
from app.core.write import mutation, write
from app.meetings import policy
from app.meetings.forms.approving import ApproveForm, ReasonForm, ReturnForm, numbered
from app.meetings.models import Meeting
from app.meetings.queries import finding, live
from app.meetings.queries.checking import items_to_send
from app.meetings.queries.files import has_signed_minutes
from app.meetings.queries.minutes import versions_of
from app.meetings.services import approving, correcting
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

SUBMITTED = "Notulen diajukan. Isinya tidak dapat diubah sampai disahkan atau dikembalikan."
RETURNED = "Notulen dikembalikan kepada notulis."
APPROVED = "Notulen disahkan. Surelnya berangkat beberapa menit lagi."
OPENED = "Koreksi dibuka. Ubah notulennya, lalu ajukan dan sahkan lagi."
DROPPED = "Koreksi dibatalkan. Versi yang sudah disahkan tetap berlaku."
WITHDRAWN = "Dicatat. Tindak lanjut ini dibatalkan saat koreksinya disahkan."
KEPT = "Tindak lanjut ini tidak jadi ditarik kembali."

Act = Callable[[Meeting, Actor], Any]


@bp.get("/rapat/<code>/pengesahan")
@requires(Permission.MEETING_READ)
def approval(code: str) -> ResponseReturnValue:
    """Show how far the minutes are, and what can be done with them."""
    return _page(_readable(code))


@bp.post("/rapat/<code>/pengesahan/ajukan")
@requires(Permission.MEETING_MANAGE)
@mutation
def submit_minutes(code: str) -> ResponseReturnValue:
    """Hand the minutes to whoever approves them."""
    version = seen_number(request.form.get("version"))
    return _act(
        code,
        lambda meeting, actor: approving.submit(meeting, actor, version=version),
        SUBMITTED,
    )


@bp.post("/rapat/<code>/pengesahan/kembalikan")
@requires(Permission.MEETING_APPROVE)
@mutation
def return_minutes(code: str) -> ResponseReturnValue:
    """Give the minutes back to the minute-taker, with a note."""
    form, version = ReturnForm(), seen_number(request.form.get("version"))
    note = form.note.data or ""
    return _act(
        code,
        lambda meeting, actor: approving.return_to_minute_taker(
            meeting, actor, note, version=version
        ),
        RETURNED,
        form,
    )


@bp.post("/rapat/<code>/pengesahan/sahkan")
@requires(Permission.MEETING_APPROVE)
@mutation
def approve_minutes(code: str) -> ResponseReturnValue:
    """Freeze and number the minutes, and tell everybody."""
    form, version = ApproveForm(), seen_number(request.form.get("version"))
    number = form.minutes_number.data or ""
    return _act(
        code,
        lambda meeting, actor: approving.approve(
            meeting, actor, version=version, minutes_number=number
        ),
        APPROVED,
        form,
    )


@bp.post("/rapat/<code>/koreksi")
@requires(Permission.MEETING_MANAGE)
@mutation
def open_correction(code: str) -> ResponseReturnValue:
    """Open approved minutes for a correction, with its reason."""
    form, version = ReasonForm(), seen_number(request.form.get("version"))
    reason = form.reason.data or ""
    return _act(
        code,
        lambda meeting, actor: correcting.open_correction(meeting, actor, reason, version=version),
        OPENED,
        form,
    )


@bp.post("/rapat/<code>/koreksi/batal")
@requires(Permission.MEETING_MANAGE)
@mutation
def drop_correction(code: str) -> ResponseReturnValue:
    """Close a correction in which nothing was changed."""
    version = seen_number(request.form.get("version"))
    return _act(
        code,
        lambda meeting, actor: correcting.drop_correction(meeting, actor, version=version),
        DROPPED,
    )


@bp.post("/rapat/<code>/tindak-lanjut/<int:item_id>/tarik")
@requires(Permission.MEETING_MANAGE)
@mutation
def withdraw_action(code: str, item_id: int) -> ResponseReturnValue:
    """Note that a sent action item is taken back, with the reason."""
    form = ReasonForm()
    reason = form.reason.data or ""
    return _act(
        code,
        lambda meeting, actor: correcting.withdraw_action(
            meeting, live.action_item(meeting, item_id), actor, reason
        ),
        WITHDRAWN,
        form,
        item_id,
    )


@bp.post("/rapat/<code>/tindak-lanjut/<int:item_id>/tarik/batal")
@requires(Permission.MEETING_MANAGE)
@mutation
def keep_action(code: str, item_id: int) -> ResponseReturnValue:
    """Note that an action item is not taken back after all."""
    return _act(
        code,
        lambda meeting, actor: correcting.keep_action(
            meeting, live.action_item(meeting, item_id), actor
        ),
        KEPT,
    )


def _act(
    code: str, act: Act, said: str, form: Form | None = None, item_id: int | None = None
) -> ResponseReturnValue:
    """Do one thing once; what cannot be done comes back with what was typed."""
    if form is not None and not form.validate():
        return _page(_readable(code), 422, form, item_id=item_id)
    token, location = _token(), url_for("meetings.approval", code=code)
    try:
        with write() as actor:
            if once.answered_before(token, actor) is None:
                act(finding.get_locked(code, actor), actor)
                once.remember(token, actor, location)
    except InvalidInput as refusal:
        if form is None or refusal.field is None:
            return _page(_readable(code), refusal.status, form, refusal.message, item_id)
        form.refuse(refusal)
        return _page(_readable(code), refusal.status, form, item_id=item_id)
    except (StaleVersion, InvalidTransition) as refusal:
        typed = words_typed()  # the page as it is now may have no form for it any more
        return _page(_readable(code), refusal.status, form, refusal.message, item_id, typed=typed)
    flash(said, "success")
    return htmx.go_to(location)


def _token() -> str:
    """Return the page's token with what is done: two of its buttons are no repeat of each other."""
    token = request.form.get("form_token", "")[:40]
    return f"{token}.{fingerprint(request.path)}" if token else ""


def _readable(code: str) -> Meeting:
    actor = current_actor()
    meeting = finding.get(code, actor)
    if not policy.can_read_minutes(actor, meeting):
        raise NotVisible
    return meeting


def _page(
    meeting: Meeting,
    status: int = 200,
    form: Form | None = None,
    message: str = "",
    item_id: int | None = None,
    *,
    typed: Sequence[str] = (),
) -> ResponseReturnValue:
    actor = current_actor()
    actions = list(enumerate(live.actions_of(meeting.id), 1))
    return show(
        "meetings/approval.html",
        meeting,
        status=status,
        message=message,
        typed=typed,
        refused=form,
        refused_item=item_id,
        approve_form=form if isinstance(form, ApproveForm) else numbered(meeting),
        return_form=form if isinstance(form, ReturnForm) else ReturnForm(formdata=None),
        reason_form=form
        if isinstance(form, ReasonForm) and item_id is None
        else ReasonForm(formdata=None),
        to_send=items_to_send(meeting),
        sent=[(number, row) for number, row in actions if row.sent_at is not None],
        versions=versions_of(meeting),
        has_scan=has_signed_minutes(meeting.id),
        is_chair=policy.is_chair(actor, meeting),
        can_approve=policy.can_approve(actor, meeting),
        can_correct=policy.can_correct(actor, meeting),
        can_withdraw=policy.can_withdraw_actions(actor, meeting),
        is_in_correction=policy.is_in_correction(meeting),
        form_token=once.new_token(),
    )
