"""One page of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE_SIZE = 50
LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of one page and where it stands among all. Pages are counted from 1."""

    rows: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        """Return the number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """Return the position of the first row among all, counted from 1; 0 when empty."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        """Return the position of the last row among all."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def has_previous(self) -> bool:
        """Tell whether a page comes before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Tell whether a page comes after this one."""
        return self.number < self.last


def page_number(text: str | None) -> int:
    """Read a page number from an address; anything else is the first page."""
    if text is None or not text.isdecimal() or len(text) > 6:
        return 1
    return min(max(1, int(text)), LAST_PAGE)


def clamp(number: int, total: int, size: int = PAGE_SIZE) -> int:
    """Return the page to show where fewer pages exist than were asked for."""
    return min(number, max(1, -(-total // size)))
