"""Who may do what to a follow-up: pure predicates over rows that are loaded already.

The same predicate hides the button and guards the route. Whether the *state* allows an action is
the machine's to say; `can(actor, action, follow_up)` asks both.
"""

from datetime import datetime, timedelta

from app.accounts.permissions import Permission
from app.agencies.models import Duty
from app.core.actor import Actor
from app.followups import machine
from app.followups.machine import AT_AGENCY, Action, State, Who
from app.followups.models import Evidence, FollowUp, Review, Round

TAKEN_FOR = timedelta(minutes=30)
"""How long a submission stays with the officer who took it, without a judgement."""

SUBMITTING = frozenset({Duty.FOCAL_POINT, Duty.DEPUTY})
FILLING_IN = SUBMITTING | {Duty.CONTRIBUTOR}


def is_officer(actor: Actor) -> bool:
    """Tell whether the person works for DP3A's secretariat."""
    return actor.has(Permission.FOLLOW_UP_REVIEW)


def is_reader_of_all(actor: Actor) -> bool:
    """Tell whether the person sees every agency's work (officers and leaders)."""
    return actor.has(Permission.FOLLOW_UP_READ) and actor.has(Permission.CYCLE_READ)


def is_lead(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether the person belongs to the lead agency."""
    return follow_up.agency_id in actor.duties


def is_supporter(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether the person belongs to a supporting agency (`supporters` loaded)."""
    return any(agency.id in actor.duties for agency in follow_up.supporters)


def can_read(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether the person sees the follow-up as it is now.

    A former lead is not meant here: it reads its own rounds alone (`can_read_round`).
    """
    if is_officer(actor):
        return True
    if follow_up.state is State.DRAFT:
        return False
    return is_reader_of_all(actor) or is_lead(actor, follow_up) or is_supporter(actor, follow_up)


def can_read_round(actor: Actor, follow_up: FollowUp, round_: Round) -> bool:
    """Tell whether the person sees a round: those who see the follow-up, and who submitted it."""
    return can_read(actor, follow_up) or round_.submitted_agency_id in actor.duties


def can_answer(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether the person may write in the working copy: the lead's people, and officers."""
    if follow_up.state not in AT_AGENCY:
        return False
    return is_officer(actor) or actor.duties.get(follow_up.agency_id) in FILLING_IN


def can_add_evidence(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether the person may add evidence to the working copy; supporters may."""
    if can_answer(actor, follow_up):
        return True
    return follow_up.state in AT_AGENCY and is_supporter(actor, follow_up)


def takes_evidence_of(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether the person is of those who add evidence, whatever the state is now."""
    return is_officer(actor) or is_lead(actor, follow_up) or is_supporter(actor, follow_up)


def can_change_evidence(actor: Actor, follow_up: FollowUp, evidence: Evidence) -> bool:
    """Tell whether the person may describe or remove a piece: the lead all, a supporter its own."""
    if can_answer(actor, follow_up):
        return True
    return can_add_evidence(actor, follow_up) and evidence.added_agency_id in actor.duties


def can_open_evidence(actor: Actor, follow_up: FollowUp, round_: Round, evidence: Evidence) -> bool:
    """Tell whether the person may open a piece; restricted ones are the lead's and DP3A's alone.

    The agency that added a restricted piece, or submitted the round, keeps opening it.
    """
    if not actor.has(Permission.EVIDENCE_READ) or not can_read_round(actor, follow_up, round_):
        return False
    if not evidence.restricted or is_officer(actor):
        return True
    own = {follow_up.agency_id, evidence.added_agency_id}
    if round_.submitted_agency_id is not None:
        own = {round_.submitted_agency_id, evidence.added_agency_id}
    return bool(own & actor.agency_ids)


def can_restrict(actor: Actor, evidence: Evidence, follow_up: FollowUp) -> bool:
    """Tell whether the person may mark a piece as restricted: who added it, and officers."""
    return is_officer(actor) or can_change_evidence(actor, follow_up, evidence)


def can_comment(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether the person may comment: DP3A and the agencies concerned."""
    if not actor.has(Permission.FOLLOW_UP_COMMENT) or follow_up.state is State.DRAFT:
        return False
    return is_officer(actor) or is_lead(actor, follow_up) or is_supporter(actor, follow_up)


def can_read_internal(actor: Actor) -> bool:
    """Tell whether the person sees comments that are for DP3A alone."""
    return is_officer(actor)


def holder(follow_up: FollowUp, now: datetime) -> int | None:
    """Return the officer who has the submission; None where nobody took it, or it lapsed."""
    if follow_up.taken_at is None or follow_up.state is not State.SUBMITTED:
        return None
    return follow_up.taken_by_id if now - follow_up.taken_at < TAKEN_FOR else None


def can_take(actor: Actor, follow_up: FollowUp, now: datetime) -> bool:
    """Tell whether the person may take the submission for review."""
    if not is_officer(actor) or follow_up.state is not State.SUBMITTED:
        return False
    return holder(follow_up, now) in (None, actor.user_id)


def may_undo(actor: Actor, review: Review, hold: timedelta, now: datetime) -> bool:
    """Tell whether a live decision is the person's own and its news is still held back."""
    return review.decided_by_id == actor.user_id and now - review.decided_at <= hold


def is_on_side(actor: Actor, who: Who, follow_up: FollowUp) -> bool:
    """Tell whether the person stands on the side that an action lies on."""
    leads = actor.duties.get(follow_up.agency_id) in SUBMITTING and actor.has(
        Permission.FOLLOW_UP_ANSWER
    )
    if who is Who.OFFICER:
        return is_officer(actor)
    if who is Who.LEAD:
        return leads
    return leads or is_officer(actor)


def can(actor: Actor, action: Action, follow_up: FollowUp, now: datetime) -> bool:
    """Tell whether the person may do this now: the state allows it, and the side is the person's.

    What only a query knows (whether an undo is still in time) is checked when it is done.
    """
    found = machine.transition(follow_up.state, action)
    if found is None or not is_on_side(actor, found.who, follow_up):
        return False
    if action is Action.WITHDRAW:
        return holder(follow_up, now) is None
    return True


def acts_on_behalf(actor: Actor, follow_up: FollowUp) -> bool:
    """Tell whether submitting would be on the agency's behalf (*jemput bola*)."""
    return is_officer(actor) and actor.duties.get(follow_up.agency_id) not in SUBMITTING
