"""The outbox as it is read: lists, one mail, what waits, and whether the worker keeps up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.base import UtcDateTime
from app.core.db import db
from app.core.errors import NotVisible
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.core.search import matches
from app.notifications.models import Fate, MailNotice, Notice, OutgoingMail

STUCK_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxFilter:
    """What the outbox is narrowed to. `oldest_first` turns the order around."""

    fate: Fate | None = None
    kind: str | None = None
    words: str = ""
    user_id: int | None = None
    oldest_first: bool = False


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail in a list."""

    id: int
    kind: str
    to_name: str
    to_address: str | None
    subject: str
    fate: Fate
    created_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime
    attempts: int
    last_error: str | None
    resent_from_id: int | None
    user_id: int | None
    """None for somebody without an account."""


@dataclass(frozen=True, slots=True)
class WaitingNews:
    """News of one kind that is still held back, so that what caused it can be undone."""

    kind: str
    count: int
    held_until: datetime


_ROW = (
    OutgoingMail.id,
    OutgoingMail.kind,
    OutgoingMail.to_name,
    OutgoingMail.to_address,
    OutgoingMail.subject,
    OutgoingMail.fate,
    OutgoingMail.created_at,
    OutgoingMail.sent_at,
    OutgoingMail.next_attempt_at,
    OutgoingMail.attempts,
    OutgoingMail.last_error,
    OutgoingMail.resent_from_id,
    OutgoingMail.user_id,
)


def list_mails(wanted: OutboxFilter, number: int) -> Page[MailRow]:
    """Return one page of the mails that a filter lets through, the newest first."""
    conditions = _conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(OutgoingMail).where(*conditions))
    number = clamp(number, total or 0)
    order = OutgoingMail.id.asc() if wanted.oldest_first else OutgoingMail.id.desc()
    rows = _rows(
        select(*_ROW)
        .where(*conditions)
        .order_by(order)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows, number, total or 0)


def _conditions(wanted: OutboxFilter) -> list[ColumnElement[bool]]:
    conditions = [matches(OutgoingMail.search_text, wanted.words)]
    if wanted.fate is not None:
        conditions.append(OutgoingMail.fate == wanted.fate)
    if wanted.kind is not None:
        conditions.append(OutgoingMail.kind == wanted.kind)
    if wanted.user_id is not None:
        conditions.append(OutgoingMail.user_id == wanted.user_id)
    return conditions


def _rows(statement: Select[*tuple[Any, ...]]) -> Sequence[MailRow]:
    return [MailRow(*row) for row in db.session.execute(statement)]


def count_by_fate() -> Mapping[Fate, int]:
    """Return how many mails have met each fate; a fate that none has met counts 0."""
    counts = dict.fromkeys(Fate, 0)
    for fate, count in db.session.execute(
        select(OutgoingMail.fate, func.count()).group_by(OutgoingMail.fate)
    ):
        counts[fate] = count
    return counts


def waiting_news() -> Sequence[WaitingNews]:
    """Return the news that is not yet a mail, by kind, what leaves first in front."""
    last = func.max(Notice.hold_until)
    found = db.session.execute(
        select(Notice.kind, func.count(), last)
        .where(Notice.turned_at.is_(None), Notice.cancelled_at.is_(None))
        .group_by(Notice.kind)
        .order_by(last, Notice.kind)
    )
    return [WaitingNews(*row) for row in found]


def get_mail(mail_id: int) -> OutgoingMail:
    """Return one mail with its notices. Raises `NotVisible`."""
    mail = db.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.id == mail_id)
        .options(selectinload(OutgoingMail.notices))
    )
    if mail is None:
        raise NotVisible
    return mail


def sent_again(mail_id: int) -> Sequence[MailRow]:
    """Return the mails that repeat this one, the oldest first."""
    return _rows(
        select(*_ROW).where(OutgoingMail.resent_from_id == mail_id).order_by(OutgoingMail.id)
    )


def mails_about(follow_up_id: int) -> Sequence[MailRow]:
    """Return the mails that told of a follow-up, the newest first. One query."""
    about = (
        select(MailNotice.mail_id)
        .join(Notice, Notice.id == MailNotice.notice_id)
        .where(Notice.follow_up_id == follow_up_id)
    )
    return _rows(select(*_ROW).where(OutgoingMail.id.in_(about)).order_by(OutgoingMail.id.desc()))


def mails_of_meeting(meeting_id: int) -> Sequence[MailRow]:
    """Return the mails that told of a meeting, the newest first. One query."""
    about = (
        select(MailNotice.mail_id)
        .join(Notice, Notice.id == MailNotice.notice_id)
        .where(Notice.meeting_id == meeting_id)
    )
    return _rows(select(*_ROW).where(OutgoingMail.id.in_(about)).order_by(OutgoingMail.id.desc()))


def oldest_unsent() -> datetime | None:
    """Return since when the oldest mail or due notice waits to leave; None where none does."""
    found = db.session.execute(select(*waiting_since())).one()
    return min((moment for moment in found if moment is not None), default=None)


def waiting_since() -> tuple[ScalarSelect[datetime], ScalarSelect[datetime]]:
    """Return since when the oldest mail, and the oldest due notice, waits, for another query.

    That may be kept: the clock is asked each time that it is sent.
    """
    mail = select(func.min(OutgoingMail.created_at)).where(OutgoingMail.fate == Fate.QUEUED)
    notice = select(func.min(Notice.created_at)).where(
        Notice.turned_at.is_(None),
        Notice.cancelled_at.is_(None),
        Notice.hold_until <= bindparam("now", callable_=clock.now, type_=UtcDateTime()),
    )
    return mail.scalar_subquery(), notice.scalar_subquery()


def is_stuck() -> bool:
    """Tell whether something has waited to leave for longer than an hour."""
    oldest = oldest_unsent()
    return oldest is not None and clock.now() - oldest > STUCK_AFTER


def last_error() -> str | None:
    """Return what the mail server said last about a mail that has not left."""
    return db.session.scalar(
        select(OutgoingMail.last_error)
        .where(
            OutgoingMail.fate.in_([Fate.QUEUED, Fate.FAILED]), OutgoingMail.last_error.is_not(None)
        )
        .order_by(OutgoingMail.id.desc())
        .limit(1)
    )
