"""Read agencies, the spellings they go by, and memberships."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.accounts.permissions import Role
from app.agencies.labels import DUTY_LABELS
from app.agencies.models import (
    Agency,
    AgencyGroup,
    Category,
    Duty,
    Membership,
    spelling_key,
)
from app.core.db import db
from app.core.errors import NotVisible
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.core.search import matches
from app.core.stale import fingerprint
from app.history.models import Event
from app.notifications.registry import Recipient

TEAM = (Duty.FOCAL_POINT, Duty.DEPUTY)
"""Who submits for an agency and is told of what happens; heads are not."""

SORTS = ("short_name", "code", "kind", "focal_points")
HISTORY_LENGTH = 50


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """What a list of agencies is narrowed to, and its order. `sort` may begin with a minus."""

    words: str = ""
    kind: str = ""
    category: Category | None = None
    without_focal_point: bool = False
    without_mail: bool = False
    with_inactive: bool = False
    sort: str = "short_name"


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency in a list. `reachable` counts the focal points and deputies that have mail."""

    code: str
    name: str
    short_name: str
    category: Category
    kind: str
    is_active: bool
    focal_points: int
    reachable: int


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


def past_members_of(agency_id: int) -> Sequence[Membership]:
    """Return who answered for an agency before, the latest to leave first."""
    return db.session.scalars(
        select(Membership)
        .where(Membership.agency_id == agency_id, Membership.ended_at.is_not(None))
        .options(joinedload(Membership.user))
        .order_by(Membership.ended_at.desc(), Membership.id.desc())
        .limit(HISTORY_LENGTH)
    ).all()


