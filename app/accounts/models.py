"""Users and the counts that throttle guessing."""

from datetime import datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.permissions import Role
from app.core.base import Base


class User(Base, UserMixin):
    """A person with an account. Never deleted: deactivated, and remembered by name in history."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    """Lower-case, `[a-z0-9._-]`."""
    name: Mapped[str]
    """The full name with titles, as it is written in letters."""
    position: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(unique=True)
    """Lower-case. Some people have none: they are told in the application."""
    phone: Mapped[str | None]
    role: Mapped[Role]
    password_hash: Mapped[str | None]
    code_hash: Mapped[str | None]
    """The digest of a one-time code that an officer read out."""
    code_expires_at: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised by a new password, role or deactivation: sessions and links of before end."""
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        """Tell whether the person may sign in."""
        return self.deactivated_at is None

    def get_id(self) -> str:
        """Return what the session keeps: the id and the epoch it was made in."""
        return f"{self.id}.{self.session_epoch}"


class Throttle(Base):
    """How often something was tried within a window. `key` names who and what."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    """The number of the window: seconds since 1970 divided by its length."""
    tries: Mapped[int]
