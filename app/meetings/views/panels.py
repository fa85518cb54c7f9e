"""What meetings show on the pages of follow-ups."""

from flask import Flask, render_template

from app.accounts.permissions import Permission
from app.core.actor import Actor
from app.core.panels import register_panel
from app.followups import policy
from app.followups.models import FollowUp
from app.meetings import labels
from app.meetings.queries import origin


def register_meeting_panels(app: Flask) -> None:
    """Show where a follow-up was decided, and offer the records of meetings as evidence."""
    register_panel(app, "follow_up", _origin, order=20)
    register_panel(app, "evidence_sources", _records)


def _origin(follow_up: FollowUp, actor: Actor) -> str | None:
    if not actor.has(Permission.MEETING_READ) or not policy.can_read(actor, follow_up):
        return None
    made_by = origin.origin_of(follow_up, actor)
    taken_up = origin.taken_up(follow_up, actor)
    if made_by is None and not taken_up:
        return None
    return render_template(
        "meetings/_origin.html", origin=made_by, taken_up=taken_up, labels=labels
    )


def _records(follow_up: FollowUp, actor: Actor) -> str | None:
    if not actor.has(Permission.MEETING_READ):
        return None
    return render_template("meetings/_records.html", number=follow_up.number)
