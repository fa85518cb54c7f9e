"""Write transactions: the only way in which a request changes anything.

Flask-Login has queried before a view runs, so a read transaction is open; asking then for
BEGIN IMMEDIATE is silently ignored. `write()` ends that one first.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError

from app.core.actor import Actor
from app.core.conflicts import conflict_of
from app.core.db import WRITING, db
from app.core.identity import current_actor, forget_actor

P = ParamSpec("P")
R = TypeVar("R")

_OPEN = "gugus_write_open"


@contextmanager
def write() -> Iterator[Actor]:
    """Open one write transaction and yield the actor, loaded anew inside it.

    Commits at the end of the block; an exception rolls the block back and goes on. A unique
    constraint that stopped the block raises what its room says it means. Whoever was signed out
    meanwhile is a visitor here, who may nothing.
    """
    session = db.session()
    if session.info.get(_OPEN):
        raise RuntimeError("write() does not nest: a view opens one block around one service call")
    session.rollback()
    session.connection(execution_options={WRITING: True})
    session.info[_OPEN] = True
    forget_actor()
    try:
        yield current_actor()
        session.commit()
    except IntegrityError as refusal:
        session.rollback()
        if (meant := conflict_of(refusal)) is not None:
            raise meant from refusal
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_OPEN] = False


def is_writing() -> bool:
    """Tell whether a write block is open."""
    return bool(db.session().info.get(_OPEN))


def mutation(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that changes something. A contract test holds: POST views and only those."""
    view.is_mutation = True  # type: ignore[attr-defined]
    return view
