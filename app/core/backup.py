"""Backups: everything that an office has in one file, made while it works.

A backup is a tar of `database.sqlite3.gz` (or `database.pgdump`), what lies in DATA_DIR, and at
its end `manifest.json` with the SHA-256 of every member. The database is copied first: every file
that it speaks of was on disk before, and none is ever changed.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click
from alembic.util import CommandError

from app.core import clock, health, navigation, settings
from app.core.data_lock import LOCK_FILE, hold_data_dir
from app.core.database_copy import DatabaseCopy, database_copy
from app.core.db import db

FORMAT = 1
MANIFEST = "manifest.json"
DATA = "data/"
STATE_FILE = "last-backup.json"
FOLDER = "backups"
REPLACED = "replaced-"
CHUNK = 1024 * 1024
# What is made anew, or belongs to this machine.
LEFT_OUT = frozenset({FOLDER, LOCK_FILE, STATE_FILE})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `members` maps each name to its SHA-256."""

    format: int
    made_at: str
    version: str
    revision: str | None
    members: dict[str, str]


def create(target: Path | None = None) -> Path:
    """Write a backup and return where it lies; by default in DATA_DIR/backups.

    Raises ClickException where the database cannot be copied from here.
    """
    moment = clock.now()
    target = target or settings.data_dir() / FOLDER / f"gugus-{moment:%Y%m%d-%H%M%S}.tar"
    target.parent.mkdir(parents=True, exist_ok=True)
    arriving = target.with_name(f".{target.name}.arriving")
    copy = database_copy()
    try:
        with _private(arriving) as file, tarfile.open(fileobj=file, mode="w") as archive:
            _write(archive, copy, moment)
        arriving.replace(target)
    finally:
        arriving.unlink(missing_ok=True)
    state = {"at": moment.isoformat(), "file": str(target), "size": target.stat().st_size}
    (settings.data_dir() / STATE_FILE).write_text(json.dumps(state))
    return target


def last_backup_at() -> datetime | None:
    """Return when the last backup of this office was made; None where there was none."""
    try:
        state = json.loads((settings.data_dir() / STATE_FILE).read_text())
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(state["at"])


def restore(source: Path, *, force: bool = False) -> Manifest:
    """Put a backup back into an empty DATA_DIR and database; return what it said of itself.

    With `force`, what is there is replaced; files are kept aside in `DATA_DIR/replaced-…`. Raises
    ClickException, before anything is changed, where the backup is damaged, was made by a newer
    Gugus or for the other database, where something is there, or where Gugus is running.
    """
    data_dir = settings.data_dir()
    copy = database_copy()
    with hold_data_dir(data_dir, alone=True):
        present = [path for path in _top(data_dir) if path.name != "secret-key"]
        if (present or copy.has_tables()) and not force:
            raise click.ClickException(f"{data_dir} or its database is not empty: see --force")
        with tempfile.TemporaryDirectory(dir=data_dir, prefix=REPLACED) as name:
            unpacked = Path(name)
            manifest = _unpack(source, unpacked)
            _check(manifest, copy)
            db.session.remove()
            db.engine.dispose()
            if present:
                _set_aside(data_dir)
            for path in (unpacked / DATA).iterdir() if (unpacked / DATA).exists() else ():
                path.replace(data_dir / path.name)
            copy.load(unpacked / copy.member)
    return manifest


def _write(archive: tarfile.TarFile, copy: DatabaseCopy, moment: datetime) -> None:
    members: dict[str, str] = {}
    with tempfile.TemporaryDirectory(dir=settings.data_dir(), prefix=REPLACED) as name:
        dump = Path(name) / copy.member
        revision = copy.dump(dump)
        members[copy.member] = _add(archive, dump, copy.member)
    for path in _contents(settings.data_dir()):
        member = DATA + path.relative_to(settings.data_dir()).as_posix()
        try:
            members[member] = _add(archive, path, member)
        except FileNotFoundError:  # blanked or swept meanwhile: nothing speaks of it any more
            continue
    manifest = Manifest(FORMAT, moment.isoformat(), navigation.version(), revision, members)
    body = json.dumps(asdict(manifest), indent=1).encode()
    about = tarfile.TarInfo(MANIFEST)
    about.size, about.mtime = len(body), int(moment.timestamp())
    archive.addfile(about, io.BytesIO(body))


def _add(archive: tarfile.TarFile, path: Path, member: str) -> str:
    with path.open("rb") as file:
        about = archive.gettarinfo(arcname=member, fileobj=file)
        about.uid = about.gid = 0
        about.uname = about.gname = ""
        digest = _Hashing(file)
        archive.addfile(about, digest)
    return digest.hexdigest()


class _Hashing(io.RawIOBase):
    """A file that remembers the hash of what was read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._digest.update(chunk)
        return chunk

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def _unpack(source: Path, target: Path) -> Manifest:
    found: dict[str, str] = {}
    stated: dict[str, Any] | None = None
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                file = archive.extractfile(member)
                if file is None:
                    raise click.ClickException(f"{source}: {member.name} is no plain file")
                if member.name == MANIFEST:
                    stated = json.load(file)
                    continue
                archive.extract(member, target, filter="data")
                found[member.name] = _hash(target / member.name)
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise click.ClickException(f"{source} cannot be read: {error}") from error
    if stated is None:
        raise click.ClickException(f"{source} is cut off, or no backup of Gugus")
    if stated.get("format") != FORMAT:
        raise click.ClickException(f"{source} was made by a newer Gugus")
    manifest = Manifest(**stated)
    if damaged := [name for name, sha in manifest.members.items() if found.get(name) != sha]:
        raise click.ClickException(f"{source} is damaged: {', '.join(damaged[:5])}")
    if surplus := found.keys() - manifest.members.keys():
        raise click.ClickException(f"{source} holds what it does not state: {min(surplus)}")
    return manifest


def _check(manifest: Manifest, copy: DatabaseCopy) -> None:
    if copy.member not in manifest.members:
        raise click.ClickException(f"the backup holds no {copy.member}: see DATABASE_URL")
    try:
        health.scripts().get_revision(manifest.revision or "base")
    except CommandError as error:
        raise click.ClickException(
            f"the backup is of a newer Gugus ({manifest.version}): update this one first"
        ) from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _contents(data_dir: Path) -> Iterator[Path]:
    arriving = settings.files_dir() / "tmp"
    for top in sorted(_top(data_dir)):
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and arriving not in path.parents:
                yield path


def _top(data_dir: Path) -> list[Path]:
    """Return what a backup holds of DATA_DIR: not other backups, and not the database itself."""
    database = db.engine.url.database or ""
    own = {Path(database + ending) for ending in ("", "-wal", "-shm", "-journal")}
    return [
        path
        for path in data_dir.iterdir()
        if path.name not in LEFT_OUT and not path.name.startswith(REPLACED) and path not in own
    ]


def _set_aside(data_dir: Path) -> None:
    aside = data_dir / f"{REPLACED}{clock.now():%Y%m%d-%H%M%S}"
    for path in _top(data_dir):
        aside.mkdir(exist_ok=True)
        shutil.move(path, aside / path.name)


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for its owner alone, and see it on the disk at the end."""
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
