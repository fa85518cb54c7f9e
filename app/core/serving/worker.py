"""The mail worker as a child process that lives no longer than its parent."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

APPLICATION = Path(__file__).parents[3] / "wsgi.py"

COMMAND = (
    sys.executable,
    *("-m", "flask", "--app", str(APPLICATION)),
    *("notifications", "work", "--exit-with-parent"),
)


class WorkerProcess:
    """A worker that is ours. It holds a pipe: should we vanish, its standard input ends."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        # In a session of its own, so that Ctrl-C comes to us alone and we stop both in order.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            command, stdin=subprocess.PIPE, start_new_session=True
        )

    def when_it_ends(self, act: Callable[[int], None]) -> None:
        """Call `act` with its exit status as soon as it ends, in a thread."""
        threading.Thread(target=lambda: act(self._process.wait()), daemon=True).start()

    def stop(self) -> None:
        """Ask it to finish the mail in hand and end."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> None:
        """Wait for its end; kill it when the time is over."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
