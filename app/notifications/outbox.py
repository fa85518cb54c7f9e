"""The rows of the outbox on their way: leased one at a time, and given their fate.

A lease is taken in one transaction, the mail server is talked to outside of any, and the fate is
written in another. A worker killed in between leaves a lease that runs out: the mail is sent
again, under the same Message-ID.
"""

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.db import db
from app.core.write import write
from app.notifications.messages import (
    Audiences,
    close_confidential,
    put_words,
    render_letter,
)
from app.notifications.models import Fate, OutgoingMail

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=2)
INTERRUPTED = "Pengiriman terputus berulang kali sebelum server surel menjawab."


class Answer(StrEnum):
    """What came of one attempt."""

    ACCEPTED = "accepted"
    TRY_LATER = "try_later"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt's answer and the server's words.

    Server trouble concerns every mail. It spends the mail's attempt only where the line broke in
    the middle of this mail, which may be the mail's own fault.
    """

    answer: Answer
    said: str = ""
    is_server_trouble: bool = False
    spends_attempt: bool = True

    @property
    def is_sent(self) -> bool:
        """Tell whether the mail has left."""
        return self.answer is Answer.ACCEPTED


@dataclass(frozen=True, slots=True)
class LeasedMail:
    """What sending needs of a mail, free of the database."""

    id: int
    to_name: str
    to_address: str
    message_id: str
    subject: str
    body_text: str
    body_html: str
    leased_until: datetime
    calendar: str | None = None


def _due(moment: datetime) -> ColumnElement[bool]:
    return (
        (OutgoingMail.fate == Fate.QUEUED)
        & (OutgoingMail.next_attempt_at <= moment)
        & or_(OutgoingMail.leased_until.is_(None), OutgoingMail.leased_until <= moment)
    )


def is_anything_due() -> bool:
    """Tell whether a mail waits to be sent now. Takes no lock."""
    found = db.session.scalar(select(OutgoingMail.id).where(_due(clock.now())).limit(1))
    db.session.rollback()
    return found is not None


def lease_next() -> LeasedMail | None:
    """Lease the oldest mail that is due; None where none is left, or it met another fate.

    Whether its recipient still belongs is asked again here, before every attempt.
    """
    with write():
        moment = clock.now()
        mail = db.session.scalar(
            select(OutgoingMail)
            .where(_due(moment))
            .order_by(OutgoingMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .options(selectinload(OutgoingMail.notices))
            .execution_options(populate_existing=True)
        )
        if mail is None:
            return None
        if mail.attempts >= MOST_ATTEMPTS:
            _end(mail, Fate.FAILED, moment, mail.last_error or INTERRUPTED)
            return None
        if not _still_belongs(mail, moment) or not mail.to_address:
            return None
        mail.attempts += 1
        mail.leased_until = moment + LEASE
        return LeasedMail(
            id=mail.id,
            to_name=mail.to_name,
            to_address=mail.to_address,
            message_id=mail.message_id,
            subject=mail.subject,
            body_text=mail.body_text,
            body_html=mail.body_html,
            leased_until=mail.leased_until,
            calendar=mail.calendar,
        )


def _still_belongs(mail: OutgoingMail, moment: datetime) -> bool:
    """Bring a mail up to date with today's audiences; give it its fate where nobody is left.

    Where only some of its notices still concern the recipient, it is written anew for those.
    """
    try:
        with db.session.begin_nested():
            recipient, concerned = Audiences().concerned(mail)
            if recipient is None:
                _end(mail, Fate.DROPPED, moment)
                return False
            if len(concerned) < len(mail.notices):
                letter = render_letter(mail.kind, recipient, concerned)
                if letter is None:
                    _end(mail, Fate.DROPPED, moment)
                    return False
                put_words(mail, letter)
    except Exception:
        # The boundary between this room and the kinds and audiences of the rooms above it.
        log.exception("mail %s cannot be checked before sending", mail.id)
        mail.attempts += 1
        mail.next_attempt_at = moment + pause_after(mail.attempts)
        return False
    if not recipient.address:
        _end(mail, Fate.NO_ADDRESS, moment)
        return False
    mail.to_address = recipient.address
    return True


def settle(leased: LeasedMail, outcome: Outcome) -> None:
    """Write what came of an attempt. Another worker's newer lease is respected, unless it left."""
    with write():
        mail = db.session.get(OutgoingMail, leased.id, with_for_update=True, populate_existing=True)
        if mail is None or mail.fate is not Fate.QUEUED:
            return
        if mail.leased_until != leased.leased_until and not outcome.is_sent:
            return
        moment = clock.now()
        mail.leased_until = None
        if not outcome.spends_attempt:
            mail.attempts -= 1
            mail.last_error = outcome.said
        elif outcome.is_sent:
            mail.sent_at = moment
            _end(mail, Fate.SENT, moment, outcome.said)
        elif outcome.answer is Answer.REFUSED or mail.attempts >= MOST_ATTEMPTS:
            mail.last_error = outcome.said
            _end(mail, Fate.FAILED, moment, outcome.said)
        else:
            mail.last_error = outcome.said
            mail.next_attempt_at = moment + pause_after(mail.attempts)
            _note(mail, Answer.TRY_LATER.value, moment, outcome.said)


def note_trouble(said: str) -> None:
    """Write the mail server's trouble on the oldest mail that waits; it costs no attempt."""
    with write():
        mail = db.session.scalar(
            select(OutgoingMail)
            .where(OutgoingMail.fate == Fate.QUEUED)
            .order_by(OutgoingMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is not None:
            mail.last_error = said


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after that many attempts: a minute, twice as long each time, 2 hours.

    Spread by a fifth, so that what failed together does not come back together.
    """
    pause: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - nothing to guess


def _end(mail: OutgoingMail, fate: Fate, moment: datetime, said: str = "") -> None:
    mail.fate = fate
    mail.leased_until = None
    if fate is Fate.FAILED:
        mail.last_error = said
    _note(mail, fate.value, moment, said)
    close_confidential(mail)


def _note(mail: OutgoingMail, step: str, moment: datetime, said: str) -> None:
    mail.trail = [*mail.trail, {"at": moment.isoformat(), "step": step, "said": said}]
