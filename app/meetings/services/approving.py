"""Minutes on their way to a signature: submitted, returned to the minute-taker, approved.

Approving freezes and numbers the text; whatever was decided since the end of the meeting is sent
with it, and everybody who was asked to come, or came, is told once.
"""

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted
from app.followups.machine import Action, transition
from app.followups.queries.detail import lock_all
from app.followups.services.perform import perform_all
from app.history.services import record
from app.meetings import policy
from app.meetings.models import (
    MAX_LINE,
    MAX_REASON,
    Authority,
    Invitation,
    Meeting,
    MeetingActionItem,
    MeetingState,
    MinutesState,
    MinutesVersion,
)
from app.meetings.queries.checking import ToSend, items_to_send
from app.meetings.queries.files import has_signed_minutes
from app.meetings.queries.live import agenda_of, decisions_of
from app.meetings.queries.mailings import agencies_concerned
from app.meetings.queries.minutes import content_of
from app.meetings.queries.visibility import was_asked
from app.meetings.services.guarding import require_manager, require_version
from app.meetings.services.sending import particulars_of, send, tell_agencies
from app.notifications.services import News, notify_all

SUBMITTED, RETURNED, APPROVED = "minutes_submitted", "minutes_returned", "minutes_approved"
WITHDRAWN = "meeting_action_withdrawn"
KIND = "minutes_approved"
GUEST = "meeting_once_invited"
NEEDS_SCAN = (
    "Unggah dahulu hasil pindai notulen yang ditandatangani pada halaman Berkas. Tanpa itu, notulen"
    " disahkan oleh pimpinan rapat dengan akunnya sendiri."
)


def submit(meeting: Meeting, actor: Actor, *, version: int) -> None:
    """Hand the minutes of a locked meeting to whoever approves them; they rest meanwhile."""
    require_manager(actor)
    require_version(meeting, version)
    if meeting.state is not MeetingState.ENDED:
        raise InvalidTransition("Akhiri rapatnya dahulu, lalu ajukan notulennya.")
    if meeting.minutes_state not in policy.WRITABLE:
        raise InvalidTransition("Notulen ini sudah diajukan atau disahkan.")
    meeting.minutes_state = MinutesState.SUBMITTED
    meeting.minutes_note = ""
    meeting.version += 1
    record(actor, SUBMITTED, meeting_id=meeting.id)


def return_to_minute_taker(meeting: Meeting, actor: Actor, note: str, *, version: int) -> None:
    """Give submitted minutes back, with what is to be mended."""
    _check_approver(meeting, actor, version)
    note = note.strip()
    if not note:
        raise InvalidInput("Tuliskan apa yang perlu diperbaiki.", "note")
    if len(note) > MAX_REASON:
        raise InvalidInput(f"Paling panjang {MAX_REASON} huruf.", "note")
    meeting.minutes_state = MinutesState.RETURNED
    meeting.minutes_note = note
    meeting.version += 1
    record(actor, RETURNED, meeting_id=meeting.id, words=note)


def approve(
    meeting: Meeting, actor: Actor, *, version: int, minutes_number: str = ""
) -> MinutesVersion:
    """Freeze and number the minutes of a locked meeting (`cycle` loaded), and tell of them.

    The chair approves by its account; an officer on the strength of the signed scan. Raises
    `InvalidInput` where the scan, or something of an action item that is to be sent, is missing.
    """
    _check_approver(meeting, actor, version)
    is_chair = policy.is_chair(actor, meeting)
    if not is_chair and not has_signed_minutes(meeting.id):
        raise InvalidInput(NEEDS_SCAN)
    if len(minutes_number.strip()) > MAX_LINE:
        raise InvalidInput(f"Paling panjang {MAX_LINE} huruf.", "minutes_number")
    meeting.minutes_number = minutes_number.strip() or meeting.minutes_number
    items = items_to_send(meeting)
    _refuse_faults(items)
    made = _send(meeting, items, actor)
    withdrawn = _withdraw(meeting, actor)
    frozen = MinutesVersion(
        meeting_id=meeting.id,
        number=_last_number(meeting) + 1,
        content=content_of(meeting.id),
        reason=meeting.correction_reason,
        approved_at=clock.now(),
        approved_by_id=actor.user_id,
        authority=Authority.CHAIR if is_chair else Authority.SIGNED_SCAN,
    )
    db.session.add(frozen)
    meeting.minutes_state = MinutesState.APPROVED
    meeting.minutes_note = meeting.correction_reason = ""
    meeting.version += 1
    event_id = record(
        actor,
        APPROVED,
        meeting_id=meeting.id,
        version=frozen.number,
        authority=frozen.authority.value,
        words=frozen.reason,
        follow_ups=made,
    )
    _tell(meeting, event_id, items, withdrawn)
    return frozen


