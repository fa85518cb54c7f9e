"""What documents show on the pages of the rooms below: letters and sheets to download."""

from flask import Flask, render_template

from app.accounts.permissions import Permission
from app.agencies.models import Agency
from app.core.actor import Actor
from app.core.panels import register_panel
from app.followups.forms.lists import ListRequest
from app.followups.models import FollowUp
from app.meetings import policy
from app.meetings.models import Meeting
from app.reports.labels import PAPER_LABELS
from app.reports.queries.meetings import has_minutes


def register_report_panels(app: Flask) -> None:
    """Show letters and sheets on the pages of agencies, follow-ups and meetings."""
    register_panel(app, "agency", _of_agency, order=60)
    register_panel(app, "follow_up", _of_follow_up, order=60)
    register_panel(app, "follow_ups", _of_list, order=60)
    register_panel(app, "meeting", _of_meeting, order=60)


def _of_agency(agency: Agency, actor: Actor) -> str | None:
    """Offer the letter that asks an agency for data, and what came back to it."""
    if not actor.has(Permission.FOLLOW_UP_READ):
        return None
    can_write = actor.has(Permission.FOLLOW_UP_MANAGE)
    return render_template("reports/_agency.html", agency=agency, can_write_letters=can_write)


def _of_follow_up(follow_up: FollowUp, _actor: Actor) -> str | None:
    """Offer what came back of a follow-up, once it did."""
    if follow_up.round_no < 2:
        return None
    return render_template("reports/_follow_up.html", number=follow_up.number)


def _of_list(asked: ListRequest, actor: Actor) -> str | None:
    """Offer the sheet of the agency that a list is narrowed to, or of the person's only one."""
    own = [choice[0] for choice in asked.form.instansi.choices or () if choice[0]]
    code = asked.form.instansi.data or (own[0] if actor.agency_ids and len(own) == 1 else "")
    return render_template("reports/_list.html", code=code) if code in own else None


def _of_meeting(meeting: Meeting, actor: Actor) -> str | None:
    """Offer the documents of a meeting, as far as the person may have them."""
    return render_template(
        "reports/_meeting.html",
        meeting=meeting,
        paper_labels=PAPER_LABELS,
        has_minutes=has_minutes(meeting, actor),
        can_invite=policy.can_manage(actor),
        can_list=policy.is_reader_of_all(actor),
    )
