"""Sessions: who is signed in, how a session begins and ends, and where it leads."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import g, request, session
from flask_login import LoginManager, login_user, logout_user

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core.actor import Actor
from app.core.db import db
from app.core.formatting import clock_time, zone_name
from app.core.identity import forget_actor

HOME = "/"
LONGEST_PATH = 2000

login_manager = LoginManager()
# Telephones change their address while they are used; what protects a session is its epoch.
login_manager.session_protection = None


@login_manager.user_loader
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
    g.kept_user = user  # the database session forgets what nobody holds, and would ask again
    return None if user is None else actor_of(user)


def start_session(user: User) -> None:
    """Sign a person in, in a new session: nothing that a visitor's session held stays."""
    session.clear()
    session.permanent = True
    login_user(user)
    forget_actor()


def end_session() -> None:
    """Sign out."""
    logout_user()
    session.clear()
    forget_actor()


def local_path(address: str | None) -> str | None:
    """Return an address where it is a path of this program; None for anything else.

    Browsers read a backslash as a slash and drop control characters: both are refused.
    """
    if not address or len(address) > LONGEST_PATH or not address.startswith("/"):
        return None
    if address.startswith("//") or "\\" in address or not address.isprintable():
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def visitor_address() -> str:
    """Return where a request came from, for counting."""
    return request.remote_addr or "-"


def come_back(blocked_until: datetime) -> str:
    """Say when something may be tried again."""
    return f"Terlalu banyak percobaan. Coba lagi pukul {clock_time(blocked_until)} {zone_name()}."
