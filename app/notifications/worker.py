"""The worker: turns due notices into mails, and sends mails until they have met their fate."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event as Signal

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock, once, storage
from app.core.db import db
from app.core.write import write
from app.notifications import outbox
from app.notifications.delivery import Mailer, ServerTrouble, mailer
from app.notifications.messages import Audiences, Key, compose_mail, key_of
from app.notifications.models import MailNotice, Notice, OutgoingMail
from app.notifications.registry import Recipient

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=10)
"""A person's oldest news leaves then at the latest, whatever else is still held."""
ASK_AGAIN = timedelta(minutes=10)
"""When an audience that could not be resolved is asked again."""
PLANNED_AT_ONCE = 5_000
NOTICES_IN_A_TRANSACTION = 300
PAUSE = 1.0
SWEEP_EVERY = timedelta(days=1)
SERVER_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 300, 600))
"""How long a mail server in trouble is left alone, by how often it failed in a row."""


@dataclass(slots=True)
class _Waiting:
    """A notice that has not left, without what only composing needs."""

    id: int
    created_at: datetime
    hold_until: datetime
    """What its audience knows of the person."""


@dataclass(slots=True)
class _Group:
    """What one person would be told in one mail of a kind."""

    kind: str
    key: Key
    recipient: Recipient
    notices: list[_Waiting] = field(default_factory=list)

    def leave(self, moment: datetime) -> bool:
        """Tell whether the group leaves now; what is still held then waits for the next one."""
        due = [notice for notice in self.notices if notice.hold_until <= moment]
        if not due:
            return False
        if len(due) < len(self.notices):
            oldest = min(notice.created_at for notice in due)
            if oldest + LONGEST_WAIT > moment:
                return False
        self.notices = due
        return True


@dataclass(slots=True)
class _Plan:
    """The groups that leave now, and for each of their notices who still has to be told."""

    leaving: list[_Group]
    untold: dict[int, set[Key]]

    def chunks(self) -> Iterator[list[_Group]]:
        """Yield groups, several hundred notices at a time, so that no transaction grows long."""
        chunk: list[_Group] = []
        size = 0
        for group in self.leaving:
            chunk.append(group)
            size += len(group.notices)
            if size >= NOTICES_IN_A_TRANSACTION:
                yield chunk
                chunk, size = [], 0
        if chunk:
            yield chunk


def turn_notices() -> int:
    """Turn the notices that are due into mails; return how many mails that made.

    Who is to be told is asked now. Reading and grouping hold no write lock; each chunk of groups
    is then written in a transaction of its own, which looks again at what it is about to turn.
    """
    plan = _plan(clock.now())
    made = 0
    for chunk in plan.chunks():
        with write():
            made += _turn(chunk, plan.untold)
    _close([notice_id for notice_id, people in plan.untold.items() if not people])
    return made


def _plan(moment: datetime) -> _Plan:
    waiting = Notice.turned_at.is_(None) & Notice.cancelled_at.is_(None)
    due_kinds = db.session.scalars(
        select(Notice.kind).where(waiting, Notice.hold_until <= moment).distinct()
    ).all()
    if not due_kinds:
        db.session.rollback()
        return _Plan([], {})
    rows = db.session.execute(
        select(
            Notice.id,
            Notice.kind,
            Notice.audience,
            Notice.audience_ids,
            Notice.created_at,
            Notice.hold_until,
        )
        .where(waiting, Notice.kind.in_(due_kinds))
        .order_by(Notice.id)
        .limit(PLANNED_AT_ONCE)
    ).all()
    told = _told([row.id for row in rows])
    audiences = Audiences()
    groups: dict[tuple[str, Key], _Group] = {}
    untold: dict[int, set[Key]] = {}
    unresolved = []
    for row in rows:
        try:
            people = audiences.of(row.audience, row.audience_ids)
        except Exception:
            # The boundary between this room and the audiences of the rooms above it.
            log.exception("audience %s of notice %s cannot be resolved", row.audience, row.id)
            db.session.rollback()
            unresolved.append(row.id)
            continue
        still = {key: who for key, who in people.items() if key not in told[row.id]}
        if still or row.hold_until <= moment:
            untold[row.id] = set(still)
        for key, who in still.items():
            group = groups.setdefault((row.kind, key), _Group(row.kind, key, who))
            group.notices.append(_Waiting(row.id, row.created_at, row.hold_until))
    db.session.rollback()
    _postpone(unresolved, moment)
    return _Plan([group for group in groups.values() if group.leave(moment)], untold)


