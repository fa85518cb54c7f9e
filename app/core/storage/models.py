"""What is known of stored bytes."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base


class StoredFile(Base):
    """Bytes with their SHA-256 (hex), size in bytes, and the type that their content shows."""

    __tablename__ = "stored_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    media_type: Mapped[str]
    stored_at: Mapped[datetime]
    blanked_at: Mapped[datetime | None]
    """When an admin removed wrongly uploaded bytes; the row and the hash stay."""
