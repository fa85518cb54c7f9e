"""The office's letterhead, and the Word templates that it replaced."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.base import Base
from app.core.storage.models import StoredFile

MAX_LINE = 200
"""How long a line of the letterhead may be."""


class Paper(StrEnum):
    """The sizes of paper that offices print on."""

    A4 = "a4"
    F4 = "f4"


class DocumentKind(StrEnum):
    """The documents whose template an office can replace by its own."""

    MINUTES = "minutes"
    INVITATION = "invitation"
    DATA_REQUEST = "data_request"
    CORRECTION_SHEET = "correction_sheet"


class Letterhead(Base):
    """*Kop*, paper and who signs: one row, written when an officer first saves it."""

    __tablename__ = "letterheads"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    government: Mapped[str]
    office: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    """Where letters are signed: "Sangatta"."""
    signer_position: Mapped[str] = mapped_column(default="")
    signer_name: Mapped[str] = mapped_column(default="")
    signer_rank: Mapped[str] = mapped_column(default="")
    signer_number: Mapped[str] = mapped_column(default="")
    """NIP; blank prints dots to fill in by hand."""
    paper: Mapped[Paper] = mapped_column(default=Paper.F4)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    logo: Mapped[StoredFile | None] = relationship(lazy="raise")
    changed_by: Mapped[User | None] = relationship(lazy="raise")


class TemplateVersion(Base):
    """A template that came into force. The newest of a kind holds; none is ever changed.

    Without a file it is the return to the template that Gugus brings along.
    """

    __tablename__ = "template_versions"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind]
    number: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    file_name: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    added_by: Mapped[User] = relationship(lazy="raise")
