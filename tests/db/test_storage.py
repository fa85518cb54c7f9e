"""Bytes on a real disk and rows in a real database."""

import errno
import hashlib
import io
import os
import threading
import time
from datetime import timedelta

import pytest

from app.core import storage
from app.core.db import db
from app.core.errors import InvalidInput, NotVisible, StorageFull
from app.core.storage.models import StoredFile
from app.core.write import write
from tests.support import files


@pytest.fixture
def context(real_app):
    with real_app.app_context():
        yield real_app


def put(data):
    return storage.put(io.BytesIO(data))


def remember(stored):
    with write():
        return storage.remember(stored).id


def leftovers(app):
    return list((app.config["DATA_DIR"] / "files" / "tmp").iterdir())


def test_bytes_lie_under_their_hash_and_come_back(context):
    data = files.pdf("come back")
    stored = put(data)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert stored.size == len(data)
    assert storage.path_of(stored.sha256).read_bytes() == data
    file = db.session.get(StoredFile, remember(stored))
    with storage.open_stored(file) as opened:
        assert opened.read() == data
    assert leftovers(context) == []


def test_the_same_bytes_are_kept_once(context):
    first, second = put(files.pdf("once")), put(files.pdf("once"))
    assert remember(first) == remember(second)


def test_two_who_send_the_same_bytes_at_once_get_the_same_row(context):
    ready = threading.Barrier(4)
    ids = []

    def send():
        with context.app_context():
            stored = put(files.pdf("at once"))
            ready.wait()
            ids.append(remember(stored))
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 4
    assert len(set(ids)) == 1


@pytest.mark.parametrize(
    ("data", "words"), [(b"", "kosong"), (files.PDF * 9000, "lebih besar"), (b"MZ", "Jenis")]
)
def test_what_is_refused_leaves_nothing_behind(context, data, words):
    with pytest.raises(InvalidInput, match=words):
        storage.put(io.BytesIO(data), limit=512 * 1024)
    assert leftovers(context) == []


def test_a_line_that_breaks_leaves_nothing_behind(context):
    class Broken(io.BytesIO):
        def read(self, size=-1, /):
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        storage.put(Broken())
    assert leftovers(context) == []


def test_a_full_disk_is_said_in_a_sentence(context, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull):
        put(files.pdf("full"))
    assert leftovers(context) == []


def test_putting_inside_a_write_transaction_is_a_mistake(context):
    with pytest.raises(RuntimeError, match="before write"), write():
        put(files.pdf("locked"))


def test_blanked_bytes_are_out_of_reach_and_do_not_come_back(context):
    stored = put(files.pdf("blanked"))
    identity = remember(stored)
    with write():
        storage.blank(db.session.get(StoredFile, identity))
    storage.erase(stored.sha256)
    assert not storage.path_of(stored.sha256).exists()
    with pytest.raises(NotVisible):
        storage.open_stored(db.session.get(StoredFile, identity))
    with pytest.raises(InvalidInput, match="administrator"):
        remember(put(files.pdf("blanked")))


def test_only_old_bytes_without_a_row_are_swept(context):
    kept, orphan, young = (put(files.pdf(word)) for word in ("kept", "orphan", "young"))
    remember(kept)
    two_days_ago = time.time() - 2 * 24 * 3600
    for stored in (kept, orphan):
        os.utime(storage.path_of(stored.sha256), (two_days_ago, two_days_ago))
    arriving = context.config["DATA_DIR"] / "files" / "tmp" / "cut-off"
    arriving.write_bytes(b"half")
    os.utime(arriving, (two_days_ago, two_days_ago))
    assert storage.sweep_orphans(timedelta(days=1)) == 2
    assert storage.path_of(kept.sha256).exists()
    assert storage.path_of(young.sha256).exists()
    assert not storage.path_of(orphan.sha256).exists()
    assert not arriving.exists()


def test_putting_old_bytes_again_saves_them_from_the_sweep(context):
    stored = put(files.pdf("again"))
    os.utime(storage.path_of(stored.sha256), (1, 1))
    put(files.pdf("again"))
    storage.sweep_orphans()
    assert storage.path_of(stored.sha256).exists()
