"""What rooms above offer on pages of rooms below, which do not know them: downloads, mostly.

A page says where it is and what it is about (`offers("agency", agency)`), and shows the ways that
come back. A room above registers what it offers at such a place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from app.core.actor import Actor
from app.core.identity import current_actor

EXTENSION = "gugus_offers"


@dataclass(frozen=True, slots=True)
class Offer:
    """A way that a page offers: a link that looks like a button."""

    label: str
    url: str
    symbol: str = "download"


Source = Callable[[Actor, Any], Sequence[Offer]]
"""Returns what is offered to a person about a thing."""


def register_offers(app: Flask) -> None:
    """Let templates ask what is offered."""
    app.extensions[EXTENSION] = {}
    app.add_template_global(offers)


def register_offer(app: Flask, place: str, source: Source) -> None:
    """Add a source of offers at a place. Rooms call it when they register."""
    app.extensions[EXTENSION].setdefault(place, []).append(source)


def offers(place: str, about: Any) -> list[Offer]:
    """Return what is offered at a place about a thing to whoever is signed in."""
    sources: list[Source] = current_app.extensions[EXTENSION].get(place, [])
    return [offer for source in sources for offer in source(current_actor(), about)]
