"""A real mail server on this machine that can be told to misbehave."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
RIGHT_CERTIFICATE = Path(__file__).parent / "certificates" / "right.pem"
"""For 127.0.0.1, and good for whoever is told to trust it (SSL_CERT_FILE)."""
WRONG_CERTIFICATE = RIGHT_CERTIFICATE.with_name("wrong.pem")
"""For another name."""


@dataclass
class MailServer:
    """What the server received, and how it behaves. Change it while it runs."""

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    commands: int = 0
    refuse: dict[str, str] = field(default_factory=dict)
    """Address -> answer to RCPT, such as "550 5.1.1 unknown"."""
    refuse_data: str = ""
    """The answer to every message's end."""
    refuse_sender: str = ""
    hang_at: str = ""
    """`RCPT` or `DATA`: no answer comes until the server stops."""
    slowness: float = 0.0
    """Seconds before each message is acknowledged, after it was received."""
    cuts: int = 0
    """How many more messages are cut off in the middle of DATA."""
    mails_per_connection: int = 0
    """The connection is dropped after that many; 0 for no limit."""

    @property
    def message_ids(self) -> list[str]:
        """Return the Message-IDs in the order of arrival, repeats included."""
        return [str(message["Message-ID"]) for message in self.received]


class _Handler:
    def __init__(self, behaviour: MailServer) -> None:
        self.behaviour = behaviour

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.behaviour.refuse_sender:
            return self.behaviour.refuse_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.behaviour.commands += 1
        if self.behaviour.hang_at == "RCPT":
            await asyncio.sleep(3600)
        if address in self.behaviour.refuse:
            return self.behaviour.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.behaviour.refuse_data:
            return self.behaviour.refuse_data
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.behaviour.received.append(message)
        if self.behaviour.hang_at == "DATA":
            await asyncio.sleep(3600)
        await asyncio.sleep(self.behaviour.slowness)
        return "250 OK"


class _Smtp(SMTP):
    def __init__(self, handler: _Handler, **options: Any) -> None:
        super().__init__(handler, **options)
        self.behaviour = handler.behaviour
        self.carried = 0

    def connection_made(self, transport: Any) -> None:
        self.behaviour.connections += 1
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        limit = self.behaviour.mails_per_connection
        if limit and self.carried >= limit:
            self.transport.abort()
            return
        self.carried += 1
        if self.behaviour.cuts:
            self.behaviour.cuts -= 1
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def __init__(self, behaviour: MailServer, **options: Any) -> None:
        super().__init__(_Handler(behaviour), hostname=HOST, port=behaviour.port, **options)

    def factory(self) -> SMTP:
        return _Smtp(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        """Make the server ready on the port that it was given; the base class asks at port 0."""
        with socket.create_connection(self.server.sockets[0].getsockname(), 5) as line:
            line.recv(1024)


@contextmanager
def mail_server(
    behaviour: MailServer | None = None, certificate: Path | None = None
) -> Iterator[MailServer]:
    """Run a mail server; with a certificate's file (and key) it demands STARTTLS."""
    behaviour = behaviour or MailServer()
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        options = {"tls_context": context, "require_starttls": True}
    controller = _Controller(behaviour, **options)
    controller.start()
    behaviour.port = controller.server.sockets[0].getsockname()[1]
    behaviour.connections = 0
    try:
        yield behaviour
    finally:
        controller.stop()
