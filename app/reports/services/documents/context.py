"""What every document is made of: plain values for its placeholders, and pictures beside them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.reports.models import Paper

Context = dict[str, Any]
"""Dicts, lists, texts, numbers: the names are what an office writes in its own template."""


MILLIMETRES = {Paper.A4: (210, 297), Paper.F4: (215, 330)}


class Picture(str):
    """A placeholder whose value is a picture: its name among the document's pictures."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document before it is written: values, the pictures that they name, and the paper."""

    context: Context
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    paper: Paper = Paper.A4


def plain(value: Any) -> Any:
    """Return values as documents can hold them: no None, no character that XML does not know.

    Raises TypeError for what is no plain value, so that no row of the database ever gets in.
    """
    if isinstance(value, dict):
        return {str(name): plain(inside) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inside) for inside in value]
    if isinstance(value, Picture | bool | int | float):
        return value
    if value is None:
        return ""
    if type(value) is str:
        return written(value)
    raise TypeError(f"{type(value).__name__} is no plain value")


def written(text: str) -> str:
    """Return a text with single line ends and without what no document can hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(letter for letter in text if _is_written(letter))


def _is_written(letter: str) -> bool:
    if letter == "\n":
        return True
    return unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in "\ufffe\uffff"
