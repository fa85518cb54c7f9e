"""Give follow-ups their numbers, in the transaction that uses them."""

from app.core import clock
from app.core.db import db, insert_unless_there
from app.followups.models import NumberCounter


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
