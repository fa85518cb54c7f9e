"""What follow-ups show on the pages of the rooms below."""

from flask import Flask, render_template

from app.accounts.permissions import Permission
from app.core.actor import Actor
from app.core.panels import register_panel
from app.instruments.models import Cycle


def register_followup_panels(app: Flask) -> None:
    """Show work on the pages of evaluations."""
    register_panel(app, "cycle_actions", _cycle_actions)


def _cycle_actions(cycle: Cycle, actor: Actor) -> str:
    return render_template(
        "followups/_cycle_actions.html",
        cycle=cycle,
        can_hand_out=actor.has(Permission.FOLLOW_UP_MANAGE),
    )
