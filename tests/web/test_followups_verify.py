"""`flask followups verify`: it names each row that is not what its events say."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp, Outcome, Round
from app.followups.services import verify
from tests.factories.followups import FollowUpFactory


@pytest.fixture
def run(app, session):
    return lambda: app.test_cli_runner().invoke(args=["followups", "verify"])


def test_all_is_well(run, follow_up_returned, handed_on):
    said = run()
    assert said.exit_code == 0, said.output
    assert "Every follow-up" in said.output


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", State.CLOSED),
        ("round_no", 3),
        ("outcome", Outcome.PARTLY),
        ("version", 9),
    ],
)
def test_a_column_that_somebody_set_is_named(run, follow_up_returned, field, value):
    number = follow_up_returned.number
    db.session.execute(update(FollowUp).values({field: value}))
    db.session.commit()
    said = run()
    assert said.exit_code == 1
    assert f"{number}: {field} is" in said.output


def test_so_is_a_due_time(run, follow_up_returned):
    due_at = follow_up_returned.due_at + timedelta(days=1)
    db.session.execute(update(FollowUp).values(due_at=due_at))
    db.session.commit()
    assert "due_at is" in run().output


def test_so_is_a_round_that_is_not_there(run, follow_up_assigned):
    db.session.execute(delete(Round))
    db.session.commit()
    assert "rounds is [], its events say [1]" in run().output


def test_and_a_row_of_which_no_event_tells(run, session):
    FollowUpFactory()
    assert "making is unknown" in run().output


def test_batches_leave_none_out(follow_up_returned, handed_on, session, monkeypatch):
    monkeypatch.setattr(verify, "BATCH", 1)
    db.session.execute(update(FollowUp).values(version=99))
    db.session.commit()
    assert [found.field for found in verify.differences()] == ["version", "version"]
