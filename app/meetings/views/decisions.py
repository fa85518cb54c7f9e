"""The register of decisions across meetings, narrowed by its address."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import formatting, htmx
from app.core.access import requires
from app.core.identity import current_actor
from app.core.pagination import page_number
from app.followups.labels import AGENCY_STATE_LABELS, STATE_LABELS
from app.meetings import labels, policy
from app.meetings.forms.decisions import (
    OWN_PROGRESS_LABELS,
    PROGRESS_LABELS,
    DecisionsRequest,
    offer_years,
    read_decisions,
)
from app.meetings.queries import decisions
from app.meetings.queries.decisions import Progress, Register
from app.meetings.views.blueprint import bp

ENDPOINT = "meetings.decisions"
TONES = {Progress.RUNNING: "", Progress.DONE: "closed", Progress.NONE: "quiet"}


@bp.get("/keputusan", endpoint="decisions")
@requires(Permission.MEETING_READ)
def list_decisions() -> ResponseReturnValue:
    """List the decisions that the address asks for, of the newest meeting first."""
    actor = current_actor()
    reads_all = policy.is_reader_of_all(actor)
    asked = read_decisions(request.args, reads_all=reads_all)
    register = decisions.register(asked.narrowing, actor)
    offer_years(asked, register.years)
    return htmx.render_page(
        "meetings/decisions.html",
        "meetings/_decisions.html",
        asked=asked,
        page=register.page(page_number(request.args.get("halaman"))),
        labels=labels,
        state_labels=STATE_LABELS if reads_all else AGENCY_STATE_LABELS,
        tiles=_tiles(asked, register, reads_all=reads_all),
        chips=[{"label": c.label, "url": url_for(ENDPOINT, **c.without)} for c in asked.chips],
        xlsx_url=url_for("reports.decisions_xlsx", **asked.arguments),
        page_url=lambda number: _url(asked, halaman=str(number) if number > 1 else ""),
        nothing_at_all=not register.years,
        reads_all=reads_all,
    )


def _tiles(asked: DecisionsRequest, register: Register, *, reads_all: bool) -> list[dict[str, Any]]:
    """Return the counts on top, each a link to the decisions of just those."""
    of_reader = PROGRESS_LABELS if reads_all else OWN_PROGRESS_LABELS
    counted: list[tuple[str, int, str, str]] = [("semua", register.counts.total(), "", "")]
    counted += [
        (label.lower(), register.counts[progress], TONES[progress], progress.value)
        for progress, label in of_reader.items()
    ]
    return [
        {
            "label": label,
            "value": formatting.number(value),
            "tone": tone if value else "quiet",
            "url": _url(asked, keadaan=progress),
        }
        for label, value, tone, progress in counted
    ]


def _url(asked: DecisionsRequest, **changes: str) -> str:
    return url_for(ENDPOINT, **asked.with_(**changes))
