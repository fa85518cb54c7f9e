"""Several officers prepare a meeting at the same moment: nothing is lost, nothing stands twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.core.errors import InvalidInput, StaleVersion
from app.core.write import write
from app.history.models import Event
from app.meetings.models import AgendaItem, CarriedItem, Meeting, MeetingKind
from app.meetings.queries import agenda as queries
from app.meetings.queries import finding, proposing
from app.meetings.services import agenda, carrying
from app.meetings.services.preparing import Plan, create_meeting
from tests.conftest import TEST_DATABASE_URL
from tests.factories.accounts import UserFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.meetings import AgendaItemFactory, MeetingFactory
from tests.support.database import real_database

AT_ONCE = 6


@pytest.fixture
def place(tmp_path):
    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        yield database.app


def together(app, officer_id, deed):
    """Do a deed in threads at the same moment; return what each came to, or was refused with."""
    barrier = Barrier(AT_ONCE)

    def run(number):
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                with write():
                    return deed(number, actor_of(db.session.get_one(User, officer_id)))
            except (InvalidInput, StaleVersion) as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_two_who_put_an_agenda_in_order_lose_no_item_and_no_place(place):
    officer_id, meeting = UserFactory(officer=True).id, MeetingFactory()
    code = meeting.code
    ids = [AgendaItemFactory(meeting=meeting, position=at).id for at in range(AT_ONCE)]
    meeting_id = meeting.id
    db.session.remove()

    def deed(number, actor):
        locked = finding.get_locked(code, actor)
        agenda.move_item(locked, ids[number], actor, up=number % 2 == 0)

    together(place, officer_id, deed)
    found = db.session.scalars(select(AgendaItem).order_by(AgendaItem.position)).all()
    assert sorted(item.id for item in found) == sorted(ids)
    assert [item.position for item in found] == list(range(AT_ONCE))
    told = select(func.count()).where(Event.meeting_id == meeting_id)
    assert AT_ONCE - 2 <= db.session.scalar(told) <= AT_ONCE


def test_meetings_set_up_at_once_have_numbers_of_their_own(place):
    officer_id = UserFactory(officer=True).id
    starts = clock.now() + timedelta(days=10)
    db.session.remove()

    def deed(_number, actor):
        ends = starts + timedelta(hours=2)
        plan = Plan(kind=MeetingKind.OTHER, ordinal=None, title="", starts_at=starts, ends_at=ends)
        return create_meeting(plan, actor).seq

    answers = together(place, officer_id, deed)
    made = [answer for answer in answers if isinstance(answer, int)]
    stored = db.session.scalars(select(Meeting.seq).order_by(Meeting.seq)).all()
    assert made
    assert sorted(made) == list(stored) == list(range(1, len(made) + 1))


def test_one_has_a_place_in_the_year_and_the_others_are_told(place):
    officer_id = UserFactory(officer=True).id
    starts = clock.now() + timedelta(days=10)
    db.session.remove()

    def deed(_number, actor):
        ends = starts + timedelta(hours=2)
        plan = Plan(kind=MeetingKind.BEFORE, ordinal=1, title="", starts_at=starts, ends_at=ends)
        return create_meeting(plan, actor).seq

    answers = together(place, officer_id, deed)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 1


def test_what_is_missing_is_added_once_by_whoever_is_first(place):
    officer_id, meeting = UserFactory(officer=True).id, MeetingFactory()
    for _ in range(5):
        FollowUpFactory()
    actor = actor_of(db.session.get_one(User, officer_id))
    keys = {piece.key for piece in proposing.missing(meeting, [], actor)}
    code = meeting.code
    db.session.remove()

    def deed(_number, actor):
        return carrying.add_missing(finding.get_locked(code, actor), keys, actor)

    answers = together(place, officer_id, deed)
    assert sorted(answers) == [0] * (AT_ONCE - 1) + [5]
    assert db.session.scalar(select(func.count()).select_from(CarriedItem)) == 5
    kept = db.session.scalars(select(Meeting)).one()
    assert len(queries.items_of(kept)) == 1
