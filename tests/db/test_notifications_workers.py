"""Several workers at once, and workers that are killed: with real commits and real processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Signal

import pytest
from flask import Flask

from app.core import clock
from app.core.db import db
from app.core.write import write
from app.notifications import outbox
from app.notifications.models import Fate, MailNotice, Notice, OutgoingMail
from app.notifications.services import cancel_notices
from app.notifications.worker import Worker, turn_notices
from tests.conftest import TEST_DATABASE_URL
from tests.factories.accounts import UserFactory
from tests.factories.notifications import NoticeFactory, OutgoingMailFactory
from tests.support.database import RealDatabase, real_database
from tests.support.news import register_news
from tests.support.smtp import MailServer, mail_server

ROOT = Path(__file__).parents[2]
SOON = 20.0


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def database(tmp_path: Path, server: MailServer) -> Iterator[RealDatabase]:
    changes = {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": server.port, "MAIL_HOLD_SECONDS": 0}
    with real_database(TEST_DATABASE_URL, tmp_path, **changes) as made:
        register_news(made.app)
        yield made


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SOON
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def at_once(app: Flask, work: Callable[[], object], times: int) -> list[object]:
    """Do the same in several threads that start together; return what each returned."""
    start = threading.Barrier(times)
    done: list[object] = []

    def run() -> None:
        with app.app_context():
            start.wait()
            done.append(work())
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == times, "one of them failed"
    return done


def worker_process(database: RealDatabase, server: MailServer, folder: Path) -> subprocess.Popen:
    environment = os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database.url.replace("postgresql+psycopg", "postgresql"),
        "SECRET_KEY": "a-key-for-tests-alone-0123456789abcdef",
        "PUBLIC_BASE_URL": "http://gugus.test",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(server.port),
        "MAIL_DEFAULT_SENDER": "gugus@dp3a.test",
        "MAIL_HOLD_SECONDS": "0",
    }
    command = [sys.executable, "-m", "flask", "--app", "tests.support.news:create_news_app"]
    return subprocess.Popen(
        [*command, "notifications", "work", "--exit-with-parent"],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(process: subprocess.Popen) -> str:
    said, _ = process.communicate(timeout=SOON)
    return said.decode()


def test_two_workers_turn_each_notice_once(database):
    with database.app.app_context():
        people = [UserFactory() for _ in range(20)]
        for n in range(60):
            NoticeFactory(user_ids=[people[n % 20].id, people[(n + 1) % 20].id], title=str(n))
    at_once(database.app, turn_notices, 4)
    with database.app.app_context():
        told = db.session.execute(
            db.select(MailNotice.notice_id, OutgoingMail.user_id).join(
                OutgoingMail, OutgoingMail.id == MailNotice.mail_id
            )
        ).all()
        assert len(told) == 120
        assert len({tuple(pair) for pair in told}) == 120


def test_two_workers_never_send_a_mail_twice(database, server):
    with database.app.app_context():
        ids = [OutgoingMailFactory().message_id for _ in range(30)]
    at_once(database.app, lambda: Worker(Signal()).send_due(), 3)
    assert Counter(server.message_ids) == Counter(ids)
    with database.app.app_context():
        fates = db.session.scalars(db.select(OutgoingMail.fate)).all()
        assert set(fates) == {Fate.SENT}


def test_a_worker_process_turns_and_sends_and_ends_with_its_parent(database, server, tmp_path):
    with database.app.app_context():
        NoticeFactory(user_ids=[UserFactory().id])
    process = worker_process(database, server, tmp_path)
    wait_for(lambda: len(server.received) == 1)
    assert process.stdin is not None
    process.stdin.close()
    process.stdin = None
    said = finish(process)
    assert process.returncode == 0, said
    assert "mail worker stopped" in said
    assert "@kutaitimur.test" not in said, "logs carry no personal data"


def test_a_worker_told_to_end_finishes_the_mail_in_hand(database, server, tmp_path):
    server.slowness = 1.0
    with database.app.app_context():
        ids = [OutgoingMailFactory().message_id for _ in range(3)]
    process = worker_process(database, server, tmp_path)
    wait_for(lambda: len(server.received) == 1)
    process.send_signal(signal.SIGTERM)
    said = finish(process)
    assert process.returncode == 0, said
    assert server.message_ids == ids[:1]
    with database.app.app_context():
        fates = db.session.scalars(db.select(OutgoingMail.fate).order_by(OutgoingMail.id)).all()
        assert fates == [Fate.SENT, Fate.QUEUED, Fate.QUEUED]


def test_killed_between_acceptance_and_fate_a_mail_is_repeated_under_the_same_id(
    database, server, tmp_path
):
    server.slowness = 60
    with database.app.app_context():
        ids = [OutgoingMailFactory().message_id for _ in range(3)]
    process = worker_process(database, server, tmp_path)
    wait_for(lambda: len(server.received) == 1)
    process.kill()
    finish(process)
    server.slowness = 0
    with database.app.app_context():
        assert Worker(Signal()).send_due() == 2, "the one in hand is still leased"
        with clock.shifted(outbox.LEASE):
            assert Worker(Signal()).send_due() == 1
        fates = db.session.scalars(db.select(OutgoingMail.fate)).all()
        assert set(fates) == {Fate.SENT}
    assert Counter(server.message_ids) == Counter({ids[0]: 2, ids[1]: 1, ids[2]: 1})


def test_a_worker_that_lost_its_lease_changes_nothing_but_that_the_mail_left(database):
    with database.app.app_context():
        mail_id = OutgoingMailFactory().id
        slow = outbox.lease_next()
        with clock.shifted(outbox.LEASE):
            newer = outbox.lease_next()
        outbox.settle(slow, outbox.Outcome(outbox.Answer.REFUSED, "550"))
        assert db.session.get(OutgoingMail, mail_id).fate is Fate.QUEUED
        outbox.settle(slow, outbox.Outcome(outbox.Answer.ACCEPTED))
        outbox.settle(newer, outbox.Outcome(outbox.Answer.REFUSED, "550"))
        db.session.expire_all()
        assert db.session.get(OutgoingMail, mail_id).fate is Fate.SENT


def test_status_says_when_something_is_stuck(database):
    runner = database.app.test_cli_runner()
    with database.app.app_context():
        OutgoingMailFactory(last_error="451 penuh")
    well = runner.invoke(args=["notifications", "status"])
    assert well.exit_code == 0
    assert "Menunggu dikirim" in well.output
    with clock.shifted(outbox.LONGEST_PAUSE):
        stuck = runner.invoke(args=["notifications", "status"])
    assert stuck.exit_code == 1
    assert "451 penuh" in stuck.output


def test_undo_and_the_worker_at_once_leave_either_the_mail_or_the_undo(database):
    with database.app.app_context():
        siti = UserFactory().id
    for _ in range(10):
        with database.app.app_context():
            notice = NoticeFactory(user_ids=[siti])
            event_id, notice_id = notice.event_id, notice.id

        def undo(event_id: int = event_id) -> bool:
            with write():
                return cancel_notices(event_id)

        work = iter([undo, turn_notices])
        at_once(database.app, lambda work=work: next(work)(), 2)
        with database.app.app_context():
            notice = db.session.get(Notice, notice_id)
            told = db.session.scalar(
                db.select(db.func.count())
                .select_from(MailNotice)
                .where(MailNotice.notice_id == notice_id)
            )
            assert (notice.cancelled_at is None) == (notice.turned_at is not None)
            assert told == (0 if notice.cancelled_at else 1)
