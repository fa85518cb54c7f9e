"""The way to the mail server: Flask-Mail, with what it leaves open closed.

Flask-Mail 0.10 knows no time-out, does not verify the server's certificate, lets control
characters into some headers, loses a space in long subjects and names localhost in Message-IDs.
"""

import os
import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from email import policy
from email.charset import QP, SHORTEST, Charset
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

import flask_mail
from flask import Flask

from app.core import clock, settings
from app.notifications import calendars
from app.notifications.outbox import Answer, LeasedMail, Outcome

EXTENSION = "gugus_delivery"
TIMEOUT_SECONDS = 30.0
"""For each answer of the server; a mail needs about six."""
MAILS_PER_CONNECTION = 100
FOLDER = "mail"


class ServerTrouble(Exception):
    """The mail server cannot be talked to at all, whatever the mail."""


class BadHeader(ValueError):
    """A header's value would break out of its header."""


class Message(flask_mail.Message):
    """A mail whose headers cannot be broken out of and whose lines are short enough for SMTP.

    With a `calendar` it is an invitation: for mail programs that show one, as a third way of saying
    what the text says; for all others, as a file that they hand to a calendar.
    """

    calendar: str | None = None

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        charset = Charset("utf-8")
        charset.header_encoding, charset.body_encoding = SHORTEST, QP
        return MIMEText(text or "", subtype, charset)  # type: ignore[arg-type]

    def _message(self) -> MIMEBase:
        self.refuse_bad_headers()
        message = super()._message()
        if self.calendar is not None:
            self._invite(message, self.calendar)
        message.policy = policy.SMTP.clone(refold_source="none")
        return message

    @staticmethod
    def _invite(message: MIMEBase, calendar: str) -> None:
        said = MIMEBase("text", "calendar", method=calendars.method_of(calendar), charset="utf-8")
        file = MIMEBase("application", "ics", name=calendars.FILE_NAME)
        file.add_header("Content-Disposition", "attachment", filename=calendars.FILE_NAME)
        for part in (said, file):
            part.set_payload(calendar.encode())
            encode_base64(part)
        alternatives = next(
            part for part in message.walk() if part.get_content_subtype() == "alternative"
        )
        alternatives.attach(said)
        message.attach(file)

    def refuse_bad_headers(self) -> None:
        """Raise `BadHeader` where any header carries a line break or another control character."""
        people = [self.sender, self.reply_to or "", *self.recipients, *self.cc, *self.bcc]
        extra = [part for pair in (self.extra_headers or {}).items() for part in pair]
        for value in (self.subject, self.msgId, *people, *extra):
            text = value if isinstance(value, str) else " ".join(value)
            if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
                raise BadHeader("a mail header must be one line without control characters")


