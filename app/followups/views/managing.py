"""What DP3A changes of a follow-up beside judging it: its state, its time, its agencies."""

from collections.abc import Callable

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies.queries import active_agencies
from app.agencies.services.naming import active_with_spellings, find_agency
from app.core import htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.followups.forms.reviewing import (
    DueForm,
    PanelForm,
    ReassignForm,
    SupportersForm,
    WordsForm,
)
from app.followups.machine import Action
from app.followups.models import FollowUp
from app.followups.queries import detail as queries
from app.followups.services import supporting
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform
from app.followups.views.blueprint import bp
from app.followups.views.desk import CANCEL, EXTEND, REOPEN, Desk, open_desk, reopen_desk, whole
from app.followups.views.detail import show
from app.followups.views.presenting import load_page
from app.followups.views.reviewing import detail_url

LEAD, SUPPORTERS = "alih", "pendukung"
SAID = {
    Action.REOPEN: "Dibuka kembali untuk putaran baru.",
    Action.CANCEL: "Tindak lanjut dibatalkan.",
    Action.EXTEND: "Batas waktu diubah.",
    Action.REASSIGN: "Dialihkan. Kedua instansi diberi tahu.",
}

Refusal = Callable[[int, str], ResponseReturnValue]


@bp.post("/tindak-lanjut/<number>/urungkan")
@requires(Permission.FOLLOW_UP_REVIEW)
@mutation
def undo(number: str) -> ResponseReturnValue:
    """Take one's last decision back, as long as its mail is held."""
    with write() as actor:
        follow_up = queries.get_locked(number, actor)
        version = whole(request.form.get("version", ""))
        perform(follow_up, Action.UNDO, actor, version=version)
    flash("Keputusan diurungkan. Jawaban menunggu pemeriksaan lagi.", "success")
    return htmx.go_to(detail_url(number))


@bp.post("/tindak-lanjut/<number>/buka-kembali")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def reopen(number: str) -> ResponseReturnValue:
    """Open a finished follow-up again, with words and a due time."""
    form = DueForm(prefix=f"{REOPEN}-")
    return _manage(number, Action.REOPEN, REOPEN, form)


@bp.post("/tindak-lanjut/<number>/batalkan")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def cancel(number: str) -> ResponseReturnValue:
    """Cancel a follow-up for good, with a reason."""
    form = WordsForm(prefix=f"{CANCEL}-")
    return _manage(number, Action.CANCEL, CANCEL, form)


@bp.post("/tindak-lanjut/<number>/perpanjang")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def extend(number: str) -> ResponseReturnValue:
    """Give the agency another due time, with a reason."""
    form = DueForm(prefix=f"{EXTEND}-")
    return _manage(number, Action.EXTEND, EXTEND, form)


@bp.get("/tindak-lanjut/<number>/instansi")
@requires(Permission.FOLLOW_UP_MANAGE)
def choose_agencies(number: str) -> ResponseReturnValue:
    """Show who leads and who helps, to be changed."""
    return _agencies(number)


@bp.post("/tindak-lanjut/<number>/alihkan")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def reassign(number: str) -> ResponseReturnValue:
    """Give a follow-up another lead agency, with a reason."""
    form = ReassignForm(prefix=f"{LEAD}-")

    def refuse(status: int, message: str) -> ResponseReturnValue:
        return _agencies(number, status, message, reassigning=form)

    if not form.validate():
        return refuse(422, "")
    try:
        agency = find_agency(form.agency.data or "", active_with_spellings(), "agency")
    except InvalidInput as refusal:
        return refuse(refusal.status, form.refuse(refusal))
    given = Particulars(words=form.words.data or "", agency_id=agency.id)
    return _act(number, Action.REASSIGN, given, form, refuse)


@bp.post("/tindak-lanjut/<number>/pendukung")
@requires(Permission.FOLLOW_UP_MANAGE)
@mutation
def change_supporters(number: str) -> ResponseReturnValue:
    """Add and remove supporting agencies."""
    form = SupportersForm(prefix=f"{SUPPORTERS}-")
    if not form.validate():
        return _agencies(number, 422, supporting_form=form)
    try:
        with write() as actor:
            supporting.change_supporters(
                queries.get_locked(number, actor),
                actor,
                add=form.add.typed(),
                remove=form.removed,
            )
    except InvalidInput as refusal:
        message = form.refuse(refusal)
        return _agencies(number, refusal.status, message, supporting_form=form)
    flash("Instansi pendukung disimpan.", "success")
    return htmx.go_to(url_for("followups.choose_agencies", number=number))


def _manage(
    number: str, action: Action, key: str, form: DueForm | WordsForm
) -> ResponseReturnValue:
    def refuse(status: int, message: str) -> ResponseReturnValue:
        page = load_page(number, current_actor())
        page.messages = [message] if message else []
        return show(page, status, reopen_desk(page, request.form, panel=(key, form)))

    if not form.validate():
        return refuse(422, "")
    due_at = form.due_at if isinstance(form, DueForm) else None
    given = Particulars(words=form.words.data or "", due_at=due_at)
    return _act(number, action, given, form, refuse)


def _act(
    number: str, action: Action, given: Particulars, form: PanelForm, refuse: Refusal
) -> ResponseReturnValue:
    """Do it once; what cannot be done comes back by `refuse` with all that was typed."""
    token, location = request.form.get("form_token", ""), detail_url(number)
    version = whole(request.form.get("version", ""))
    try:
        with write() as actor:
            if once.answered_before(token, actor) is None:
                follow_up = queries.get_locked(number, actor)
                perform(follow_up, action, actor, given, version=version)
                once.remember(token, actor, location)
    except InvalidInput as refusal:
        return refuse(refusal.status, form.refuse(refusal))
    except (StaleVersion, InvalidTransition) as refusal:
        return refuse(refusal.status, refusal.message)
    flash(SAID[action], "success")
    return htmx.go_to(location)


def _agencies(
    number: str,
    status: int = 200,
    message: str = "",
    *,
    reassigning: ReassignForm | None = None,
    supporting_form: SupportersForm | None = None,
) -> ResponseReturnValue:
    page = load_page(number, current_actor())
    desk = _desk(page.follow_up, open_desk(page))
    lead = reassigning or ReassignForm(formdata=None, prefix=f"{LEAD}-")
    helpers = supporting_form or SupportersForm(formdata=None, prefix=f"{SUPPORTERS}-")
    helpers.add.offer_blanks()
    return htmx.render_page(
        "followups/agencies.html",
        status=status,
        page=page,
        desk=desk,
        follow_up=page.follow_up,
        lead=lead,
        helpers=helpers,
        agencies=active_agencies(),
        messages=[message] if message else [],
        form_token=once.new_token(),
    )


def _desk(follow_up: FollowUp, desk: Desk) -> Desk:
    """Return the desk where agencies can be changed. Raises `InvalidTransition` elsewhere."""
    if not desk.can_change_agencies:
        raise InvalidTransition(f"Instansi {follow_up.number} tidak dapat diubah sekarang.")
    return desk
