"""A meeting and what it is to talk about."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.base import Base
from app.core.working_copy import WorkingCopy
from app.instruments.models import Cycle

MAX_TITLE = 300
MAX_LINE = 200
"""How long a heading, and a name, place or number may be."""
MAX_NOTES = 20_000
"""How long the notes of one agenda item, the opening and the closing words may be."""
MAX_AGENDA = 60
"""How many agenda items one meeting may have."""


class MeetingKind(StrEnum):
    """When in the year of an evaluation a meeting is held."""

    BEFORE = "before_assessment"
    AFTER = "after_assessment"
    OTHER = "other"


class MeetingState(StrEnum):
    """How far a meeting is. Nobody is told of a draft."""

    DRAFT = "draft"
    INVITED = "invited"
    ENDED = "ended"
    CANCELLED = "cancelled"


class MinutesState(StrEnum):
    """How far the minutes are. Approved ones are frozen; a correction makes them a draft again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class AgendaOrigin(StrEnum):
    """Where an agenda item came from."""

    NEW = "new"
    LAST_MINUTES = "last_minutes"
    OPEN_ACTIONS = "open_actions"
    SILENT = "silent"
    NOT_REACHED = "not_reached"


class AgendaOutcome(StrEnum):
    """What became of an agenda item in the meeting."""

    OPEN = "open"
    DISCUSSED = "discussed"
    NOT_REACHED = "not_reached"


class Meeting(WorkingCopy, Base):
    """A coordination meeting.

    `version` counts changes of its particulars and states; the opening and closing words are a
    working copy with its own `draft_no`.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("year", "seq"),
        Index(
            "uq_meetings_ordinal",
            "year",
            "ordinal",
            unique=True,
            sqlite_where=text("ordinal IS NOT NULL AND state <> 'cancelled'"),
            postgresql_where=text("ordinal IS NOT NULL AND state <> 'cancelled'"),
        ),
        Index("ix_meetings_starts_at_id", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    """The year of the number, in the regency's zone."""
    seq: Mapped[int]
    kind: Mapped[MeetingKind]
    ordinal: Mapped[int | None]
    """Which coordination meeting of the year it is: 2 for "Rapat Koordinasi II"."""
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    video_url: Mapped[str] = mapped_column(default="")
    chair_name: Mapped[str] = mapped_column(default="")
    chair_position: Mapped[str] = mapped_column(default="")
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """The chair's account; most have none."""
    minute_taker_name: Mapped[str] = mapped_column(default="")
    minute_taker_position: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="")
    """*Dasar*: number and date of the letter or decree, as free text."""
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"), index=True)
    state: Mapped[MeetingState] = mapped_column(default=MeetingState.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)
    """SEQUENCE of the calendar entry: raised when time or place change, and on cancelling."""

    letter_number: Mapped[str] = mapped_column(default="")
    """Issued elsewhere: free text, never invented here."""
    letter_date: Mapped[date | None]
    letter_nature: Mapped[str] = mapped_column(default="")
    letter_attachments: Mapped[str] = mapped_column(default="")
    letter_subject: Mapped[str] = mapped_column(default="")
    bring: Mapped[str] = mapped_column(default="")
    """What those invited are to bring along."""
    contact: Mapped[str] = mapped_column(default="")

    opening: Mapped[str] = mapped_column(default="")
    closing: Mapped[str] = mapped_column(default="")
    minutes_number: Mapped[str] = mapped_column(default="")
    minutes_state: Mapped[MinutesState] = mapped_column(default=MinutesState.DRAFT)
    minutes_note: Mapped[str] = mapped_column(default="")
    """Why the minutes were returned to the minute-taker."""
    correction_reason: Mapped[str] = mapped_column(default="")
    """Why approved minutes are being corrected; blank where they are not."""

    invited_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When the meeting was ended: its closing time, unless the minute-taker says another."""
    cancel_reason: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str]
    created_at: Mapped[datetime]

    cycle: Mapped[Cycle | None] = relationship(lazy="raise")
    chair: Mapped[User | None] = relationship(foreign_keys=[chair_id], lazy="raise")

    @property
    def code(self) -> str:
        """Return the number that stands in its address: "RK-2026-02"."""
        return f"RK-{self.year}-{self.seq:02d}"


class AgendaItem(WorkingCopy, Base):
    """One thing to talk about, with what was said. `position` orders; gaps and ties are fine."""

    __tablename__ = "agenda_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    presenter: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]
    """How long it is meant to take."""
    origin: Mapped[AgendaOrigin] = mapped_column(default=AgendaOrigin.NEW)
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_items.id"))
    """The item of an earlier meeting that it takes up again."""
    outcome: Mapped[AgendaOutcome] = mapped_column(default=AgendaOutcome.OPEN)
    notes: Mapped[str] = mapped_column(default="")

    meeting: Mapped[Meeting] = relationship(lazy="raise")
