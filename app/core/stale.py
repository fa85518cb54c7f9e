"""Notice that a form is older than what it is about, where a thing has no version of its own."""

import hashlib

from app.core.errors import StaleVersion


def fingerprint(*parts: object) -> str:
    """Return a short digest of what a form shows; the form sends it back."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def refuse_stale(seen: str, now: str) -> None:
    """Raise StaleVersion where what a form showed has changed since."""
    if seen != now:
        raise StaleVersion("Isian ini sudah diubah orang lain sejak halaman ini dibuka.")
