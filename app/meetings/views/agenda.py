"""A meeting's agenda: what will be talked about, in which order, and what earlier ones left."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx, once
from app.core.access import requires
from app.core.errors import InvalidInput, InvalidTransition, NotVisible, StaleVersion
from app.core.identity import current_actor
from app.core.input import whole_numbers
from app.core.write import mutation, write
from app.meetings import policy
from app.meetings.forms.agenda import TopicForm, filled_topic, prefix_of
from app.meetings.models import Meeting
from app.meetings.queries import agenda as queries
from app.meetings.queries import finding, proposing
from app.meetings.services import agenda as service
from app.meetings.services import carrying
from app.meetings.services.agenda import Topic
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

NEW = "baru-"
GONE = (
    "Agenda ini sudah dikeluarkan orang lain. Isiannya ada di bagian tambah agenda; tambahkan lagi"
    " bila masih perlu dibahas."
)


@bp.get("/rapat/<code>/agenda")
@requires(Permission.MEETING_READ)
def agenda(code: str) -> ResponseReturnValue:
    """Show a meeting's agenda; who prepares it also sees what is not on it yet."""
    return _page(finding.get(code, current_actor()))


@bp.post("/rapat/<code>/agenda")
@requires(Permission.MEETING_MANAGE)
@mutation
def add_agenda_item(code: str) -> ResponseReturnValue:
    """Put an item at the end of the agenda."""
    form, token = TopicForm(prefix=NEW), request.form.get("form_token", "")
    if not form.validate():
        return _page(finding.get(code, current_actor()), 422, adding=form)
    try:
        with write() as actor:
            location = once.answered_before(token, actor)
            if location is None:
                meeting = finding.get_locked(code, actor)
                item = service.add_item(meeting, Topic(**form.given()), actor)
                location = url_for("meetings.agenda", code=code, _anchor=f"butir-{item.id}")
                once.remember(token, actor, location)
    except InvalidInput as error:
        message = form.refuse(error)
        meeting = finding.get(code, current_actor())
        return _page(meeting, error.status, message, adding=form)
    return htmx.go_to(location)


@bp.post("/rapat/<code>/agenda/<int:item_id>")
@requires(Permission.MEETING_MANAGE)
@mutation
def change_agenda_item(code: str, item_id: int) -> ResponseReturnValue:
    """Change what an item says."""
    form = TopicForm(prefix=prefix_of(item_id))
    if not form.validate():
        return _page(finding.get(code, current_actor()), 422, changing=(item_id, form))
    topic, seen = Topic(**form.given()), form.seen.data or ""
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            service.change_item(meeting, item_id, topic, actor, seen=seen)
    except InvalidInput as error:
        message = form.refuse(error)
        meeting = finding.get(code, current_actor())
        return _page(meeting, error.status, message, changing=(item_id, form))
    except NotVisible:
        return _gone(finding.get(code, current_actor()), form)
    except StaleVersion as error:
        meeting = finding.get(code, current_actor())
        form.seen.data = queries.seen_of(queries.get_item(meeting, item_id))
        return _page(meeting, error.status, error.message, changing=(item_id, form))
    return _back(code, item_id)


@bp.post("/rapat/<code>/agenda/<int:item_id>/pindah")
@requires(Permission.MEETING_MANAGE)
@mutation
def move_agenda_item(code: str, item_id: int) -> ResponseReturnValue:
    """Move an item one place up or down."""
    up = request.form.get("arah") == "naik"
    return _act(code, item_id, lambda m, a: service.move_item(m, item_id, a, up=up))


@bp.post("/rapat/<code>/agenda/<int:item_id>/keluarkan")
@requires(Permission.MEETING_MANAGE)
@mutation
def remove_agenda_item(code: str, item_id: int) -> ResponseReturnValue:
    """Take an item out of the agenda."""
    return _act(code, None, lambda m, a: service.remove_item(m, item_id, a))


@bp.post("/rapat/<code>/agenda/<int:item_id>/tindak-lanjut/keluarkan")
@requires(Permission.MEETING_MANAGE)
@mutation
def take_out_carried(code: str, item_id: int) -> ResponseReturnValue:
    """Take follow-ups out from under an item: one, or all of an agency."""
    ids = whole_numbers(request.form.getlist("bawaan"))
    agency_id = next(iter(whole_numbers(request.form.getlist("instansi"))), None)
    return _act(
        code,
        item_id,
        lambda m, a: carrying.take_out(m, item_id, a, carried_ids=ids, agency_id=agency_id),
    )


@bp.post("/rapat/<code>/agenda/tambahkan")
@requires(Permission.MEETING_MANAGE)
@mutation
def add_missing(code: str) -> ResponseReturnValue:
    """Put on the agenda what was chosen of what earlier meetings left."""
    keys = set(request.form.getlist("usulan"))
    return _act(code, None, lambda m, a: carrying.add_missing(m, keys, a))


def _act(
    code: str, item_id: int | None, act: Callable[[Meeting, Any], object]
) -> ResponseReturnValue:
    """Do something to the locked meeting's agenda; what is refused is said above it."""
    try:
        with write() as actor:
            act(finding.get_locked(code, actor), actor)
    except (InvalidInput, InvalidTransition) as error:
        return _page(finding.get(code, current_actor()), error.status, error.message)
    return _back(code, item_id)


def _back(code: str, item_id: int | None) -> ResponseReturnValue:
    """Show the agenda as it is now: the part that changed, or the page from its beginning."""
    if htmx.wants_fragment():
        return _page(finding.get(code, current_actor()))
    anchor = f"butir-{item_id}" if item_id is not None else "agenda"
    return htmx.go_to(url_for("meetings.agenda", code=code, _anchor=anchor))


def _gone(meeting: Meeting, form: TopicForm) -> ResponseReturnValue:
    """Keep what was typed about an item that somebody else took out meanwhile."""
    adding = TopicForm(formdata=None, prefix=NEW, data=form.given())
    return _page(meeting, 409, GONE, adding=adding)


def _page(
    meeting: Meeting,
    status: int = 200,
    message: str = "",
    *,
    adding: TopicForm | None = None,
    changing: tuple[int, TopicForm] | None = None,
) -> ResponseReturnValue:
    actor = current_actor()
    found = queries.of_meeting(meeting, actor)
    can_prepare = policy.can_prepare(actor, meeting)
    topics = {item.id: filled_topic(item) for item in found.items} if can_prepare else {}
    if changing is not None:
        topics[changing[0]] = changing[1]
    return show(
        "meetings/agenda.html",
        meeting,
        "meetings/_agenda.html",
        status=status,
        agenda=found,
        missing=proposing.missing(meeting, found.items, actor) if can_prepare else [],
        topics=topics,
        opened=changing[0] if changing else None,
        adding=adding or TopicForm(formdata=None, prefix=NEW),
        message=message,
        can_prepare=can_prepare,
        form_token=request.form.get("form_token") or once.new_token(),
    )
