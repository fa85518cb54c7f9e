"""Search in `search_text` columns: lower-cased words, matched as they are typed."""

import unicodedata

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute

MAX_WORDS = 8


def searchable(*parts: str | None) -> str:
    """Return the text that a search looks in: folded, lower-cased, single spaces."""
    joined = " ".join(part for part in parts if part).replace("\0", " ")
    return " ".join(unicodedata.normalize("NFKC", joined).casefold().split())


def matches(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Return the condition that each word occurs in the column; `%` and `_` mean themselves."""
    terms = searchable(words).split()[:MAX_WORDS]
    if not terms:
        return true()
    return and_(*(column.contains(term, autoescape=True) for term in terms))
