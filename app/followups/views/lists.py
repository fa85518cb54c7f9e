"""The list of follow-ups, narrowed by its address."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import formatting, htmx
from app.core.access import requires
from app.core.actor import Actor
from app.core.identity import current_actor
from app.core.pagination import page_number
from app.followups import policy
from app.followups.forms.lists import ALL_EVALUATIONS, SORT_LABELS, ListRequest, read_list
from app.followups.position import reader_of
from app.followups.queries import counts, listing, promises
from app.followups.queries.counts import Counts
from app.followups.queries.listing import Sort
from app.followups.queries.narrowing import Part, Place
from app.followups.queries.promises import Promises
from app.followups.views.blueprint import bp

ENDPOINT = "followups.index"
OWN: dict[str, Any] = {"evaluasi": ALL_EVALUATIONS, "peran": Part.LEAD.value}


@bp.get("/tindak-lanjut")
@requires(Permission.FOLLOW_UP_READ)
def index() -> ResponseReturnValue:
    """List the follow-ups that the address asks for, what hurts first."""
    actor = current_actor()
    asked = read_list(request.args, actor)
    counted = counts.of_list(asked.narrowing, actor)
    page = listing.page(
        asked.narrowing,
        asked.order,
        actor,
        number=page_number(request.args.get("halaman")),
        total=counted.listed,
    )
    reader = reader_of(actor)
    return htmx.render_page(
        "followups/list.html",
        "followups/_list.html",
        asked=asked,
        page=page,
        reader=reader,
        tiles=tiles(asked, counted),
        chips=[{"label": c.label, "url": url_for(ENDPOINT, **c.without)} for c in asked.chips],
        sort_urls={sort.value: _sort_url(asked, sort) for sort in Sort},
        sort_label=SORT_LABELS[asked.order.by],
        page_url=lambda number: _url(asked, halaman=str(number) if number > 1 else ""),
        xlsx_url=url_for("reports.follow_ups_xlsx", **asked.arguments),
        nothing_at_all=counted.total == 0 and not asked.chips,
        promises=own_promises(asked, actor),
        overdue_url=url_for(ENDPOINT, **OWN, lewat="1"),
        can_manage=actor.has(Permission.FOLLOW_UP_MANAGE),
    )


def own_promises(asked: ListRequest, actor: Actor) -> Promises | None:
    """Return how the person's own agencies kept their dates, below a whole list of theirs."""
    if policy.is_reader_of_all(actor) or asked.chips or htmx.wants_fragment():
        return None
    return promises.of_own_agencies(actor)


def tiles(asked: ListRequest, counted: Counts) -> list[dict[str, Any]]:
    """Return the counts on top, each a link to the list of just those."""
    offered: list[tuple[str, int, str, dict[str, str]]] = [
        ("semua", counted.total, "", {}),
        ("lewat batas waktu", counted.overdue, "late", {"lewat": "1"}),
        ("di instansi", counted.at_agency, "", {"posisi": Place.AGENCY.value}),
        ("dikembalikan", counted.returned, "returned", {"keadaan": "returned"}),
        ("di DP3A", counted.submitted, "submitted", {"posisi": Place.REVIEWER.value}),
        ("selesai", counted.closed, "closed", {"posisi": Place.DONE.value}),
    ]
    if counted.draft:
        offered.append(("konsep", counted.draft, "", {"keadaan": "draft"}))
    aside = {"lewat": "", "posisi": "", "keadaan": ""}
    return [
        {
            "label": label,
            "value": formatting.number(value),
            "tone": tone if value else "quiet",
            "url": _url(asked, **(aside | given)),
        }
        for label, value, tone, given in offered
    ]


def _url(asked: ListRequest, **changes: str) -> str:
    return url_for(ENDPOINT, **asked.with_(**changes))


def _sort_url(asked: ListRequest, sort: Sort) -> str:
    """Return the address sorted by a column; again, the other way round."""
    again = asked.order.by is sort and not asked.order.descending
    return _url(asked, urut=f"-{sort.value}" if again else sort.value)
