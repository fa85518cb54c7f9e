"""Thousands at once: one dispatch of a whole year's questions."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from app.accounts.actors import actor_of
from app.core import clock
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action, State
from app.followups.models import FollowUp, FollowUpSupporter, Kind, Round
from app.followups.queries.detail import lock_all
from app.followups.services.particulars import CREATED, created_payload
from app.followups.services.perform import perform_all
from app.followups.services.verify import differences
from app.history.services import record_all
from app.instruments.models import AnswerType
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory
from tests.support.database import real_database
from tests.support.queries import query_budget

A_YEAR = 3_500
STATEMENTS = 30


@pytest.fixture
def year(tmp_path):
    from tests.conftest import TEST_DATABASE_URL

    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        officer = UserFactory(officer=True)
        lead, support = AgencyFactory().id, AgencyFactory().id
        moment = clock.now()
        due_at = moment + timedelta(days=9)
        with write():
            ids = db.session.scalars(
                insert(FollowUp).returning(FollowUp.id, sort_by_parameter_order=True),
                [
                    {
                        "year": 2026,
                        "seq": seq,
                        "kind": Kind.ACTION_ITEM,
                        "agency_id": lead,
                        "title": f"Pertanyaan {seq}",
                        "answer_type": AnswerType.TEXT,
                        "due_at": due_at,
                        "state": State.DRAFT,
                        "state_since": moment,
                        "search_text": "",
                        "created_at": moment,
                    }
                    for seq in range(1, A_YEAR + 1)
                ],
            ).all()
            db.session.execute(
                insert(FollowUpSupporter),
                [{"follow_up_id": each, "agency_id": support} for each in ids],
            )
            payload = created_payload(lead, due_at)
            record_all(
                actor_of(officer), CREATED, [{"follow_up_id": i, "payload": payload} for i in ids]
            )
        yield officer, ids


def test_a_year_is_dispatched_at_once_by_few_statements(year):
    officer, ids = year
    with query_budget(STATEMENTS), write():
        perform_all(lock_all(ids), Action.DISPATCH, actor_of(officer))
    sent = db.session.scalars(select(FollowUp.state).distinct()).all()
    assert sent == [State.ASSIGNED]
    for model in (Round, Notice):
        assert len(db.session.scalars(select(model.follow_up_id)).all()) == A_YEAR
    assert list(differences()) == []
