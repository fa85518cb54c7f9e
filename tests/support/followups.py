"""What tests of follow-ups share: people as actors, and audiences where a room is not there."""

from flask import Flask

from app.accounts.models import User
from app.accounts.permissions import Role
from app.core.actor import Actor
from app.notifications.registry import EXTENSION, Recipient
from tests.factories.accounts import UserFactory


def with_audiences(app: Flask) -> None:
    """Register the audiences that the news of follow-ups names, where no room has yet."""
    audiences = app.extensions[EXTENSION].audiences
    for name in ("agency_team", "officers"):
        audiences.setdefault(name, lambda ids: [])


def actor_of(user: User) -> Actor:
    """Return the actor that a user is now."""
    from app.accounts.actors import actor_of

    return actor_of(user)


def an_officer() -> Actor:
    """Make an officer and return it as an actor."""
    return actor_of(UserFactory(role=Role.OFFICER, name="Sari Wulandari, S.Sos."))


def recipient(name: str = "Ibu Siti") -> Recipient:
    """Return somebody who is told."""
    return Recipient(user_id=1, name=name, address="siti@dinkes.test")
