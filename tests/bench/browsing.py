"""Two browsers without a window: one over the line, one inside this process to count queries."""

import contextlib
import contextvars
import gzip
import http.client
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Engine, event

from app.accounts.models import User
from tests.bench.server import BUSY
from tests.support.queries import TRANSACTION

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
FORM = "application/x-www-form-urlencoded"


class UnexpectedAnswerError(Exception):
    """The program answered something else than the case measures."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What signs a person in: the cookie, and the token that its forms carry."""

    cookie: str
    csrf_token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, how long it took, and how many bytes of it went over the line."""

    status: int
    body: bytes
    seconds: float = 0.0
    size: int = 0
    busy: float = 0.0
    """How long it kept a processor of the server busy, in seconds."""


class Browser(Protocol):
    """What a case needs to be played."""

    def get(self, path: str) -> Answer:
        """Open a page."""

    def post(self, path: str, form: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """Send a form."""


def pass_of(app: Flask, user: User | None) -> Pass:
    """Sign a person in without the form, as an earlier request would have done."""

    def make() -> Pass:
        with app.test_request_context():
            if user is not None:
                session.update({"_user_id": user.get_id(), "_fresh": True})
            token = generate_csrf()
            signer = app.session_interface.get_signing_serializer(app)
            assert signer is not None
            return Pass(f"session={signer.dumps(dict(session))}", token)

    return contextvars.Context().run(make)


class OverTheLine:
    """A browser with one connection that stays open, reading gzip as over plain http."""

    def __init__(self, port: int, signed_in: Pass) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": signed_in.cookie, "Accept-Encoding": "gzip"}
        self._csrf_token = signed_in.csrf_token

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        body = urlencode({**form, "csrf_token": self._csrf_token}, doseq=True).encode()
        return self._ask("POST", path, body, {**headers, "Content-Type": FORM})

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        began = time.perf_counter()
        self._line.request(method, path, body, {**self._headers, **headers})
        response = self._line.getresponse()
        packed = response.read()
        seconds = time.perf_counter() - began
        size = len(packed) + len(str(response.headers)) + len("HTTP/1.1 200 OK\r\n")
        unpacked = gzip.decompress(packed) if response.headers["Content-Encoding"] else packed
        busy = float(response.headers.get(BUSY, 0))
        return Answer(response.status, unpacked, seconds, size, busy)


class InProcess:
    """A browser inside this process."""

    def __init__(self, app: Flask, signed_in: Pass) -> None:
        self._app = app
        self._signed_in = signed_in

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, form: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, {**form, "csrf_token": self._signed_in.csrf_token}, headers)

    def _ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> Answer:
        def ask() -> Answer:
            client = self._app.test_client(use_cookies=False)
            sent = {**headers, "Cookie": self._signed_in.cookie}
            response = client.open(path, method=method, data=form, headers=sent)
            return Answer(response.status_code, response.get_data())

        return contextvars.Context().run(ask)


@contextlib.contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Yield a list that grows with each statement sent to the database."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(TRANSACTION):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def form_with(body: bytes, field: str) -> dict[str, Any]:
    """Return what a browser would send of the first form that has a field of that name."""
    page = BeautifulSoup(body, "html.parser")
    control = page.select_one(f'form [name="{field}"]')
    form = control.find_parent("form") if control else None
    if form is None:
        raise UnexpectedAnswerError(f"no form with {field}: {page.get_text(' ', strip=True)[:300]}")
    found: dict[str, Any] = {}
    for each in form.select("input[name], select[name], textarea[name]"):
        value = _value_of(each)
        if value is not None:
            found[str(each["name"])] = value
    return found


def _value_of(control: Tag) -> str | None:
    kind = control.get("type", "")
    if kind in ("file", "submit", "button"):
        return None
    if kind in ("checkbox", "radio"):
        return str(control.get("value", "on")) if control.has_attr("checked") else None
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        chosen = control.select_one("option[selected]") or control.select_one("option")
        return str(chosen.get("value", "")) if chosen else None
    return str(control.get("value", ""))


def first_visit(browser: Browser, path: str) -> int:
    """Return the bytes of a page with everything that it brings along, as a new browser asks."""
    answer = browser.get(path)
    page = BeautifulSoup(answer.body, "html.parser")
    wanted = [str(tag["href"]) for tag in page.select("link[rel~=icon], link[rel=stylesheet]")]
    wanted += [str(tag["src"]) for tag in page.select("script[src]")]
    wanted += [str(tag["href"]).partition("#")[0] for tag in page.select("use[href]")]
    waiting = [urljoin(path, address) for address in wanted if address]
    seen: set[str] = set()
    total = answer.size
    while waiting:
        address = urlsplit(waiting.pop()).path
        if not address or address in seen or address == path:
            continue
        seen.add(address)
        brought = browser.get(address)
        total += brought.size
        if address.endswith((".css", ".js")):
            text = brought.body.decode()
            pattern = r"""url\(["']?([^"')]+)|(?:from|import)\s*\(?["'](\.[^"']+)"""
            found = [one or other for one, other in re.findall(pattern, text)]
            waiting += [urljoin(address, each) for each in found if not each.startswith("data:")]
    return total
