"""The demo regency, which `core` does not know: it says how it is seeded and who may sign in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask

EXTENSION = "gugus_demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """What `flask serve` needs of the demo when `DEMO` is set."""

    seed: Callable[[], None]
    """Fill an empty database; do nothing where there is anything."""
    sign_ins: Callable[[], Sequence[str]]
    """Return the lines that say who may sign in, and with which password."""


def register_demo(app: Flask, demo: Demo) -> None:
    """Name the demo of this application."""
    app.extensions[EXTENSION] = demo