def _told(notice_ids: list[int]) -> defaultdict[int, set[Key]]:
    """Return who has a mail about each notice already: their group left before others' did."""
    told: defaultdict[int, set[Key]] = defaultdict(set)
    rows = db.session.execute(
        select(
            MailNotice.notice_id,
            OutgoingMail.user_id,
            OutgoingMail.to_address,
            OutgoingMail.to_name,
        )
        .join(OutgoingMail, OutgoingMail.id == MailNotice.mail_id)
        .where(MailNotice.notice_id.in_(notice_ids))
    )
    for notice_id, user_id, address, name in rows:
        told[notice_id].add(key_of(user_id, address, name))
    return told


def _turn(chunk: list[_Group], untold: dict[int, set[Key]]) -> int:
    moment = clock.now()
    ids = sorted({notice.id for group in chunk for notice in group.notices})
    locked = {
        notice.id: notice
        for notice in db.session.scalars(
            select(Notice)
            .where(Notice.id.in_(ids), Notice.turned_at.is_(None), Notice.cancelled_at.is_(None))
            .order_by(Notice.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    told = _told(ids)
    made = 0
    for group in chunk:
        notices = [
            locked[waiting.id]
            for waiting in group.notices
            if waiting.id in locked and group.key not in told[waiting.id]
        ]
        for waiting in group.notices:
            untold[waiting.id].discard(group.key)
        mail = compose_mail(group.kind, group.recipient, notices, moment) if notices else None
        if mail is not None:
            db.session.add(mail)
            made += 1
    for notice in locked.values():
        if not untold[notice.id]:
            notice.turned_at = moment
    return made


def _close(notice_ids: list[int]) -> None:
    """Stamp the notices whose audience is empty today, or was told before."""
    if not notice_ids:
        return
    with write():
        db.session.execute(
            update(Notice)
            .where(
                Notice.id.in_(notice_ids),
                Notice.turned_at.is_(None),
                Notice.cancelled_at.is_(None),
            )
            .values(turned_at=clock.now())
        )


def _postpone(notice_ids: list[int], moment: datetime) -> None:
    if not notice_ids:
        return
    with write():
        db.session.execute(
            update(Notice).where(Notice.id.in_(notice_ids)).values(hold_until=moment + ASK_AGAIN)
        )


class Worker:
    """One worker process. `stop` ends it after the mail in hand."""

    def __init__(self, stop: Signal) -> None:
        self.stop = stop
        self.mailer: Mailer = mailer()
        self.failures = 0
        self.rests_until: datetime | None = None
        self.swept_at: datetime | None = None

    def run(self) -> None:
        """Work until told to stop. A database that is away for a while is waited for."""
        log.info("mail worker started")
        while not self.stop.is_set():
            try:
                self.turn()
                self.send_due()
                self.sweep()
            except SQLAlchemyError:
                log.exception("the database does not answer; trying again")
                db.session.rollback()
            self.stop.wait(PAUSE)
        self.mailer.close()
        log.info("mail worker stopped")

    def turn(self) -> None:
        """Turn what is due into mails."""
        if made := turn_notices():
            log.info("%s mails made", made)

    def send_due(self) -> int:
        """Send what is due, one mail after the other over one connection; return how many left.

        A server in trouble is left alone for a while: it costs no mail an attempt.
        """
        now = clock.now()
        if self.rests_until is not None and now < self.rests_until:
            return 0
        sent = 0
        while not self.stop.is_set() and outbox.is_anything_due():
            try:
                self.mailer.open()
            except ServerTrouble as trouble:
                self._rest(str(trouble))
                break
            mail = outbox.lease_next()
            if mail is None:
                continue
            outcome = self.mailer.send(mail)
            outbox.settle(mail, outcome)
            if outcome.is_server_trouble:
                self._rest(outcome.said)
                break
            sent += outcome.is_sent
            self.failures, self.rests_until = 0, None
        self.mailer.close()
        return sent

    def _rest(self, said: str) -> None:
        pause = SERVER_PAUSES[min(self.failures, len(SERVER_PAUSES) - 1)]
        self.failures += 1
        self.rests_until = clock.now() + pause
        log.warning("mail server in trouble, resting %s s: %s", int(pause.total_seconds()), said)
        outbox.note_trouble(said)

    def sweep(self) -> None:
        """Once a day, drop form tokens that no browser will send again, and bytes of no row."""
        now = clock.now()
        if self.swept_at is not None and now < self.swept_at + SWEEP_EVERY:
            return
        with write():
            once.sweep()
        storage.sweep_orphans()
        self.swept_at = now
