"""Which follow-ups a person sees, as conditions of a query."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from app.core.actor import Actor
from app.followups import policy
from app.followups.machine import State
from app.followups.models import FollowUp, FollowUpSupporter, Round


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the person sees a follow-up. `policy.can_read` in SQL."""
    if policy.is_officer(actor):
        return true()
    not_draft = FollowUp.state != State.DRAFT
    if policy.is_reader_of_all(actor):
        return not_draft
    if not actor.agency_ids:
        return false()
    mine = sorted(actor.agency_ids)
    supported = select(FollowUpSupporter.follow_up_id).where(FollowUpSupporter.agency_id.in_(mine))
    return and_(not_draft, or_(FollowUp.agency_id.in_(mine), FollowUp.id.in_(supported)))


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the person reads a follow-up, be it only rounds that it led."""
    if policy.is_reader_of_all(actor) or not actor.agency_ids:
        return visible_to(actor)
    led = exists().where(
        Round.follow_up_id == FollowUp.id,
        Round.submitted_agency_id.in_(sorted(actor.agency_ids)),
    )
    return or_(visible_to(actor), led)
