"""What tests of follow-ups share: people as actors, and somebody who is told."""

from app.accounts.actors import actor_of
from app.accounts.permissions import Role
from app.core.actor import Actor
from app.notifications.registry import Recipient
from tests.factories.accounts import UserFactory


def an_officer() -> Actor:
    """Make an officer and return it as an actor."""
    return actor_of(UserFactory(role=Role.OFFICER, name="Sari Wulandari, S.Sos."))


def recipient(name: str = "Ibu Siti") -> Recipient:
    """Return somebody who is told."""
    return Recipient(user_id=1, name=name, address="siti@dinkes.test")
