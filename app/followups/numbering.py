"""Numbers of follow-ups: "TL-2026-0123", given in the transaction that uses them."""

import re

from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.followups.models import NumberCounter

NUMBER = re.compile(r"TL-(\d{4})-(\d{4,7})", re.IGNORECASE)


def next_numbers(count: int) -> tuple[int, range]:
    """Give `count` numbers of this year (in the regency's zone) in one block: year, sequence."""
    year = clock.today().year
    counter = db.session.scalar(
        select(NumberCounter).where(NumberCounter.year == year).with_for_update()
    )
    if counter is None:
        counter = NumberCounter(year=year, last=0)
        db.session.add(counter)
    first = counter.last + 1
    counter.last += count
    db.session.flush()
    return year, range(first, first + count)


def written(year: int, seq: int) -> str:
    """Write a number as people say it."""
    return f"TL-{year}-{seq:04d}"


def parse(number: str) -> tuple[int, int] | None:
    """Read a number into year and sequence; None where it is none."""
    match = NUMBER.fullmatch(number.strip())
    return (int(match[1]), int(match[2])) if match else None
