"""Working copies: what people type together, saved field by field, never silently overwritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column


class WorkingCopy:
    """The columns of a row whose words are a working copy."""

    draft_no: Mapped[int] = mapped_column(default=0)
    draft_at: Mapped[datetime | None]
    draft_marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{field: [draft_no, user id, tab]}`: who last changed each field."""

    @declared_attr
    def draft_by_id(cls) -> Mapped[int | None]:  # noqa: N805 - the class that has the column
        """Return the column of who wrote last."""
        return mapped_column(ForeignKey("users.id"))
