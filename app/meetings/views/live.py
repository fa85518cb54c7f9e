"""The minutes while they are written: one page for the whole meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock, htmx, once
from app.core.access import requires
from app.core.identity import current_actor
from app.core.input import whole
from app.core.working_copy import Conflict, Saved, fingerprints
from app.followups import position
from app.history.models import Event
from app.meetings import labels, policy
from app.meetings.models import CarriedItem, Meeting
from app.meetings.queries import live as queries
from app.meetings.queries.addressing import Addressees, known_addressees
from app.meetings.queries.live import Section, Stamp
from app.meetings.services import settling, tasking
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

LONGEST_TITLE = 48
FIELD_LABELS = {
    "opening": "Pembukaan",
    "closing": "Penutup",
    "notes": "Catatan",
    "words": "Keputusan",
    "title": "Apa yang dikerjakan",
    "expected_proof": "Bukti yang diharapkan",
    "addressee": "Kepada",
    "supporters": "Instansi pendukung",
    "due_on": "Batas waktu",
    "decision": "Dasar",
    "said_by": "Disampaikan oleh",
}


@dataclass(slots=True)
class Trouble:
    """A form that was refused: where it stands, what was typed in it, and what is wrong.

    `place` names the form on the page; `lost` are typed words for which there is no form now.
    """

    place: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    conflicts: Sequence[Conflict] = ()
    message: str = ""
    lost: Sequence[tuple[str, str]] = ()

    def value(self, place: str, name: str, stored: str) -> str:
        """Return what a field shows: what was typed where its form was refused."""
        return self.typed.get(name, stored) if place == self.place else stored

    def fault(self, place: str, name: str) -> str:
        """Return what is wrong with a field."""
        return self.faults.get(name, "") if place == self.place else ""


@bp.get("/rapat/<code>/notulen")
@requires(Permission.MEETING_READ)
def minutes(code: str) -> ResponseReturnValue:
    """Show the minutes; or, to the page's script, what others changed since it was shown."""
    meeting = queries.get_readable(code, current_actor())
    if htmx.wants_fragment() and "sejak" in request.args:
        return _changes(meeting)
    return page(meeting)


def page(
    meeting: Meeting, status: int = 200, trouble: Trouble | None = None
) -> ResponseReturnValue:
    """Render the page as things stand now; `trouble` is what a form just ran into."""
    sections = queries.sections_of(meeting)
    known = known_addressees(meeting.cycle)
    return show(
        "meetings/minutes.html",
        meeting,
        status=status,
        sections=sections,
        turnout=queries.turnout_of(meeting.id),
        stamp=written_stamp(queries.stamp_of(meeting.id)),
        can_end=policy.can_end(current_actor(), meeting),
        **tools(meeting, sections, known, trouble),
    )


def reload(code: str, status: int, trouble: Trouble) -> ResponseReturnValue:
    """Render the page after a form was refused, with what was typed in it."""
    return page(queries.get_readable(code, current_actor()), status, trouble)


def tools(
    meeting: Meeting,
    sections: Sequence[Section],
    known: Addressees | None = None,
    trouble: Trouble | None = None,
) -> dict[str, Any]:
    """Return what the rows of the page need, whether they are rendered in it or alone."""
    return {
        "known": known,
        "fingerprints": fingerprints,
        "fields_of": tasking.fields_of,
        "is_addressed": tasking.is_addressed,
        "proposed": clock.today() + tasking.PROPOSED,
        "form_token": once.new_token(),
        "agenda_numbers": {section.item.id: section.number for section in sections if section.item},
        "decision_numbers": {
            numbered.row.id: numbered.number
            for section in sections
            for numbered in section.decisions
        },
        "names": FIELD_LABELS,
        "position_of": position_of,
        "outcomes_for": settling.outcomes_for,
        "may_settle": meeting.state not in policy.OVER,
        "trouble": trouble or Trouble(),
        "can_write": policy.can_write(current_actor(), meeting),
    }


def row(
    template: str,
    meeting: Meeting,
    sections: Sequence[Section] = (),
    trouble: Trouble | None = None,
    **context: Any,
) -> str:
    """Render one row of the page alone."""
    context |= tools(meeting, sections, context.get("known"), trouble)
    return render_template(template, meeting=meeting, labels=labels, **context)


def saved_place(place: str, saved: Saved, line: str) -> ResponseReturnValue | None:
    """Answer the page's script after an autosave; None where a whole page is wanted."""
    if not htmx.wants_fragment():
        return None
    if saved.conflicts:
        return render_template(
            "meetings/_draft_conflict.html",
            saved=saved,
            place=place,
            names=FIELD_LABELS,
        ), 409
    status = 422 if saved.faults else 200
    return render_template(
        "meetings/_draft_status.html", message=line, saved=saved, place=place
    ), status


def written_stamp(stamp: Stamp) -> str:
    """Write what a page has seen, as its next question carries it."""
    moment = stamp.drafted_at.timestamp() if stamp.drafted_at else 0
    return f"{stamp.event_id}-{round(moment * 1_000_000)}"


def _read_stamp(text: str) -> Stamp:
    event_id, _, micros = text.partition("-")
    known = micros.isdecimal() and len(micros) < 18
    moment = datetime.fromtimestamp(int(micros) / 1_000_000, UTC) if known else None
    return Stamp(whole(event_id) or 0, moment)


def _changes(meeting: Meeting) -> ResponseReturnValue:
    """Say what others changed: nothing (204) costs one query beyond who asks for what."""
    seen = _read_stamp(request.args["sejak"])
    me = current_actor().user_id
    others = queries.stamp_of(meeting.id, leaving_out=me)
    events = others.event_id > seen.event_id
    drafts = _is_later(others.drafted_at, seen.drafted_at)
    if not events and not drafts:
        return "", 204
    told = queries.events_since(meeting.id, seen.event_id, me) if events else []
    writers = queries.writers_since(meeting.id, seen.drafted_at, me) if drafts else []
    return render_template(
        "meetings/_changes.html",
        meeting=meeting,
        told=[_told(event) for event in reversed(told)],
        writers=writers,
        stamp=request.args["sejak"],
    )


def _is_later(moment: datetime | None, seen: datetime | None) -> bool:
    if moment is None:
        return False
    return seen is None or round(moment.timestamp() * 1e6) > round(seen.timestamp() * 1e6)


def _told(event: Event) -> str:
    words = str(event.payload.get("words") or event.payload.get("number") or "")
    what = labels.EVENT_LABELS.get(event.verb, event.verb)
    return f"{event.actor_name}: {what}" + (f" “{_short(words)}”" if words else "")


def position_of(carried: CarriedItem) -> position.Position:
    """Say whose turn it is with a follow-up that was carried over, as DP3A reads it."""
    standing = position.standing_of(carried.follow_up)
    return position.position(standing, position.Reader.DP3A)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[:LONGEST_TITLE].rstrip()}…"
