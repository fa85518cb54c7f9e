"""The end of a meeting with real commits: two at once, killed halfway, and the mails that leave."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal

import pytest
from sqlalchemy import func, select

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.core.errors import DomainError
from app.core.write import write
from app.followups.models import FollowUp
from app.history.models import Event
from app.meetings.models import Meeting, MeetingActionItem, MeetingFollowUp, MeetingState
from app.meetings.queries import finding
from app.meetings.queries.checking import check_of, written_marks
from app.meetings.services import approving, ending
from app.meetings.services.ending import Ending, end_meeting
from app.notifications import delivery
from app.notifications.delivery import MailSettings
from app.notifications.models import Notice, OutgoingMail
from app.notifications.worker import Worker, turn_notices
from tests.conftest import TEST_DATABASE_URL
from tests.factories.accounts import UserFactory
from tests.factories.meetings import InvitationFactory, MeetingFileFactory
from tests.support import meetings
from tests.support.database import real_database
from tests.support.meetings import ask, decide, hold
from tests.support.smtp import mail_server


@pytest.fixture
def place(tmp_path):
    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        yield database.app


@pytest.fixture
def held(place):
    """Return a meeting of three agencies with two decisions, an item for each, one for a group."""
    held = hold("Dinkes", "Dispora", "Bappeda")
    decide(held, "Data dikirim sebelum akhir bulan.")
    decide(held, "Forum anak dibentuk.")
    for name in held.agencies:
        ask(held, f"Menyusun laporan {name}", name)
    ask(held, "Membentuk forum anak", group=meetings.group_of(5), addressee="Semua kecamatan")
    db.session.commit()
    return held


def counts():
    return {
        model.__name__: db.session.scalar(select(func.count()).select_from(model))
        for model in (FollowUp, MeetingFollowUp, Event, Notice)
    }


def at_once(app, *deeds):
    """Run each deed in a thread and a session of its own; return None or its refusal."""
    barrier = threading.Barrier(len(deeds))

    def run(deed):
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                deed()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def ends(held, officer_id, seen):
    """Return the end of a meeting as it comes from an officer's page."""

    def do():
        with write():
            actor = actor_of(db.session.get_one(User, officer_id))
            meeting = finding.get_locked(held.code, actor)
            end_meeting(meeting, actor, Ending(ended_at=clock.now()), seen=seen)

    return do


def test_of_two_officers_who_end_at_once_one_wins(place, held):
    other_id = UserFactory(officer=True).id
    seen = written_marks(check_of(held.meeting, held.actor).marks)
    db.session.remove()
    answers = at_once(place, *(ends(held, who, seen) for who in (held.officer_id, other_id)))
    refused = [answer for answer in answers if answer is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], DomainError)
    assert refused[0].status == 409
    assert counts()["FollowUp"] == 8
    ended = select(func.count()).where(Event.verb == "meeting_ended")
    assert db.session.scalar(ended) == 1


@pytest.mark.parametrize("step", ["_apply", "record", "tell_agencies"])
def test_killed_in_the_middle_it_leaves_nothing(held, monkeypatch, step):
    before = counts()

    def killed(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(ending, step, killed)
    with pytest.raises(KeyboardInterrupt):
        held.end()
    db.session.remove()
    assert counts() == before
    assert db.session.get_one(Meeting, held.id).state is MeetingState.INVITED
    unsent = select(func.count()).where(MeetingActionItem.sent_at.is_not(None))
    assert db.session.scalar(unsent) == 0
    monkeypatch.undo()
    held.end()
    assert counts()["FollowUp"] == 8


def test_forty_four_agencies_and_three_group_items_take_less_than_a_second(place):
    held = hold("Dinkes")
    group = meetings.group_of(44)
    for number in range(3):
        ask(held, f"Untuk semua {number}", group=group, addressee="Semua kecamatan")
    db.session.commit()
    seen = written_marks(check_of(held.meeting, held.actor).marks)
    began = time.monotonic()
    ends(held, held.officer_id, seen)()
    assert time.monotonic() - began < 1
    assert counts()["FollowUp"] == 132


def test_each_person_gets_one_mail_at_the_end_and_one_when_approved(place, held, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 5)
    meeting = db.session.get_one(Meeting, held.id)
    InvitationFactory(meeting=meeting, guest=True, guest_email="forum@anak.test")
    db.session.commit()
    with mail_server() as server:
        given = MailSettings("127.0.0.1", "Gugus <gugus@dp3a.test>", "", None)
        monkeypatch.setitem(place.extensions, delivery.EXTENSION, given)
        for name, value in {"server": "127.0.0.1", "port": server.port}.items():
            monkeypatch.setattr(place.extensions["mail"], name, value)
        held.end()
        told = leave(server)
        assert len(told) == len(set(told)) == 8
        assert "dinkes@kutaitimurkab.test" in told
        dinkes = next(m for m in server.received if "dinkes@" in m["To"])
        words = dinkes.get_body(("plain",)).get_content()
        assert "Menyusun laporan Dinkes" in words
        assert "Menyusun laporan Dispora" not in words
        assert "2. Forum anak dibentuk." in words

        approve(held)
        told = leave(server)
        assert len(told) == len(set(told)) == 4
        assert "forum@anak.test" in told
        guest = next(m for m in server.received if "forum@anak" in m["To"])
        assert "/undangan/" in guest.get_body(("plain",)).get_content()
    kinds = set(db.session.scalars(select(OutgoingMail.kind)))
    assert kinds == {"meeting_ended", "minutes_approved"}


def approve(held):
    MeetingFileFactory(meeting=db.session.get_one(Meeting, held.id))
    for act in (approving.submit, approving.approve):
        with write():
            actor = held.actor
            meeting = finding.get_locked(held.code, actor)
            act(meeting, actor, version=meeting.version)


def leave(server):
    """Let the worker send what is held back no longer; return whom it reached since."""
    before = len(server.received)
    with clock.shifted(timedelta(minutes=3)):
        turn_notices()
        Worker(Signal()).send_due()
    return [message["To"].rpartition("<")[2].rstrip(">") for message in server.received[before:]]
