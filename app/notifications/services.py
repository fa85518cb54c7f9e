"""Owe people news: in the transaction of what it tells, and never talking to a mail server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import selectinload

from app.core import clock, once, settings
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidTransition, NotVisible
from app.notifications import policy
from app.notifications.messages import (
    Audiences,
    Letter,
    compose_mail,
    is_confidential,
    new_mail,
)
from app.notifications.models import MailNotice, Notice, OutgoingMail
from app.notifications.registry import registry


@dataclass(frozen=True, slots=True)
class News:
    """What an event owes: a mail kind, and the audience as a name and ids of the event."""

    event_id: int
    kind: str
    audience: str
    audience_ids: Mapping[str, Any] = field(default_factory=dict)
    follow_up_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    meeting_id: int | None = None


def notify_all(news: Sequence[News], *, hold: timedelta | None = None) -> None:
    """Insert a notice for each piece of news, held back by the hold (or by `hold`).

    Raises KeyError where a kind or an audience is not registered: a fault of the program.
    """
    if not news:
        return
    known = registry()
    for kind in {item.kind for item in news}:
        known.kinds[kind]
    for audience in {item.audience for item in news}:
        known.audiences[audience]
    moment = clock.now()
    hold_until = moment + (settings.mail_hold() if hold is None else hold)
    db.session.execute(
        insert(Notice),
        [
            {
                "event_id": item.event_id,
                "kind": item.kind,
                "audience": item.audience,
                "audience_ids": dict(item.audience_ids),
                "follow_up_id": item.follow_up_id,
                "meeting_id": item.meeting_id,
                "payload": dict(item.payload),
                "created_at": moment,
                "hold_until": hold_until,
            }
            for item in news
        ],
    )


def notify(news: News, *, hold: timedelta | None = None) -> None:
    """Insert the notice of one piece of news."""
    notify_all([news], hold=hold)


def cancel_notices(event_id: int) -> bool:
    """Take back the news of an event; False where some of it has already left.

    The rows are locked before they are looked at: the worker may be turning them right now.
    """
    notices = db.session.scalars(
        select(Notice)
        .where(Notice.event_id == event_id)
        .order_by(Notice.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if any(notice.turned_at is not None for notice in notices) or db.session.scalar(
        select(
            exists().where(MailNotice.notice_id.in_([notice.id for notice in notices])),
        )
    ):
        return False
    for notice in notices:
        notice.cancelled_at = notice.cancelled_at or clock.now()
    return True


def send_again(mail_id: int, actor: Actor, *, token: str = "") -> OutgoingMail:
    """Queue a mail once more: the same words, today's address, a Message-ID of its own.

    A mail that could not be composed is composed anew. `token` is the form's one-time token: a
    repeat gets the mail that the first made. Raises `NotVisible` where there is no such mail, and
    `InvalidTransition` where it is still on its way, confidential, or its recipient is not
    concerned any more or has no address.
    """
    original = db.session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.id == mail_id)
        .with_for_update()
        .options(selectinload(OutgoingMail.notices))
        .execution_options(populate_existing=True)
    )
    if original is None:
        raise NotVisible
    if (made := once.answered_before(token, actor)) and made.isdecimal():
        return db.session.get_one(OutgoingMail, int(made))
    if not policy.can_send_again(actor, original, confidential=is_confidential(original.kind)):
        raise InvalidTransition("Surel ini tidak dapat dikirim ulang.")
    moment = clock.now()
    recipient, notices = Audiences().concerned(original)
    is_guest = original.user_id is None
    if recipient is None:
        raise InvalidTransition(
            "Penerima surel ini tidak lagi terkait dengan isinya"
            + (", atau alamatnya sudah diganti." if is_guest else ".")
        )
    if not recipient.address:
        raise InvalidTransition(
            f"{recipient.name} belum mempunyai alamat surel. "
            + ("Undang lagi sesudah diisi." if is_guest else "Isi dahulu pada data akunnya.")
        )
    mail: OutgoingMail | None
    if original.body_text:
        words = Letter(original.subject, original.body_text, original.body_html, original.calendar)
        mail = new_mail(original.kind, recipient, notices, words, moment)
    else:
        mail = compose_mail(original.kind, recipient, notices, moment)
    if mail is None:
        raise InvalidTransition("Tidak ada lagi yang perlu disampaikan oleh surel ini.")
    mail.resent_from_id = original.id
    mail.trail = [{"at": moment.isoformat(), "step": "asked", "said": actor.name}]
    db.session.add(mail)
    db.session.flush()
    once.remember(token, actor, str(mail.id))
    return mail
