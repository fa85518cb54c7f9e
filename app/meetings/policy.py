"""Who may do what with a meeting: pure predicates over rows that are loaded already.

Officers prepare, write and end meetings. An agency sees those that it was invited to, and their
minutes once they are approved. A leader reads all that is no draft, and approves what it chairs.
"""

from datetime import datetime, timedelta

from app.accounts.permissions import Permission
from app.core.actor import Actor
from app.meetings.models import (
    AgendaItem,
    FileKind,
    Meeting,
    MeetingFile,
    MeetingState,
    MinutesState,
)

CHECK_IN_BEFORE = timedelta(minutes=30)
"""How long before the beginning people may write themselves down as present."""

OVER = frozenset({MeetingState.ENDED, MeetingState.CANCELLED})
WRITABLE = frozenset({MinutesState.DRAFT, MinutesState.RETURNED})
RECORDS = frozenset({FileKind.LETTER, FileKind.ATTENDANCE, FileKind.MINUTES, FileKind.PHOTO})
"""Signed scans and photos: what those invited may open, and what is offered as evidence."""


def can_manage(actor: Actor) -> bool:
    """Tell whether the person prepares meetings and writes their minutes."""
    return actor.has(Permission.MEETING_MANAGE)


def is_reader_of_all(actor: Actor) -> bool:
    """Tell whether the person sees every meeting (officers and leaders)."""
    return actor.has(Permission.MEETING_READ) and actor.has(Permission.CYCLE_READ)


def can_read_minutes(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether a person who sees the meeting reads its minutes as they are now.

    Others read the newest approved version alone.
    """
    return is_reader_of_all(actor) and (can_manage(actor) or meeting.state is MeetingState.ENDED)


def can_read_versions(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether a person who sees the meeting reads approved minutes: whoever was invited."""
    return actor.has(Permission.MEETING_READ) and meeting.state is MeetingState.ENDED


def can_prepare(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether time, place, agenda and invitations may still be changed."""
    return can_manage(actor) and meeting.state not in OVER


def can_write(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether the minutes may be written: until they are submitted or approved."""
    return (
        can_manage(actor)
        and meeting.state is not MeetingState.CANCELLED
        and meeting.minutes_state in WRITABLE
    )


def can_end(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether the meeting may be ended: a small one is held without an invitation, too."""
    return can_manage(actor) and meeting.state not in OVER


def can_approve(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether the person may approve: officers by the signed scan, or the chair itself."""
    if meeting.minutes_state is not MinutesState.SUBMITTED:
        return False
    return can_manage(actor) or is_chair(actor, meeting)


def is_chair(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether the person is the chair, with an account that may approve."""
    return (
        meeting.chair_id is not None
        and meeting.chair_id == actor.user_id
        and actor.has(Permission.MEETING_APPROVE)
    )


def is_frozen(item: AgendaItem, meeting: Meeting) -> bool:
    """Tell whether an agenda item can no longer be taken out: something was written under it."""
    return bool(item.notes.strip()) or meeting.state in OVER


def takes_answers(meeting: Meeting, now: datetime) -> bool:
    """Tell whether those invited may still say whether they come."""
    return meeting.state is MeetingState.INVITED and now < meeting.ends_at


def takes_check_ins(meeting: Meeting, now: datetime) -> bool:
    """Tell whether people may write themselves down: from half an hour before until the end."""
    if meeting.state is not MeetingState.INVITED:
        return False
    return meeting.starts_at - CHECK_IN_BEFORE <= now <= meeting.ends_at


def was_approved(meeting: Meeting) -> bool:
    """Tell whether there is an approved version, even where it is being corrected now."""
    return meeting.minutes_state is MinutesState.APPROVED or bool(meeting.correction_reason)


def is_in_correction(meeting: Meeting) -> bool:
    """Tell whether approved minutes are open for a correction."""
    return bool(meeting.correction_reason) and meeting.minutes_state in WRITABLE


def can_withdraw_actions(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether action items that were sent may be taken back: while the text is open."""
    return can_write(actor, meeting) and meeting.state is MeetingState.ENDED


def can_correct(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether approved minutes may be opened for a correction."""
    return can_manage(actor) and meeting.minutes_state is MinutesState.APPROVED


def can_add_files(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether scans, photos and papers may be added: signed ones come days later."""
    return can_manage(actor) and meeting.state is not MeetingState.CANCELLED


def can_remove_files(actor: Actor, meeting: Meeting) -> bool:
    """Tell whether files may be taken out: until the minutes are approved."""
    return can_add_files(actor, meeting) and meeting.minutes_state is not MinutesState.APPROVED


def can_open_file(actor: Actor, meeting: Meeting, file: MeetingFile) -> bool:
    """Tell whether a person who sees the meeting may open one of its files.

    Those invited open the signed scans and photos of approved meetings alone.
    """
    if file.removed_at is not None:
        return False
    return is_reader_of_all(actor) or (was_approved(meeting) and file.kind in RECORDS)
