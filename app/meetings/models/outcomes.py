"""What a meeting decides, and what becomes of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agencies.models import Agency, AgencyGroup
from app.core.base import Base
from app.core.working_copy import WorkingCopy
from app.followups.models import FollowUp
from app.meetings.models.meeting import AgendaItem, Meeting

MAX_DECISION = 2_000
MAX_REASON = 1_000
"""How long a decision, and a reason, may be."""


class CarriedOutcome(StrEnum):
    """What a meeting says of a follow-up that was open before it."""

    CLOSE = "close"
    EXTEND = "extend"
    CANCEL = "cancel"
    KEEP = "keep"


class CarriedItem(Base):
    """A follow-up from before that a meeting takes up, and what the meeting said of it.

    What was said is done when the meeting is ended (`applied_at`): nobody is mailed twice.
    """

    __tablename__ = "carried_items"
    __table_args__ = (UniqueConstraint("meeting_id", "follow_up_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_items.id"), index=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    outcome: Mapped[CarriedOutcome | None]
    words: Mapped[str] = mapped_column(default="")
    said_by: Mapped[str] = mapped_column(default="")
    """Who said so, of which agency."""
    due_at: Mapped[datetime | None]
    """The new due time of an extension."""
    was_due_at: Mapped[datetime | None]
    """When it was due as the meeting was ended."""
    edition: Mapped[int] = mapped_column(default=0)
    """Raised by each change, so that a stale page is told."""
    applied_at: Mapped[datetime | None]

    agenda_item: Mapped[AgendaItem] = relationship(lazy="raise")
    follow_up: Mapped[FollowUp] = relationship(lazy="raise")


class Decision(WorkingCopy, Base):
    """*Keputusan*. Its number is its place among the meeting's decisions, never stored."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    agenda_item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id"), index=True)
    words: Mapped[str]
    search_text: Mapped[str]
    created_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    agenda_item: Mapped[AgendaItem | None] = relationship(lazy="raise")


class MeetingActionItem(WorkingCopy, Base):
    """A *tindak lanjut* as the meeting wrote it. Ending the meeting makes its follow-ups.

    The addressee is an agency, a group or a cluster's agencies; `addressee` is what was typed,
    and stays where it means nothing yet. `due_on` is a day in the regency's zone.
    """

    __tablename__ = "meeting_action_items"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN agency_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN group_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN cluster_code IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_addressee",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    agenda_item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), index=True)
    title: Mapped[str]
    expected_proof: Mapped[str] = mapped_column(default="")
    addressee: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("agency_groups.id"))
    cluster_code: Mapped[str | None]
    supporters: Mapped[str] = mapped_column(default="")
    """As typed: spellings with commas between; only an item for one agency has any."""
    due_on: Mapped[date | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """When its follow-ups were made and dispatched."""
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    """Why a correction cancelled what had been sent."""
    withdrawn_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    agenda_item: Mapped[AgendaItem | None] = relationship(lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")
    agency: Mapped[Agency | None] = relationship(lazy="raise")
    group: Mapped[AgencyGroup | None] = relationship(lazy="raise")
    follow_ups: Mapped[list[FollowUp]] = relationship(
        secondary="meeting_follow_ups", lazy="raise", order_by=FollowUp.id
    )


class MeetingFollowUp(Base):
    """A follow-up that a meeting's action item made."""

    __tablename__ = "meeting_follow_ups"

    action_item_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_action_items.id"), primary_key=True
    )
    follow_up_id: Mapped[int] = mapped_column(
        ForeignKey("follow_ups.id"), primary_key=True, unique=True
    )
