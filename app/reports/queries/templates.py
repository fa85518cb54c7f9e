"""The templates in force, and those that were."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import NotVisible
from app.reports.models import DocumentKind, TemplateVersion


def versions_of(kind: DocumentKind) -> Sequence[TemplateVersion]:
    """Return every template of a kind that came into force, the newest first."""
    return db.session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.kind == kind)
        .options(joinedload(TemplateVersion.file), joinedload(TemplateVersion.added_by))
        .order_by(TemplateVersion.number.desc())
    ).all()


def in_force(kind: DocumentKind) -> TemplateVersion | None:
    """Return the template of a kind that holds now; None where none was ever replaced."""
    return db.session.scalar(
        select(TemplateVersion)
        .where(TemplateVersion.kind == kind)
        .options(joinedload(TemplateVersion.file), joinedload(TemplateVersion.added_by))
        .order_by(TemplateVersion.number.desc())
        .limit(1)
    )


def all_in_force() -> dict[DocumentKind, TemplateVersion]:
    """Return the templates that hold now, by kind; those never replaced are missing."""
    newest = select(func.max(TemplateVersion.id)).group_by(TemplateVersion.kind)
    found = db.session.scalars(
        select(TemplateVersion)
        .where(TemplateVersion.id.in_(newest))
        .options(joinedload(TemplateVersion.added_by))
    )
    return {version.kind: version for version in found}


def get_version(kind: DocumentKind, number: int) -> TemplateVersion:
    """Return one template with its file. Raises `NotVisible`, for a return to the default too."""
    found = db.session.scalar(
        select(TemplateVersion)
        .where(TemplateVersion.kind == kind, TemplateVersion.number == number)
        .options(joinedload(TemplateVersion.file))
    )
    if found is None or found.file is None:
        raise NotVisible
    return found
