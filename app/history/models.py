"""The history: one row for each thing that happened. Rows are never changed or removed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base


class Event(Base):
    """Something that happened to a thing, with its actor as it was then.

    `verb` is a stable code in the past tense (`follow_up_returned`). `payload` is small: what
    changed, never texts of evidence. The foreign keys name what the event is about.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_follow_up_id_id", "follow_up_id", "id"),
        Index("ix_events_agency_id_id", "agency_id", "id"),
        Index("ix_events_user_id_id", "user_id", "id"),
        Index("ix_events_meeting_id_id", "meeting_id", "id"),
        Index(
            "ix_events_extended",
            "follow_up_id",
            sqlite_where=text("verb = 'follow_up_extended'"),
            postgresql_where=text("verb = 'follow_up_extended'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str]
    actor_duty: Mapped[str]
    """The role, or for an agency's member the agency's short name and the duty, as they were."""
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
