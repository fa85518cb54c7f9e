"""Agencies, the spellings they go by, groups of them, and who answers for them."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.base import Base
from app.core.search import searchable

MAX_SUPPORTERS = 20
"""How many agencies may help one that leads."""


class Category(StrEnum):
    """The family that an agency belongs to."""

    OPD = "opd"
    VERTICAL = "vertikal"
    ORGANISATION = "lembaga"
    BUSINESS = "dunia_usaha"
    MEDIA = "media"


class Duty(StrEnum):
    """What a member does for its agency. The strongest comes first."""

    FOCAL_POINT = "focal_point"
    DEPUTY = "deputy"
    CONTRIBUTOR = "contributor"
    HEAD = "head"


def spelling_key(text: str) -> str:
    """Return the matching form of a name: letters and digits alone, whatever their case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def search_text(code: str, name: str, short_name: str, aliases: Iterable[str]) -> str:
    """Return what a search for an agency looks in: its spellings, as written and as matched."""
    spellings = [code, name, short_name, *aliases]
    return searchable(*spellings, *sorted({spelling_key(text) for text in spellings}))


class Agency(Base):
    """An office, kecamatan, desa, business, media house or organisation."""

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    category: Mapped[Category]
    kind: Mapped[str]
    """Data, not a rule, but for two: `kecamatan` and `desa` answer the questions asked of each."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    cluster_roles: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verified: Mapped[bool] = mapped_column(default=False)
    search_text: Mapped[str]
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]

    parent: Mapped["Agency | None"] = relationship(remote_side=[id], lazy="raise")
    aliases: Mapped[list["AgencyAlias"]] = relationship(
        back_populates="agency", lazy="raise", cascade="all, delete-orphan"
    )
    memberships: Mapped[list["Membership"]] = relationship(back_populates="agency", lazy="raise")

    @property
    def is_active(self) -> bool:
        """Tell whether the agency still takes part."""
        return self.deactivated_at is None


class AgencyAlias(Base):
    """Another spelling of an agency. `key` is its matching form, unique among all spellings."""

    __tablename__ = "agency_aliases"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    alias: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)

    agency: Mapped[Agency] = relationship(back_populates="aliases", lazy="raise")


class AgencyGroup(Base):
    """All agencies of a kind under one name. A group never leads and has no account."""

    __tablename__ = "agency_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    members_kind: Mapped[str]


class Membership(Base):
    """A person answers for an agency, from one day until another. Work stays with the agency."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "uq_memberships_open",
            "agency_id",
            "user_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    duty: Mapped[Duty]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    agency: Mapped[Agency] = relationship(back_populates="memberships", lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")
