"""Secrets that let a person choose a password: links in mails, codes that are read out."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts.models import User
from app.core import clock, settings

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1 and I, which sound or look alike."""
CODE_LENGTH = 8
CODE_LIFETIME = timedelta(hours=24)


class Purpose(StrEnum):
    """What a link was sent for: also the kind of its mail."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a purpose


LIFETIMES = {Purpose.INVITATION: timedelta(days=14), Purpose.PASSWORD_RESET: timedelta(hours=2)}


def new_link_token(user: User, purpose: Purpose) -> str:
    """Return a token for a link. It ends with its time, or with the user's session epoch."""
    expires = clock.now() + LIFETIMES[purpose]
    return _serializer().dumps([user.id, user.session_epoch, int(expires.timestamp())])


def read_link_token(token: str) -> tuple[int, int] | None:
    """Return `(user id, session epoch)` of a token; None where it is forged or has ended."""
    try:
        user_id, epoch, expires = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (user_id, epoch) if clock.now().timestamp() < expires else None


def new_code() -> str:
    """Return a code to read out: "K7MQ-2XHT"."""
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return f"{code[:4]}-{code[4:]}"


def code_digest(code: str) -> str:
    """Return what is stored of a code, however it was typed. Worthless without the secret key."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.new(settings.secret_key().encode(), typed.encode(), hashlib.sha256).hexdigest()


def is_code_of(code: str, user: User) -> bool:
    """Tell whether a code is the one that the user was given, and is still good."""
    if user.code_hash is None or user.code_expires_at is None:
        return False
    if clock.now() >= user.code_expires_at:
        return False
    return hmac.compare_digest(code_digest(code), user.code_hash)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret_key(), salt="accounts.choose-password")
