"""What the mails about an account say, and whom they go to."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.permissions import Role
from app.accounts.tokens import LIFETIMES, Purpose, new_link_token
from app.core import clock, settings
from app.core.db import db
from app.core.formatting import moment
from app.notifications.models import Notice
from app.notifications.registry import (
    MailKind,
    Recipient,
    register_audience,
    register_mail_kind,
)

AUDIENCE = "user"
OFFICERS = "officers"
LINK_PATH = "/sandi/{token}"


def register_messages(app: Flask) -> None:
    """Register the audiences `user` and `officers`, and the mails that carry a password link."""
    register_audience(app, AUDIENCE, the_user)
    register_audience(app, OFFICERS, the_officers)
    register_mail_kind(app, MailKind(Purpose.INVITATION, "Undangan", invitation, confidential=True))
    register_mail_kind(
        app, MailKind(Purpose.PASSWORD_RESET, "Sandi baru", password_reset, confidential=True)
    )


def the_user(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return the one person that an event is about, unless its account has ended."""
    user = db.session.get(User, ids["user_id"])
    if user is None or not user.is_active:
        return []
    return [Recipient(user_id=user.id, name=user.name, address=user.email)]


def the_officers(_ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return everybody who works for DP3A's secretariat today."""
    officers = db.session.scalars(
        select(User)
        .where(User.role == Role.OFFICER, User.deactivated_at.is_(None))
        .order_by(User.id)
    )
    return [Recipient(user_id=user.id, name=user.name, address=user.email) for user in officers]


def invitation(recipient: Recipient, _notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Invite a person to choose its first password; None where it has one by now."""
    user = db.session.get_one(User, recipient.user_id)
    if not user.is_active or user.password_hash is not None:
        return None
    return _link(user, Purpose.INVITATION)


def password_reset(recipient: Recipient, _notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Send a person the link to choose a new password."""
    user = db.session.get_one(User, recipient.user_id)
    return _link(user, Purpose.PASSWORD_RESET) if user.is_active else None


def _link(user: User, purpose: Purpose) -> Mapping[str, Any]:
    path = LINK_PATH.format(token=new_link_token(user, purpose))
    return {
        "username": user.username,
        "link": settings.public_url(path),
        "forgotten_link": settings.public_url("/lupa-sandi"),
        "until": moment(clock.now() + LIFETIMES[purpose]),
    }
