"""What an agency is told of DP3A's decisions. A return is complete in itself: why, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.followups.labels import OUTCOME_LABELS, REMARKER_LABELS
from app.followups.machine import State
from app.followups.messages.told import Told, about, one_line, tell
from app.followups.models import Evidence, FollowUp, Remarker, Review, Round
from app.notifications.models import Notice
from app.notifications.registry import Recipient


@dataclass(frozen=True, slots=True)
class Correction:
    """Why one submission came back. A restricted file is counted, and neither named nor quoted."""

    round_no: int
    reasons: list[str]
    words: str
    whose: str
    is_passed_on: bool
    due_at: datetime
    remarks: list[tuple[str, str]]
    """(file name or address, words)"""
    restricted: list[str]
    """The kinds of the restricted files that have a remark."""
    fine: list[str]
    fine_restricted: int


def returned(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say everything that is to be corrected, so that nobody has to sign in to know why."""
    items = tell(notices, lambda told: told.follow_up.state is not State.CANCELLED)
    rounds = _rounds(items)
    corrections = {item.number: _correction(item, rounds[item.follow_up.id]) for item in items}
    return about(
        [item for item in items if corrections[item.number] is not None], corrections=corrections
    )


def closed(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say that it is done, and with what outcome; not where it was opened again since."""
    items = tell(notices, lambda told: told.follow_up.state is State.CLOSED)
    rounds = _rounds(items)
    outcomes = {item.number: _outcome(item.follow_up) for item in items}
    words = {item.number: _words(rounds[item.follow_up.id][item.round_no]) for item in items}
    return about(items, outcomes=outcomes, remarks=words)


def reopened(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say what is asked once more, why and until when."""
    return about(tell(notices, lambda told: told.follow_up.state is not State.CANCELLED))


def _rounds(items: Sequence[Told]) -> dict[int, dict[int, Round]]:
    """Return the rounds of each follow-up by number, with all that a decision said of them."""
    found: dict[int, dict[int, Round]] = {item.follow_up.id: {} for item in items}
    for round_ in db.session.scalars(
        select(Round)
        .where(Round.follow_up_id.in_(found))
        .options(
            selectinload(Round.evidence),
            selectinload(Round.reviews).options(
                selectinload(Review.reasons), selectinload(Review.remarks)
            ),
        )
        .execution_options(populate_existing=True)
    ):
        found[round_.follow_up_id][round_.number] = round_
    return found


def _live_review(round_: Round) -> Review | None:
    return next((review for review in round_.reviews if review.undone_at is None), None)


def _words(round_: Round) -> str:
    review = _live_review(round_)
    return review.words.strip() if review else ""


def _outcome(follow_up: FollowUp) -> str:
    return OUTCOME_LABELS[follow_up.outcome] if follow_up.outcome else ""


def _correction(item: Told, rounds: dict[int, Round]) -> Correction | None:
    judged = rounds[item.round_no - 1]
    review = _live_review(judged)
    if review is None:
        return None
    secret = _restricted_sources(rounds)
    words = {remark.evidence_id: remark.words for remark in review.remarks}
    told = [piece for piece in judged.evidence if _source(piece) not in secret]
    hidden = [piece for piece in judged.evidence if _source(piece) in secret]
    return Correction(
        round_no=judged.number,
        reasons=[reason.label for reason in review.reasons],
        words=review.words.strip(),
        whose=REMARKER_LABELS[review.whose],
        is_passed_on=review.whose is not Remarker.DP3A,
        due_at=rounds[item.round_no].due_at,
        remarks=[(_name(piece), words[piece.id]) for piece in told if piece.id in words],
        restricted=[item.label_of(piece.slot) for piece in hidden if piece.id in words],
        fine=[_name(piece) for piece in told if piece.id not in words],
        fine_restricted=len([piece for piece in hidden if piece.id not in words]),
    )


def _restricted_sources(rounds: dict[int, Round]) -> set[int | str | None]:
    """Return what is restricted in any round: a file marked later was restricted all along."""
    return {
        _source(piece)
        for round_ in rounds.values()
        for piece in round_.evidence
        if piece.restricted
    }


def _source(piece: Evidence) -> int | str | None:
    return piece.file_id if piece.file_id is not None else piece.url


def _name(piece: Evidence) -> str:
    return one_line(piece.file_name or piece.url or "")
