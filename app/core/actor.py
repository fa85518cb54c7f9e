"""Who acts: a plain value that services and policies take as an argument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the program itself) at this moment, with what it may do.

    `title` is what the person is, as the history writes it ("Narahubung Dinkes"). `duties` maps
    the id of each agency that the person answers for today to its duty there.
    """

    user_id: int | None
    name: str
    role: str
    title: str = ""
    permissions: frozenset[str] = frozenset()
    duties: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    def has(self, permission: str) -> bool:
        """Tell whether the person's role carries a permission."""
        return permission in self.permissions

    @property
    def agency_ids(self) -> frozenset[int]:
        """Return the agencies that the person belongs to today."""
        return frozenset(self.duties)


SYSTEM = Actor(user_id=None, name="Sistem", role="system")
"""The program itself: a command that an operator runs."""

VISITOR = Actor(user_id=None, name="Pengunjung", role="visitor")
"""Whoever is not signed in, or no longer: may nothing, and is never taken for the program."""
