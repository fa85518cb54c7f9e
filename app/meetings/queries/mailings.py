"""Who is told of a meeting's end and of its minutes: agency by agency, and who reads it there."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, select

from app.accounts.models import User
from app.agencies.models import Agency, Membership
from app.agencies.queries import is_team
from app.core.db import db
from app.meetings.models import Attendance, Invitation
from app.meetings.queries.visibility import was_asked

NEW = "new"
"""What is counted of follow-ups that were not there before."""


@dataclass(slots=True)
class Mailing:
    """What one agency is told at the end, and who reads it."""

    agency: Agency
    counts: Counter[str] = field(default_factory=Counter)
    people: list[tuple[int, str, str | None]] = field(default_factory=list)
    """(user id, name, address)"""


def mailings_of(
    meeting_id: int, asked: Iterable[Agency], settled: Iterable[tuple[Agency, str]] = ()
) -> list[Mailing]:
    """Return what each agency is told: those with something to do, those invited, those present.

    `asked` has an agency for each new follow-up; `settled` what became of each old one.
    """
    found: dict[int, Mailing] = {}
    for agency, what in [*((agency, NEW) for agency in asked), *settled]:
        found.setdefault(agency.id, Mailing(agency)).counts[what] += 1
    for agency in agencies_concerned(meeting_id):
        found.setdefault(agency.id, Mailing(agency))
    for agency_id, person in _people(found):
        found[agency_id].people.append(person)
    return sorted(
        found.values(),
        key=lambda row: (not row.counts, row.agency.short_name.lower(), row.agency.id),
    )


def agencies_concerned(meeting_id: int) -> Sequence[Agency]:
    """Return the active agencies that were asked to come, and those of which somebody came."""
    asked = exists().where(
        Invitation.meeting_id == meeting_id,
        Invitation.agency_id == Agency.id,
        was_asked(),
    )
    came = exists().where(
        Attendance.meeting_id == meeting_id,
        Attendance.agency_id == Agency.id,
        Attendance.confirmed_at.is_not(None),
    )
    return db.session.scalars(
        select(Agency).where(asked | came, Agency.deactivated_at.is_(None)).order_by(Agency.id)
    ).all()


def _people(agency_ids: Iterable[int]) -> list[tuple[int, tuple[int, str, str | None]]]:
    wanted = sorted(agency_ids)
    if not wanted:
        return []
    rows = db.session.execute(
        select(Membership.agency_id, User.id, User.name, User.email)
        .join(Membership.user)
        .where(Membership.agency_id.in_(wanted), is_team())
        .order_by(Membership.agency_id, User.id)
    )
    return [(agency_id, (user_id, name, email)) for agency_id, user_id, name, email in rows]
