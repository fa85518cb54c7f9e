"""The items of an agenda: added, changed, put in order, taken out. None of it mails anybody."""

from dataclasses import dataclass

from sqlalchemy import delete, exists, select

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition
from app.core.stale import refuse_stale
from app.history.services import record
from app.meetings import labels, policy
from app.meetings.models import (
    MAX_AGENDA,
    MAX_LINE,
    MAX_TITLE,
    AgendaItem,
    CarriedItem,
    Decision,
    Meeting,
    MeetingActionItem,
)
from app.meetings.queries.agenda import LONGEST, get_item, items_of, seen_of
from app.meetings.services.guarding import require_open

ADDED, CHANGED = "agenda_item_added", "agenda_item_changed"
REORDERED, REMOVED = "agenda_reordered", "agenda_item_removed"
AGENDA = "agendanya"
"""What a refusal calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What an agenda item says: what about, who presents it, how many minutes it takes."""

    title: str
    presenter: str = ""
    minutes: int | None = None


def add_item(meeting: Meeting, topic: Topic, actor: Actor) -> AgendaItem:
    """Put an item at the end of a locked meeting's agenda. Raises `InvalidInput` at a field."""
    require_open(meeting, actor, AGENDA)
    topic = _checked(topic)
    items = items_of(meeting)
    check_room(items, 1)
    item = AgendaItem(
        meeting_id=meeting.id,
        position=next_position(items),
        title=topic.title,
        presenter=topic.presenter,
        minutes=topic.minutes,
    )
    db.session.add(item)
    db.session.flush()
    record(actor, ADDED, meeting_id=meeting.id, title=item.title)
    return item


def change_item(meeting: Meeting, item_id: int, topic: Topic, actor: Actor, *, seen: str) -> None:
    """Change what an item of a locked meeting says.

    Raises `StaleVersion` where somebody else changed it since it was `seen`.
    """
    require_open(meeting, actor, AGENDA)
    item = get_item(meeting, item_id)
    refuse_stale(seen, seen_of(item))
    topic = _checked(topic)
    changed = {
        name: [getattr(item, name), getattr(topic, name)]
        for name in ("title", "presenter", "minutes")
        if getattr(item, name) != getattr(topic, name)
    }
    for name, (_, value) in changed.items():
        setattr(item, name, value)
    if changed:
        record(actor, CHANGED, meeting_id=meeting.id, title=item.title, changed=changed)


def move_item(meeting: Meeting, item_id: int, actor: Actor, *, up: bool) -> None:
    """Move an item of a locked meeting one place; at the end of the way it stays where it is."""
    require_open(meeting, actor, AGENDA)
    item = get_item(meeting, item_id)
    items = items_of(meeting)
    at = items.index(item)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(items):
        return
    items[at], items[to] = items[to], items[at]
    for position, each in enumerate(items):
        each.position = position
    record(actor, REORDERED, meeting_id=meeting.id, title=item.title, was=at + 1, now=to + 1)


def remove_item(meeting: Meeting, item_id: int, actor: Actor) -> None:
    """Take an item out of a locked meeting's agenda, with the follow-ups under it.

    Raises `InvalidTransition`, saying why, where something was written under it.
    """
    require_open(meeting, actor, AGENDA)
    item = get_item(meeting, item_id)
    why = why_kept(item, meeting)
    if why:
        raise InvalidTransition(why)
    taken_out = db.session.scalars(
        delete(CarriedItem).where(CarriedItem.agenda_item_id == item.id).returning(CarriedItem.id)
    ).all()
    db.session.delete(item)
    record(actor, REMOVED, meeting_id=meeting.id, title=item.title, carried=len(taken_out))


def why_kept(item: AgendaItem, meeting: Meeting) -> str:
    """Return why an item can not be taken out; blank where it can."""
    has_outcomes, is_used = db.session.execute(
        select(
            exists().where(CarriedItem.agenda_item_id == item.id, CarriedItem.outcome.is_not(None)),
            exists().where(Decision.agenda_item_id == item.id)
            | exists().where(MeetingActionItem.agenda_item_id == item.id),
        )
    ).one()
    is_frozen = policy.is_frozen(item, meeting)
    return labels.why_kept(is_frozen=is_frozen, is_used=is_used, has_outcomes=has_outcomes)


def check_room(items: list[AgendaItem], more: int) -> None:
    """Refuse an agenda that grows too long. Raises `InvalidInput`."""
    if len(items) + more > MAX_AGENDA:
        raise InvalidInput(f"Satu rapat memuat paling banyak {MAX_AGENDA} agenda.", "title")


def next_position(items: list[AgendaItem]) -> int:
    """Return the place after the last item."""
    return max((item.position for item in items), default=-1) + 1


def _checked(topic: Topic) -> Topic:
    title, presenter = (" ".join(text.split()) for text in (topic.title, topic.presenter))
    if not title:
        raise InvalidInput("Tuliskan apa yang dibahas.", "title")
    for name, text, longest in (("title", title, MAX_TITLE), ("presenter", presenter, MAX_LINE)):
        if len(text) > longest:
            raise InvalidInput(f"Paling panjang {longest} huruf.", name)
    if topic.minutes is not None and not 1 <= topic.minutes <= LONGEST:
        raise InvalidInput(f"Tulis lamanya antara 1 dan {LONGEST} menit.", "minutes")
    return Topic(title=title, presenter=presenter, minutes=topic.minutes)
