"""Words that are made of follow-ups: what a search finds one by, and how several are named."""

from collections.abc import Sequence

from app.core.search import searchable

NAMED = 5
"""How many numbers a sentence names before it counts the rest."""


def words_to_find(number: str, ref: str | None, title: str) -> str:
    """Return what a search finds a follow-up by. Its agency is found by the agency's own words."""
    return searchable(number, ref, title)


def listed(numbers: Sequence[str]) -> str:
    """Name follow-ups in a sentence: the first few by number, the rest counted."""
    rest = len(numbers) - NAMED
    return ", ".join(numbers[:NAMED]) + (f", dan {rest} lagi" if rest > 0 else "")
