"""The office's letterhead."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import clock, settings
from app.core.db import db
from app.core.stale import fingerprint
from app.reports.models import Letterhead, Paper

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
