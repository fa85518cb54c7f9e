"""An action item made by hand, and a draft changed before it is sent."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies.queries import active_agencies
from app.core import htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.followups.forms.tasks import TaskForm, blank_task, filled_task
from app.followups.machine import State
from app.followups.models import FollowUp
from app.followups.queries import detail
from app.followups.services.action_items import create_action_item as create
from app.followups.services.preparing import Task, edition
from app.followups.services.preparing import change_draft as change
from app.followups.views.blueprint import bp

SENT = "Terkirim kepada {agency}. Surelnya berangkat beberapa menit lagi."
KEPT = "Konsep disimpan. Instansi belum melihatnya."


@bp.get("/tindak-lanjut/baru")
@requires(Permission.FOLLOW_UP_MANAGE)
def new_action_item() -> ResponseReturnValue:
    """Show the form of a new action item."""
    return _new_page(blank_task())


@bp.post("/tindak-lanjut/baru")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def create_action_item() -> ResponseReturnValue:
    """Make an action item; keep it as a draft, or send it at once."""
    form = TaskForm()
    if not form.validate():
        return _new_page(form, 422)
    token, send = request.form.get("form_token", ""), _sends()
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                follow_up = create(Task(**form.given()), actor, send=send)
                location = url_for("followups.detail", number=follow_up.number)
                once.remember(token, actor, location)
    except InvalidInput as error:
        return _new_page(form, error.status, form.refuse(error))
    flash(SENT.format(agency=form.lead.data) if send else KEPT, "success")
    return htmx.go_to(location)


@bp.get("/tindak-lanjut/<number>/ubah")
@requires(Permission.FOLLOW_UP_MANAGE)
def edit_draft(number: str) -> ResponseReturnValue:
    """Show a draft's lead, supporters, wording and due time, to be changed."""
    follow_up = _draft(number)
    return _edit_page(follow_up, filled_task(follow_up))


@bp.post("/tindak-lanjut/<number>/ubah")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def change_draft(number: str) -> ResponseReturnValue:
    """Change a draft, and send it where that was pressed."""
    form = TaskForm()
    if not form.validate():
        return _edit_page(_draft(number), form, 422)
    seen, send = request.form.get("edition", ""), _sends()
    try:
        with write() as actor:
            follow_up = detail.get_locked(number, actor)
            change(follow_up, Task(**form.given()), actor, seen=seen, send=send)
    except InvalidInput as error:
        return _edit_page(_draft(number), form, error.status, form.refuse(error))
    except StaleVersion as error:
        return _edit_page(_draft(number), form, error.status, error.message, is_stale=True)
    flash(SENT.format(agency=form.lead.data) if send else KEPT, "success")
    return htmx.go_to(url_for("followups.detail", number=number))


def _sends() -> bool:
    return request.form.get("tindakan") == "kirim"


def _draft(number: str) -> FollowUp:
    follow_up = detail.get(number, current_actor())
    if follow_up.state is not State.DRAFT:
        raise InvalidTransition(f"{follow_up.number} sudah dikirim, sehingga bukan konsep lagi.")
    return follow_up


def _new_page(form: TaskForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    form.supporters.offer_blanks()
    return htmx.render_page(
        "followups/handing_out/new.html",
        status=status,
        form=form,
        message=message,
        agencies=active_agencies(),
        form_token=request.form.get("form_token") or once.new_token(),
    )


def _edit_page(
    follow_up: FollowUp,
    form: TaskForm,
    status: int = 200,
    message: str = "",
    *,
    is_stale: bool = False,
) -> ResponseReturnValue:
    """Render the form; where somebody else changed the draft, beside what is stored now."""
    form.supporters.offer_blanks()
    is_first = request.method == "GET" or is_stale
    return htmx.render_page(
        "followups/handing_out/edit.html",
        status=status,
        follow_up=follow_up,
        form=form,
        message=message,
        stored=filled_task(follow_up) if is_stale else None,
        edition=edition(follow_up) if is_first else request.form.get("edition", ""),
        agencies=active_agencies(),
    )
