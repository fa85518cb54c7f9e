"""What people are told where two of them were first: constraints of the database in words.

Services look before they write; whoever passes that look at the same moment as another is stopped
by a unique constraint. Each room says once, by the constraint's name, what that means.
"""

from collections.abc import Mapping
from functools import cache

from flask import Flask
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from app.core import settings
from app.core.base import Base
from app.core.errors import DomainError, InvalidInput, StaleVersion

EXTENSION = "gugus_conflicts"
SQLITE_SAYS = "UNIQUE constraint failed: "


Conflicts = Mapping[str, tuple[str, str | None]]
"""A sentence by the constraint's name, and the form's field to blame. None: the page is old."""


def register_conflicts(app: Flask, conflicts: Conflicts) -> None:
    """Add what a room's unique constraints mean, by their names. Raises ValueError for others."""
    known = app.extensions.setdefault(EXTENSION, {})
    for name, conflict in conflicts.items():
        if name in known or name not in unique_names().values():
            raise ValueError(f"{name} is no unique constraint, or is registered twice")
        known[name] = conflict


def conflict_of(refusal: IntegrityError) -> DomainError | None:
    """Return what a refusal of the database means to people; None where no room says."""
    name = _constraint_name(refusal)
    conflict: tuple[str, str | None] | None = settings.extension(EXTENSION).get(name)
    if conflict is None:
        return None
    message, field = conflict
    return StaleVersion(message) if field is None else InvalidInput(message, field)


@cache
def unique_names() -> Mapping[str, str]:
    """Return the name of each unique constraint and index by its columns, as SQLite lists them."""
    names = {}
    for table in Base.metadata.tables.values():
        rules: list[UniqueConstraint | Index] = [index for index in table.indexes if index.unique]
        rules += [rule for rule in table.constraints if isinstance(rule, UniqueConstraint)]
        for rule in rules:
            columns = ", ".join(f"{table.name}.{column.name}" for column in rule.columns)
            names[columns] = str(rule.name)
    return names


def _constraint_name(refusal: IntegrityError) -> str | None:
    """Return the name of the constraint. PostgreSQL says it, SQLite says the columns alone."""
    diagnosis = getattr(refusal.orig, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    return unique_names().get(str(refusal.orig).removeprefix(SQLITE_SAYS))
