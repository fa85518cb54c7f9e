"""What follow-ups show on the pages of the rooms below."""

from typing import Any

from flask import Flask, render_template, url_for

from app.accounts.permissions import Permission
from app.agencies.models import Agency
from app.core.actor import Actor
from app.core.panels import register_panel
from app.followups import policy
from app.followups.forms.lists import ALL_EVALUATIONS
from app.followups.queries import promises
from app.followups.queries.narrowing import Part
from app.instruments.models import Cycle


def register_followup_panels(app: Flask) -> None:
    """Show work on the pages of evaluations and agencies."""
    register_panel(app, "cycle_actions", _cycle_actions)
    register_panel(app, "agency", _promises, order=20)


def _cycle_actions(cycle: Cycle, actor: Actor) -> str:
    return render_template(
        "followups/_cycle_actions.html",
        cycle=cycle,
        can_hand_out=actor.has(Permission.FOLLOW_UP_MANAGE),
    )


def _promises(agency: Agency, actor: Actor) -> str | None:
    if not policy.is_reader_of_all(actor):
        return None
    found = promises.of_agencies(actor, agency_ids=[agency.id])
    led: dict[str, Any] = {
        "evaluasi": ALL_EVALUATIONS,
        "instansi": agency.code,
        "peran": Part.LEAD.value,
    }
    return render_template(
        "followups/_promises.html",
        promises=found.get(agency.id, promises.Promises()),
        overdue_url=url_for("followups.index", **led, lewat="1"),
    )
