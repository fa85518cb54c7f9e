"""Owe those invited the news of a meeting that moved or is cancelled: each once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.meetings.models import Invitation, Meeting
from app.meetings.queries import invitations as queries
from app.meetings.queries.visibility import was_asked
from app.notifications.services import News, notify_all

AUDIENCES = {
    "meeting_invitation": "meeting_invited",
    "meeting_moved": "meeting_invited",
    "meeting_cancelled": "meeting_once_invited",
    "meeting_uninvited": "meeting_once_invited",
    "meeting_reminder": "meeting_unanswered",
}
"""Whom each kind concerns, asked anew when it leaves."""


@dataclass(frozen=True, slots=True)
class Before:
    """When and where a meeting was to be, before it moved."""

    starts_at: datetime
    ends_at: datetime
    place: str
    video_url: str

    @classmethod
    def of(cls, meeting: Meeting) -> "Before":
        """Return what a meeting says now, to be kept while it is changed."""
        return cls(meeting.starts_at, meeting.ends_at, meeting.place, meeting.video_url)

    def payload(self) -> dict[str, Any]:
        """Return it as a notice keeps it."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "place": self.place,
            "video_url": self.video_url,
        }


def tell_moved(meeting: Meeting, event_id: int, before: Before) -> int:
    """Tell those invited from when and where to when and where; return how many invitations.

    Whose invitation has not left yet reads the new time in it, and is not told twice. Called with
    the meeting locked, after its time, place and `sequence` were changed.
    """
    told = _told_already(meeting)
    tell_each(meeting, event_id, told, "meeting_moved", payload=before.payload())
    return len(told)


def tell_cancelled(meeting: Meeting, event_id: int) -> int:
    """Tell those invited that the meeting is cancelled, and why; return how many invitations.

    Whose invitation has not left yet is told nothing: it does not leave any more. Called with the
    meeting locked, after its state, reason and `sequence` were changed.
    """
    told = _told_already(meeting)
    tell_each(meeting, event_id, told, "meeting_cancelled")
    return len(told)


def tell_each(
    meeting: Meeting,
    event_id: int,
    invitation_ids: Iterable[int],
    kind: str,
    *,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Owe each invitation its own notice, so that what is answered or withdrawn drops out alone."""
    notify_all(
        [
            News(
                event_id=event_id,
                kind=kind,
                audience=AUDIENCES[kind],
                audience_ids={"invitation_id": invitation_id},
                meeting_id=meeting.id,
                payload=payload or {},
            )
            for invitation_id in invitation_ids
        ]
    )


def _told_already(meeting: Meeting) -> list[int]:
    sent = db.session.scalars(
        select(Invitation.id)
        .where(
            Invitation.meeting_id == meeting.id,
            was_asked(),
        )
        .order_by(Invitation.id)
    ).all()
    waiting = queries.waiting_ids(meeting.id)
    return [invitation_id for invitation_id in sent if invitation_id not in waiting]
