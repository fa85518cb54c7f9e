"""What is kept of a meeting: approved minutes, scans and photos."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.base import Base
from app.core.storage.models import StoredFile
from app.meetings.models.meeting import Meeting


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

    evidence_id: Mapped[int] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True
    )
    """A piece that is taken out of its open round takes this row along."""
    meeting_file_id: Mapped[int] = mapped_column(ForeignKey("meeting_files.id"), index=True)
