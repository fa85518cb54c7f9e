"""Action items closed by what an agency said in a meeting: in one transaction, told once."""

import pytest
from sqlalchemy import delete, func, select

from app.core import clock
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted, StaleVersion
from app.core.write import write
from app.followups.machine import Action, State
from app.followups.models import FollowUp, Kind, Outcome, Review
from app.followups.queries.detail import lock_all
from app.followups.services import drafts
from app.followups.services.closing_by_word import close_by_word, hindrances
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform_all
from app.followups.services.verify import differences
from app.history.models import Event
from app.notifications.models import Notice
from tests.factories.agencies import MembershipFactory
from tests.support import lives
from tests.support.desk import address
from tests.support.queries import query_budget

MEETING = "Rapat Koordinasi I, 12 Maret 2026"
THERE = Particulars(at=MEETING, at_url="/rapat/2026-01")
SAID = "SK sudah ditandatangani Bupati."
HEARD = f"Disampaikan lisan dalam {MEETING}."
TOLD = f"Disampaikan lisan dalam {MEETING}: {SAID}"


@pytest.fixture(autouse=True)
def two_officers(other_officer):
    """Somebody else could judge: the rule that one does not judge one's own work is awake."""
    return other_officer


def close(user, *follow_ups, words=SAID, particulars=THERE, **given):
    ids = [row.id for row in follow_ups]
    said = words if isinstance(words, dict) else dict.fromkeys(ids, words)
    with write():
        close_by_word(lock_all(ids), lives.actor_of(user), said, particulars, **given)
    return [db.session.get_one(FollowUp, each, populate_existing=True) for each in ids]


def several(officer, lead_agency, count):
    made = [lives.born(officer, agency=lead_agency) for _ in range(count)]
    with write():
        perform_all(lock_all([row.id for row in made]), Action.DISPATCH, lives.actor_of(officer))
    return made


def type_in(follow_up, user, **fields):
    with write():
        actor = lives.actor_of(user)
        row = lives.queries.get_locked(follow_up.number, actor)
        drafts.write_in(lives.queries.open_round(row), actor, fields)


def value_of(round_):
    return round_.answer["isi"]["value"]


class TestWhatWasSaid:
    def test_it_becomes_the_answer_and_the_reason_for_no_evidence(
        self, follow_up_assigned, officer
    ):
        (closed,) = close(officer, follow_up_assigned)
        sent = lives.round_of(closed)
        assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.MET)
        assert value_of(sent) == TOLD
        assert sent.no_evidence_reason == HEARD
        assert sent.note == ""
        assert sent.on_behalf
        assert sent.draft_marks["answer-isi-value"][1] == officer.id

    def test_without_a_place_it_was_just_said(self, follow_up_assigned, officer):
        (closed,) = close(officer, follow_up_assigned, particulars=Particulars())
        assert value_of(lives.round_of(closed)) == f"Disampaikan lisan: {SAID}"

    def test_what_the_agency_typed_stays_and_the_words_are_added(
        self, follow_up_assigned, officer, lead
    ):
        lives.fill_in(follow_up_assigned, lead, "SK sedang disusun")
        (closed,) = close(officer, follow_up_assigned)
        sent = lives.round_of(closed)
        assert value_of(sent) == "SK sedang disusun"
        assert sent.note == f"Jawaban SK sedang disusun\n\n{TOLD}"
        assert sent.no_evidence_reason == ""
        assert len(sent.evidence) == 1

    @pytest.mark.parametrize(
        ("typed", "becomes"),
        [
            ({"note": "Menunggu"}, ("Menunggu", HEARD)),
            ({"answer-isi-value": "belum ada"}, (TOLD, HEARD)),
            ({"no_evidence_reason": "Rahasia"}, ("", "Rahasia")),
        ],
        ids=["note", "negative", "reason"],
    )
    def test_a_half_filled_working_copy_is_completed(
        self, follow_up_assigned, officer, lead, typed, becomes
    ):
        type_in(follow_up_assigned, lead, **typed)
        (closed,) = close(officer, follow_up_assigned)
        sent = lives.round_of(closed)
        assert (sent.note, sent.no_evidence_reason) == becomes

    def test_what_came_back_is_closed_in_its_second_round(self, follow_up_returned, officer):
        (closed,) = close(officer, follow_up_returned)
        assert (closed.state, closed.round_no) == (State.CLOSED, 2)
        assert lives.round_of(closed).note == f"{lives.round_of(closed, 1).note}\n\n{TOLD}"

    def test_what_waits_for_dp3a_is_accepted_as_it_is(self, follow_up_submitted, officer):
        before = value_of(lives.round_of(follow_up_submitted))
        (closed,) = close(officer, follow_up_submitted)
        judged = lives.round_of(closed)
        assert (value_of(judged), judged.on_behalf) == (before, False)
        assert [review.words for review in judged.reviews] == [TOLD]

    def test_nothing_needs_to_be_said_of_what_was_sent(self, follow_up_submitted, officer):
        given = Particulars(words="Baik.", outcome=Outcome.PARTLY)
        (closed,) = close(officer, follow_up_submitted, words={}, particulars=given)
        review = lives.round_of(closed).reviews[0]
        assert (review.words, review.outcome) == ("Baik.", Outcome.PARTLY)


