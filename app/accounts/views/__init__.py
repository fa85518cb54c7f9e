"""Signing in and out, one's own account, and the accounts of others."""

from flask import Flask

from app.accounts.labels import CONFLICTS
from app.accounts.messages import register_messages
from app.accounts.permissions import Permission
from app.accounts.views import account, passwords, signing_in, users
from app.accounts.views.blueprint import bp
from app.accounts.views.expired import ask_to_sign_in
from app.accounts.views.sessions import load_actor, login_manager
from app.core import access
from app.core.conflicts import register_conflicts
from app.core.identity import register_actor_loader
from app.core.navigation import Entry, register_navigation

__all__ = ["account", "passwords", "register_accounts", "signing_in", "users"]


def register_accounts(app: Flask) -> None:
    """Register sign-in, the gate, who is signed in, and the mails about accounts."""
    login_manager.init_app(app)
    register_actor_loader(app, load_actor)
    access.register_access(app, ask_to_sign_in)
    register_messages(app)
    app.register_blueprint(bp)
    register_conflicts(app, CONFLICTS)
    register_navigation(app, Entry("Pengguna", "accounts.list_users", Permission.USER_READ, 60))
