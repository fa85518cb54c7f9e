"""Numbers of follow-ups: "TL-2026-0123", given in the transaction that uses them."""

import re

from app.core import clock
from app.core.db import db, insert_unless_there
from app.followups.models import NumberCounter

NUMBER = re.compile(r"TL-(\d{4})-(\d{4,7})", re.IGNORECASE)


def next_numbers(count: int) -> tuple[int, range]:
    """Give `count` numbers of this year (in the regency's zone) in one block: year, sequence."""
    year = clock.today().year
    last: int = db.session.execute(
        insert_unless_there(NumberCounter)
        .values(year=year, last=count)
        .on_conflict_do_update(
            index_elements=[NumberCounter.year], set_={"last": NumberCounter.last + count}
        )
        .returning(NumberCounter.last)
    ).scalar_one()
    return year, range(last - count + 1, last + 1)


def written(year: int, seq: int) -> str:
    """Write a number as people say it."""
    return f"TL-{year}-{seq:04d}"


def parse(number: str) -> tuple[int, int] | None:
    """Read a number into year and sequence; None where it is none."""
    match = NUMBER.fullmatch(number.strip())
    return (int(match[1]), int(match[2])) if match else None
