"""Who a signed-in user is as an actor: role, permissions, and the duties that agencies know of."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Flask

from app.accounts.labels import ROLE_LABELS
from app.accounts.models import User
from app.accounts.permissions import ROLE_PERMISSIONS, Role
from app.core import settings
from app.core.actor import Actor

EXTENSION = "gugus_duties"

DutySource = Callable[[int], Mapping[int, tuple[str, str]]]
"""Return `{agency id: (duty, title)}` of a user today, the first agency first."""


def register_duties(app: Flask, source: DutySource) -> None:
    """Name the function that tells a user's duties (`agencies` knows; this room does not)."""
    app.extensions[EXTENSION] = source


def duty_titles(user_id: int) -> list[str]:
    """Return what a user is for agencies today ("Narahubung Dinkes"), oldest first."""
    return [title for _, title in settings.extension(EXTENSION)(user_id).values()]


def actor_of(user: User) -> Actor:
    """Return the actor that a user is at this moment."""
    duties = settings.extension(EXTENSION)(user.id)
    title = ROLE_LABELS[user.role]
    if user.role is Role.AGENCY and duties:
        title = next(iter(duties.values()))[1]
    return Actor(
        user_id=user.id,
        name=user.name,
        role=user.role.value,
        title=title,
        permissions=frozenset(ROLE_PERMISSIONS[user.role]),
        duties=MappingProxyType({agency_id: duty for agency_id, (duty, _) in duties.items()}),
    )
