"""A browser without JavaScript: it follows links, fills in forms, and reads pages strictly."""

import contextvars
from typing import Any

import html5lib
from bs4 import BeautifulSoup
from flask import Flask, url_for
from werkzeug.test import TestResponse


class Page(BeautifulSoup):
    """A page that was parsed strictly."""


class Client:
    """One person's browser.

    Each request runs in a context of its own: Flask-Login keeps the user in `g`, which would
    otherwise leak from one client into the next.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the path of an endpoint."""
        with self.app.test_request_context():
            return url_for(endpoint, **values)

    def open(self, path: str, **options: Any) -> TestResponse:
        """Send one request, and take the whole answer as a browser does."""
        options.setdefault("buffered", True)
        return contextvars.Context().run(self.browser.open, path, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        """Send one GET."""
        return self.open(path, method="GET", **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send one POST as a form would, with the CSRF token of the session."""
        fields = {"csrf_token": self.csrf_token(), **(data or {})}
        return self.open(path, method="POST", data=fields, **options)

    def csrf_token(self) -> str:
        """Return a token as a form of this session carries it."""
        with self.browser.session_transaction() as stored:
            kept = dict(stored)
        token, raw = contextvars.Context().run(self._make_token, kept)
        with self.browser.session_transaction() as stored:
            stored["csrf_token"] = raw
        return token

    def _make_token(self, kept: dict[str, Any]) -> tuple[str, str]:
        """Return a token and what the session holds of it. Flask-WTF keeps it in `g`, too."""
        from flask import session
        from flask_wtf.csrf import generate_csrf

        with self.app.test_request_context():
            session.update(kept)
            return generate_csrf(), session["csrf_token"]

    def sign_in(self, user: Any) -> "Client":
        """Sign a user in without the form, as an earlier request would have done."""
        with self.browser.session_transaction() as stored:
            stored["_user_id"] = user.get_id()
            stored["_fresh"] = True
        return self

    def get_page(self, path: str, status: int = 200) -> BeautifulSoup:
        """Open a page and check what every page owes: one h1, labels, unique ids."""
        response = self.get(path)
        assert response.status_code == status, response.get_data(as_text=True)[:2000]
        return strict_page(response.get_data(as_text=True))


def strict_page(html: str) -> BeautifulSoup:
    """Parse a page strictly and check what every page owes."""
    html5lib.HTMLParser(strict=True).parse(html)
    page = BeautifulSoup(html, "html5lib")
    assert len(page.select("h1")) == 1
    assert page.title is not None
    assert page.title.get_text(strip=True)
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    labelled = {label.get("for") for label in page.select("label[for]")}
    for control in page.select("input, select, textarea"):
        if control.get("type") in ("hidden", "submit", "button"):
            continue
        named = control.get("id") in labelled or control.get("aria-label")
        assert named or control.find_parent("label"), control
    for form in page.select("form[method=post]"):
        assert form.select_one("input[name=csrf_token]"), form
    return page
