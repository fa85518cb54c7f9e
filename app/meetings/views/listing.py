"""The list of meetings, narrowed by its address."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import formatting, htmx
from app.core.access import requires
from app.core.identity import current_actor
from app.core.pagination import page_number
from app.core.sorting import sorted_urls
from app.meetings import labels, policy
from app.meetings.forms.listing import SORT_LABELS, ListRequest, read_list
from app.meetings.queries import listing
from app.meetings.queries.listing import Counts, Sort, Standing
from app.meetings.views.blueprint import bp

ENDPOINT = "meetings.index"


@bp.get("/rapat")
@requires(Permission.MEETING_READ)
def index() -> ResponseReturnValue:
    """List the meetings that the address asks for, what comes first."""
    actor = current_actor()
    asked = read_list(request.args, actor, listing.years(actor))
    counted = listing.counts(asked.narrowing, actor)
    page = listing.page(
        asked.narrowing,
        asked.order,
        actor,
        number=page_number(request.args.get("halaman")),
        total=counted.listed,
    )
    in_force = f"{'-' if asked.order.descending else ''}{asked.order.by.value}"
    return htmx.render_page(
        "meetings/list.html",
        "meetings/_list.html",
        asked=asked,
        page=page,
        labels=labels,
        tiles=_tiles(asked, counted, reads_all=policy.is_reader_of_all(actor)),
        chips=[{"label": c.label, "url": url_for(ENDPOINT, **c.without)} for c in asked.chips],
        sorted=sorted_urls(Sort, in_force, lambda sort: _url(asked, urut=sort)),
        sort_label=SORT_LABELS[asked.order.by],
        page_url=lambda number: _url(asked, halaman=str(number) if number > 1 else ""),
        xlsx_url=url_for("reports.meetings_xlsx", **asked.arguments),
        nothing_at_all=counted.total == 0 and not asked.chips,
        reads_all=policy.is_reader_of_all(actor),
        can_manage=policy.can_manage(actor),
    )


def _tiles(asked: ListRequest, counted: Counts, *, reads_all: bool) -> list[dict[str, Any]]:
    """Return the counts on top, each a link to the list of just those."""
    offered: list[tuple[str, int, str, Standing | None]] = [
        ("semua", counted.total, "", None),
        ("akan datang", counted.coming, "", Standing.COMING),
    ]
    if reads_all:
        offered += [
            ("belum diakhiri", counted.unended, "late", Standing.UNENDED),
            ("notulen belum disahkan", counted.unapproved, "submitted", Standing.UNAPPROVED),
        ]
    if counted.draft:
        offered.append(("konsep", counted.draft, "", Standing.DRAFT))
    return [
        {
            "label": label,
            "value": formatting.number(value),
            "tone": tone if value else "quiet",
            "url": _url(asked, keadaan=standing.value if standing else ""),
        }
        for label, value, tone, standing in offered
    ]


def _url(asked: ListRequest, **changes: str) -> str:
    return url_for(ENDPOINT, **asked.with_(**changes))