def _check_approver(meeting: Meeting, actor: Actor, version: int) -> None:
    require_version(meeting, version)
    if meeting.minutes_state is not MinutesState.SUBMITTED:
        raise InvalidTransition("Notulen ini tidak sedang menunggu pengesahan.")
    if not policy.can_approve(actor, meeting):
        raise NotPermitted("Notulen disahkan oleh pimpinan rapat.")


def _refuse_faults(items: list[ToSend]) -> None:
    for item in items:
        if item.fault:
            raise InvalidInput(f"Tindak lanjut {item.number}: {item.fault}")
        if item.is_addressed and item.row.due_on is None:
            raise InvalidInput(f"Tindak lanjut {item.number} belum mempunyai batas waktu.")


def _send(meeting: Meeting, items: list[ToSend], actor: Actor) -> int:
    """Send what was added since the meeting ended."""
    if not any(item.is_addressed for item in items):
        return 0
    return send(
        meeting,
        items,
        enumerate(agenda_of(meeting.id), 1),
        enumerate(decisions_of(meeting.id), 1),
        actor,
        told_as=KIND,
    )


def _withdraw(meeting: Meeting, actor: Actor) -> set[int]:
    """Cancel what a correction takes back and is not done; return the agencies concerned."""
    items = db.session.scalars(
        select(MeetingActionItem)
        .where(
            MeetingActionItem.meeting_id == meeting.id,
            MeetingActionItem.withdrawn_reason != "",
            MeetingActionItem.withdrawn_at.is_(None),
        )
        .options(selectinload(MeetingActionItem.follow_ups))
        .order_by(MeetingActionItem.id)
    ).all()
    if not items:
        return set()
    reasons = {row.id: item.withdrawn_reason for item in items for row in item.follow_ups}
    alike = defaultdict(list)
    for follow_up in lock_all(sorted(reasons)):
        if transition(follow_up.state, Action.CANCEL) is not None:
            alike[reasons[follow_up.id]].append(follow_up)
    told = particulars_of(meeting, KIND)
    for reason, those in alike.items():
        perform_all(those, Action.CANCEL, actor, replace(told, words=reason))
    for item in items:
        item.withdrawn_at = clock.now()
        record(
            actor, WITHDRAWN, meeting_id=meeting.id, words=item.withdrawn_reason, title=item.title
        )
    return {follow_up.agency_id for those in alike.values() for follow_up in those}


def _last_number(meeting: Meeting) -> int:
    last = db.session.scalar(
        select(func.max(MinutesVersion.number)).where(MinutesVersion.meeting_id == meeting.id)
    )
    return last or 0


def _tell(meeting: Meeting, event_id: int, items: list[ToSend], withdrawn: set[int]) -> None:
    agency_ids = {agency.id for agency in agencies_concerned(meeting.id)} | withdrawn
    agency_ids |= {agency.id for item in items for agency in item.agencies}
    tell_agencies(meeting, event_id, KIND, agency_ids)
    guests = db.session.scalars(
        select(Invitation.id)
        .where(
            Invitation.meeting_id == meeting.id,
            Invitation.agency_id.is_(None),
            was_asked(),
        )
        .order_by(Invitation.id)
    ).all()
    notify_all(
        [
            News(event_id, KIND, GUEST, {"invitation_id": guest_id}, meeting_id=meeting.id)
            for guest_id in guests
        ]
    )
