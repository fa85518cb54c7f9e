"""Read agencies and memberships."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.agencies.labels import DUTY_LABELS
from app.agencies.models import Agency, Duty, Membership
from app.core.db import db


def duties_of(user_id: int) -> Mapping[int, tuple[str, str]]:
    """Return `{agency id: (duty, title)}` of a user today, oldest membership first."""
    memberships = db.session.execute(
        select(Membership.agency_id, Membership.duty, Agency.short_name)
        .join(Membership.agency)
        .where(Membership.user_id == user_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    )
    return {
        agency_id: (duty, f"{DUTY_LABELS[duty]} {short_name}")
        for agency_id, duty, short_name in memberships
    }


def members_of(agency_id: int) -> Sequence[Membership]:
    """Return who answers for an agency today, with the person, focal points first."""
    order = list(Duty)
    found = db.session.scalars(
        select(Membership)
        .join(Membership.user)
        .where(
            Membership.agency_id == agency_id,
            Membership.ended_at.is_(None),
            User.deactivated_at.is_(None),
        )
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )
    return sorted(found, key=lambda membership: order.index(membership.duty))
