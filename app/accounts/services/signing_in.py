"""Note that a person signed in."""

from collections.abc import Sequence

from app.accounts import queries
from app.accounts.models import User
from app.accounts.services.throttle import Attempt, give_back
from app.core import clock


def note_sign_in(
    user_id: int,
    session_epoch: int,
    *,
    attempts: Sequence[Attempt] = (),
    new_hash: str | None = None,
) -> User | None:
    """Return the account that now is signed in, or None where it ended while its hash was made.

    `new_hash` replaces a hash made by older parameters. Successful attempts are given back.
    """
    user = queries.get_locked_by_id(user_id)
    if not user.is_active or user.session_epoch != session_epoch:
        return None
    user.last_signed_in_at = clock.now()
    if new_hash is not None:
        user.password_hash = new_hash
    give_back(attempts)
    return user
