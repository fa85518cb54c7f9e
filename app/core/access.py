"""The access gate: a view says who may use it, or nobody may.

Each view carries exactly one of `@requires(permission)`, `@signed_in` and `@public`. The gate
runs before CSRF, so that an expired sign-in is told as such and nothing typed is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from app.core.actor import VISITOR
from app.core.identity import current_actor

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()

EXTENSION = "gugus_sign_in"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks of its visitor; `permission` None means: signed in is enough."""

    is_public: bool
    permission: str | None = None


def requires(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only people whose role carries the permission use the view."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        view.access = Access(is_public=False, permission=permission)  # type: ignore[attr-defined]
        return view

    return decorate


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let everyone who is signed in use the view."""
    view.access = Access(is_public=False)  # type: ignore[attr-defined]
    return view


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let everyone use the view, signed in or not."""
    view.access = Access(is_public=True)  # type: ignore[attr-defined]
    return view


def register_access(app: Flask, ask_to_sign_in: Callable[[], ResponseReturnValue]) -> None:
    """Put the gate before every request. `ask_to_sign_in` answers a visitor who must sign in."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf.init_app(app)
    app.extensions[EXTENSION] = ask_to_sign_in
    public(app.view_functions["static"])
    app.before_request(_gate)


def _gate() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access: Access | None = getattr(current_app.view_functions[request.endpoint], "access", None)
    if access is None:
        abort(403)
    if not access.is_public:
        actor = current_actor()
        if actor is VISITOR:
            answer: ResponseReturnValue = current_app.extensions[EXTENSION]()
            return answer
        if access.permission is not None and not actor.has(access.permission):
            abort(403)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        csrf.protect()
    return None
