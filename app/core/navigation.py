"""The frame of every page: the ways that a person may go, and what the program is called here."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for

from app.core.actor import VISITOR
from app.core.identity import current_actor

EXTENSION = "gugus_navigation"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Entry:
    """A way that stands in the main navigation for those who carry the permission."""

    label: str
    endpoint: str
    permission: str | None = None
    order: int = 100
    covers: tuple[str, ...] = ()
    """Endpoints of further pages that are found through this way."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as a page shows it."""

    label: str
    url: str
    is_current: bool = False
    count: int | None = None


class Navigation:
    """The entries of one page. Asks who is signed in when it is looked at, not before.

    A page about a failure leaves it out, and so asks nothing of a database that may be down.
    """

    def __init__(self) -> None:
        self._items: list[Item] | None = None

    @property
    def items(self) -> list[Item]:
        """Return the entries that the person may follow, in their order."""
        if self._items is None:
            self._items = _items_for_request()
        return self._items

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def register_navigation(app: Flask, entry: Entry) -> None:
    """Add a way. Rooms call it when they register, in any order."""
    entries: list[Entry] = app.extensions[EXTENSION]
    entries.append(entry)
    entries.sort(key=lambda known: (known.order, known.label))


def register_frame(app: Flask) -> None:
    """Give the templates what the frame of a page reads."""
    app.extensions[EXTENSION] = []

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {
            "navigation": Navigation(),
            "app_version": version(),
            "regency_name": app.config["REGENCY_NAME"],
            "demo": app.config["DEMO"],
        }


@cache
def version() -> str:
    """Return the version that pyproject.toml states."""
    project: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project["version"]


def _items_for_request() -> list[Item]:
    actor = current_actor()
    if actor is VISITOR:
        return []
    entries: list[Entry] = current_app.extensions[EXTENSION]
    ways = [
        (entry, url_for(entry.endpoint))
        for entry in entries
        if entry.permission is None or actor.has(entry.permission)
    ]
    heads = [(head, entry) for entry, url in ways for head in (url, *map(url_for, entry.covers))]
    leading = [(head, entry) for head, entry in heads if _leads_to(head, request.path)]
    _, here = max(leading, key=lambda found: len(found[0]), default=("", None))
    return [Item(entry.label, url, is_current=entry is here) for entry, url in ways]


def _leads_to(url: str, path: str) -> bool:
    """Tell whether a path lies below the address of an entry; the home page has nothing below."""
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
