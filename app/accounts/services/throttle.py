"""Throttling: how often something may be tried, counted exactly whatever the number of processes.

A count commits in a `write()` block of its own, before what it guards is tried: it must survive
the refusal that follows.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, update

from app.accounts.models import Throttle
from app.core import clock
from app.core.db import db, insert_unless_there


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` within each window of `seconds`, for each subject under a name."""

    name: str
    tries: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One subject under a limit: an address, or an account at an address."""

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        """Return the stored key: a digest, for whom it concerns is nobody's business."""
        digest = hashlib.sha256(self.subject.encode("utf-8", "replace")).hexdigest()
        return f"{self.limit.name}:{digest[:32]}"

    def window(self, moment: datetime) -> int:
        """Return the number of the window that an instant lies in."""
        return int(moment.timestamp()) // self.limit.seconds


SIGN_IN = Limit("sign_in", tries=10, seconds=15 * 60)
SIGN_IN_ADDRESS = Limit("sign_in_address", tries=100, seconds=15 * 60)
SIGN_IN_ACCOUNT = Limit("sign_in_account", tries=50, seconds=60 * 60)
"""From wherever: more than one address alone can use up, which so locks nobody out elsewhere."""
RESET = Limit("reset", tries=5, seconds=60 * 60)
RESET_ADDRESS = Limit("reset_address", tries=30, seconds=60 * 60)
CODE = Limit("code", tries=10, seconds=60 * 60)
CODE_ADDRESS = Limit("code_address", tries=50, seconds=60 * 60)
OWN_PASSWORD = Limit("own_password", tries=10, seconds=15 * 60)


def sign_in_attempts(login: str, address: str, user_id: int | None) -> list[Attempt]:
    """Return what one attempt to sign in counts against: the account from wherever, too.

    An account has two names, which share that count; a name that is none has its own.
    """
    name = login.strip().lower()[:200]
    return [
        Attempt(SIGN_IN_ADDRESS, address),
        Attempt(SIGN_IN, f"{name} {address}"),
        Attempt(SIGN_IN_ACCOUNT, f"name {name}" if user_id is None else f"user {user_id}"),
    ]


def reset_attempts(login: str, address: str) -> list[Attempt]:
    """Return what one request for a reset counts against: the account from wherever, too."""
    return [Attempt(RESET_ADDRESS, address), Attempt(RESET, login.strip().lower()[:200])]


def code_attempts(username: str, address: str) -> list[Attempt]:
    """Return what one try of a code counts against: a code is short, so from wherever."""
    return [Attempt(CODE_ADDRESS, address), Attempt(CODE, username.strip().lower()[:200])]


def own_password_attempts(user_id: int) -> list[Attempt]:
    """Return what one try of the current password counts against, of who is signed in."""
    return [Attempt(OWN_PASSWORD, str(user_id))]


def count_try(attempts: Sequence[Attempt]) -> datetime | None:
    """Count one try under each limit; return when to come back where one is used up, else None.

    Limits after the one that is used up do not count it: what is not tried cannot fail.
    """
    moment = clock.now()
    for attempt in attempts:
        window = attempt.window(moment)
        if _count(attempt, window) > attempt.limit.tries:
            return datetime.fromtimestamp((window + 1) * attempt.limit.seconds, UTC)
    return None


def give_back(attempts: Sequence[Attempt]) -> None:
    """Uncount a try that succeeded: only failures use a limit up."""
    moment = clock.now()
    for attempt in attempts:
        db.session.execute(
            update(Throttle)
            .where(
                Throttle.key == attempt.key,
                Throttle.window == attempt.window(moment),
                Throttle.tries > 0,
            )
            .values(tries=Throttle.tries - 1)
            .execution_options(synchronize_session=False)
        )


def _count(attempt: Attempt, window: int) -> int:
    counted = (
        insert_unless_there(Throttle)
        .values(key=attempt.key, window=window, tries=1)
        .on_conflict_do_update(
            index_elements=[Throttle.key, Throttle.window], set_={"tries": Throttle.tries + 1}
        )
        .returning(Throttle.tries)
    )
    tries: int = db.session.execute(counted).scalar_one()
    if tries == 1:
        _forget_windows_before(attempt.limit, window)
    return tries


def _forget_windows_before(limit: Limit, window: int) -> None:
    prefix = f"{limit.name}:"
    db.session.execute(
        delete(Throttle)
        .where(Throttle.key.startswith(prefix, autoescape=True), Throttle.window < window)
        .execution_options(synchronize_session=False)
    )
