"""Questions handed out with real commits: who gets what, once, and thousands at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.write import write
from app.followups.machine import State
from app.followups.models import FollowUp, Round
from app.followups.services import handing_out
from app.history.models import Event
from app.instruments.models import Instrument, Respondents
from app.instruments.queries import get_cycle_locked
from app.notifications.models import Notice
from tests.conftest import TEST_DATABASE_URL
from tests.factories.agencies import AgencyFactory
from tests.factories.instruments import CycleFactory, IndicatorFactory, QuestionFactory
from tests.support.database import real_database
from tests.support.followups import an_officer
from tests.support.queries import query_budget

STATEMENTS = 60
"""However many are handed out: rows are written by the thousand."""


@pytest.fixture
def database(tmp_path):
    with real_database(TEST_DATABASE_URL, tmp_path) as database:
        yield database


def prepare(questions, desa):
    """Make a cycle whose questions are asked of each desa; return its year and their ids."""
    for _ in range(desa):
        AgencyFactory(kind="desa")
    indicator = IndicatorFactory()
    made = [
        QuestionFactory(indicator=indicator, respondents=Respondents.EACH_DESA)
        for _ in range(questions)
    ]
    instrument = db.session.get_one(Instrument, made[0].instrument_id)
    cycle = CycleFactory(instrument=instrument)
    db.session.commit()
    return cycle.year, [question.id for question in made], indicator.cluster_id


def test_3500_go_out_by_few_statements(database):
    with database.app.app_context():
        year, question_ids, cluster_id = prepare(questions=25, desa=140)
        actor = an_officer()
        due = {cluster_id: clock.now() + timedelta(days=14)}
        with query_budget(STATEMENTS), write():
            cycle = get_cycle_locked(year)
            handing_out.hand_out(cycle, question_ids, due, actor, send=True)
        count = db.session.scalar(select(func.count()).select_from(FollowUp))
        assert count == 3500
        assert db.session.scalar(select(func.count()).select_from(Round)) == 3500
        assert db.session.scalar(select(func.count()).select_from(Notice)) == 3500
        assert db.session.scalar(select(func.count()).select_from(Event)) == 7001


def test_two_officers_at_once_ask_each_question_once(database):
    with database.app.app_context():
        year, question_ids, cluster_id = prepare(questions=3, desa=5)
        actors = [an_officer(), an_officer()]
        due = {cluster_id: clock.now() + timedelta(days=14)}
        db.session.commit()

    def work(actor):
        with database.app.app_context(), write():
            cycle = get_cycle_locked(year)
            handing_out.hand_out(cycle, question_ids, due, actor, send=True)

    with ThreadPoolExecutor() as pool:
        list(pool.map(work, actors))
    with database.app.app_context():
        states = db.session.scalars(select(FollowUp.state)).all()
        assert states == [State.ASSIGNED] * 15
        events = db.session.scalars(
            select(Event).where(Event.verb == "follow_ups_handed_out").order_by(Event.id)
        ).all()
        assert [(e.payload["sent"], e.payload["skipped"]) for e in events] == [(15, 0), (0, 15)]
