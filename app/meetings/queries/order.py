"""In which order decisions and action items stand, and so which number each has."""

from typing import Any, TypeVar

from sqlalchemy import Select

from app.meetings.models import AgendaItem, Decision, MeetingActionItem

Rows = TypeVar("Rows", bound=Select[*tuple[Any, ...]])


def by_place(rows: Rows, model: type[Decision] | type[MeetingActionItem]) -> Rows:
    """Order decisions or action items by agenda item, then as they were made.

    Those without an agenda item come last. The place of a row among all of its meeting is its
    number: it is never stored, and moving an agenda item moves it too.
    """
    return rows.outerjoin(AgendaItem, AgendaItem.id == model.agenda_item_id).order_by(
        *place_of(model)
    )


def place_of(model: type[Decision] | type[MeetingActionItem]) -> tuple[Any, ...]:
    """Return what they are ordered by, joined to their agenda items."""
    return AgendaItem.id.is_(None), AgendaItem.position, AgendaItem.id, model.id