class TestNews:
    def told(self):
        return [(row.kind, row.payload) for row in db.session.scalars(select(Notice))]

    def test_each_is_told_once(self, follow_up_assigned, officer, session):
        session.execute(delete(Notice))
        session.commit()
        close(officer, follow_up_assigned)
        assert self.told() == [("closed", {})]

    def test_as_the_room_above_tells_it(self, follow_up_submitted, officer, lead_agency, session):
        others = several(officer, lead_agency, 2)
        session.execute(delete(Notice))
        session.commit()
        given = Particulars(told_as="extended", told_about={"meeting_id": 7}, at=MEETING)
        close(officer, follow_up_submitted, *others, particulars=given)
        assert self.told() == [("extended", {"meeting_id": 7})] * 3


class TestHistory:
    def test_it_replays(self, follow_up_assigned, follow_up_submitted, officer, lead_agency):
        close(officer, follow_up_assigned, *several(officer, lead_agency, 2))
        assert list(differences()) == []

    def test_the_timeline_says_that_it_was_said_and_where(
        self, follow_up_assigned, officer, client
    ):
        close(officer, follow_up_assigned)
        client.sign_in(officer)
        items = client.get_page(address(follow_up_assigned)).select(".timeline li")
        accepted, sent = (" ".join(item.get_text(" ").split()) for item in items[:2])
        assert f"· diputuskan dalam {MEETING}" in accepted
        assert f"· disampaikan dalam {MEETING}" in sent
        assert "Disampaikan lisan oleh instansi, dicatat DP3A." in sent
        assert "jemput bola" not in sent

    def test_it_can_be_undone_and_then_another_judges(
        self, follow_up_assigned, officer, other_officer
    ):
        (closed,) = close(officer, follow_up_assigned)
        undone = lives.act(closed, Action.UNDO, officer)
        assert undone.state is State.SUBMITTED
        with pytest.raises(NotPermitted):
            lives.act(undone, Action.ACCEPT, officer)
        lives.act(undone, Action.ACCEPT, other_officer)
        assert list(differences()) == []

    def test_it_is_marked_that_one_officer_did_both(self, follow_up_assigned, officer):
        (closed,) = close(officer, follow_up_assigned)
        assert lives.round_of(closed).reviews[0].own_submission


