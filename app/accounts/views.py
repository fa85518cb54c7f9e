"""Signing in and out."""

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import access
from app.core.actor import Actor
from app.core.db import db
from app.core.identity import register_actor_loader

login_manager = LoginManager()


def register_accounts(app: Flask) -> None:
    """Register sign-in, the gate, and who is signed in."""
    login_manager.init_app(app)
    login_manager.user_loader(load_user)
    register_actor_loader(app, load_actor)
    access.register_access(app, ask_to_sign_in)


def load_user(session_id: str) -> User | None:
    """Return the user of a session; None where the session was made in an earlier epoch."""
    user_id, _, epoch = session_id.partition(".")
    user = db.session.get(User, int(user_id)) if user_id.isdecimal() else None
    if user is None or not user.is_active or str(user.session_epoch) != epoch:
        return None
    return user


def load_actor() -> Actor | None:
    """Return who is signed in now, or None."""
    user = load_user(session["_user_id"]) if "_user_id" in session else None
    return None if user is None else actor_of(user)


def ask_to_sign_in() -> ResponseReturnValue:
    """Lead a visitor to the sign-in page, and back to where it was going."""
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), code=303)
