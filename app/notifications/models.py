"""The outbox: what people are owed to be told, and each mail with its fate."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.base import Base


class Notice(Base):
    """Something happened that people are to be told of; who they are is asked when it is due.

    `audience` and `audience_ids` are the rule's name and ids of the event, not of people.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "ix_notices_waiting",
            "hold_until",
            sqlite_where=text("turned_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=text("turned_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index("ix_notices_follow_up_id", "follow_up_id"),
        Index("ix_notices_meeting_id", "meeting_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    kind: Mapped[str]
    audience: Mapped[str]
    audience_ids: Mapped[dict[str, Any]] = mapped_column(default=dict)
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    hold_until: Mapped[datetime]
    turned_at: Mapped[datetime | None]
    """When the worker turned it into mails (or found nobody to mail)."""
    cancelled_at: Mapped[datetime | None]


class Fate(StrEnum):
    """What became of a mail."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    """Given up after the last attempt, or refused for good by the server."""
    NO_ADDRESS = "no_address"
    """The person has no usable address: told in the application only."""
    DROPPED = "dropped"
    """The recipient no longer belongs to those concerned."""


class OutgoingMail(Base):
    """One mail to one person: the unit of sending, retrying, fate and *send again*."""

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        Index(
            "ix_outgoing_mails_due",
            "next_attempt_at",
            sqlite_where=text("fate = 'queued'"),
            postgresql_where=text("fate = 'queued'"),
        ),
        Index("ix_outgoing_mails_fate_id", "fate", "id"),
        Index("ix_outgoing_mails_user_id_id", "user_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    """None for somebody without an account, known by the address alone."""
    kind: Mapped[str]
    to_name: Mapped[str]
    to_address: Mapped[str | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    body_text: Mapped[str]
    body_html: Mapped[str]
    """Blank where composing failed, and once a confidential mail has met its fate."""
    calendar: Mapped[str | None]
    """What a calendar reads of it (iCalendar, its METHOD included), where it invites."""
    search_text: Mapped[str] = mapped_column(default="")
    fate: Mapped[Fate]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    trail: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """What happened to it on the way: `{at, step, said}`, the oldest first; a few at most."""
    resent_from_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_mails.id"))

    notices: Mapped[list[Notice]] = relationship(secondary="mail_notices", lazy="raise")


class MailNotice(Base):
    """Which notices a mail tells of."""

    __tablename__ = "mail_notices"

    mail_id: Mapped[int] = mapped_column(ForeignKey("outgoing_mails.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), primary_key=True, index=True)
