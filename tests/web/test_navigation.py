import pytest
from flask import render_template_string

from app.core import navigation
from app.core.actor import VISITOR, Actor
from app.core.navigation import Entry, Item


@pytest.fixture
def ways(app, session, monkeypatch):
    """Return a function that shows what a person sees on a page."""
    entries = []
    monkeypatch.setitem(app.extensions, navigation.EXTENSION, entries)
    navigation.register_navigation(app, Entry("Siaga", "health.ready", "system:read", order=20))
    navigation.register_navigation(app, Entry("Hidup", "health.live", order=10))

    def seen(path, actor):
        monkeypatch.setattr(navigation, "current_actor", lambda: actor)
        with app.test_request_context(path):
            return navigation.Navigation().items

    return seen


def person(*permissions):
    return Actor(user_id=1, name="Sari", role="admin", permissions=frozenset(permissions))


def test_a_person_sees_the_ways_that_are_open_in_their_order(ways):
    assert [item.label for item in ways("/", person("system:read"))] == ["Hidup", "Siaga"]
    assert [item.label for item in ways("/", person())] == ["Hidup"]
    assert ways("/", VISITOR) == []


def test_the_way_that_one_is_on_is_marked(ways):
    assert ways("/health/live/sub", person()) == [Item("Hidup", "/health/live", is_current=True)]
    assert ways("/health/lively", person()) == [Item("Hidup", "/health/live")]


def test_a_way_is_marked_on_the_pages_that_it_covers(app, ways):
    covering = Entry("Masuk", "accounts.sign_in", order=30, covers=("accounts.forgotten",))
    navigation.register_navigation(app, covering)
    marked = [item.label for item in ways("/lupa-sandi/terkirim", person()) if item.is_current]
    assert marked == ["Masuk"]


def test_a_page_about_a_failure_asks_nobody(app, session, monkeypatch):
    def fail():
        raise AssertionError

    monkeypatch.setattr(navigation, "current_actor", fail)
    with app.test_request_context("/"):
        render_template_string(
            "{% set bare = true %}{% if not bare and navigation %}{% endif %}{{ app_version }}"
        )
