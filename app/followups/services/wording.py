"""The words that a search finds a follow-up by."""

from app.agencies.models import Agency
from app.core.search import searchable


def words_to_find(number: str, ref: str | None, title: str, agency: Agency) -> str:
    """Return what a search finds a follow-up by."""
    return searchable(number, ref, title, agency.short_name, agency.code)