class TestRefusals:
    def unchanged(self, follow_up, state):
        db.session.rollback()
        row = db.session.get_one(FollowUp, follow_up.id, populate_existing=True)
        assert row.state is state
        assert not db.session.scalars(select(Review).where(Review.undone_at.is_(None))).all()
        assert list(differences()) == []

    @pytest.mark.parametrize("words", ["", " \n", "a" * 4_001], ids=["none", "blank", "long"])
    def test_words_that_cannot_be_kept(self, follow_up_assigned, officer, words):
        with pytest.raises(InvalidInput) as refused:
            close(officer, follow_up_assigned, words=words)
        assert refused.value.field == "words"
        assert refused.value.details == {"follow_up": follow_up_assigned.id}
        self.unchanged(follow_up_assigned, State.ASSIGNED)

    def test_whoever_is_no_officer(self, follow_up_assigned, lead):
        with pytest.raises(NotPermitted):
            close(lead, follow_up_assigned)
        self.unchanged(follow_up_assigned, State.ASSIGNED)

    def test_a_question_is_answered_with_data(self, follow_up_assigned, officer, session):
        with write():
            (row,) = lock_all([follow_up_assigned.id])
            row.kind = Kind.INDICATOR
            with session.no_autoflush, pytest.raises(InvalidTransition, match="meminta data"):
                close_by_word([row], lives.actor_of(officer), {row.id: SAID})
            row.kind = Kind.ACTION_ITEM

    @pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
    def test_what_is_not_open(self, request, officer, state):
        follow_up = request.getfixturevalue(f"follow_up_{state}")
        with pytest.raises(InvalidTransition):
            close(officer, follow_up)

    def test_a_stale_page(self, follow_up_assigned, officer):
        seen = {follow_up_assigned.id: follow_up_assigned.version - 1}
        with pytest.raises(StaleVersion):
            close(officer, follow_up_assigned, versions=seen)
        self.unchanged(follow_up_assigned, State.ASSIGNED)

    def test_one_that_another_officer_is_reading(self, follow_up_submitted, officer, other_officer):
        lives.take(follow_up_submitted, other_officer)
        with pytest.raises(InvalidTransition, match="sedang diperiksa petugas lain"):
            close(officer, follow_up_submitted)
        self.unchanged(follow_up_submitted, State.SUBMITTED)

    def test_ones_own_agencys_work_is_still_judged_by_another(
        self, follow_up_assigned, officer, lead_agency
    ):
        MembershipFactory(agency=lead_agency, user=officer)
        with pytest.raises(InvalidTransition, match="diselesaikan petugas lain"):
            close(officer, follow_up_assigned)
        self.unchanged(follow_up_assigned, State.ASSIGNED)
        sent = lives.submit(follow_up_assigned, officer)
        with pytest.raises(InvalidTransition, match="diselesaikan petugas lain"):
            close(officer, sent)
        self.unchanged(sent, State.SUBMITTED)

    def test_with_nobody_else_there_it_is_closed(
        self, follow_up_assigned, officer, other_officer, lead_agency, session
    ):
        other_officer.deactivated_at = clock.now()
        session.commit()
        MembershipFactory(agency=lead_agency, user=officer)
        (closed,) = close(officer, follow_up_assigned)
        assert closed.state is State.CLOSED

    def test_what_hinders_is_known_beforehand(
        self, follow_up_submitted, officer, other_officer, lead_agency
    ):
        (fine,) = several(officer, lead_agency, 1)
        draft = lives.born(officer, agency=lead_agency)
        lives.take(follow_up_submitted, other_officer)
        ids = [fine.id, draft.id, follow_up_submitted.id]
        found = hindrances(lock_all(ids), lives.actor_of(officer))
        assert set(found) == {draft.id, follow_up_submitted.id}
        with pytest.raises(InvalidTransition) as refused:
            close(officer, fine, draft, follow_up_submitted)
        assert refused.value.details == {"hindrances": found}
        self.unchanged(fine, State.ASSIGNED)

    def test_what_one_fetched_is_closed_by_what_the_agency_says(self, follow_up_assigned, officer):
        fetched = lives.submit(follow_up_assigned, officer)
        (closed,) = close(officer, fetched)
        assert lives.round_of(closed).reviews[0].own_submission

    def test_one_that_cannot_be_closed_leaves_all_open(
        self, follow_up_assigned, officer, lead_agency
    ):
        (other,) = several(officer, lead_agency, 1)
        events = db.session.scalar(select(func.count(Event.id)))
        with pytest.raises(InvalidInput):
            close(officer, follow_up_assigned, other, words={follow_up_assigned.id: SAID})
        self.unchanged(follow_up_assigned, State.ASSIGNED)
        assert db.session.scalar(select(func.count(Event.id))) == events


def test_a_whole_agenda_costs_little_more_than_one_item(officer, lead_agency):
    counts = []
    for size in (1, 8):
        made = [row.id for row in several(officer, lead_agency, size)]
        with query_budget(40) as sent, write():
            said = dict.fromkeys(made, SAID)
            close_by_word(lock_all(made), lives.actor_of(officer), said, THERE)
        counts.append(len(sent))
    # SQLite gives rows back in their order one by one: a statement for each decision, no more.
    assert counts[1] - counts[0] <= 7
