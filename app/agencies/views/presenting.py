"""Agencies and their history as pages show them."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from app.agencies.labels import (
    CATEGORY_LABELS,
    CLUSTER_LABELS,
    CLUSTER_ROLE_LABELS,
    DUTY_LABELS,
    EVENT_LABELS,
    kind_label,
)
from app.agencies.models import Agency, Duty
from app.agencies.queries import SORTS, AgencyFilter
from app.core.sorting import sorted_urls
from app.history.models import Event
from app.history.timeline import told


def list_url(wanted: AgencyFilter, **changes: Any) -> str:
    """Return the address of the list under a filter, with some of it changed."""
    missing = "surel" if wanted.without_mail else None
    asked: dict[str, Any] = {
        "q": wanted.words or None,
        "kind": wanted.kind or None,
        "category": wanted.category.value if wanted.category else None,
        "missing": "narahubung" if wanted.without_focal_point else missing,
        "inactive": "1" if wanted.with_inactive else None,
        "sort": None if wanted.sort == "short_name" else wanted.sort,
    }
    return url_for("agencies.index", **(asked | changes))


def column_urls(wanted: AgencyFilter) -> dict[str, tuple[str, str]]:
    """Return for each sortable column where its heading leads, and how it is sorted now."""
    return sorted_urls(SORTS, wanted.sort, lambda sort: list_url(wanted, sort=sort))


def filter_chips(wanted: AgencyFilter) -> list[dict[str, str]]:
    """Return the filters in force, each with the address without it."""
    chips = []
    if wanted.words:
        chips.append({"label": f"“{wanted.words}”", "url": list_url(wanted, q=None)})
    if wanted.kind:
        chips.append({"label": kind_label(wanted.kind), "url": list_url(wanted, kind=None)})
    if wanted.category:
        label = CATEGORY_LABELS[wanted.category]
        chips.append({"label": label, "url": list_url(wanted, category=None)})
    if wanted.without_focal_point or wanted.without_mail:
        label = "Tanpa narahubung" if wanted.without_focal_point else "Tanpa surel"
        chips.append({"label": label, "url": list_url(wanted, missing=None)})
    if wanted.with_inactive:
        label = "Termasuk yang tidak aktif"
        chips.append({"label": label, "url": list_url(wanted, inactive=None)})
    return chips


def cluster_roles(agency: Agency) -> list[tuple[str, str]]:
    """Return what an agency is in each cluster, in the clusters' order."""
    return [
        (CLUSTER_LABELS.get(code, code), CLUSTER_ROLE_LABELS.get(role, role))
        for code, role in sorted(agency.cluster_roles.items())
    ]


def timeline_of(events: Sequence[Event]) -> list[dict[str, str]]:
    """Return the history of an agency for the macro `timeline`."""
    return [
        told(event, EVENT_LABELS.get(event.verb, event.verb), _detail(event)) for event in events
    ]


def _detail(event: Event) -> str:
    known = event.payload
    match event.verb:
        case "agency_changed":
            return "\n".join(
                f"{label}: {before or '(kosong)'} menjadi {after or '(kosong)'}"
                for label, (before, after) in known["fields"].items()
            )
        case "agency_deactivated":
            return str(known["reason"])
        case "membership_started":
            return f"{known['name']}, {DUTY_LABELS[Duty(known['duty'])]}"
        case "membership_changed":
            before, after = (DUTY_LABELS[Duty(known[key])] for key in ("duty_before", "duty"))
            return f"{known['name']}: {before} menjadi {after}"
        case "membership_ended":
            words = f"{known['name']}, {DUTY_LABELS[Duty(known['duty'])]}"
            return f"{words}\n{known['note']}" if known["note"] else words
        case _:
            return ""
