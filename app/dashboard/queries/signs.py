"""Signs that something needs a hand: mails, accounts, agencies, and how far the office has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.permissions import Role
from app.agencies.models import Agency, Membership
from app.agencies.queries import is_team
from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp
from app.instruments.models import Cycle, Instrument
from app.notifications.models import Fate, OutgoingMail
from app.notifications.queries import waiting_since

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Signs:
    """What one look at the whole office tells."""

    has_agencies: bool
    has_officer: bool
    has_instrument: bool
    has_cycle: bool
    has_agency_accounts: bool
    has_dispatched: bool
    failed_mails: int
    oldest_unsent_at: datetime | None
    accounts: int
    accounts_without_mail: int
    agencies_without_focal_point: int


@dataclass(frozen=True, slots=True)
class Person:
    """An account that mail cannot reach."""

    username: str
    name: str
    position: str | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An agency that nobody answers for."""

    code: str
    short_name: str
    name: str


def look() -> Signs:
    """Return the signs. One query."""
    values = dict(db.session.execute(_all_signs()).mappings().one())
    waiting = [at for at in (values.pop("mail"), values.pop("news")) if at is not None]
    return Signs(**values, oldest_unsent_at=min(waiting, default=None))


@cache
def _all_signs() -> Select[*tuple[Any, ...]]:
    """Select the signs: always the same, so it is put together once."""
    mail, news = waiting_since()
    return select(
        exists(select(Agency.id)).label("has_agencies"),
        exists(select(User.id).where(User.role == Role.OFFICER)).label("has_officer"),
        exists(select(Instrument.id)).label("has_instrument"),
        exists(select(Cycle.id)).label("has_cycle"),
        exists(select(User.id).where(User.role == Role.AGENCY)).label("has_agency_accounts"),
        exists(select(FollowUp.id).where(FollowUp.state != State.DRAFT)).label("has_dispatched"),
        _count(OutgoingMail.id, _is_failed()).label("failed_mails"),
        _count(User.id, User.deactivated_at.is_(None)).label("accounts"),
        _count(User.id, *_without_mail()).label("accounts_without_mail"),
        _count(Agency.id, *_without_focal_point()).label("agencies_without_focal_point"),
        mail.label("mail"),
        news.label("news"),
    )


def people_without_mail() -> Sequence[Person]:
    """Return the first active accounts that have no address, by name."""
    found = db.session.execute(
        select(User.username, User.name, User.position)
        .where(*_without_mail())
        .order_by(User.name, User.id)
        .limit(SHOWN)
    )
    return [Person(*row) for row in found]


def agencies_without_focal_point() -> Sequence[Unanswered]:
    """Return the first active agencies that nobody answers for, by name."""
    found = db.session.execute(
        select(Agency.code, Agency.short_name, Agency.name)
        .where(*_without_focal_point())
        .order_by(Agency.short_name, Agency.id)
        .limit(SHOWN)
    )
    return [Unanswered(*row) for row in found]


def _without_mail() -> tuple[ColumnElement[bool], ...]:
    return User.deactivated_at.is_(None), User.email.is_(None)


def _without_focal_point() -> tuple[ColumnElement[bool], ...]:
    team = (
        select(Membership.id)
        .join(Membership.user)
        .where(Membership.agency_id == Agency.id, is_team())
    )
    return Agency.deactivated_at.is_(None), ~exists(team)


def _is_failed() -> ColumnElement[bool]:
    """Return the condition that a mail failed and was not sent again since."""
    again = aliased(OutgoingMail)
    repeated = exists(select(again.id).where(again.resent_from_id == OutgoingMail.id))
    return (OutgoingMail.fate == Fate.FAILED) & ~repeated


def _count(column: Any, *conditions: ColumnElement[bool]) -> Any:
    return _scalar(select(func.count(column)), *conditions)


def _scalar(statement: Select[*tuple[Any, ...]], *conditions: ColumnElement[bool]) -> Any:
    return statement.where(*conditions).scalar_subquery()
