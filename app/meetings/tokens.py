"""Links that need no account: each is signed, and good for one invitation or one meeting alone."""

import hashlib
import hmac

from itsdangerous import BadSignature, Signer, URLSafeSerializer

from app.accounts.tokens import CODE_ALPHABET
from app.core import settings

ANSWER_SALT = "meetings.answer-invitation"
CHECK_IN_SALT = "meetings.check-in"
CODE_LENGTH = 10
"""Letters of a check-in code: 50 bits, which nobody guesses and a hand can still type."""


def answer_token(meeting_id: int, invitation_id: int) -> str:
    """Return the token of the link by which an invitation is answered."""
    return URLSafeSerializer(settings.secret_key(), salt=ANSWER_SALT).dumps(
        [meeting_id, invitation_id]
    )


def read_answer_token(token: str) -> tuple[int, int] | None:
    """Return `(meeting id, invitation id)` of a token; None where it is forged."""
    try:
        meeting_id, invitation_id = URLSafeSerializer(
            settings.secret_key(), salt=ANSWER_SALT
        ).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return meeting_id, invitation_id


def answer_url(meeting_id: int, invitation_id: int) -> str:
    """Return the address where an invitation is answered, as people outside reach it."""
    return settings.public_url(f"/undangan/{answer_token(meeting_id, invitation_id)}")


def check_in_token(meeting_id: int) -> str:
    """Return what stands in the address of the code on the wall: "12-K7MQ2-XHT9B".

    Short enough to be typed by those whose camera reads no code.
    """
    code = _code_of(meeting_id)
    return f"{meeting_id}-{code[:5]}-{code[5:]}"


def read_check_in_token(token: str) -> int | None:
    """Return the meeting that a check-in address is for, however its letters were typed."""
    number, _, typed = token.partition("-")
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        return None
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    if not hmac.compare_digest(code.encode("utf-8", "replace"), _code_of(int(number)).encode()):
        return None
    return int(number)


def check_in_url(meeting_id: int) -> str:
    """Return the address on the wall, as people outside reach it."""
    return settings.public_url(f"/hadir/{check_in_token(meeting_id)}")


def _code_of(meeting_id: int) -> str:
    key = Signer(settings.secret_key(), salt=CHECK_IN_SALT).derive_key()
    digest = hmac.new(key, str(meeting_id).encode(), hashlib.sha256).digest()
    return "".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in digest[:CODE_LENGTH])
