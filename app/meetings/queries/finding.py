"""One meeting by the number in its address, and its row locked for a change."""

import re

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotVisible
from app.meetings.models import Meeting
from app.meetings.queries.visibility import visible_to

CODE = re.compile(r"RK-(\d{4})-(\d{2,4})", re.IGNORECASE)


def _by_code(code: str, actor: Actor) -> Select[Meeting]:
    found = CODE.fullmatch(code)
    if found is None:
        raise NotVisible
    year, seq = (int(part) for part in found.groups())
    return select(Meeting).where(Meeting.year == year, Meeting.seq == seq, visible_to(actor))


def get(code: str, actor: Actor) -> Meeting:
    """Return a meeting that the person sees, with its cycle. Raises `NotVisible`."""
    meeting = db.session.scalar(_by_code(code, actor).options(joinedload(Meeting.cycle)))
    if meeting is None:
        raise NotVisible
    return meeting


def get_locked(code: str, actor: Actor) -> Meeting:
    """Return a meeting, with its cycle, locked until the transaction ends. Raises `NotVisible`.

    Every write under a meeting locks it first: numbering and state stay true.
    """
    meeting = db.session.scalar(
        _by_code(code, actor)
        .options(joinedload(Meeting.cycle))
        .with_for_update(of=Meeting)
        .execution_options(populate_existing=True)
    )
    if meeting is None:
        raise NotVisible
    return meeting
