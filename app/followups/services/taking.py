"""Take a submission for review, so that two officers do not read the same one; let it go again."""

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidTransition, NotPermitted
from app.core.formatting import clock_time
from app.followups import policy
from app.followups.machine import State
from app.followups.models import FollowUp, Round
from app.followups.queries import queue
from app.followups.queries.detail import another_officer_exists
from app.followups.queries.queue import Waiting
from app.history.services import record

TAKEN = "follow_up_taken"
RELEASED = "follow_up_released"


def take(follow_up: FollowUp, actor: Actor) -> None:
    """Have a locked submission for oneself, for half an hour; again, for another one.

    Raises `InvalidTransition` where it does not wait for DP3A, or another officer has it.
    """
    if not policy.is_officer(actor):
        raise NotPermitted("Jawaban diperiksa oleh petugas DP3A.")
    if follow_up.state is not State.SUBMITTED:
        raise InvalidTransition(f"{follow_up.number} tidak sedang menunggu pemeriksaan DP3A.")
    now = clock.now()
    if not policy.can_take(actor, follow_up, now):
        holder = follow_up.taken_by.name if follow_up.taken_by else "petugas lain"
        since = f" sejak pukul {clock_time(follow_up.taken_at)}" if follow_up.taken_at else ""
        raise InvalidTransition(f"{follow_up.number} sedang diperiksa {holder}{since}.")
    if policy.holder(follow_up, now) is None:
        record(actor, TAKEN, follow_up_id=follow_up.id, round=follow_up.round_no)
    follow_up.taken_by_id = actor.user_id
    follow_up.taken_at = now


def release(follow_up: FollowUp, actor: Actor) -> None:
    """Let a locked submission go that one has; where one has it no longer, nothing happens."""
    if actor.user_id is None or policy.holder(follow_up, clock.now()) != actor.user_id:
        return
    record(actor, RELEASED, follow_up_id=follow_up.id, round=follow_up.round_no)
    follow_up.taken_by_id = None
    follow_up.taken_at = None


def take_next(waiting: Waiting, actor: Actor, *, after: FollowUp | None = None) -> FollowUp | None:
    """Take the oldest submission that nobody has; None where there is none.

    `after` names one that is left aside: the next in the queue is later than it. Two officers who
    ask at once get two different ones: rows that the other is taking are passed over.
    """
    now = clock.now()
    conditions = [queue.condition(waiting, actor), queue.is_free(now), _may_judge(actor)]
    if after is not None:
        conditions.append(
            or_(
                FollowUp.state_since > after.state_since,
                and_(FollowUp.state_since == after.state_since, FollowUp.id > after.id),
            )
        )
    found = db.session.scalar(
        select(FollowUp)
        .where(*conditions)
        .order_by(FollowUp.state_since, FollowUp.id)
        .limit(1)
        .with_for_update(of=FollowUp, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if found is not None:
        take(found, actor)
    return found


def _may_judge(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the person may judge it: not what it sent itself, if others can."""
    if not another_officer_exists(actor):
        return true()
    return ~exists().where(
        Round.follow_up_id == FollowUp.id,
        Round.number == FollowUp.round_no,
        Round.submitted_by_id == actor.user_id,
    )
