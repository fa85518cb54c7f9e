"""Who is asked to come, and who came."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agencies.models import Agency
from app.core.base import Base
from app.meetings.models.meeting import Meeting

MAX_INVITED = 300
MAX_ATTENDANCE = 600
"""How many invitations and names one meeting may have."""


class Answer(StrEnum):
    """What somebody invited says beforehand."""

    COMING = "coming"
    REPRESENTED = "represented"
    UNABLE = "unable"


class Presence(StrEnum):
    """What the attendance list says of a person."""

    PRESENT = "present"
    REPRESENTING = "representing"
    """Came for somebody else of the agency: *Diwakili oleh*."""
    EXCUSED = "excused"
    ABSENT = "absent"


CAME = frozenset({Presence.PRESENT, Presence.REPRESENTING})
"""What is said of those who were in the room."""


class Gender(StrEnum):
    """*L/P*, as the attendance list asks."""

    MALE = "L"
    FEMALE = "P"


class Invitation(Base):
    """An agency or a named guest that is asked to come, and what it answered.

    `sent_at` is when it first was mailed; before that nobody knows of it.
    """

    __tablename__ = "meeting_invitations"
    __table_args__ = (
        UniqueConstraint("meeting_id", "agency_id"),
        CheckConstraint("(agency_id IS NULL) <> (guest_name = '')", name="agency_or_guest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    guest_name: Mapped[str] = mapped_column(default="")
    guest_position: Mapped[str] = mapped_column(default="")
    guest_organisation: Mapped[str] = mapped_column(default="")
    guest_email: Mapped[str] = mapped_column(default="")
    guest_phone: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    answer: Mapped[Answer | None]
    answer_name: Mapped[str] = mapped_column(default="")
    """Who comes, or who comes instead."""
    answer_position: Mapped[str] = mapped_column(default="")
    answer_note: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    agency: Mapped[Agency | None] = relationship(lazy="raise")


class Attendance(Base):
    """One line of the attendance list.

    An invitation without a line counts as *tanpa keterangan* once the meeting has ended. A line
    that a person wrote by the code on the wall waits for the minute-taker (`confirmed_at`).
    """

    __tablename__ = "meeting_attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "device"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("meeting_invitations.id"), index=True
    )
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    organisation: Mapped[str] = mapped_column(default="")
    """Where the person is from, where that is no agency."""
    name: Mapped[str]
    gender: Mapped[Gender | None]
    position: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    presence: Mapped[Presence] = mapped_column(default=Presence.PRESENT)
    represents: Mapped[str] = mapped_column(default="")
    """For whom a representative came."""
    note: Mapped[str] = mapped_column(default="")
    device: Mapped[str | None]
    """Makes a check-in repeated on a bad line arrive once."""
    checked_in_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    edition: Mapped[int] = mapped_column(default=0)
    """Raised by each change, so that a stale page is told."""

    invitation: Mapped[Invitation | None] = relationship(lazy="raise")
    agency: Mapped[Agency | None] = relationship(lazy="raise")
