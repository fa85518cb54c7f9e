"""What a new meeting is proposed from: the last of its kind, the next number, who may chair."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from app.accounts.models import User
from app.accounts.permissions import ROLE_PERMISSIONS, Permission
from app.accounts.queries import active
from app.agencies.models import Agency
from app.core.db import db
from app.instruments.models import Cycle
from app.meetings.models import Invitation, Meeting, MeetingKind, MeetingState


class Person(NamedTuple):
    """Somebody with an account, as a form lets choose."""

    id: int
    name: str
    position: str


def last_of_kind(kind: MeetingKind) -> Meeting | None:
    """Return the latest meeting of a kind that was not cancelled; of any, where there is none."""
    standing = select(Meeting).where(Meeting.state != MeetingState.CANCELLED)
    latest = standing.order_by(
        (Meeting.kind == kind).desc(), Meeting.starts_at.desc(), Meeting.id.desc()
    )
    return db.session.scalar(latest.limit(1))


def next_ordinal(year: int) -> int:
    """Return which coordination meeting of a year would be the next: 1 for the first."""
    highest = select(func.max(Meeting.ordinal)).where(
        Meeting.year == year, Meeting.state != MeetingState.CANCELLED
    )
    return (db.session.scalar(highest) or 0) + 1


def with_ordinal(year: int, ordinal: int, *, but_id: int | None = None) -> Meeting | None:
    """Return the meeting of a year that has this place in it, if any."""
    return db.session.scalar(
        select(Meeting).where(
            Meeting.year == year,
            Meeting.ordinal == ordinal,
            Meeting.state != MeetingState.CANCELLED,
            Meeting.id != (but_id or 0),
        )
    )


def approvers() -> Sequence[Person]:
    """Return those whose account may approve minutes, by name."""
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.MEETING_APPROVE in may]
    found = db.session.execute(
        select(User.id, User.name, User.position)
        .where(User.role.in_(roles), active())
        .order_by(User.name, User.id)
    )
    return [Person(id_, name, position or "") for id_, name, position in found]


def cycles() -> Sequence[Cycle]:
    """Return the evaluations, the latest first."""
    return db.session.scalars(select(Cycle).order_by(Cycle.year.desc())).all()


def position_of(user_id: int | None) -> str:
    """Return what an account says that its person is."""
    return db.session.scalar(select(User.position).where(User.id == (user_id or 0))) or ""


def agencies_to_copy(meeting_id: int) -> Sequence[int]:
    """Return the ids of agencies that a meeting invites and that still take part."""
    return db.session.scalars(
        select(Agency.id)
        .join(Invitation, Invitation.agency_id == Agency.id)
        .where(_stands(meeting_id), Agency.deactivated_at.is_(None))
        .order_by(Invitation.id)
    ).all()


def who_knows(meeting_id: int) -> Sequence[str]:
    """Return the names of those whose invitation was sent: who is told when a meeting moves."""
    name = func.coalesce(Agency.short_name, Invitation.guest_name)
    return db.session.scalars(
        select(name)
        .outerjoin(Invitation.agency)
        .where(_stands(meeting_id), Invitation.sent_at.is_not(None))
        .order_by(Invitation.agency_id.is_(None), name, Invitation.id)
    ).all()


def _stands(meeting_id: int) -> ColumnElement[bool]:
    return (Invitation.meeting_id == meeting_id) & Invitation.withdrawn_at.is_(None)