class Connection(flask_mail.Connection):
    """A connection with a time-out that believes only a certificate it can verify."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in. Raises OSError or SMTPException; leaves nothing open."""
        server, port = self.mail.server, self.mail.port or 0
        context = ssl.create_default_context()
        host: smtplib.SMTP
        if self.mail.use_ssl:
            host = smtplib.SMTP_SSL(server, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            host = smtplib.SMTP(server, port, timeout=TIMEOUT_SECONDS)
        try:
            if self.mail.use_tls:
                host.starttls(context=context)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except (OSError, smtplib.SMTPException):
            host.close()
            raise
        return host


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How this application's mail goes out."""

    server: str
    sender: str
    reply_to: str
    data_dir: Path


class Mailer(Protocol):
    """A way for mails to leave."""

    def open(self) -> None:
        """Make ready. Raises `ServerTrouble`."""

    def send(self, mail: LeasedMail) -> Outcome:
        """Send one mail and return what came of it."""

    def close(self) -> None:
        """Let go of what `open` holds."""


def register_delivery(app: Flask) -> None:
    """Take the mail settings from the configuration."""
    flask_mail.Mail(app)
    app.extensions[EXTENSION] = MailSettings(
        server=app.config["MAIL_SERVER"],
        sender=app.config["MAIL_DEFAULT_SENDER"],
        reply_to=app.config["MAIL_REPLY_TO"],
        data_dir=app.config["DATA_DIR"],
    )


def mail_settings() -> MailSettings:
    """Return how this application's mail goes out."""
    found: MailSettings = settings.extension(EXTENSION)
    return found


def mailer() -> Mailer:
    """Return how mails leave here: by the mail server, or as files where there is none."""
    return SmtpMailer() if mail_settings().server else FileMailer()


def message_of(mail: LeasedMail) -> Message:
    """Return a mail as it goes out. Raises `BadHeader`."""
    given = mail_settings()
    message = Message(
        subject=mail.subject,
        recipients=[(mail.to_name, mail.to_address)],
        body=mail.body_text,
        html=mail.body_html,
        sender=given.sender,
        reply_to=given.reply_to or None,
        date=clock.now().timestamp(),
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    message.msgId = mail.message_id
    message.calendar = mail.calendar
    return message


class SmtpMailer:
    """Sends over one SMTP connection for many mails."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.carried = 0

    def open(self) -> None:
        """Connect, unless connected. Raises `ServerTrouble`: no mail is to blame for it."""
        if self.carried >= MAILS_PER_CONNECTION:
            self.close()
        if self.connection is not None:
            return
        connection = Connection(settings.extension("mail"))
        try:
            connection.host = connection.configure_host()
        except (OSError, smtplib.SMTPException) as fault:
            raise ServerTrouble(words_of(fault)) from fault
        self.connection, self.carried = connection, 0

    def send(self, mail: LeasedMail) -> Outcome:
        """Send one mail. A connection that the server dropped between two mails is renewed once."""
        try:
            raw = message_of(mail).as_bytes()
            mail.to_address.encode("ascii")
        except ValueError as fault:
            return Outcome(Answer.REFUSED, words_of(fault))
        is_reused = self.carried > 0
        outcome = self._attempt(mail.to_address, raw)
        if outcome.is_server_trouble and is_reused:
            try:
                self.open()
            except ServerTrouble as trouble:
                return self._trouble(str(trouble))
            outcome = self._attempt(mail.to_address, raw)
        return outcome

    def _attempt(self, address: str, raw: bytes) -> Outcome:
        host = self.connection.host if self.connection else None
        if host is None:
            raise ServerTrouble("not connected")
        _, sender = parseaddr(mail_settings().sender)
        is_underway = False
        try:
            host.ehlo_or_helo_if_needed()
            code, said = host.mail(sender)
            if code != 250:
                # The server wants nothing of this sender: no mail would fare better.
                self._drop()
                return self._trouble(f"{code} {said.decode(errors='replace')}")
            code, said = host.rcpt(address)
            if code in (250, 251):
                is_underway = True
                code, said = host.data(raw)
            if code not in (250, 251):
                return self._refused(host, code, said)
        except smtplib.SMTPDataError as refusal:
            return self._refused(host, refusal.smtp_code, refusal.smtp_error)
        except (OSError, smtplib.SMTPException) as fault:
            self._drop()
            return self._trouble(words_of(fault), spends_attempt=is_underway)
        self.carried += 1
        return Outcome(Answer.ACCEPTED)

    def _refused(self, host: smtplib.SMTP, code: int, said: bytes | str) -> Outcome:
        self.carried += 1
        words = said.decode(errors="replace") if isinstance(said, bytes) else said
        words = f"{code} {words}"
        if code == 421:
            self._drop()
            return self._trouble(words)
        try:
            host.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()
        answer = Answer.REFUSED if 500 <= code < 600 else Answer.TRY_LATER
        return Outcome(answer, words[:500])

    @staticmethod
    def _trouble(said: str, *, spends_attempt: bool = False) -> Outcome:
        return Outcome(
            Answer.TRY_LATER, said[:500], is_server_trouble=True, spends_attempt=spends_attempt
        )

    def close(self) -> None:
        """Say goodbye to the server, if it still listens."""
        connection, self.connection = self.connection, None
        if connection is not None and connection.host is not None:
            try:
                connection.host.quit()
            except (OSError, smtplib.SMTPException):
                connection.host.close()

    def _drop(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None and connection.host is not None:
            connection.host.close()


class FileMailer:
    """Writes mails as `.eml` files, where no mail server is set: nothing silently vanishes."""

    def open(self) -> None:
        """Make the folder, readable by its owner alone: some mails carry a way in."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as fault:
            raise ServerTrouble(words_of(fault)) from fault

    @property
    def folder(self) -> Path:
        """Return where the files go."""
        return mail_settings().data_dir / FOLDER

    def send(self, mail: LeasedMail) -> Outcome:
        """Write one mail durably. The same mail again takes the place of the first."""
        path = self.folder / f"{mail.id:08d}.eml"
        unfinished = path.with_suffix(".part")
        try:
            raw = message_of(mail).as_bytes()
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except ValueError as fault:
            return Outcome(Answer.REFUSED, words_of(fault))
        except OSError as fault:
            return Outcome(
                Answer.TRY_LATER, words_of(fault), is_server_trouble=True, spends_attempt=False
            )
        return Outcome(Answer.ACCEPTED)

    def close(self) -> None:
        """Nothing is held."""


def words_of(fault: Exception) -> str:
    """Return what a server or a connection said, as an operator reads it."""
    if isinstance(fault, smtplib.SMTPResponseException):
        said = fault.smtp_error
        words = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return f"{fault.smtp_code} {words}"[:500]
    return (str(fault) or type(fault).__name__)[:500]
