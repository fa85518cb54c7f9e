"""Owe people news: in the transaction of what it tells, and never talking to a mail server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from app.core import clock, settings
from app.core.db import db
from app.notifications.models import Notice
from app.notifications.registry import registry


@dataclass(frozen=True, slots=True)
class News:
    """What an event owes: a mail kind, and the audience as a name and ids of the event."""

    event_id: int
    kind: str
    audience: str
    audience_ids: Mapping[str, Any] = field(default_factory=dict)
    follow_up_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def notify_all(news: Sequence[News], *, hold: timedelta | None = None) -> None:
    """Insert a notice for each piece of news, held back by the hold (or by `hold`).

    Raises KeyError where a kind or an audience is not registered: a fault of the program.
    """
    if not news:
        return
    known = registry()
    for kind in {item.kind for item in news}:
        known.kinds[kind]
    for audience in {item.audience for item in news}:
        known.audiences[audience]
    moment = clock.now()
    hold_until = moment + (settings.mail_hold() if hold is None else hold)
    db.session.execute(
        insert(Notice),
        [
            {
                "event_id": item.event_id,
                "kind": item.kind,
                "audience": item.audience,
                "audience_ids": dict(item.audience_ids),
                "follow_up_id": item.follow_up_id,
                "payload": dict(item.payload),
                "created_at": moment,
                "hold_until": hold_until,
            }
            for item in news
        ],
    )


def notify(news: News, *, hold: timedelta | None = None) -> None:
    """Insert the notice of one piece of news."""
    notify_all([news], hold=hold)


def cancel_notices(event_id: int) -> bool:
    """Take back the news of an event; False where some of it has already left."""
    held = update(Notice).where(
        Notice.event_id == event_id, Notice.turned_at.is_(None), Notice.cancelled_at.is_(None)
    )
    left = db.session.scalar(
        db.select(db.exists().where(Notice.event_id == event_id, Notice.turned_at.is_not(None)))
    )
    if left:
        return False
    db.session.execute(held.values(cancelled_at=clock.now()))
    return True
