"""What letters and sheets say of an agency's follow-ups, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload, selectinload

from app.agencies import queries as agencies
from app.agencies.models import Agency
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotVisible
from app.followups import answers, policy
from app.followups.answers import AnswerSpec
from app.followups.machine import AT_AGENCY, State
from app.followups.models import Decision, Evidence, FollowUp, Kind, Review, ReviewRemark, Round
from app.followups.queries import choices, detail
from app.followups.queries.narrowing import Evaluation
from app.followups.queries.visibility import visible_to
from app.instruments.models import EvidenceType, Question

UNANSWERED = frozenset({State.DRAFT, *AT_AGENCY})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a letter asks."""

    number: str
    ref: str
    title: str
    proof: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """A follow-up that came back: what was answered, and what was said of it."""

    number: str
    ref: str
    title: str
    indicator: str
    agency: str
    answer: dict[str, dict[str, str]]
    spec: AnswerSpec
    evidence: tuple[str | None, ...]
    """Names of the files and links; None for a piece that the reader may not know."""
    words: str
    remarks: tuple[tuple[str | None, str], ...]
    reasons: tuple[str, ...]
    due_at: datetime
    round_no: int
    state: State


def latest_evaluation() -> Evaluation | None:
    """Return the evaluation that letters are about; None before the first."""
    return next(iter(choices.evaluations()), None)


def agency_of(code: str, actor: Actor) -> Agency:
    """Return an agency that the person may ask about: any, or one of its own.

    Raises NotVisible for any other, whether it exists or not.
    """
    agency = agencies.get_by_code(code)
    if not policy.is_reader_of_all(actor) and agency.id not in actor.agency_ids:
        raise NotVisible
    return agency


def agencies_asked(actor: Actor) -> Sequence[choices.AgencyChoice]:
    """Return the agencies that a letter or a sheet can be about."""
    return choices.agencies(actor)


def asked_of(
    agency: Agency, evaluation: Evaluation | None, actor: Actor, *, everything: bool
) -> list[Asked]:
    """Return an evaluation's questions to an agency in the instrument's order.

    Those not answered yet, drafts too: the letter often goes out first; or `everything`.
    """
    wanted = State.CANCELLED if everything else None
    states = [state for state in State if state in UNANSWERED or (everything and state != wanted)]
    found = db.session.scalars(
        select(FollowUp)
        .where(
            visible_to(actor),
            FollowUp.agency_id == agency.id,
            FollowUp.kind == Kind.INDICATOR,
            FollowUp.state.in_(states),
            FollowUp.cycle_id == (evaluation.id if evaluation else None),
        )
        .join(FollowUp.question)
        .options(joinedload(FollowUp.question))
        .order_by(Question.position, FollowUp.year, FollowUp.seq)
    ).all()
    kinds = _evidence_labels({row.question.instrument_id for row in found if row.question})
    return [
        Asked(row.number, _ref(row), row.title, _proof(row, kinds), row.due_at) for row in found
    ]


def returned_to(agency: Agency, evaluation: Evaluation | None, actor: Actor) -> list[Returned]:
    """Return what was returned to an agency and is not done yet, in the instrument's order."""
    of_cycle = FollowUp.cycle_id == evaluation.id if evaluation else FollowUp.cycle_id.is_(None)
    loose = FollowUp.cycle_id.is_(None)
    return _returned(FollowUp.agency_id == agency.id, of_cycle | loose, actor=actor)


def returned_one(number: str, actor: Actor) -> tuple[Agency, list[Returned]]:
    """Return what came back of one follow-up, and its agency. Raises NotVisible."""
    row = detail.get(number, actor)
    return row.agency, _returned(FollowUp.id == row.id, actor=actor)


def _returned(*conditions: ColumnElement[bool], actor: Actor) -> list[Returned]:
    came_back = exists().where(
        Round.follow_up_id == FollowUp.id,
        Review.round_id == Round.id,
        Review.decision == Decision.RETURN,
        Review.undone_at.is_(None),
    )
    open_states = [State.RETURNED, State.SUBMITTED, State.ASSIGNED]
    found = db.session.scalars(
        select(FollowUp)
        .where(visible_to(actor), FollowUp.state.in_(open_states), came_back, *conditions)
        .outerjoin(FollowUp.question)
        .options(
            joinedload(FollowUp.agency),
            joinedload(FollowUp.cycle),
            joinedload(FollowUp.question).joinedload(Question.indicator),
            selectinload(FollowUp.supporters),
            selectinload(FollowUp.rounds).options(
                selectinload(Round.evidence).joinedload(Evidence.file),
                selectinload(Round.reviews).options(
                    selectinload(Review.reasons),
                    selectinload(Review.remarks).joinedload(ReviewRemark.evidence),
                ),
            ),
        )
        .order_by(Question.position.is_(None), Question.position, FollowUp.year, FollowUp.seq)
    )
    return [_row(follow_up, actor) for follow_up in found]


def _row(follow_up: FollowUp, actor: Actor) -> Returned:
    round_, review = max(
        (
            (round_, review)
            for round_ in follow_up.rounds
            for review in round_.reviews
            if review.decision is Decision.RETURN and review.undone_at is None
        ),
        key=lambda found: found[0].number,
    )
    names = {piece.id: _name(piece, follow_up, round_, actor) for piece in round_.evidence}
    indicator = follow_up.question.indicator if follow_up.question else None
    return Returned(
        number=follow_up.number,
        ref=_ref(follow_up),
        title=follow_up.title,
        indicator=f"{indicator.number} {indicator.short_title}" if indicator else "",
        agency=follow_up.agency.short_name,
        answer=round_.answer,
        spec=answers.spec_of(follow_up),
        evidence=tuple(names.values()),
        words=review.words,
        remarks=tuple((names.get(said.evidence_id), said.words) for said in review.remarks),
        reasons=tuple(reason.label for reason in review.reasons),
        due_at=follow_up.due_at,
        round_no=round_.number,
        state=follow_up.state,
    )


def _name(piece: Evidence, follow_up: FollowUp, round_: Round, actor: Actor) -> str | None:
    if piece.restricted and not policy.can_open_evidence(actor, follow_up, round_, piece):
        return None
    return piece.file_name or piece.url


def _ref(follow_up: FollowUp) -> str:
    return (follow_up.question.ref or "") if follow_up.question else ""


def _proof(follow_up: FollowUp, labels: dict[tuple[int, str], str]) -> str:
    """Return the proof that is expected, in words or as the kinds that the instrument names."""
    if follow_up.expected_proof or follow_up.question is None:
        return follow_up.expected_proof or ""
    question = follow_up.question
    named = [labels.get((question.instrument_id, code), code) for code in question.evidence]
    return ", ".join(named)


def _evidence_labels(instrument_ids: set[int]) -> dict[tuple[int, str], str]:
    found: Sequence[EvidenceType] = db.session.scalars(
        select(EvidenceType).where(EvidenceType.instrument_id.in_(sorted(instrument_ids)))
    ).all()
    return {(kind.instrument_id, kind.code): kind.label for kind in found}
