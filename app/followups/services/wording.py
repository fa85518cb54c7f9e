"""The words that a search finds a follow-up by."""

from app.core.search import searchable


def words_to_find(number: str, ref: str | None, title: str) -> str:
    """Return what a search finds a follow-up by. Its agency is found by the agency's own words."""
    return searchable(number, ref, title)
