"""What a follow-up's page tells beside its rounds: events, comments, kinds of evidence, files."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.core.actor import Actor
from app.core.db import db
from app.followups import policy
from app.followups.models import Comment, Evidence, EvidenceOpening, FollowUp, Round
from app.history.models import Event
from app.instruments.models import EvidenceType

REUSABLE = 40
OPENINGS = 100


class ReusableFile(NamedTuple):
    """A file that an agency gave elsewhere. `id` is that of the piece of evidence."""

    id: int
    file_name: str | None
    added_at: datetime


def events_of(follow_up: FollowUp) -> Sequence[Event]:
    """Return what happened to a follow-up, newest first."""
    return db.session.scalars(
        select(Event).where(Event.follow_up_id == follow_up.id).order_by(Event.id.desc())
    ).all()


def comments_of(follow_up: FollowUp, actor: Actor) -> Sequence[Comment]:
    """Return the comments that the person may read, oldest first."""
    statement = (
        select(Comment)
        .where(Comment.follow_up_id == follow_up.id)
        .order_by(Comment.id)
        .options(joinedload(Comment.author))
    )
    if not policy.can_read_internal(actor):
        statement = statement.where(Comment.internal.is_(False))
    return db.session.scalars(statement).all()


def evidence_types_of(follow_up: FollowUp) -> Sequence[EvidenceType]:
    """Return the kinds of evidence of the follow-up's instrument; none for an action item."""
    if follow_up.question is None:
        return []
    return db.session.scalars(
        select(EvidenceType)
        .where(EvidenceType.instrument_id == follow_up.question.instrument_id)
        .order_by(EvidenceType.position)
    ).all()


def reusable_files(follow_up: FollowUp, actor: Actor) -> Sequence[ReusableFile]:
    """Return files that the person's agencies gave elsewhere, newest first, each file once."""
    if not actor.agency_ids:
        return []
    newest = (
        select(func.max(Evidence.id))
        .where(
            Evidence.added_agency_id.in_(sorted(actor.agency_ids)), Evidence.file_id.is_not(None)
        )
        .group_by(Evidence.file_id)
        .order_by(func.max(Evidence.id).desc())
        .limit(REUSABLE)
    )
    found = db.session.execute(
        select(Evidence.id, Evidence.file_name, Evidence.added_at)
        .join(Evidence.round)
        .where(Evidence.id.in_(newest), Round.follow_up_id != follow_up.id)
        .order_by(Evidence.id.desc())
    )
    return [ReusableFile(*row) for row in found]


def openings_of(follow_up: FollowUp) -> Sequence[EvidenceOpening]:
    """Return who opened restricted pieces of any round, newest first, with person and piece."""
    return db.session.scalars(
        select(EvidenceOpening)
        .join(EvidenceOpening.evidence)
        .join(Evidence.round)
        .where(Round.follow_up_id == follow_up.id)
        .options(contains_eager(EvidenceOpening.evidence), joinedload(EvidenceOpening.user))
        .order_by(EvidenceOpening.opened_at.desc(), EvidenceOpening.id.desc())
        .limit(OPENINGS)
    ).all()
