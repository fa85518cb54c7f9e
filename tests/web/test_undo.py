"""Undo: free while nobody has been told, and gone after."""

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.core.errors import (
    DomainError,
)
from app.followups.machine import Action, State
from app.followups.models import (
    Evidence,
    EvidenceOpening,
    Round,
)
from tests.support import lives


class TestUndo:
    def test_a_return_is_undone_as_if_it_had_not_been_made(self, follow_up_submitted, officer):
        submitted_at, due_at = follow_up_submitted.state_since, follow_up_submitted.due_at
        lives.give_back(follow_up_submitted, officer)
        follow_up = lives.act(follow_up_submitted, Action.UNDO, officer)
        assert (follow_up.state, follow_up.round_no) == (State.SUBMITTED, 1)
        assert (follow_up.due_at, follow_up.state_since) == (due_at, submitted_at)
        only = lives.round_of(follow_up)
        assert only.submitted_at == submitted_at
        assert only.reviews[0].undone_at is not None
        assert db.session.scalars(select(Round.number)).all() == [1]
        assert all(notice.cancelled_at for notice in lives.notices_of(follow_up, "returned"))
        assert lives.verbs_of(follow_up)[-2:] == ["follow_up_returned", "follow_up_decision_undone"]

    def test_an_acceptance_is_undone(self, follow_up_closed, officer):
        follow_up = lives.act(follow_up_closed, Action.UNDO, officer)
        assert (follow_up.state, follow_up.outcome) == (State.SUBMITTED, None)
        assert all(notice.cancelled_at for notice in lives.notices_of(follow_up, "closed"))

    def test_what_was_undone_can_be_judged_again(self, follow_up_returned, officer):
        lives.act(follow_up_returned, Action.UNDO, officer)
        follow_up = lives.act(follow_up_returned, Action.ACCEPT, officer)
        assert [bool(review.undone_at) for review in lives.round_of(follow_up).reviews] == [
            True,
            False,
        ]

    def test_a_look_at_restricted_evidence_is_no_touch_and_stays_on_record(
        self, follow_up_submitted, officer, lead
    ):
        db.session.execute(update(Evidence).values(restricted=True))
        follow_up = lives.give_back(follow_up_submitted, officer)
        first, second = (lives.round_of(follow_up, number).evidence[0].id for number in (1, 2))
        db.session.add(EvidenceOpening(evidence_id=second, user_id=lead.id, opened_at=clock.now()))
        db.session.commit()
        lives.act(follow_up, Action.UNDO, officer)
        assert db.session.scalars(select(EvidenceOpening.evidence_id)).all() == [first]

    def refused(self, follow_up, user, words):
        before = lives.verbs_of(follow_up)
        with pytest.raises(DomainError, match=words) as refused:
            lives.act(follow_up, Action.UNDO, user)
        assert refused.value.status in (403, 409)
        assert lives.verbs_of(follow_up) == before
        assert all(
            notice.cancelled_at is None for notice in lives.notices_of(follow_up, "returned")
        )

    def test_not_by_another_officer(self, follow_up_returned, other_officer):
        self.refused(follow_up_returned, other_officer, "Hanya petugas yang memutuskan")

    def test_not_after_the_hold(self, follow_up_returned, officer, past_the_hold):
        self.refused(follow_up_returned, officer, "sudah lewat")

    def test_not_once_the_agency_wrote(self, follow_up_returned, officer, lead):
        lives.fill_in(follow_up_returned, lead, "13")
        self.refused(follow_up_returned, officer, "sudah mulai memperbaiki")

    def test_not_once_a_piece_was_marked_restricted(self, follow_up_returned, officer):
        lives.round_of(follow_up_returned).evidence[0].restricted = True
        db.session.commit()
        self.refused(follow_up_returned, officer, "sudah mulai memperbaiki")

    def test_not_once_its_mail_left(self, follow_up_returned, officer):
        for notice in lives.notices_of(follow_up_returned, "returned"):
            notice.turned_at = clock.now()
        db.session.commit()
        self.refused(follow_up_returned, officer, "sudah dikirim")

    def test_not_after_something_else_happened(self, follow_up_returned, officer):
        given = {"words": "Libur.", "due_at": lives.soon(8)}
        lives.act(follow_up_returned, Action.EXTEND, officer, **given)
        self.refused(follow_up_returned, officer, "Tidak ada keputusan")

    def test_not_a_reopening(self, follow_up_closed, officer):
        given = {"words": "Data baru.", "due_at": lives.soon()}
        lives.act(follow_up_closed, Action.REOPEN, officer, **given)
        self.refused(follow_up_closed, officer, "Tidak ada keputusan")

    def test_not_by_the_agency(self, follow_up_returned, lead):
        self.refused(follow_up_returned, lead, "tidak dapat dilakukan akun ini")
