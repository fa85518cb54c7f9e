"""The list of accounts and their history as pages show them."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from app.accounts.labels import (
    EVENT_TITLES,
    FIELD_LABELS,
    MEANS_LABELS,
    ROLE_LABELS,
    STATUS_LABELS,
)
from app.accounts.permissions import Role
from app.accounts.queries import SORTS, UserFilter
from app.core.sorting import sorted_urls
from app.history.models import Event
from app.history.timeline import told


def list_url(wanted: UserFilter, **changes: Any) -> str:
    """Return the address of the list under a filter, with some of it changed."""
    asked: dict[str, Any] = {
        "q": wanted.words or None,
        "role": wanted.role.value if wanted.role else None,
        "status": wanted.status.value if wanted.status else None,
        "sort": None if wanted.sort == "name" else wanted.sort,
    }
    return url_for("accounts.list_users", **(asked | changes))


def column_urls(wanted: UserFilter) -> dict[str, tuple[str, str]]:
    """Return for each sortable column where its heading leads, and how it is sorted now."""
    return sorted_urls(SORTS, wanted.sort, lambda sort: list_url(wanted, sort=sort))


def filter_chips(wanted: UserFilter) -> list[dict[str, str]]:
    """Return the filters in force, each with the address without it."""
    chips = []
    if wanted.words:
        chips.append({"label": f"“{wanted.words}”", "url": list_url(wanted, q=None)})
    if wanted.role:
        chips.append({"label": ROLE_LABELS[wanted.role], "url": list_url(wanted, role=None)})
    if wanted.status:
        chips.append({"label": STATUS_LABELS[wanted.status], "url": list_url(wanted, status=None)})
    return chips


def timeline_of(events: Sequence[Event]) -> list[dict[str, str]]:
    """Return the history of an account for the macro `timeline`."""
    return [
        told(event, EVENT_TITLES[event.verb], _detail(event))
        | {"symbol": "mail" if event.verb == "user_invited" else "info"}
        for event in events
    ]


def _detail(event: Event) -> str:
    known = event.payload
    match event.verb:
        case "user_role_changed":
            before, after = (ROLE_LABELS[Role(known[key])] for key in ("role_before", "role"))
            return f"{before} menjadi {after}"
        case "user_changed":
            return ", ".join(FIELD_LABELS[field] for field in known["fields"])
        case "password_changed":
            return MEANS_LABELS[known["means"]]
        case _:
            return ""
