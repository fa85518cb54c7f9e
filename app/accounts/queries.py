"""Read accounts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.accounts.labels import EVENT_TITLES, Status
from app.accounts.models import User
from app.accounts.permissions import Role
from app.core.db import db
from app.core.errors import NotVisible
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.core.search import MAX_WORDS, searchable
from app.history.models import Event

SORTS = ("name", "username", "role", "last_signed_in_at")
HISTORY_LENGTH = 100


@dataclass(frozen=True, slots=True)
class UserFilter:
    """What a list of users is narrowed to, and its order. `sort` may begin with a minus."""

    words: str = ""
    role: Role | None = None
    status: Status | None = None
    sort: str = "name"


def find_by_login(login: str) -> User | None:
    """Return the account that a username or an e-mail address names, active or not."""
    login = login.strip().lower()
    if not login:
        return None
    column = User.email if "@" in login else User.username
    return db.session.scalar(select(User).where(column == login))


def get_by_username(username: str) -> User:
    """Return an account. Raises NotVisible where there is none."""
    return _found(db.session.scalar(select(User).where(User.username == username)))


def get_by_id(user_id: int) -> User | None:
    """Return an account, or None."""
    return db.session.get(User, user_id)


def get_locked(username: str) -> User:
    """Return an account, locked until the end of the write. Raises NotVisible."""
    return _found(db.session.scalar(_locked(select(User).where(User.username == username))))


def get_locked_by_id(user_id: int) -> User:
    """Return an account, locked until the end of the write. Raises NotVisible."""
    return _found(db.session.scalar(_locked(select(User).where(User.id == user_id))))


def get_locked_with_admins(username: str) -> tuple[User, int]:
    """Return an account and how many administrators besides it may sign in, all locked.

    Locked in one order, so that administrators who end each other wait and one of them remains.
    Raises NotVisible.
    """
    is_admin = and_(User.role == Role.ADMIN, active())
    locked = db.session.scalars(
        _locked(select(User).where(or_(User.username == username, is_admin)).order_by(User.id))
    ).all()
    user = _found(next((user for user in locked if user.username == username), None))
    return user, sum(other is not user for other in locked)


def active() -> ColumnElement[bool]:
    """Return the condition that a person may sign in."""
    return User.deactivated_at.is_(None)


def is_taken(column: str, value: str, *, but_user_id: int | None = None) -> bool:
    """Tell whether another account has this `username` or `email`."""
    taken = select(User.id).where(getattr(User, column) == value)
    if but_user_id is not None:
        taken = taken.where(User.id != but_user_id)
    return db.session.scalar(taken) is not None


def list_users(wanted: UserFilter, number: int, size: int = PAGE_SIZE) -> Page[User]:
    """Return one page of the accounts that a filter leaves."""
    conditions = _conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(User).where(*conditions)) or 0
    number = clamp(number, total, size)
    rows = db.session.scalars(
        _ordered(select(User).where(*conditions), wanted.sort)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(rows=rows, number=number, total=total, size=size)


def count_by_status() -> dict[Status, int]:
    """Count the accounts of each status, for the tiles above the list."""
    row = db.session.execute(
        select(*(func.count().filter(_has_status(status)) for status in Status)).select_from(User)
    ).one()
    return dict(zip(Status, row, strict=True))


def history_of(user_id: int) -> Sequence[Event]:
    """Return what happened to an account, newest first."""
    return db.session.scalars(
        select(Event)
        .where(Event.user_id == user_id, Event.verb.in_(EVENT_TITLES))
        .order_by(Event.id.desc())
        .limit(HISTORY_LENGTH)
    ).all()


def _locked(accounts: Select[User]) -> Select[User]:
    """Lock accounts, but not against the events that name them."""
    return accounts.with_for_update(key_share=True).execution_options(populate_existing=True)


def _found(user: User | None) -> User:
    if user is None:
        raise NotVisible("Akun ini tidak ada.")
    return user


def _conditions(wanted: UserFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        or_(
            User.username.contains(word, autoescape=True),
            func.lower(User.name).contains(word, autoescape=True),
            func.lower(func.coalesce(User.position, "")).contains(word, autoescape=True),
            func.coalesce(User.email, "").contains(word, autoescape=True),
        )
        for word in searchable(wanted.words).split()[:MAX_WORDS]
    ]
    if wanted.role is not None:
        conditions.append(User.role == wanted.role)
    if wanted.status is not None:
        conditions.append(_has_status(wanted.status))
    return conditions


def _has_status(status: Status) -> ColumnElement[bool]:
    match status:
        case Status.ACTIVE:
            return active()
        case Status.NO_MAIL:
            return and_(active(), User.email.is_(None))
        case Status.NEVER_SIGNED_IN:
            return and_(active(), User.last_signed_in_at.is_(None))
        case Status.DEACTIVATED:
            return User.deactivated_at.is_not(None)


def _ordered(rows: Select[User], sort: str) -> Select[User]:
    name = sort.removeprefix("-")
    column = getattr(User, name if name in SORTS else "name")
    order = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()
    return rows.order_by(order, User.name, User.id)
