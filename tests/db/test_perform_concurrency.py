"""Two people at once, with real commits: one wins, the other is told."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.errors import DomainError, InvalidTransition, StaleVersion
from app.core.write import write
from app.followups.machine import Action, State
from app.followups.models import FollowUp, Review
from app.followups.services.verify import differences
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.support import lives
from tests.support.database import real_database

PAIRS = 6


@pytest.fixture
def place(tmp_path):
    from tests.conftest import TEST_DATABASE_URL

    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        yield database.app


def submitted(officer):
    agency, focal_point = AgencyFactory(), UserFactory()
    MembershipFactory(agency=agency, user=focal_point)
    follow_up = lives.born(officer, agency=agency)
    lives.act(follow_up, Action.DISPATCH, officer)
    return lives.submit(follow_up, focal_point), focal_point


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


def deed(number, user_id, action, version, **given):
    """Return an action as it comes from a page that saw a version."""

    def do():
        with write():
            user = db.session.get_one(lives.User, user_id)
            actor = lives.actor_of(user)
            row = lives.queries.get_locked(number, actor)
            lives.perform(row, action, actor, lives.Particulars(**given), version=version)

    return do


@pytest.mark.parametrize("sees_version", [True, False], ids=["with-version", "without"])
def test_of_two_officers_who_judge_at_once_one_wins(place, sees_version):
    one, two = UserFactory(officer=True), UserFactory(officer=True)
    ids, given = (one.id, two.id), {"words": "Lengkapi.", "due_at": lives.soon()}
    given["reason_ids"] = (lives.reason().id,)
    for _ in range(PAIRS):
        follow_up, _ = submitted(db.session.get_one(lives.User, ids[0]))
        number, follow_up_id = follow_up.number, follow_up.id
        version = follow_up.version if sees_version else None
        db.session.remove()
        answers = at_once(
            place,
            deed(number, ids[0], Action.RETURN, version, **given),
            deed(number, ids[1], Action.ACCEPT, version),
        )
        refused = [answer for answer in answers if answer is not None]
        assert [type(answer) for answer in refused] == [
            StaleVersion if sees_version else InvalidTransition
        ]
        row = db.session.get_one(FollowUp, follow_up_id)
        won = State.RETURNED if answers[0] is None else State.CLOSED
        assert row.state is won
        db.session.rollback()
    assert len(db.session.scalars(select(Review.id)).all()) == PAIRS
    assert list(differences()) == []


def test_withdrawing_and_judging_at_once(place):
    officer = UserFactory(officer=True)
    officer_id = officer.id
    for _ in range(PAIRS):
        follow_up, focal_point = submitted(officer)
        number, version, lead_id = follow_up.number, follow_up.version, focal_point.id
        db.session.remove()
        answers = at_once(
            place,
            deed(number, lead_id, Action.WITHDRAW, version),
            deed(number, officer_id, Action.ACCEPT, version),
        )
        assert len([answer for answer in answers if answer is None]) == 1
        officer = db.session.get_one(lives.User, officer_id)
    assert list(differences()) == []
