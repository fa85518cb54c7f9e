"""A meeting's first page: what, when, where, how far it is, and what is next to do."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock
from app.core.access import requires
from app.core.actor import Actor
from app.core.identity import current_actor
from app.followups.labels import STATE_LABELS
from app.followups.position import Reader, position, standing_of
from app.history.models import Event
from app.history.timeline import told
from app.meetings import calendar, labels, policy
from app.meetings.models import Answer, Meeting, MeetingState, MinutesState
from app.meetings.queries import attendance, finding, live, outcome
from app.meetings.queries.attendance import Board
from app.meetings.queries.files import files_of
from app.meetings.queries.minutes import versions_of
from app.meetings.views.answering import own_context
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show
from app.notifications.labels import FATE_LABELS
from app.notifications.messages import kind_label
from app.notifications.models import Fate
from app.notifications.queries import MailRow, mails_of_meeting

ENDED = "meeting_ended"
IN_TROUBLE = frozenset({Fate.FAILED, Fate.NO_ADDRESS})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a meeting. The next to do is the page's main action."""

    label: str
    action: str
    url: str
    is_done: bool
    is_next: bool = False
    hint: str = ""


@bp.get("/rapat/<code>")
@requires(Permission.MEETING_READ)
def detail(code: str) -> ResponseReturnValue:
    """Show a meeting, as this person needs it; to those invited with the answer they gave."""
    actor = current_actor()
    meeting = finding.get(code, actor)
    context = own_context(meeting) | {
        "hours": calendar.hours_of(meeting.starts_at, meeting.ended_at or meeting.ends_at),
        "video": calendar.web_address(meeting.video_url),
        "agenda": live.agenda_of(meeting.id),
        "files": files_of(meeting, actor),
        "versions": versions_of(meeting) if policy.can_read_versions(actor, meeting) else [],
        "is_chair": policy.is_chair(actor, meeting),
        "reads_minutes": policy.can_read_minutes(actor, meeting),
    }
    if policy.is_reader_of_all(actor):
        context |= _for_office(meeting, actor)
    else:
        context |= {"own": _own(meeting, actor)}
    return show("meetings/detail.html", meeting, **context)


def _for_office(meeting: Meeting, actor: Actor) -> dict[str, Any]:
    """Return what DP3A and leaders see: decisions and their state; and for DP3A, the work."""
    reads = policy.can_read_minutes(actor, meeting)
    board = attendance.board_of(meeting.id)
    context = {
        "board": board,
        "answers": Counter(seat.invitation.answer for seat in board.seats),
        "answer_kinds": list(Answer),
        "decisions": list(enumerate(live.decisions_of(meeting.id), 1)) if reads else [],
        "actions": list(enumerate(live.actions_of(meeting.id), 1)) if reads else [],
        "outcomes": outcome.outcomes_of(meeting.id) if reads else {},
        "state_labels": STATE_LABELS,
    }
    if not policy.can_manage(actor):
        return context
    events = outcome.events_of(meeting.id)
    return context | {
        "steps": _steps(meeting, board),
        "events": [_told(event) for event in events],
        "not_applied": _not_applied(events),
        "mails": _by_kind(mails_of_meeting(meeting.id)),
        "fate_labels": FATE_LABELS,
    }


def _steps(meeting: Meeting, board: Board) -> list[Step]:
    """Return the way of a meeting from the invitation to approved minutes."""
    if meeting.state is MeetingState.CANCELLED:
        return []
    now, code = clock.now(), meeting.code
    minutes = url_for("meetings.minutes", code=code)
    approval = url_for("meetings.approval", code=code)
    is_ended = meeting.state is MeetingState.ENDED
    is_written = is_ended or now >= meeting.ends_at
    submitted = meeting.minutes_state in (MinutesState.SUBMITTED, MinutesState.APPROVED)
    count = len(board.seats)
    steps = [
        Step(
            "Undang",
            f"Kirim undangan ({count})" if count else "Pilih yang diundang",
            url_for("meetings.invitations", code=code),
            is_done=meeting.state is not MeetingState.DRAFT,
        ),
        Step("Tulis notulen", "Tulis notulen", minutes, is_done=is_written),
        Step(
            "Akhiri rapat",
            "Periksa dan akhiri rapat",
            url_for("meetings.check", code=code),
            is_done=is_ended,
        ),
        Step("Ajukan", "Ajukan notulen", approval, is_done=submitted),
        Step(
            "Sahkan",
            "Sahkan notulen",
            approval,
            is_done=meeting.minutes_state is MinutesState.APPROVED,
        ),
    ]
    following = next((at for at, step in enumerate(steps) if not step.is_done), None)
    return [
        Step(step.label, step.action, step.url, step.is_done, is_next=at == following)
        for at, step in enumerate(steps)
    ]


def _own(meeting: Meeting, actor: Actor) -> list[tuple[Any, Any]]:
    """Return what the meeting asked of the person's agencies, each with whose turn it is."""
    return [
        (follow_up, position(standing_of(follow_up), Reader.AGENCY))
        for follow_up in outcome.own_follow_ups(meeting, actor)
    ]


def _told(event: Event) -> dict[str, str]:
    title = labels.EVENT_LABELS.get(event.verb, "Rapat diubah")
    payload = event.payload
    if event.verb == ENDED:
        detail = f"{payload['decisions']} keputusan, {payload['follow_ups']} tindak lanjut dikirim"
    else:
        detail = str(payload.get("words") or payload.get("name") or payload.get("title") or "")
    return told(event, title, detail)


def _not_applied(events: Sequence[Event]) -> list[dict[str, str]]:
    """Return what the end of the meeting could not do to old follow-ups any more."""
    return next((e.payload.get("not_applied", []) for e in events if e.verb == ENDED), [])


def _by_kind(
    mails: Sequence[MailRow],
) -> list[tuple[str, Counter[Fate], list[MailRow]]]:
    """Return the meeting's mails: kind, how many met each fate, and those in trouble."""
    kinds: dict[str, list[MailRow]] = {}
    for mail in mails:
        kinds.setdefault(mail.kind, []).append(mail)
    return [
        (
            kind_label(kind),
            Counter(mail.fate for mail in rows),
            [mail for mail in rows if mail.fate in IN_TROUBLE],
        )
        for kind, rows in kinds.items()
    ]
