"""One follow-up with what its page shows, and rows locked for a change."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from app.accounts.models import User
from app.accounts.permissions import Role
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidTransition, NotVisible
from app.followups import numbering, policy
from app.followups.models import (
    Evidence,
    FollowUp,
    ReturnReason,
    Review,
    ReviewRemark,
    Round,
)
from app.followups.queries.visibility import readable_by
from app.instruments.models import Cluster, Indicator, Question


def _by_number(number: str, actor: Actor) -> Select[FollowUp]:
    parsed = numbering.parse(number)
    if parsed is None:
        raise NotVisible
    year, seq = parsed
    return select(FollowUp).where(FollowUp.year == year, FollowUp.seq == seq, readable_by(actor))


def get(number: str, actor: Actor) -> FollowUp:
    """Return a follow-up with its agency, supporters, question and cycle. Raises `NotVisible`."""
    found = db.session.scalar(_by_number(number, actor).options(*_whole()))
    if found is None:
        raise NotVisible
    return found


@cache
def _whole() -> Sequence[ExecutableOption]:
    """Say what is loaded with a follow-up: always the same, so it is put together once."""
    return (
        joinedload(FollowUp.agency),
        joinedload(FollowUp.taken_by),
        joinedload(FollowUp.cycle),
        joinedload(FollowUp.question)
        .joinedload(Question.indicator)
        .joinedload(Indicator.cluster)
        .joinedload(Cluster.instrument),
        selectinload(FollowUp.supporters),
    )


def get_locked(number: str, actor: Actor) -> FollowUp:
    """Return a follow-up with its row locked until the transaction ends. Raises `NotVisible`."""
    locked = db.session.scalar(
        _by_number(number, actor).with_only_columns(FollowUp.id).with_for_update(of=FollowUp)
    )
    if locked is None:
        raise NotVisible
    return get(number, actor)


def lock_all(follow_up_ids: Sequence[int]) -> Sequence[FollowUp]:
    """Return follow-ups with supporters, their rows locked in id order."""
    return db.session.scalars(
        select(FollowUp)
        .where(FollowUp.id.in_(follow_up_ids))
        .order_by(FollowUp.id)
        .options(selectinload(FollowUp.supporters))
        .with_for_update(of=FollowUp)
        .execution_options(populate_existing=True)
    ).all()


def rounds_of(follow_up: FollowUp, actor: Actor) -> list[Round]:
    """Return the rounds that the person may read, oldest first, with all that they hold."""
    rounds = db.session.scalars(_all_rounds(), {"follow_up_id": follow_up.id})
    return [round_ for round_ in rounds if policy.can_read_round(actor, follow_up, round_)]


@cache
def _all_rounds() -> Select[Round]:
    """Select the rounds of `follow_up_id`: always the same, so it is put together once."""
    return (
        select(Round)
        .where(Round.follow_up_id == bindparam("follow_up_id"))
        .order_by(Round.number)
        .options(
            joinedload(Round.submitted_by),
            joinedload(Round.submitted_agency),
            joinedload(Round.draft_by),
            selectinload(Round.evidence).options(
                joinedload(Evidence.file),
                joinedload(Evidence.added_by),
                joinedload(Evidence.added_agency),
            ),
            selectinload(Round.reviews).options(
                joinedload(Review.decided_by),
                selectinload(Review.reasons),
                selectinload(Review.remarks).joinedload(ReviewRemark.evidence),
            ),
        )
    )


def current_round(follow_up: FollowUp) -> Round | None:
    """Return the round that the follow-up is in, with its evidence; None before dispatch."""
    return db.session.scalar(
        select(Round)
        .where(Round.follow_up_id == follow_up.id, Round.number == follow_up.round_no)
        .options(selectinload(Round.evidence).joinedload(Evidence.file))
    )


def open_rounds(follow_ups: Sequence[FollowUp]) -> dict[int, Round]:
    """Return the round that each follow-up is in, with its evidence, by the follow-up's id."""
    numbers = {follow_up.id: follow_up.round_no for follow_up in follow_ups}
    found = db.session.scalars(
        select(Round)
        .where(Round.follow_up_id.in_(numbers))
        .options(selectinload(Round.evidence).joinedload(Evidence.file))
    )
    return {row.follow_up_id: row for row in found if row.number == numbers[row.follow_up_id]}


def open_round(follow_up: FollowUp) -> Round:
    """Return the current round with its evidence. Raises `InvalidTransition` before dispatch."""
    found = current_round(follow_up)
    if found is None:
        raise InvalidTransition("Tindak lanjut ini belum dikirim ke instansi.")
    return found


def round_with(follow_up: FollowUp, evidence_id: int) -> Round:
    """Return the round that holds a piece of evidence, with all its pieces. Raises `NotVisible`."""
    found = db.session.scalar(
        select(Round)
        .join(Evidence, Evidence.round_id == Round.id)
        .where(Round.follow_up_id == follow_up.id, Evidence.id == evidence_id)
        .options(selectinload(Round.evidence).joinedload(Evidence.file))
    )
    if found is None:
        raise NotVisible
    return found


def return_reasons() -> Sequence[ReturnReason]:
    """Return the reasons that can be given today, in their order."""
    return db.session.scalars(
        select(ReturnReason)
        .where(ReturnReason.retired_at.is_(None))
        .order_by(ReturnReason.position, ReturnReason.id)
    ).all()


def another_officer_exists(actor: Actor) -> bool:
    """Tell whether anybody else could judge: another officer with an active account."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    User.role == Role.OFFICER,
                    User.deactivated_at.is_(None),
                    User.id != actor.user_id,
                )
            )
        )
    )
