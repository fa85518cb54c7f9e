"""Write the history: in the transaction of what it tells."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.history.models import Event

SUBJECTS = ("follow_up_id", "agency_id", "user_id", "cycle_id", "meeting_id")


def record(
    actor: Actor,
    verb: str,
    *,
    follow_up_id: int | None = None,
    agency_id: int | None = None,
    user_id: int | None = None,
    cycle_id: int | None = None,
    meeting_id: int | None = None,
    at: datetime | None = None,
    **payload: Any,
) -> int:
    """Append one event and return its id. `verb` is in the past tense (`agency_renamed`)."""
    about = {
        "follow_up_id": follow_up_id,
        "agency_id": agency_id,
        "user_id": user_id,
        "cycle_id": cycle_id,
        "meeting_id": meeting_id,
        "payload": payload,
    }
    return record_all(actor, verb, [about], at=at)[0]


def record_all(
    actor: Actor, verb: str, about: Sequence[dict[str, Any]], *, at: datetime | None = None
) -> list[int]:
    """Append one event for each thing in `about` and return their ids in the same order.

    Each item names what it is about by `follow_up_id`, `agency_id`, `user_id`, `cycle_id` or
    `meeting_id`, and carries its `payload`.
    """
    if not about:
        return []
    moment = at or clock.now()
    rows = [
        {
            "at": moment,
            "verb": verb,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "actor_duty": actor.title,
            "follow_up_id": item.get("follow_up_id"),
            "agency_id": item.get("agency_id"),
            "user_id": item.get("user_id"),
            "cycle_id": item.get("cycle_id"),
            "meeting_id": item.get("meeting_id"),
            "payload": item.get("payload", {}),
        }
        for item in about
    ]
    subjects = [tuple(row[name] for name in SUBJECTS) for row in rows]
    if len(set(subjects)) < len(subjects):
        statement = insert(Event).returning(Event.id, sort_by_parameter_order=True)
        return list(db.session.scalars(statement, rows))
    # SQLite returns rows in order one by one alone: thousands are told apart by what they are about
    told = db.session.execute(
        insert(Event).returning(Event.id, *(getattr(Event, name) for name in SUBJECTS)), rows
    )
    ids = {tuple(subject): event_id for event_id, *subject in told}
    return [ids[subject] for subject in subjects]
