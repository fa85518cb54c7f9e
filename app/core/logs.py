"""One line of JSON an event on standard output, without names, addresses or what people typed."""

import json
import logging
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType

from flask import Flask, Response, g, request

log = logging.getLogger("gugus.request")

FIELDS = ("method", "endpoint", "status", "ms", "user", "reference", "mail", "kind", "count")
"""What a log call may add by `extra`. Anything else would need a look at whether it is personal."""

# Checked every few seconds by machines, or answered from memory.
UNLOGGED = frozenset({"health.live", "health.ready", "static"})

FRAMES = 12
_QUOTED = re.compile(r"'[^']*'|`[^`]*`|“[^”]*”")


class JsonLines(logging.Formatter):
    """Write a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Of an error: what it is and where, not the values it was about."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info is not None and record.exc_info[1] is not None:
            _, error, trace = record.exc_info
            line["error"] = _chain(error)
            line["trace"] = _places(trace)
        return json.dumps(line, ensure_ascii=False, default=str)


def register_logs(app: Flask) -> None:
    """Log each request: which page, how it ended, how long it took, by whose number."""

    @app.before_request
    def start_watch() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def log_request(response: Response) -> Response:
        if request.endpoint not in UNLOGGED:
            actor = g.get("actor")
            log.info(
                "request",
                extra={
                    "method": request.method,
                    "endpoint": request.endpoint,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - g.started) * 1000, 1),
                    "user": None if actor is None else actor.user_id,
                },
            )
        return response


def log_to_stdout() -> None:
    """Send the log of this process to standard output. Commands that serve call it, others not."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("alembic", "waitress"):
        logging.getLogger(chatty).setLevel(logging.ERROR)


def _chain(error: BaseException) -> list[str]:
    """Name an error and its causes: the first line of each, without what is quoted in it."""
    found: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < 5:
        first_line = str(cause).partition("\n")[0][:200]
        found.append(f"{type(cause).__name__}: {_QUOTED.sub('…', first_line)}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return found


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
