"""What addresses and forms may hold, before any view reads them.

No text here has control characters in it, and no database keeps a NUL or half a surrogate pair:
they are left out of what was typed, and an address that has them leads nowhere.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

LARGEST = 2**31 - 1
"""The largest number that both databases keep as an integer."""

ENDS = (0xFFFE, 0xFFFF)
"""The last two code points of each plane are none."""

_NO_CHARACTERS = "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in ENDS
)
_UNUSABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + _NO_CHARACTERS + "]"
)


MOST_DIGITS = 9


def whole(text: str | None) -> int | None:
    """Read a whole number that a form carried; None where it is none."""
    return int(text) if text and text.isdecimal() and len(text) <= MOST_DIGITS else None


def seen_number(text: str | None) -> int:
    """Read the version or edition that a page showed; -1, which nothing has, where it said none."""
    number = whole(text)
    return -1 if number is None else number


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Read the whole numbers that a form carried, such as ids of rows; the rest is left out."""
    return [number for text in texts if (number := whole(text)) is not None]


def usable(text: str) -> str:
    """Return text without what is no text; tabs and line ends stay."""
    return _UNUSABLE.sub("", text)


class Parameters(ImmutableMultiDict[str, Any]):
    """The fields of an address or a form, as usable text; files stay as they are."""

    def __init__(self, mapping: Any = None) -> None:
        if isinstance(mapping, Iterable) and not isinstance(mapping, Mapping):
            mapping = [
                (usable(name), usable(value) if isinstance(value, str) else value)
                for name, value in mapping
            ]
        super().__init__(mapping)


class UsableRequest(Request):
    """A request whose parameters are usable text."""

    parameter_storage_class = Parameters


class Whole(IntegerConverter):
    """A number in an address that an id can have."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: Map, max: int = LARGEST, **options: Any) -> None:  # noqa: A002 - as it is called there
        super().__init__(map, max=max, **options)


class Word(UnicodeConverter):
    """A part of an address: no control characters, no longer than any name."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 - as it is called there
        super().__init__(map, **options)
        self.regex = r"[^/\x00-\x1f\x7f]{1,300}"


def register_input(app: Flask) -> None:
    """Read every request by these rules. Registered before the first address."""
    app.request_class = UsableRequest
    app.url_map.converters |= {"default": Word, "string": Word, "int": Whole}
    # A redirect to the address with single slashes would name the host that was asked for.
    app.url_map.merge_slashes = False
