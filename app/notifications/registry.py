"""What the rooms above teach this one: their mail kinds, and whom an audience means today."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.core import settings
from app.notifications.models import Notice

EXTENSION = "gugus_notifications"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be told. `address` is None where the person has no usable e-mail.

    `user_id` is None for somebody without an account (a guest of a meeting), whom the outbox knows
    by the address: another address is somebody else.
    """

    user_id: int | None
    name: str
    address: str | None


Compose = Callable[[Recipient, Sequence[Notice]], Mapping[str, Any] | None]
"""Return the context of the kind's templates; None where nothing is left to tell.

A "calendar" in it (iCalendar text whose METHOD is REQUEST or CANCEL) goes out with the mail.
"""

Audience = Callable[[Mapping[str, Any]], Sequence[Recipient]]
"""Return who is concerned *now* by the ids of an event.

Who is named several times is told once, by the first name; a user goes before a guest at the same
address. Where each needs a link of its own (a person looks after two agencies), each is a notice
of its own, with its id in `audience_ids`: they still leave in one mail.
"""


@dataclass(frozen=True, slots=True)
class MailKind:
    """A kind of mail. Its templates are `emails/<code>/{subject.txt,body.txt,body.html}`.

    The body of a confidential kind (it carries a link that signs somebody in) is shown to nobody
    and blanked once the mail has met its fate.
    """

    code: str
    label: str
    compose: Compose
    confidential: bool = False


@dataclass(slots=True)
class Registry:
    """The kinds and audiences of one application."""

    kinds: dict[str, MailKind]
    audiences: dict[str, Audience]


def prepare_registry(app: Flask) -> None:
    """Prepare an application for its rooms' kinds and audiences."""
    app.extensions[EXTENSION] = Registry(kinds={}, audiences={})


def register_mail_kind(app: Flask, kind: MailKind) -> None:
    """Add a mail kind. Raises ValueError where its code is taken."""
    kinds = app.extensions[EXTENSION].kinds
    if kind.code in kinds:
        raise ValueError(f"mail kind {kind.code} is registered twice")
    kinds[kind.code] = kind


def register_audience(app: Flask, name: str, audience: Audience) -> None:
    """Add an audience. Raises ValueError where its name is taken."""
    audiences = app.extensions[EXTENSION].audiences
    if name in audiences:
        raise ValueError(f"audience {name} is registered twice")
    audiences[name] = audience


def registry() -> Registry:
    """Return the kinds and audiences of the current application."""
    found: Registry = settings.extension(EXTENSION)
    return found
