"""Passwords: how they are kept, and which are good enough."""

import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import InvalidInput

SHORTEST = 10
LONGEST = 200
COMMON = Path(__file__).parent / "data" / "common-passwords.txt"

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each hash takes 19 MiB and a core: a crowd at the door waits here rather than ending the process.
_at_once = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """Return what is stored of a password (argon2id)."""
    with _at_once:
        return _hasher.hash(_normal(password))


def verify(password: str, stored: str | None) -> bool:
    """Tell whether a password is the stored one; without one, take as long to say no."""
    try:
        with _at_once:
            _hasher.verify(stored or _nobodys_hash(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Tell whether a stored hash was made by other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def check_new(password: str, names: tuple[str | None, ...], field: str = "password") -> None:
    """Refuse a new password that others would guess. `names` are the account's own words.

    Raises InvalidInput on `field`.
    """
    if len(password) < SHORTEST:
        raise InvalidInput(f"Sandi paling sedikit {SHORTEST} karakter.", field)
    if len(password) > LONGEST:
        raise InvalidInput(f"Sandi paling banyak {LONGEST} karakter.", field)
    plain = _normal(password).casefold().strip()
    own = {part for name in names if name for part in (name, name.partition("@")[0])}
    if plain in {word.casefold() for word in own} or len(set(plain)) < 4:
        raise InvalidInput("Sandi terlalu mudah ditebak. Rangkai beberapa kata lain.", field)
    if plain in _common():
        raise InvalidInput("Sandi ini sering dipakai orang. Rangkai beberapa kata lain.", field)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("tidak seorang pun")


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())
