"""A whole office as a process of its own, as `make run` starts it.

python -m tests.support.office    an office with a slow page, and a worker that only waits
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
FLASK = (sys.executable, "-m", "flask")
SLOW_OFFICE = (sys.executable, "-m", "tests.support.office")
SLOW_SECONDS = 1.5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Office:
    """A running office."""

    process: subprocess.Popen[bytes]
    port: int
    data_dir: Path
    log: IO[str]
    """What it wrote: a file, for a pipe that nobody reads fills up and holds the office."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def status(self, path: str) -> int:
        """Return the status that a page answers with; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(self.url(path), timeout=10) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_until_ready(self, seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while self.status("/health/ready") != 200:
            assert self.process.poll() is None, self.end()
            assert time.monotonic() < until, "not ready in time"
            time.sleep(0.05)

    def children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in listed.split()]

    def end(self, number: int = signal.SIGTERM, seconds: float = 30) -> tuple[int, str]:
        """Send a signal and return the exit status and what was written."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(seconds)
        self.log.seek(0)
        return status, self.log.read()


def environment(data_dir: Path, **changes: str) -> dict[str, str]:
    """Return the environment of an office below a folder, with nothing of the developer's."""
    names = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {"FLASK_SKIP_DOTENV": "1", "DATA_DIR": str(data_dir)} | changes


@contextmanager
def office(
    data_dir: Path, command: Sequence[str] = (*FLASK, "serve"), **changes: str
) -> Iterator[Office]:
    """Start an office and end it with the block."""
    port = int(changes.get("PORT") or free_port())
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(data_dir, **{"PORT": str(port)} | changes),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Office(process, port, data_dir, log)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def main() -> int:
    """Serve an office with a page that takes its time."""
    from app import create_app
    from app.core.access import public
    from app.core.serving import serve

    app = create_app()

    @app.get("/slow")
    @public
    def slow() -> str:
        time.sleep(SLOW_SECONDS)
        return "answered"

    return serve(app, command=[sys.executable, "-c", "import sys; sys.stdin.read()"])


if __name__ == "__main__":
    sys.exit(main())
