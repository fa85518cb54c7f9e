"""Who uses a DATA_DIR: many may serve from it, and nobody while it is put back from a backup."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

LOCK_FILE = "in-use.lock"


@contextmanager
def hold_data_dir(data_dir: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold a folder, with others or alone. Raises ClickException where that is not possible."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / LOCK_FILE).open("w") as file:
        kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            reason = "stop Gugus first" if alone else "wait for the restore to end"
            raise click.ClickException(f"{data_dir} is in use: {reason}") from error
        yield
