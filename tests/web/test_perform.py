"""What each action does to the row, its rounds, its events and its news: on a real session."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import (
    InvalidInput,
    InvalidTransition,
    NotPermitted,
    StaleVersion,
)
from app.followups.machine import Action, State
from app.followups.models import (
    Decision,
    EvidenceOpening,
    FollowUp,
    Outcome,
    ReviewRemark,
)
from app.followups.services import evidence
from app.followups.services.verify import differences
from app.history.models import Event
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory
from tests.support import lives


class TestRounds:
    def test_dispatch_opens_an_empty_first_round(self, follow_up_assigned):
        first = lives.round_of(follow_up_assigned)
        assert (first.number, first.answer, first.note, first.evidence) == (1, {}, "", [])
        assert first.due_at == follow_up_assigned.due_at

    def test_submitting_freezes_the_round_with_who_when_and_for_whom(
        self, follow_up_submitted, lead, lead_agency
    ):
        sent = lives.round_of(follow_up_submitted)
        assert (sent.submitted_by_id, sent.submitted_agency_id) == (lead.id, lead_agency.id)
        assert sent.submitted_at == follow_up_submitted.state_since
        assert not sent.on_behalf

    def test_an_officer_submits_on_behalf(self, follow_up_assigned, officer):
        follow_up = lives.submit(follow_up_assigned, officer)
        assert lives.round_of(follow_up).on_behalf
        assert [notice.audience for notice in lives.notices_of(follow_up, "collected")] == [
            "agency_team"
        ]
        assert not lives.notices_of(follow_up, "submitted")

    def test_a_return_copies_answer_note_and_evidence_and_leaves_the_remarks(
        self, follow_up_submitted, officer
    ):
        first = lives.round_of(follow_up_submitted, 1)
        piece = first.evidence[0]
        follow_up = lives.give_back(
            follow_up_submitted, officer, remarks={piece.id: "Belum ditandatangani.", 0: "lain"}
        )
        second = lives.round_of(follow_up, 2)
        copied = second.evidence[0]
        assert (second.answer, second.note) == (first.answer, first.note)
        assert second.draft_no == 0
        assert second.submitted_at is None
        assert copied.kept_from_id == piece.id
        same = ("slot", "url", "caption", "restricted", "added_by_id", "added_at")
        assert [getattr(copied, name) for name in same] == [getattr(piece, name) for name in same]
        remarked = db.session.scalars(select(ReviewRemark.evidence_id)).all()
        assert remarked == [piece.id]

    def test_the_third_round_is_as_rich_as_the_second(self, follow_up_returned, lead, officer):
        second = lives.submit(follow_up_returned, lead, "14", link="https://data.test/baru")
        third = lives.round_of(lives.give_back(second, officer), 3)
        kept = [piece.kept_from_id for piece in third.evidence]
        assert kept == [piece.id for piece in lives.round_of(second, 2).evidence]
        assert len(kept) == 2
        assert "14" in str(third.answer)

    def test_changing_the_new_round_leaves_the_frozen_one_alone(
        self, follow_up_returned, lead, session
    ):
        before = dict(lives.round_of(follow_up_returned, 1).answer)
        lives.fill_in(follow_up_returned, lead, "99")
        assert lives.round_of(follow_up_returned, 1).answer == before
        assert "99" in str(lives.round_of(follow_up_returned, 2).answer)

    def test_withdrawing_thaws_the_same_round(self, follow_up_submitted, lead):
        follow_up = lives.act(follow_up_submitted, Action.WITHDRAW, lead)
        opened = lives.round_of(follow_up)
        assert (follow_up.state, follow_up.round_no) == (State.ASSIGNED, 1)
        assert (opened.submitted_at, opened.submitted_by_id, opened.submitted_agency_id) == (
            None,
            None,
            None,
        )
        assert "12" in str(opened.answer)

    def test_withdrawing_a_correction_leads_back_to_returned(self, follow_up_returned, lead):
        follow_up = lives.submit(follow_up_returned, lead, "13")
        follow_up = lives.act(follow_up, Action.WITHDRAW, lead)
        assert (follow_up.state, follow_up.round_no) == (State.RETURNED, 2)

    def test_reopening_says_why_on_the_round_it_opens(self, follow_up_closed, officer):
        due_at = lives.soon(5)
        given = {"words": "Provinsi meminta data 2025.", "due_at": due_at}
        follow_up = lives.act(follow_up_closed, Action.REOPEN, officer, **given)
        second = lives.round_of(follow_up)
        assert (follow_up.state, follow_up.outcome) == (State.RETURNED, None)
        assert (second.number, second.opening_note) == (2, "Provinsi meminta data 2025.")
        assert follow_up.due_at == second.due_at == due_at
        assert [piece.kept_from_id for piece in second.evidence] == [
            piece.id for piece in lives.round_of(follow_up, 1).evidence
        ]

    def test_extending_moves_the_round_and_no_version(self, follow_up_returned, officer):
        version, due_at = follow_up_returned.version, lives.soon(9)
        follow_up = lives.act(
            follow_up_returned, Action.EXTEND, officer, words="Libur.", due_at=due_at
        )
        assert follow_up.version == version
        assert follow_up.due_at == lives.round_of(follow_up).due_at == due_at


class TestDecisions:
    def test_an_accepted_answer_is_met_unless_said_otherwise(self, follow_up_submitted, officer):
        follow_up = lives.act(follow_up_submitted, Action.ACCEPT, officer)
        review = lives.round_of(follow_up).reviews[0]
        assert (review.decision, review.outcome) == (Decision.ACCEPT, Outcome.MET)
        assert follow_up.outcome is Outcome.MET

    def test_the_outcome_said_is_kept(self, follow_up_submitted, officer):
        follow_up = lives.act(
            follow_up_submitted, Action.ACCEPT, officer, outcome=Outcome.UNAVAILABLE
        )
        assert follow_up.outcome is Outcome.UNAVAILABLE

    @pytest.mark.parametrize(
        ("action", "given", "field"),
        [
            (Action.RETURN, {"reason_ids": ()}, "reasons"),
            (Action.RETURN, {"reason_ids": (987_654,)}, "reasons"),
            (Action.RETURN, {"words": "  "}, "words"),
            (Action.RETURN, {"words": "a" * 4_001}, "words"),
            (Action.RETURN, {"due_at": None}, "due_on"),
            (Action.CANCEL, {"words": ""}, "words"),
        ],
        ids=["no-reason", "unknown-reason", "no-words", "too-many-words", "no-due", "cancel"],
    )
    def test_what_is_missing_is_said_at_its_field_and_changes_nothing(
        self, follow_up_submitted, officer, action, given, field
    ):
        full = {"words": "Lengkapi.", "due_at": lives.soon(), "reason_ids": (lives.reason().id,)}
        before = lives.verbs_of(follow_up_submitted)
        with pytest.raises(InvalidInput) as refused:
            lives.act(follow_up_submitted, action, officer, **{**full, **given})
        assert refused.value.field == field
        assert lives.verbs_of(follow_up_submitted) == before
        assert db.session.get_one(FollowUp, follow_up_submitted.id).state is State.SUBMITTED

    def test_a_due_time_that_has_passed_is_refused(self, follow_up_submitted, officer):
        with pytest.raises(InvalidInput, match="sesudah saat ini"):
            lives.give_back(follow_up_submitted, officer, due_at=clock.now() - timedelta(seconds=1))

    def test_ones_own_submission_is_judged_by_another_where_there_is_one(
        self, follow_up_assigned, officer, other_officer
    ):
        follow_up = lives.submit(follow_up_assigned, officer)
        with pytest.raises(NotPermitted):
            lives.act(follow_up, Action.ACCEPT, officer)
        lives.act(follow_up, Action.ACCEPT, other_officer)
        assert not lives.round_of(follow_up).reviews[0].own_submission

    def test_with_nobody_else_there_it_is_allowed_and_marked(self, follow_up_assigned, officer):
        UserFactory(officer=True, deactivated=True)
        follow_up = lives.submit(follow_up_assigned, officer)
        lives.act(follow_up, Action.ACCEPT, officer)
        assert lives.round_of(follow_up).reviews[0].own_submission


class TestTaking:
    def test_what_an_officer_took_is_not_withdrawn(self, follow_up_submitted, lead, officer):
        lives.take(follow_up_submitted, officer)
        with pytest.raises(InvalidTransition, match="sedang diperiksa"):
            lives.act(follow_up_submitted, Action.WITHDRAW, lead)

    def test_nor_judged_by_another(self, follow_up_submitted, officer, other_officer):
        lives.take(follow_up_submitted, officer)
        with pytest.raises(StaleVersion):
            lives.act(follow_up_submitted, Action.ACCEPT, other_officer)
        lives.act(follow_up_submitted, Action.ACCEPT, officer)

    @pytest.mark.parametrize(("minutes", "lapsed"), [(29, False), (31, True)], ids=["29", "31"])
    def test_it_lapses_after_half_an_hour(
        self, follow_up_submitted, lead, officer, minutes, lapsed
    ):
        lives.take(follow_up_submitted, officer)
        with clock.shifted(timedelta(minutes=minutes)):
            if lapsed:
                follow_up = lives.act(follow_up_submitted, Action.WITHDRAW, lead)
                assert (follow_up.taken_by_id, follow_up.taken_at) == (None, None)
            else:
                with pytest.raises(InvalidTransition):
                    lives.act(follow_up_submitted, Action.WITHDRAW, lead)


class TestVersions:
    def test_a_stale_page_is_refused(self, follow_up_submitted, officer, other_officer):
        seen = follow_up_submitted.version
        lives.give_back(follow_up_submitted, other_officer)
        with pytest.raises(StaleVersion) as refused:
            lives.act(follow_up_submitted, Action.ACCEPT, officer, version=seen)
        assert refused.value.status == 409
        assert "dikembalikan untuk perbaikan" in refused.value.message

    def test_the_version_seen_now_is_accepted(self, follow_up_submitted, officer):
        seen = follow_up_submitted.version
        follow_up = lives.act(follow_up_submitted, Action.ACCEPT, officer, version=seen)
        assert follow_up.version == seen + 1


class TestHandingOn:
    def test_old_and_new_lead_are_told(self, handed_on, lead_agency):
        told = {
            notice.audience_ids["agency_id"] for notice in lives.notices_of(handed_on, "reassigned")
        }
        assert lead_agency.id in told
        assert len(told) == 2
        assert handed_on.state is State.RETURNED

    def test_a_supporter_that_leads_now_supports_no_more(
        self, follow_up_assigned, officer, supporting_agency
    ):
        given = {"words": "Data ada pada PUPR.", "agency_id": supporting_agency.id}
        follow_up = lives.act(follow_up_assigned, Action.REASSIGN, officer, **given)
        db.session.refresh(follow_up, ["supporters"])
        assert follow_up.agency_id == supporting_agency.id
        assert follow_up.supporters == []

    @pytest.mark.parametrize("whom", ["same", "deactivated", "unknown", "nobody"])
    def test_it_goes_to_another_agency_that_takes_part(
        self, follow_up_assigned, officer, lead_agency, whom
    ):
        agency_id = {
            "same": lambda: lead_agency.id,
            "deactivated": lambda: AgencyFactory(deactivated=True).id,
            "unknown": lambda: 987_654,
            "nobody": lambda: None,
        }[whom]()
        with pytest.raises(InvalidInput) as refused:
            lives.act(
                follow_up_assigned, Action.REASSIGN, officer, words="Alih.", agency_id=agency_id
            )
        assert refused.value.field == "agency"


def test_every_life_is_what_its_events_say(
    follow_up_closed, handed_on, officer, other_officer, lead
):
    follow_up = lives.act(follow_up_closed, Action.UNDO, officer)
    follow_up = lives.give_back(follow_up, officer)
    lives.submit(follow_up, lead, "15")
    lives.act(follow_up, Action.WITHDRAW, lead)
    lives.act(handed_on, Action.CANCEL, officer, words="Tidak perlu lagi.")
    assert list(differences()) == []


def test_nothing_is_told_of_drafts(follow_up_draft, officer):
    lives.act(follow_up_draft, Action.CANCEL, officer, words="Salah.")
    assert not db.session.scalars(select(Notice)).all()


class TestRestrictedPieces:
    def opened(self, follow_up, user):
        piece = lives.round_of(follow_up).evidence[0]
        piece.restricted = True
        db.session.add(
            EvidenceOpening(evidence_id=piece.id, user_id=user.id, opened_at=clock.now())
        )
        db.session.commit()
        return piece

    def remove(self, follow_up, user, evidence_id):
        with lives.write():
            actor = lives.actor_of(user)
            row = lives.queries.get_locked(follow_up.number, actor)
            evidence.remove(row, lives.queries.open_round(row), actor, evidence_id)

    def test_one_that_was_opened_can_be_removed_and_who_opened_it_is_kept(
        self, follow_up_assigned, lead, officer
    ):
        lives.fill_in(follow_up_assigned, lead)
        piece = self.opened(follow_up_assigned, officer)
        self.remove(follow_up_assigned, lead, piece.id)
        last = db.session.scalars(select(Event).order_by(Event.id.desc())).first()
        assert last.payload["opened_by"] == [officer.id]
        assert db.session.scalars(select(EvidenceOpening)).all() == []

    def test_one_that_was_kept_leaves_its_openings_with_the_round_before(
        self, follow_up_returned, lead, officer
    ):
        kept = self.opened(follow_up_returned, officer).kept_from_id
        self.remove(follow_up_returned, lead, lives.round_of(follow_up_returned).evidence[0].id)
        assert db.session.scalars(select(EvidenceOpening.evidence_id)).all() == [kept]
