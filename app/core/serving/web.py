"""Waitress, which ends well: it drops requests in flight when it is told to stop, we do not."""

import threading
import time
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer, create_server

THREADS = 8
CONNECTIONS = 2000
IDLE_SECONDS = 120
# How long requests in flight have after SIGTERM, a slow upload among them.
DRAIN_SECONDS = 20
# A body of up to twice the limit reaches the application, whose refusal is a page.
BODY_ROOM = 2


class LengthRequired(HTTPRequestParser):  # type: ignore[misc]
    """Refuse chunked bodies: waitress would hand them on as if their length had been known."""

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the header of a request. A ParsingError is answered with 400."""
        super().parse_header(header_plus)
        if self.chunked:
            raise ParsingError("a body needs its length: Transfer-Encoding is not supported")


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection."""

    parser_class = LengthRequired

    @property
    def is_busy(self) -> bool:
        """Tell whether a request is arriving, being worked on, or being answered."""
        return bool(self.requests or self.total_outbufs_len or self.request is not None)


class WebServer:
    """The application on its port, until `stop()`."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        """Listen. Raises OSError where the port is taken."""
        self._sockets: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        server = create_server(
            app,
            map=self._sockets,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=10,
            max_request_body_size=BODY_ROOM * app.config["MAX_CONTENT_LENGTH"],
            max_request_header_size=32 * 1024,
            # Without proxies nobody may say whom a request comes from; with them, ProxyFix counts.
            clear_untrusted_proxy_headers=not app.config["TRUSTED_PROXIES"],
            asyncore_use_poll=True,  # select() ends at 1,024 descriptors
            expose_tracebacks=False,
            log_socket_errors=False,
            ident=None,
        )
        self._threads = server.task_dispatcher
        self._listeners = self._every(BaseWSGIServer)
        for listener in self._listeners:
            listener.channel_class = Channel

    def run(self) -> None:
        """Serve until `stop()`, then let what is in flight finish."""
        while not self._stopping.is_set():
            self._turn(1)
        self._drain()
        self._threads.shutdown(timeout=1)
        wasyncore.close_all(self._sockets, ignore_all=True)

    def stop(self) -> None:
        """Stop accepting and finish what was begun; called again: do not wait for it.

        May be called by another thread and by a signal handler.
        """
        if self._stopping.is_set():
            self._hurry.set()
        self._stopping.set()
        self._listeners[0].pull_trigger()

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(seconds, use_poll=True, map=self._sockets, count=1)

    def _drain(self) -> None:
        self._turn(0)  # whoever has connected already is let in, and then heard
        for listener in self._listeners:
            wasyncore.dispatcher.close(listener)  # its trigger goes on waking this loop
        self._turn(0)
        until = time.monotonic() + DRAIN_SECONDS
        while channels := self._every(Channel):
            if self._hurry.is_set() or time.monotonic() > until:
                break
            for channel in channels:
                channel.will_close = channel.will_close or not channel.is_busy
            self._turn(0.1)

    def _every(self, kind: type) -> list[Any]:
        return [one for one in self._sockets.values() if isinstance(one, kind)]
