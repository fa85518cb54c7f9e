"""What a meeting takes up from the ones before: put on its agenda, taken out, put back."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition
from app.followups.models import FollowUp
from app.history.services import record
from app.meetings import labels
from app.meetings.models import AgendaItem, AgendaOrigin, CarriedItem, Meeting
from app.meetings.queries import proposing
from app.meetings.queries.agenda import get_item, items_of
from app.meetings.queries.proposing import Piece
from app.meetings.services.agenda import AGENDA, check_room, next_position
from app.meetings.services.guarding import require_open

TAKEN_UP, TAKEN_OUT = "agenda_taken_up", "agenda_carried_removed"
GATHERED = frozenset({AgendaOrigin.OPEN_ACTIONS, AgendaOrigin.SILENT})
"""The origins whose follow-ups stand together under one item."""


def start_agenda(meeting: Meeting, actor: Actor) -> None:
    """Put on the agenda of a new meeting what the meetings before have left to it."""
    _take_up(meeting, [], proposing.missing(meeting, [], actor))


def add_missing(meeting: Meeting, keys: Collection[str], actor: Actor) -> int:
    """Put on a locked meeting's agenda what was chosen of what is missing; return how many things.

    What is not missing any more (another officer was first) is left out. Raises `InvalidInput`
    where nothing was chosen or the agenda grows too long.
    """
    require_open(meeting, actor, AGENDA)
    if not keys:
        raise InvalidInput("Pilih yang akan ditambahkan.", "usulan")
    items = items_of(meeting)
    chosen = [p for p in proposing.missing(meeting, items, actor) if p.key in keys]
    _take_up(meeting, items, chosen)
    count = sum(piece.count for piece in chosen)
    if count:
        record(actor, TAKEN_UP, meeting_id=meeting.id, count=count)
    return count


def take_out(
    meeting: Meeting,
    item_id: int,
    actor: Actor,
    *,
    carried_ids: Collection[int] = (),
    agency_id: int | None = None,
) -> int:
    """Take follow-ups out from under an item of a locked meeting: those named, or an agency's.

    Returns how many. Raises `InvalidTransition` where the meeting has said something of one.
    """
    require_open(meeting, actor, AGENDA)
    item = get_item(meeting, item_id)
    wanted = select(CarriedItem).where(CarriedItem.agenda_item_id == item.id)
    if agency_id is None:
        wanted = wanted.where(CarriedItem.id.in_(carried_ids))
    else:
        wanted = wanted.join(CarriedItem.follow_up).where(FollowUp.agency_id == agency_id)
    rows = db.session.scalars(wanted.order_by(CarriedItem.id)).all()
    if any(row.outcome is not None for row in rows):
        raise InvalidTransition(labels.KEPT_FOR_OUTCOMES)
    if rows:
        db.session.execute(delete(CarriedItem).where(CarriedItem.id.in_([r.id for r in rows])))
        record(actor, TAKEN_OUT, meeting_id=meeting.id, title=item.title, count=len(rows))
    return len(rows)


def _take_up(meeting: Meeting, items: Sequence[AgendaItem], pieces: Sequence[Piece]) -> None:
    """Make the items that are needed for what is taken up, and put follow-ups under them."""
    known = list(items)
    gathering = {item.origin: item for item in reversed(known) if item.origin in GATHERED}
    carried: list[tuple[AgendaItem, Piece]] = []
    for piece in pieces:
        item = gathering.get(piece.origin)
        if item is None:
            check_room(known, 1)
            item = AgendaItem(
                meeting_id=meeting.id,
                position=next_position(known),
                title=piece.title,
                presenter=piece.presenter,
                minutes=piece.minutes,
                origin=piece.origin,
                carried_from_id=piece.carried_from_id,
            )
            db.session.add(item)
            known.append(item)
            if piece.origin in GATHERED:
                gathering[piece.origin] = item
        carried.append((item, piece))
    db.session.flush()
    rows = [
        {"meeting_id": meeting.id, "agenda_item_id": item.id, "follow_up_id": follow_up_id}
        for item, piece in carried
        for follow_up_id in piece.follow_up_ids
    ]
    if rows:
        db.session.execute(insert(CarriedItem), rows)
