"""Which meetings a person sees, as conditions of a query."""

from sqlalchemy import ColumnElement, and_, false, select, true

from app.core.actor import Actor
from app.meetings import policy
from app.meetings.models import Invitation, Meeting, MeetingState


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the person sees a meeting (the room's policy, in SQL)."""
    if policy.can_manage(actor):
        return true()
    announced = Meeting.state != MeetingState.DRAFT
    if policy.is_reader_of_all(actor):
        return announced
    if not actor.agency_ids:
        return false()
    invited = select(Invitation.meeting_id).where(
        Invitation.agency_id.in_(sorted(actor.agency_ids)),
        was_asked(),
    )
    return and_(announced, Meeting.id.in_(invited))


def was_asked() -> ColumnElement[bool]:
    """Return the condition that an invitation was sent and still stands."""
    return and_(Invitation.sent_at.is_not(None), Invitation.withdrawn_at.is_(None))
