"""Count what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


@contextmanager
def query_budget(most: int) -> Iterator[list[str]]:
    """Fail where the block sends more than `most` statements; yields what was sent.

    Statements of transactions are not counted: tests run in savepoints that pages do not have.
    """
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        if not statement.lstrip().upper().startswith(TRANSACTION):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(sent) <= most, f"{len(sent)} statements, allowed {most}:\n" + "\n".join(
        f"{at}. {' '.join(statement.split())[:200]}" for at, statement in enumerate(sent, 1)
    )
