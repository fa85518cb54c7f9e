"""One-time form tokens: a form sent twice acts once, and the repeat gets the first answer."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.actor import Actor
from app.core.base import Base
from app.core.db import db

KEPT_FOR = timedelta(days=7)


class FormToken(Base):
    """A form that was sent, by whom, and where its answer led."""

    __tablename__ = "form_tokens"

    token: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(index=True)
    location: Mapped[str]
    used_at: Mapped[datetime] = mapped_column(index=True)


def new_token() -> str:
    """Return a token for a form about to be shown."""
    return secrets.token_urlsafe(16)


def answered_before(token: str, actor: Actor) -> str | None:
    """Return where the first answer to this form led; None where it was not sent yet.

    Called inside `write()`: the lock makes two simultaneous repeats wait for each other.
    """
    token = _kept(token, actor)
    sent = db.session.get(FormToken, token) if token else None
    return sent.location if sent is not None else None


def remember(token: str, actor: Actor, location: str) -> None:
    """Note, in the same transaction as the act, where the answer to this form leads."""
    token = _kept(token, actor)
    if token and actor.user_id is not None:
        db.session.add(
            FormToken(token=token, user_id=actor.user_id, location=location, used_at=clock.now())
        )


def _kept(token: str, actor: Actor) -> str:
    """Return a token as it is kept: a form that another person sends on is another form."""
    return f"{actor.user_id}.{token[:64]}" if token else ""


def sweep() -> int:
    """Drop tokens that no browser will send again; return how many."""
    old = delete(FormToken).where(FormToken.used_at < clock.now() - KEPT_FOR)
    return len(db.session.scalars(old.returning(FormToken.token)).all())
