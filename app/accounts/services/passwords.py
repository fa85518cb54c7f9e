"""Choose a password: by the current one, by a link in a mail, by a code that was read out.

Hashing takes long and happens before the write: these services are given the hash.
"""

from datetime import timedelta

from app.accounts import queries
from app.accounts.actors import actor_of
from app.accounts.messages import AUDIENCE
from app.accounts.models import User
from app.accounts.tokens import Purpose, is_code_of, read_link_token
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotVisible
from app.history.services import record
from app.notifications.services import News, notify

AT_ONCE = timedelta(0)
LINK_ENDED = "Tautan ini sudah tidak berlaku. Minta tautan baru."
CODE_WRONG = "Nama pengguna atau kode tidak cocok, atau kode sudah tidak berlaku."


def request_password_reset(login: str) -> None:
    """Owe a person the mail with a link, if the account exists and has an address."""
    user = queries.find_by_login(login)
    if user is None or not user.is_active or user.email is None:
        return
    # Who asked is not known: anybody can type a name. The event says what was owed, to whom.
    event_id = record(actor_of(user), "password_reset_requested", user_id=user.id)
    notify(
        News(
            event_id=event_id,
            kind=Purpose.PASSWORD_RESET,
            audience=AUDIENCE,
            audience_ids={"user_id": user.id},
        ),
        hold=AT_ONCE,
    )


def change_password(actor: Actor, session_epoch: int, password_hash: str) -> User:
    """Give who is signed in a new password; every session but the renewed one ends.

    `session_epoch` is the one that the current password was checked in. Raises InvalidInput where
    the password was changed elsewhere meanwhile.
    """
    user = _own(actor)
    if user.session_epoch != session_epoch:
        raise InvalidInput("Akun ini baru saja berubah di tempat lain. Coba lagi.")
    return _choose(user, password_hash, means="account")


def choose_password_by_link(token: str, password_hash: str) -> User:
    """Set the password that the owner of a link chose; the link ends with it.

    Raises InvalidInput where the link has ended.
    """
    read = read_link_token(token)
    if read is None:
        raise InvalidInput(LINK_ENDED)
    user_id, epoch = read
    user = queries.get_locked_by_id(user_id)
    if not user.is_active or user.session_epoch != epoch:
        raise InvalidInput(LINK_ENDED)
    return _choose(user, password_hash, means="link")


def choose_password_by_code(username: str, code: str, password_hash: str) -> User:
    """Set the password of a person who was read a code out; the code ends with it.

    Raises InvalidInput on `code`, the same for an unknown person as for a wrong code.
    """
    try:
        user = queries.get_locked(username.strip().lower())
    except NotVisible:
        raise InvalidInput(CODE_WRONG, "code") from None
    if not user.is_active or not is_code_of(code, user):
        raise InvalidInput(CODE_WRONG, "code")
    return _choose(user, password_hash, means="code")


def _choose(user: User, password_hash: str, *, means: str) -> User:
    user.password_hash = password_hash
    user.code_hash = None
    user.code_expires_at = None
    user.session_epoch += 1
    record(actor_of(user), "password_changed", user_id=user.id, means=means)
    return user


def _own(actor: Actor) -> User:
    if actor.user_id is None:
        raise NotVisible
    return queries.get_locked_by_id(actor.user_id)