def agency_team(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return the focal points and deputies of `agency_id` today: whom mails to an agency reach."""
    people = db.session.execute(
        select(User.id, User.name, User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.agency_id == ids["agency_id"], is_team())
        .order_by(User.id)
    )
    return [Recipient(user_id, name, email) for user_id, name, email in people]


def is_team() -> ColumnElement[bool]:
    """Return the condition that a membership joined with its user is of the team today."""
    return and_(
        Membership.ended_at.is_(None),
        Membership.duty.in_(TEAM),
        User.deactivated_at.is_(None),
    )


def get_by_code(code: str) -> Agency:
    """Return an agency with aliases and parent. Raises NotVisible where there is none."""
    return _found(
        db.session.scalar(
            select(Agency)
            .where(Agency.code == code)
            .options(selectinload(Agency.aliases), joinedload(Agency.parent))
        )
    )


def get_locked(code: str) -> Agency:
    """Return an agency with its aliases, locked until the end of the write. Raises NotVisible."""
    return _found(
        db.session.scalar(
            select(Agency)
            .where(Agency.code == code)
            .options(selectinload(Agency.aliases))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def fingerprint_of(agency: Agency) -> str:
    """Return what the form of an agency, loaded with its aliases, shows, as one digest."""
    return fingerprint(
        agency.name,
        agency.short_name,
        agency.category.value,
        agency.kind,
        agency.parent_id,
        sorted(alias.alias for alias in agency.aliases),
    )


def get_membership_locked(agency: Agency, membership_id: int) -> Membership:
    """Return a membership of an agency that has not ended, locked. Raises NotVisible."""
    found = db.session.scalar(
        select(Membership)
        .where(
            Membership.id == membership_id,
            Membership.agency_id == agency.id,
            Membership.ended_at.is_(None),
        )
        .options(joinedload(Membership.user, innerjoin=True))
        .with_for_update(of=Membership)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible
    return found


def all_with_spellings(*, lock: bool = False) -> Sequence[Agency]:
    """Return every agency with its aliases, in a stable order."""
    rows = select(Agency).options(selectinload(Agency.aliases)).order_by(Agency.id)
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(rows).all()


def spellings_of(agencies: Sequence[Agency]) -> dict[str, set[int]]:
    """Return the ids of the agencies that go by each spelling, in its matching form."""
    found: dict[str, set[int]] = defaultdict(set)
    for agency in agencies:
        names = [agency.code, agency.name, agency.short_name]
        for text in [*names, *(alias.alias for alias in agency.aliases)]:
            found[spelling_key(text)].add(agency.id)
    return dict(found)


def active_agencies() -> Sequence[Agency]:
    """Return every active agency by short name: what a form lets choose from."""
    return db.session.scalars(
        select(Agency).where(Agency.deactivated_at.is_(None)).order_by(Agency.short_name, Agency.id)
    ).all()


def possible_parents(agency: Agency | None = None) -> Sequence[Agency]:
    """Return what an agency may belong to: active agencies that belong to nothing themselves."""
    rows = select(Agency).where(
        Agency.parent_id.is_(None), Agency.deactivated_at.is_(None), Agency.kind != "desa"
    )
    if agency is not None:
        rows = rows.where(Agency.id != agency.id)
    return db.session.scalars(rows.order_by(Agency.short_name, Agency.id)).all()


def groups() -> Sequence[AgencyGroup]:
    """Return the groups of agencies by code."""
    return db.session.scalars(select(AgencyGroup).order_by(AgencyGroup.code)).all()


def children_of(agency_id: int) -> Sequence[Agency]:
    """Return the agencies that belong to one, as the desa of a kecamatan do."""
    return db.session.scalars(
        select(Agency).where(Agency.parent_id == agency_id).order_by(Agency.short_name, Agency.id)
    ).all()


def kinds() -> Sequence[str]:
    """Return the kinds that agencies have, in order."""
    return db.session.scalars(select(Agency.kind).distinct().order_by(Agency.kind)).all()


def possible_members(agency_id: int) -> Sequence[User]:
    """Return who may be given a duty for an agency: active people who have none there."""
    there = select(Membership.user_id).where(
        Membership.agency_id == agency_id, Membership.ended_at.is_(None)
    )
    return db.session.scalars(
        select(User)
        .where(
            User.role.in_([Role.AGENCY, Role.OFFICER]),
            User.deactivated_at.is_(None),
            User.id.not_in(there),
        )
        .order_by(User.name, User.id)
    ).all()


def history_of(agency_id: int) -> Sequence[Event]:
    """Return what happened to an agency itself, newest first."""
    return db.session.scalars(
        select(Event)
        .where(Event.agency_id == agency_id, Event.follow_up_id.is_(None))
        .order_by(Event.id.desc())
        .limit(HISTORY_LENGTH)
    ).all()


def list_agencies(wanted: AgencyFilter, number: int, size: int = PAGE_SIZE) -> Page[AgencyRow]:
    """Return one page of agencies with who can be reached for each: two queries."""
    conditions = _conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(Agency).where(*conditions)) or 0
    number = clamp(number, total, size)
    rows = (
        select(
            Agency.code,
            Agency.name,
            Agency.short_name,
            Agency.category,
            Agency.kind,
            Agency.deactivated_at.is_(None).label("is_active"),
            _team_size().label("focal_points"),
            _team_size(User.email.is_not(None)).label("reachable"),
        )
        .where(*conditions)
        .order_by(*_order(wanted.sort))
        .offset((number - 1) * size)
        .limit(size)
    )
    found = [AgencyRow(**row._asdict()) for row in db.session.execute(rows)]
    return Page(found, number, total, size)


def counts() -> tuple[int, int, int]:
    """Return how many active agencies there are, without focal point, and without any mail."""
    active = Agency.deactivated_at.is_(None)
    nobody, silent = _team_size() == 0, _team_size(User.email.is_not(None)) == 0
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(nobody),
            func.count().filter(silent & ~nobody),
        )
        .select_from(Agency)
        .where(active)
    ).one()
    return row[0], row[1], row[2]


def _team_size(*further: ColumnElement[bool]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.agency_id == Agency.id, is_team(), *further)
        .correlate(Agency)
        .scalar_subquery()
    )


def _conditions(wanted: AgencyFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words.strip():
        found = [matches(Agency.search_text, wanted.words)]
        if key := spelling_key(wanted.words):
            found.append(Agency.search_text.contains(key, autoescape=True))
        conditions.append(or_(*found))
    if wanted.kind:
        conditions.append(Agency.kind == wanted.kind)
    if wanted.category is not None:
        conditions.append(Agency.category == wanted.category)
    if wanted.without_focal_point:
        conditions.append(_team_size() == 0)
    if wanted.without_mail:
        conditions.append(_team_size(User.email.is_not(None)) == 0)
        conditions.append(_team_size() > 0)
    if not wanted.with_inactive:
        conditions.append(Agency.deactivated_at.is_(None))
    return conditions


def _order(sort: str) -> list[ColumnElement[Any]]:
    columns: dict[str, ColumnElement[Any]] = {
        "short_name": func.lower(Agency.short_name),
        "code": Agency.code.expression,
        "kind": Agency.kind.expression,
        "focal_points": _team_size(),
    }
    column = columns.get(sort.removeprefix("-"), columns["short_name"])
    first = column.desc() if sort.startswith("-") else column.asc()
    return [first, Agency.short_name.asc(), Agency.id.asc()]


def _found(agency: Agency | None) -> Agency:
    if agency is None:
        raise NotVisible
    return agency
