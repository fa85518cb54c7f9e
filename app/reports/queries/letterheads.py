"""The office's letterhead."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import clock, settings
from app.core.db import db
from app.core.stale import fingerprint
from app.history.models import Event
from app.reports.labels import EVENT_LABELS
from app.reports.models import Letterhead, Paper

HISTORY_LENGTH = 20
OFFICE = "Dinas Pemberdayaan Perempuan dan Perlindungan Anak"
FIELDS = (
    "government",
    "office",
    "address",
    "contact",
    "place",
    "signer_position",
    "signer_name",
    "signer_rank",
    "signer_number",
)


def letterhead() -> Letterhead:
    """Return the letterhead with its logo; one to begin with where none was saved yet."""
    return _saved(lock=False) or _first()


def letterhead_locked() -> Letterhead:
    """Return the letterhead with its row locked; one that is new where none was saved yet."""
    return _saved(lock=True) or _first()


def history_of_office() -> Sequence[Event]:
    """Return what was changed of letterhead and templates, newest first."""
    # About no thing in particular: found in the few events that name no follow-up.
    return db.session.scalars(
        select(Event)
        .where(Event.follow_up_id.is_(None), Event.verb.in_(sorted(EVENT_LABELS)))
        .order_by(Event.id.desc())
        .limit(HISTORY_LENGTH)
    ).all()


def fingerprint_of(kept: Letterhead) -> str:
    """Return what tells whether the letterhead was changed since a form was shown."""
    return fingerprint(*(getattr(kept, name) for name in FIELDS), kept.paper, kept.logo_id)


def _saved(*, lock: bool) -> Letterhead | None:
    statement = select(Letterhead).options(joinedload(Letterhead.logo))
    if lock:
        statement = statement.with_for_update(of=Letterhead)
    return db.session.scalar(statement)


def _first() -> Letterhead:
    return Letterhead(
        id=1,
        government=f"Pemerintah {settings.regency_name()}",
        office=OFFICE,
        **dict.fromkeys(FIELDS[2:], ""),
        paper=Paper.F4,
        changed_at=clock.now(),
    )
