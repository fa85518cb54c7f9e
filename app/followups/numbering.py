"""The numbers of follow-ups as people say them: "TL-2026-0123"."""

import re

NUMBER = re.compile(r"TL-([0-9]{4})-([0-9]{4,7})", re.IGNORECASE)


def written(year: int, seq: int) -> str:
    """Write a number as people say it."""
    return f"TL-{year}-{seq:04d}"


def parse(number: str) -> tuple[int, int] | None:
    """Read a number into year and sequence; None where it is none."""
    match = NUMBER.fullmatch(number.strip())
    return (int(match[1]), int(match[2])) if match else None
