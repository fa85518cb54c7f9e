"""From notices to the words of one mail to one person."""

import json
import logging
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from app.core import settings
from app.core.db import db
from app.core.search import searchable
from app.notifications import calendars
from app.notifications.models import Fate, Notice, OutgoingMail
from app.notifications.registry import Recipient, registry

log = logging.getLogger(__name__)

LONGEST_SUBJECT = 180
UNCOMPOSED = "Surel ini tidak dapat disusun. Rinciannya ada di catatan server."
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Letter:
    """The rendered parts of a mail."""

    subject: str
    text: str
    html: str
    calendar: str | None = None


Key = int | str
"""Who somebody is to the outbox: the account's id, or the address of somebody without one."""


def key_of(user_id: int | None, address: str | None, name: str) -> Key:
    """Return who somebody is: the account, else the address, else (nothing to mail) the name."""
    return user_id if user_id is not None else (address or one_line(name)).lower()


class Audiences:
    """Who is concerned by audiences at this moment; each is asked once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Mapping[Key, Recipient]] = {}

    def of(self, name: str, ids: Mapping[str, Any]) -> Mapping[Key, Recipient]:
        """Return the recipients of an audience, each person once."""
        asked = (name, json.dumps(ids, sort_keys=True))
        if asked not in self._known:
            self._known[asked] = _each_once(registry().audiences[name](ids))
        return self._known[asked]

    def concerned(self, mail: OutgoingMail) -> tuple[Recipient | None, list[Notice]]:
        """Return whom a mail is for, as known today, and which of its notices still concern them.

        None and no notice where the person no longer belongs to anything that the mail tells.
        """
        key = key_of(mail.user_id, mail.to_address, mail.to_name)
        recipient = None
        notices = []
        for notice in mail.notices:
            found = self.of(notice.audience, notice.audience_ids).get(key)
            if found is not None:
                recipient = found
                notices.append(notice)
        return recipient, notices


def _each_once(found: Sequence[Recipient]) -> Mapping[Key, Recipient]:
    """Return people by who they are; a guest at the address of a user is that user."""
    people: dict[Key, Recipient] = {}
    accounts: dict[Key, int] = {}
    for who in sorted(found, key=lambda who: who.user_id is None):
        key = key_of(who.user_id, who.address, who.name)
        key = accounts.get(key, key)
        if who.user_id is not None and who.address:
            accounts[who.address.lower()] = who.user_id
        people.setdefault(key, who)
    return people


def one_line(text: str) -> str:
    """Return text without line breaks and control characters: fit for a header."""
    printable = "".join(
        " " if unicodedata.category(character) in _UNPRINTABLE else character for character in text
    )
    line = " ".join(printable.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def as_text_part(text: str) -> str:
    """Return a rendered text part as it is sent: never two empty lines below each other."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def render_letter(kind: str, recipient: Recipient, notices: Sequence[Notice]) -> Letter | None:
    """Render what a kind has to say to a person; None where nothing is left to tell."""
    context = registry().kinds[kind].compose(recipient, notices)
    if context is None:
        return None
    given = {"recipient": recipient, "program_url": settings.public_url("/"), **context}
    subject, text, html = (
        settings.render(f"emails/{kind}/{part}", given)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Letter(
        subject=one_line(subject),
        text=as_text_part(text),
        html=html,
        calendar=calendars.as_sent(context["calendar"]) if "calendar" in context else None,
    )


def compose_mail(
    kind: str, recipient: Recipient, notices: Sequence[Notice], moment: datetime
) -> OutgoingMail | None:
    """Return the mail that tells a person of notices; None where nothing is left to tell.

    A kind that fails to compose blocks nobody else: its mail is there, failed and readable as
    such, and the fault is in the log.
    """
    error = None
    try:
        with db.session.begin_nested():
            letter = render_letter(kind, recipient, notices)
    except Exception:
        # The boundary between this room and whatever a kind above it may do wrong.
        who = "a guest" if recipient.user_id is None else f"user {recipient.user_id}"
        log.exception("mail of kind %s to %s cannot be composed", kind, who)
        letter, error = Letter(registry().kinds[kind].label, "", ""), UNCOMPOSED
    if letter is None:
        return None
    mail = new_mail(kind, recipient, notices, letter, moment)
    if error is not None:
        mail.fate, mail.last_error = Fate.FAILED, error
    if mail.fate is not Fate.QUEUED:
        close_confidential(mail)
    return mail


def new_mail(
    kind: str, recipient: Recipient, notices: Sequence[Notice], letter: Letter, moment: datetime
) -> OutgoingMail:
    """Return the mail of a letter to a person: queued, unless the person has no address."""
    mail = OutgoingMail(
        user_id=recipient.user_id,
        kind=kind,
        to_name=one_line(recipient.name),
        to_address=recipient.address or None,
        message_id=new_message_id(),
        fate=Fate.QUEUED if recipient.address else Fate.NO_ADDRESS,
        created_at=moment,
        attempts=0,
        next_attempt_at=moment,
        trail=[],
    )
    put_words(mail, letter)
    mail.notices = list(notices)
    return mail


def put_words(mail: OutgoingMail, letter: Letter) -> None:
    """Give a mail its words, and make it found by them."""
    mail.subject, mail.body_text, mail.body_html = letter.subject, letter.text, letter.html
    mail.calendar = letter.calendar
    mail.search_text = searchable(mail.to_name, mail.to_address, mail.subject)


def close_confidential(mail: OutgoingMail) -> None:
    """Blank a confidential body that will not be sent any more."""
    if is_confidential(mail.kind):
        mail.body_text = mail.body_html = ""
        mail.calendar = None


def is_confidential(kind: str) -> bool:
    """Tell whether a kind's bodies may be read by the recipient alone; a lost kind's are, too."""
    known = registry().kinds.get(kind)
    return known is None or known.confidential


def kind_label(kind: str) -> str:
    """Return what people call a kind; its code where it is no longer registered."""
    known = registry().kinds.get(kind)
    return kind if known is None else known.label


def new_message_id() -> str:
    """Return a Message-ID of the sender's domain. It is fixed when a mail is made."""
    _, address = parseaddr(settings.mail_sender())
    return f"<{secrets.token_hex(16)}@{address.rpartition('@')[2] or 'localhost'}>"
