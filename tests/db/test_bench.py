"""The benchmark measures a regency that could be: its rows and their history agree."""

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.followups.machine import State
from app.followups.models import Evidence, FollowUp
from app.followups.services.verify import differences
from tests.bench.cases import page_cases, write_cases
from tests.bench.meetings import hold_meeting
from tests.bench.rows import fill_evaluation, found_regency
from tests.support.database import real_database

COUNT = 400


@pytest.fixture
def regency(tmp_path):
    from tests.conftest import TEST_DATABASE_URL

    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        year = clock.today().year
        found_regency("")
        fill_evaluation(year, COUNT)
        fill_evaluation(year - 1, COUNT)
        hold_meeting(year)
        yield database.app


def test_its_rows_are_as_their_history_says(regency):
    assert list(differences()) == []


def test_it_has_every_state_three_rounds_and_four_files(regency):
    assert set(db.session.scalars(select(FollowUp.state))) == set(State)
    closed = db.session.scalars(select(FollowUp).where(FollowUp.state == State.CLOSED)).first()
    assert closed.round_no == 3
    last = select(func.max(Evidence.round_id)).join(Evidence.round)
    last = last.where(Evidence.round.has(follow_up_id=closed.id)).scalar_subquery()
    assert db.session.scalar(select(func.count()).where(Evidence.round_id == last)) == 4


def test_its_cases_find_what_they_open(regency):
    assert len({case.name for case in page_cases(regency)}) == len(page_cases(regency))
    for case in write_cases(regency):
        assert next(case.work)
