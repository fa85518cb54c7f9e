"""Columns of a list that can be sorted by: where a heading leads, and how it is sorted now."""

from collections.abc import Callable, Iterable


def sorted_urls(
    names: Iterable[str], sort: str, url: Callable[[str], str]
) -> dict[str, tuple[str, str]]:
    """Return (address, direction) for each column's name; sorted by it, the other way round.

    `sort` is the order in force, with a minus for a descending one; `url` makes an address of one.
    """
    found = {}
    for name in names:
        direction = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
        found[name] = (url(f"-{name}" if direction == "ascending" else name), direction)
    return found
