"""Traces of reading: the only writes that a GET may cause, each in its own short transaction.

No rule reads them. A trace that cannot be written is logged and forgotten: it never stops a page.
"""

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from app.core.write import write

log = logging.getLogger(__name__)


def leave_trace(record: Callable[[], None]) -> None:
    """Run `record` in a write transaction of its own."""
    try:
        with write():
            record()
    except SQLAlchemyError:
        log.exception("a trace could not be written")
