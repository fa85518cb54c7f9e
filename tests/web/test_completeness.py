"""What an answer lacks is refused at the one door, for one follow-up and for many at once."""

import pytest
from sqlalchemy import delete, func, select

from app.core import clock
from app.core.db import db
from app.core.errors import InvalidInput, StaleVersion
from app.core.write import write
from app.followups.machine import Action, State
from app.followups.models import Evidence, FollowUp, Round
from app.followups.queries.detail import lock_all
from app.followups.services.perform import perform_all
from app.followups.services.verify import differences
from app.history.models import Event
from tests.support import lives
from tests.support.queries import query_budget


@pytest.fixture
def many(officer, lead_agency):
    """Six action items of one agency, sent to it."""
    made = [lives.born(officer, agency=lead_agency) for _ in range(6)]
    with write():
        perform_all(lock_all([row.id for row in made]), Action.DISPATCH, lives.actor_of(officer))
    return [row.id for row in made]


def fill_in(ids, lead):
    with write():
        actor = lives.actor_of(lead)
        for number in [row.number for row in lock_all(ids)]:
            lives.complete(lives.queries.get_locked(number, actor), actor)


def send(ids, user):
    with write():
        perform_all(lock_all(ids), Action.SUBMIT, lives.actor_of(user))


def test_an_empty_answer_does_not_pass_the_door(follow_up_assigned, lead):
    with pytest.raises(InvalidInput, match="Yang sudah diisi tersimpan") as refused:
        lives.act(follow_up_assigned, Action.SUBMIT, lead)
    faults = refused.value.details["faults"]
    assert "no_evidence_reason" in faults
    assert any(field.startswith("answer-") for field in faults)
    assert db.session.get_one(FollowUp, follow_up_assigned.id).state is State.ASSIGNED
    assert lives.round_of(follow_up_assigned).submitted_at is None
    assert "follow_up_submitted" not in lives.verbs_of(follow_up_assigned)


def test_what_came_back_and_was_not_touched_does_not_pass(follow_up_returned, lead):
    with pytest.raises(InvalidInput) as refused:
        lives.act(follow_up_returned, Action.SUBMIT, lead)
    assert list(refused.value.details["faults"]) == ["note"]


def test_a_stale_page_is_told_so_first(follow_up_assigned, lead):
    with pytest.raises(StaleVersion):
        lives.act(follow_up_assigned, Action.SUBMIT, lead, version=follow_up_assigned.version - 1)


def test_evidence_that_went_meanwhile_does_not_count(follow_up_assigned, lead):
    """The door looks at what is stored, not at what the session happened to have loaded."""
    lives.fill_in(follow_up_assigned, lead)
    with write():
        actor = lives.actor_of(lead)
        row = lives.queries.get_locked(follow_up_assigned.number, actor)
        assert lives.queries.open_round(row).evidence
        db.session.execute(delete(Evidence))
        with pytest.raises(InvalidInput) as refused:
            lives.perform(row, Action.SUBMIT, actor)
    assert list(refused.value.details["faults"]) == ["no_evidence_reason"]


def test_one_that_lacks_something_stops_all_and_is_named(many, lead):
    fill_in([*many[:2], *many[3:]], lead)
    events = db.session.scalar(select(func.count(Event.id)))
    with pytest.raises(InvalidInput) as refused:
        send(many, lead)
    db.session.rollback()
    lacking = db.session.get_one(FollowUp, many[2])
    assert refused.value.message.startswith(f"Jawaban belum dapat dikirim: {lacking.number}. ")
    assert list(refused.value.details["incomplete"]) == [lacking.id]
    assert refused.value.details["faults"] == refused.value.details["incomplete"][lacking.id]
    assert set(db.session.scalars(select(FollowUp.state))) == {State.ASSIGNED}
    assert db.session.scalar(select(func.count(Event.id))) == events


def test_many_that_lack_something_are_counted(many, lead):
    with pytest.raises(InvalidInput, match=", dan 1 lagi"):
        send(many, lead)


def test_many_are_sent_by_as_many_statements_as_one(many, lead):
    fill_in(many, lead)
    counts = []
    for ids in (many[:1], many[1:]):
        with query_budget(30) as sent:
            send(ids, lead)
        counts.append(len(sent))
    assert counts[0] == counts[1]
    rounds = db.session.scalars(select(Round)).all()
    assert all(round_.submitted_at <= clock.now() for round_ in rounds)
    assert list(differences()) == []


def test_an_extension_asks_nothing_of_the_answers(many, officer):
    given = lives.Particulars(words="Libur.", due_at=lives.soon(9))
    with query_budget(30) as sent, write():
        perform_all(lock_all(many), Action.EXTEND, lives.actor_of(officer), given)
    assert not [statement for statement in sent if "FROM evidence" in statement]
