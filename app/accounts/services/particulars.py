"""The particulars of an account: how they are written, that they are unique, what changed."""

import re
import unicodedata
from dataclasses import dataclass

from app.accounts import queries
from app.accounts.labels import EMAIL_TAKEN, USERNAME_TAKEN
from app.accounts.models import User
from app.core.db import db
from app.core.errors import InvalidInput

USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,38})[a-z0-9]")
RESERVED = frozenset({"baru"})
EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+"
)
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an account says of a person, cleaned."""

    name: str
    position: str | None
    email: str | None
    phone: str | None


def clean(*, name: str, position: str | None, email: str | None, phone: str | None) -> Particulars:
    """Return particulars as they are stored. Raises InvalidInput on the field to blame."""
    written = Particulars(
        name=_line(name) or "",
        position=_line(position),
        email=(_line(email) or "").lower() or None,
        phone=_line(phone),
    )
    if not written.name:
        raise InvalidInput("Isi nama lengkap.", "name")
    for field, value in (("name", written.name), ("position", written.position)):
        if value and len(value) > LONGEST:
            raise InvalidInput(f"Paling banyak {LONGEST} karakter.", field)
    if written.email and (len(written.email) > 254 or not EMAIL.fullmatch(written.email)):
        raise InvalidInput(
            "Alamat surel tidak lengkap, misalnya nama@kutaitimurkab.go.id.", "email"
        )
    if written.phone and not PHONE.fullmatch(written.phone):
        raise InvalidInput("Nomor telepon berisi angka, misalnya 0812 3456 7890.", "phone")
    return written


def clean_username(username: str) -> str:
    """Return a username as it is stored. Raises InvalidInput."""
    written = username.strip().lower()
    if not USERNAME.fullmatch(written) or written in RESERVED:
        raise InvalidInput(
            "Nama pengguna 3 sampai 40 huruf kecil, angka, titik, atau tanda hubung.", "username"
        )
    return written


def refuse_taken(*, username: str | None, email: str | None, but_user_id: int | None) -> None:
    """Raise InvalidInput where another account has the username or the address."""
    if username is not None and queries.is_taken("username", username):
        raise InvalidInput(USERNAME_TAKEN, "username")
    if email is not None and queries.is_taken("email", email, but_user_id=but_user_id):
        raise InvalidInput(EMAIL_TAKEN, "email")


def write_down(user: User, written: Particulars) -> dict[str, str]:
    """Put particulars on an account; return what was there before, of what changed."""
    changed = {
        field: getattr(user, field) or ""
        for field in ("name", "position", "email", "phone")
        if getattr(user, field) != getattr(written, field)
    }
    for field in changed:
        setattr(user, field, getattr(written, field))
    if "email" in changed:
        # A link that was sent to the old address ends.
        user.session_epoch += 1
    db.session.flush()
    return changed


def _line(text: str | None) -> str | None:
    """Return text on one line without control characters; None where nothing is left."""
    if text is None:
        return None
    shown = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text)
    return " ".join(unicodedata.normalize("NFC", shown).split()) or None
