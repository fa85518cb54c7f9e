"""Meetings: agenda, invitations, attendance, minutes, decisions, and the action items they make."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency, AgencyGroup
from app.core.base import Base
from app.core.storage.models import StoredFile
from app.core.working_copy import WorkingCopy
from app.followups.models import FollowUp
from app.instruments.models import Cycle

MAX_TITLE = 300
MAX_LINE = 200
"""How long a heading, and a name, place or number may be."""
MAX_NOTES = 20_000
MAX_DECISION = 2_000
MAX_REASON = 1_000
"""How long the notes of one agenda item, a decision, and a reason may be."""
MAX_AGENDA = 60
MAX_INVITED = 300
MAX_ATTENDANCE = 600
"""How many agenda items, invitations and names one meeting may have."""


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


class Gender(StrEnum):
    """*L/P*, as the attendance list asks."""

    MALE = "L"
    FEMALE = "P"


class CarriedOutcome(StrEnum):
    """What a meeting says of a follow-up that was open before it."""

    CLOSE = "close"
    EXTEND = "extend"
    CANCEL = "cancel"
    KEEP = "keep"


class FileKind(StrEnum):
    """What a file of a meeting is. Signed scans and photos are offered as evidence."""

    LETTER = "letter"
    ATTENDANCE = "attendance"
    MINUTES = "minutes"
    PHOTO = "photo"
    MATERIAL = "material"


class Authority(StrEnum):
    """On whose word minutes were approved."""

    CHAIR = "chair"
    SIGNED_SCAN = "signed_scan"


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
    agenda: Mapped[list["AgendaItem"]] = relationship(
        back_populates="meeting", lazy="raise", order_by="AgendaItem.position, AgendaItem.id"
    )
    invitations: Mapped[list["Invitation"]] = relationship(
        back_populates="meeting", lazy="raise", order_by="Invitation.id"
    )

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

    meeting: Mapped[Meeting] = relationship(back_populates="agenda", lazy="raise")
    carried: Mapped[list["CarriedItem"]] = relationship(
        back_populates="agenda_item", lazy="raise", order_by="CarriedItem.id"
    )


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
    edition: Mapped[int] = mapped_column(default=0)
    """Raised by each change, so that a stale page is told."""
    applied_at: Mapped[datetime | None]

    agenda_item: Mapped[AgendaItem] = relationship(back_populates="carried", lazy="raise")
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

    meeting: Mapped[Meeting] = relationship(back_populates="invitations", lazy="raise")
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


class MinutesVersion(Base):
    """Approved minutes, frozen: everything that the document says, as plain data."""

    __tablename__ = "minutes_versions"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What `queries.minutes.content_of` returned at that moment."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it corrects the version before; blank in the first."""
    approved_at: Mapped[datetime]
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    authority: Mapped[Authority]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    approved_by: Mapped[User] = relationship(lazy="raise")


class MeetingFile(Base):
    """A scan, a photo or a paper of a meeting."""

    __tablename__ = "meeting_files"
    __table_args__ = (UniqueConstraint("meeting_id", "upload_token"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    kind: Mapped[FileKind]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), index=True)
    file_name: Mapped[str]
    caption: Mapped[str] = mapped_column(default="")
    dated: Mapped[date | None]
    """The day on the document, or the day that a photo says it was taken."""
    upload_token: Mapped[str | None]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")
    added_by: Mapped[User] = relationship(lazy="raise")


class MeetingEvidence(Base):
    """A file of a meeting that stands as evidence in a follow-up's round."""

    __tablename__ = "meeting_evidence"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    meeting_file_id: Mapped[int] = mapped_column(ForeignKey("meeting_files.id"), index=True)
