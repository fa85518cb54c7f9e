"""Who is signed in now.

`core` does not know where people come from: `accounts` registers the loader, which adds the
duties that `agencies` tells it.
"""

from collections.abc import Callable

from flask import Flask, current_app, g, has_request_context

from app.core.actor import SYSTEM, VISITOR, Actor

EXTENSION = "gugus_actor"

ActorLoader = Callable[[], Actor | None]


def register_actor_loader(app: Flask, loader: ActorLoader) -> None:
    """Name the function that answers who is signed in now, from the database."""
    app.extensions[EXTENSION] = loader


def current_actor() -> Actor:
    """Return who is signed in, loaded once a request; VISITOR where nobody is, SYSTEM outside."""
    if not has_request_context():
        return SYSTEM
    if "actor" not in g:
        g.actor = current_app.extensions[EXTENSION]() or VISITOR
    actor: Actor = g.actor
    return actor


def forget_actor() -> None:
    """Make the next `current_actor()` read the database again."""
    if has_request_context():
        g.pop("actor", None)
