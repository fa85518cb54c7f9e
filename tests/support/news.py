"""Mail kinds of the tests' own: what rooms above register, without the rooms."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from app import create_app
from app.accounts.models import User
from app.core.db import db
from app.notifications.models import Notice
from app.notifications.registry import (
    EXTENSION,
    MailKind,
    Recipient,
    Registry,
    register_audience,
    register_mail_kind,
)

SUBJECT = "{{ titles|join(', ') }}"
TEXT = """{% extends "emails/_layout.txt" %}
{% block body %}{% for title in titles %}* {{ title }}
{% endfor %}{% endblock %}"""
HTML = """{% extends "emails/_layout.html" %}
{% block body %}<ul>{% for title in titles %}<li>{{ title }}</li>{% endfor %}</ul>{% endblock %}"""
KINDS = ("news", "alarm", "broken", "secret")


def compose(recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Tell the titles, with the last notice's calendar; nothing where no title is left."""
    titles = [notice.payload["title"] for notice in notices if notice.payload["title"]]
    calendars = [notice.payload["calendar"] for notice in notices if "calendar" in notice.payload]
    context = {"titles": titles} | ({"calendar": calendars[-1]} if calendars else {})
    return context if titles else None


def compose_badly(recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Fail, as a kind with a fault in it does."""
    raise ZeroDivisionError("a fault of this kind")


def people(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return the active users among `user_ids`."""
    found = db.session.scalars(
        db.select(User)
        .where(User.id.in_(ids["user_ids"]), User.deactivated_at.is_(None))
        .order_by(User.id)
    )
    return [Recipient(user.id, user.name, user.email) for user in found]


def guests(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return the people without an account in `guests` ([name, address]), then the users."""
    invited = [Recipient(None, name, address) for name, address in ids["guests"]]
    return [*invited, *people({"user_ids": ids["user_ids"]})]


def nobody_knows(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Fail, as an audience with a fault in it does."""
    raise LookupError("no such audience today")


def register_news(app: Flask) -> None:
    """Register the tests' kinds and audiences in place of all others."""
    app.extensions[EXTENSION] = Registry(kinds={}, audiences={})
    register_mail_kind(app, MailKind("news", "Berita", compose))
    register_mail_kind(app, MailKind("alarm", "Alarm", compose))
    register_mail_kind(app, MailKind("broken", "Rusak", compose_badly))
    register_mail_kind(app, MailKind("secret", "Rahasia", compose, confidential=True))
    register_audience(app, "people", people)
    register_audience(app, "guests", guests)
    register_audience(app, "nobody_knows", nobody_knows)
    parts = {"subject.txt": SUBJECT, "body.txt": TEXT, "body.html": HTML}
    templates = {f"emails/{kind}/{part}": text for kind in KINDS for part, text in parts.items()}
    own = app.jinja_loader
    assert own is not None
    app.jinja_loader = ChoiceLoader([own, DictLoader(templates)])


def create_news_app() -> Flask:
    """Build an application from the environment with the tests' kinds: for worker processes."""
    app = create_app()
    register_news(app)
    return app
