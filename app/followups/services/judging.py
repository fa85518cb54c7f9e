"""Decisions on a round as they are written and undone. Called by `perform` alone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from app.core import settings
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted
from app.followups.machine import Action, State
from app.followups.models import (
    Decision,
    Evidence,
    EvidenceOpening,
    FollowUp,
    Outcome,
    ReturnReason,
    Review,
    ReviewReason,
    ReviewRemark,
    Round,
)
from app.followups.queries.detail import another_officer_exists
from app.followups.services import rounds
from app.followups.services.particulars import VERBS, Particulars
from app.history.models import Event
from app.notifications.services import cancel_notices

DECIDED = frozenset({VERBS[Action.RETURN], VERBS[Action.ACCEPT]})


def decide(
    follow_ups: Sequence[FollowUp],
    actor: Actor,
    action: Action,
    given: Particulars,
    moment: datetime,
) -> None:
    """Write a review for the round of each follow-up.

    Raises `NotPermitted` where an officer judges what it sent itself while another could; not
    where the agency said it before others, and the officer only wrote it down.
    """
    known = set(
        db.session.scalars(select(ReturnReason.id).where(ReturnReason.id.in_(given.reason_ids)))
    )
    if known != set(given.reason_ids):
        raise InvalidInput("Pilih alasan dari daftar.", "reasons")
    judged = rounds.current(follow_ups).values()
    pieces = _pieces_of(judged) if given.remarks else {}
    reviews = []
    for round_ in judged:
        own = round_.submitted_by_id == actor.user_id
        heard = given.by_word and round_.on_behalf
        if own and not heard and another_officer_exists(actor):
            raise NotPermitted("Jawaban yang dikirim sendiri diperiksa petugas lain di DP3A.")
        theirs = pieces.get(round_.id, set())
        reviews.append(_review(round_, actor, action, given, moment, own=own, pieces=theirs))
    db.session.add_all(reviews)
    db.session.flush()
    if action is Action.RETURN:
        db.session.add_all(
            ReviewReason(review_id=review.id, reason_id=reason_id)
            for review in reviews
            for reason_id in sorted(set(given.reason_ids))
        )


def _pieces_of(judged: Collection[Round]) -> dict[int, set[int]]:
    """Return the ids of the evidence in each round, by the round's id."""
    found: dict[int, set[int]] = {}
    for round_id, evidence_id in db.session.execute(
        select(Evidence.round_id, Evidence.id).where(
            Evidence.round_id.in_([round_.id for round_ in judged])
        )
    ):
        found.setdefault(round_id, set()).add(evidence_id)
    return found


def _review(
    round_: Round,
    actor: Actor,
    action: Action,
    given: Particulars,
    moment: datetime,
    *,
    own: bool,
    pieces: Collection[int],
) -> Review:
    returns = action is Action.RETURN
    return Review(
        round_id=round_.id,
        decision=Decision.RETURN if returns else Decision.ACCEPT,
        outcome=None if returns else given.outcome or Outcome.MET,
        words=given.words.strip(),
        whose=given.whose,
        next_due_at=given.due_at if returns else None,
        decided_at=moment,
        decided_by_id=actor.user_id,
        own_submission=own,
        remarks=[
            ReviewRemark(evidence_id=evidence_id, words=words.strip())
            for evidence_id, words in sorted(given.remarks.items())
            if words.strip() and evidence_id in pieces
        ],
    )


def undo(follow_up: FollowUp, actor: Actor, moment: datetime) -> None:
    """Take the last decision back as if it had not been made, and keep that it was.

    Raises `InvalidTransition` where it was another's, the hold is over, its mail has left,
    something happened since, or the new round was touched.
    """
    returned = follow_up.state is State.RETURNED
    judged = rounds.current([follow_up], back=1 if returned else 0).get(follow_up.id)
    review = judged and db.session.scalar(
        select(Review).where(Review.round_id == judged.id, Review.undone_at.is_(None))
    )
    event = db.session.scalar(
        select(Event)
        .where(Event.follow_up_id == follow_up.id, Event.verb.in_(VERBS.values()))
        .order_by(Event.id.desc())
        .limit(1)
    )
    if not judged or not review or event is None or event.verb not in DECIDED:
        raise InvalidTransition("Tidak ada keputusan yang dapat diurungkan.")
    if review.decided_by_id != actor.user_id:
        raise InvalidTransition("Hanya petugas yang memutuskan yang dapat mengurungkannya.")
    if moment - review.decided_at > settings.mail_hold():
        raise InvalidTransition("Waktu untuk mengurungkan sudah lewat. Gunakan “Buka kembali”.")
    if returned:
        _remove_untouched_round(follow_up)
    if not cancel_notices(event.id):
        raise InvalidTransition("Surelnya sudah dikirim, sehingga tidak dapat diurungkan.")
    review.undone_at = moment
    follow_up.due_at = judged.due_at
    follow_up.state_since = judged.submitted_at or moment


def _remove_untouched_round(follow_up: FollowUp) -> None:
    opened = rounds.current([follow_up])[follow_up.id]
    kept = aliased(Evidence)
    pieces = db.session.scalars(select(Evidence).where(Evidence.round_id == opened.id)).all()
    marked = db.session.scalar(
        select(Evidence.id)
        .join(kept, Evidence.kept_from_id == kept.id)
        .where(Evidence.round_id == opened.id, Evidence.restricted != kept.restricted)
        .limit(1)
    )
    if opened.draft_no or marked or any(piece.kept_from_id is None for piece in pieces):
        raise InvalidTransition("Instansi sudah mulai memperbaiki; tidak dapat diurungkan.")
    for piece in pieces:  # who opened a copy opened the piece that it was copied from
        db.session.execute(
            update(EvidenceOpening)
            .where(EvidenceOpening.evidence_id == piece.id)
            .values(evidence_id=piece.kept_from_id)
        )
    db.session.execute(delete(Evidence).where(Evidence.round_id == opened.id))
    db.session.execute(delete(Round).where(Round.id == opened.id))
