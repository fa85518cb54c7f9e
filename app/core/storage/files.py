"""Putting bytes away and getting them back.

`DATA_DIR/files/ab/cd/<sha256>` holds the bytes, `files/tmp` what is still arriving. A file there
is never changed: it appears whole, by a rename after fsync, and may be erased.
"""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import Response, send_file
from sqlalchemy import select

from app.core import clock, settings
from app.core.db import db, insert_unless_there
from app.core.errors import InvalidInput, NotVisible, StorageFull
from app.core.settings import MAX_FILE_BYTES
from app.core.storage.content import media_type_of
from app.core.storage.formats import EXTENSIONS, SHOWN_BY_BROWSERS, MediaType
from app.core.storage.models import StoredFile
from app.core.write import is_writing, write

CHUNK = 256 * 1024

# A browser's PDF viewer is a page of its own that a strict policy would leave blank.
PDF_POLICY = "frame-ancestors 'self'"

EMPTY = "Berkas ini kosong. Pilih berkas lain."
BLANKED = "Isi berkas ini pernah dihapus oleh administrator dan tidak dapat diunggah lagi."


class Stream(Protocol):
    """Whatever can be read piece by piece: an uploaded file, an open one."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """Bytes that are on disk and may have no row yet."""

    sha256: str
    size: int
    media_type: MediaType


def path_of(sha256: str) -> Path:
    """Return where the bytes of a hash lie."""
    return settings.files_dir() / sha256[:2] / sha256[2:4] / sha256


def put(stream: Stream, *, limit: int = MAX_FILE_BYTES) -> StoredBytes:
    """Put bytes away for good and return what they are. Runs before any write lock.

    Raises InvalidInput, in words for the one who chose the file, where it is empty, larger than
    `limit` bytes, or none of the types that are taken; StorageFull where the disk is.
    """
    if is_writing():
        raise RuntimeError("storage.put() runs before write(): disks are slow, locks are short")
    folder = settings.files_dir() / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder)
    arriving = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            sha256, size = _copy(stream, file, limit)
            file.flush()
            media_type = media_type_of(arriving)
            os.fsync(file.fileno())
        _keep(arriving, path_of(sha256))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull from error
        raise
    finally:
        arriving.unlink(missing_ok=True)
    return StoredBytes(sha256, size, media_type)


def remember(stored: StoredBytes) -> StoredFile:
    """Return the row of stored bytes, inside `write()`; two at once get the same one.

    Raises InvalidInput where an administrator has blanked these very bytes.
    """
    row = {
        "sha256": stored.sha256,
        "size": stored.size,
        "media_type": stored.media_type.value,
        "stored_at": clock.now(),
    }
    db.session.execute(insert_unless_there(StoredFile).values(row).on_conflict_do_nothing())
    file = db.session.scalars(select(StoredFile).where(StoredFile.sha256 == stored.sha256)).one()
    if file.blanked_at is not None:
        raise InvalidInput(BLANKED)
    return file


def locate(file: StoredFile) -> Path:
    """Return where the bytes lie. Raises NotVisible where they were blanked."""
    if file.blanked_at is not None:
        raise NotVisible("Isi berkas ini sudah dihapus oleh administrator.")
    return path_of(file.sha256)


def open_stored(file: StoredFile) -> BinaryIO:
    """Open the bytes for reading. Raises NotVisible where they were blanked."""
    return locate(file).open("rb")


def send(file: StoredFile, name: str, *, private: bool = False, save: bool = False) -> Response:
    """Answer with a file under a name for people; its ending follows from the content.

    `private` bytes are kept by no browser; others are asked for anew and answered by 304.
    Raises NotVisible where the bytes were blanked.
    """
    media_type = MediaType(file.media_type)
    response = send_file(
        locate(file),
        mimetype=media_type.value,
        as_attachment=save or media_type not in SHOWN_BY_BROWSERS,
        download_name=named(name, media_type),
        etag=False if private else file.sha256,
        conditional=not private,
    )
    response.headers["Cache-Control"] = "private, no-store" if private else "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if media_type is MediaType.PDF:
        response.headers["Content-Security-Policy"] = PDF_POLICY
    return response


def named(name: str, media_type: MediaType) -> str:
    """Return a file name that ends as its content does, on one line and without a path."""
    clean = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "-" for c in name).strip()
    extension = EXTENSIONS[media_type]
    _, dot, ending = clean.rpartition(".")
    if dot and (ending.lower() == extension or (ending.lower(), extension) == ("jpeg", "jpg")):
        return clean
    return f"{clean or 'berkas'}.{extension}"


def blank(file: StoredFile) -> None:
    """Take the bytes out of reach, inside `write()`; row and hash stay. Then `erase` them."""
    if file.blanked_at is None:
        file.blanked_at = clock.now()


def erase(sha256: str) -> None:
    """Remove blanked bytes from the disk, once their blanking is committed."""
    path_of(sha256).unlink(missing_ok=True)


def sweep_orphans(older_than: timedelta = timedelta(days=1)) -> int:
    """Remove bytes that no row speaks of (or that were blanked); return how many files went.

    Whoever puts the same bytes again makes them young again, so none goes from under a form.
    """
    horizon = time.time() - older_than.total_seconds()
    arrived = settings.files_dir() / "tmp"
    gone = sum(_remove_if_old(path, horizon) for path in _files_below(arrived))
    with write():
        known = set(
            db.session.scalars(select(StoredFile.sha256).where(StoredFile.blanked_at.is_(None)))
        )
        for path in _files_below(settings.files_dir()):
            if path.parent != arrived and path.name not in known:
                gone += _remove_if_old(path, horizon)
    return gone


def _copy(stream: Stream, file: BinaryIO, limit: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            megabytes = limit // (1024 * 1024)
            raise InvalidInput(
                f"Berkas lebih besar dari {megabytes} MB. Perkecil, lalu unggah kembali."
            )
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise InvalidInput(EMPTY)
    return digest.hexdigest(), size


def _keep(arriving: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    arriving.replace(target)
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file()) if folder.exists() else iter(())


def _remove_if_old(path: Path, horizon: float) -> int:
    try:
        if path.stat().st_mtime >= horizon:
            return 0
        path.unlink()
    except FileNotFoundError:
        return 0
    return 1
