"""The whole round trip, on the database that the tests run on."""

import io
import json
import tarfile

import click
import pytest
from sqlalchemy import func, select

from app import create_app
from app.core import backup, storage
from app.core.data_lock import hold_data_dir
from app.core.db import db
from app.core.storage.models import StoredFile
from app.core.write import write
from tests.conftest import TEST_DATABASE_URL
from tests.support import files
from tests.support.database import config_for, real_database


@pytest.fixture
def office(tmp_path):
    folder = tmp_path / "office"
    folder.mkdir()
    with real_database(TEST_DATABASE_URL, folder) as database, database.app.app_context():
        (folder / "secret-key").write_text("the key of then")
        yield database.app


def keep(words):
    stored = storage.put(io.BytesIO(files.pdf(words)))
    with write():
        storage.remember(stored)
    return stored.sha256


def count():
    found = db.session.scalar(select(func.count()).select_from(StoredFile))
    db.session.rollback()
    return found


def rewrite(source, change):
    """Write a backup anew, each member passed through `change(name, data)`."""
    target = source.with_name("changed.tar")
    with tarfile.open(source) as before, tarfile.open(target, "w") as after:
        for member in before:
            data = change(member.name, before.extractfile(member).read())
            if data is not None:
                member.size = len(data)
                after.addfile(member, io.BytesIO(data))
    return target


def test_what_was_there_is_there_again(office):
    sha256 = keep("kept")
    target = backup.create()
    later = keep("later")
    storage.erase(sha256)
    (office.config["DATA_DIR"] / "secret-key").write_text("the key of now")
    backup.restore(target, force=True)
    assert count() == 1
    assert storage.path_of(sha256).read_bytes() == files.pdf("kept")
    assert not storage.path_of(later).exists()
    assert (office.config["DATA_DIR"] / "secret-key").read_text() == "the key of then"
    assert keep("goes on")


@pytest.mark.sqlite
def test_another_machine_takes_the_office_over(office, tmp_path):
    sha256 = keep("moved")
    target = backup.create()
    folder = tmp_path / "another"
    folder.mkdir()
    (folder / "secret-key").write_text("made at the first start")
    another = create_app(config_for(folder, f"sqlite:///{folder}/gugus.sqlite3"))
    with another.app_context():
        backup.restore(target)
        assert count() == 1
        assert storage.path_of(sha256).exists()
        db.engine.dispose()
    assert (folder / "secret-key").read_text() == "the key of then"
    assert not list(folder.glob("replaced-*"))


def test_nothing_is_lost_by_force(office):
    target = backup.create()
    later = keep("later")
    backup.restore(target, force=True)
    [aside] = office.config["DATA_DIR"].glob("replaced-*/files")
    assert list(aside.rglob(later))


def test_a_backup_is_for_its_owner_alone_and_is_remembered(office):
    assert backup.last_backup_at() is None
    target = backup.create()
    assert target.stat().st_mode & 0o777 == 0o600
    assert backup.last_backup_at() is not None
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_backups_do_not_hold_each_other(office, tmp_path):
    backup.create()
    with tarfile.open(backup.create(tmp_path / "b.tar")) as archive:
        assert not [name for name in archive.getnames() if "backup" in name]


def test_an_office_that_is_not_empty_is_left_alone(office):
    target = backup.create()
    with pytest.raises(click.ClickException, match="--force"):
        backup.restore(target)


def test_a_running_office_is_left_alone(office):
    target = backup.create()
    with (
        hold_data_dir(office.config["DATA_DIR"]),
        pytest.raises(click.ClickException, match="stop Gugus"),
    ):
        backup.restore(target, force=True)


def spoil(name, data):
    return b"%PDF spoilt" if name.startswith("data/files") else data


def leave_out_manifest(name, data):
    return None if name == backup.MANIFEST else data


def leave_out_file(name, data):
    return None if name.startswith("data/files") else data


def from_the_future(name, data):
    if name != backup.MANIFEST:
        return data
    return json.dumps(json.loads(data) | {"revision": "9999"}).encode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (spoil, "damaged"),
        (leave_out_file, "damaged"),
        (leave_out_manifest, "cut off"),
        (from_the_future, "newer"),
    ],
)
def test_a_backup_that_cannot_be_trusted_changes_nothing(office, change, words):
    keep("kept")
    target = rewrite(backup.create(), change)
    keep("later")
    with pytest.raises(click.ClickException, match=words):
        backup.restore(target, force=True)
    assert count() == 2


def test_any_other_file_is_refused(office, tmp_path):
    (tmp_path / "holiday.tar").write_bytes(b"not a tar")
    with pytest.raises(click.ClickException, match="cannot be read"):
        backup.restore(tmp_path / "holiday.tar", force=True)
