"""Correct approved minutes: what was sent stays in them, or is withdrawn with the reason."""

from app.core.actor import Actor
from app.core.errors import InvalidInput, InvalidTransition
from app.history.services import record
from app.meetings import policy
from app.meetings.models import (
    MAX_REASON,
    Meeting,
    MeetingActionItem,
    MinutesState,
)
from app.meetings.queries.minutes import content_of, is_as_written, newest_version
from app.meetings.services.guarding import require_manager, require_version

OPENED, DROPPED = "minutes_reopened", "minutes_correction_dropped"
MARKED, UNMARKED = "action_withdrawal_noted", "action_withdrawal_dropped"


def open_correction(meeting: Meeting, actor: Actor, reason: str, *, version: int) -> None:
    """Open approved minutes of a locked meeting again; the approved version stays readable."""
    require_manager(actor)
    require_version(meeting, version)
    if not policy.can_correct(actor, meeting):
        raise InvalidTransition("Hanya notulen yang sudah disahkan dapat dikoreksi.")
    meeting.correction_reason = _reason(reason)
    meeting.minutes_state = MinutesState.DRAFT
    meeting.version += 1
    record(actor, OPENED, meeting_id=meeting.id, words=meeting.correction_reason)


def drop_correction(meeting: Meeting, actor: Actor, *, version: int) -> None:
    """Close a correction in which nothing was changed: what was approved still holds."""
    require_manager(actor)
    require_version(meeting, version)
    if not policy.is_in_correction(meeting):
        raise InvalidTransition("Notulen ini tidak sedang dikoreksi.")
    newest = newest_version(meeting.id)
    if newest is None or not is_as_written(newest.content, content_of(meeting.id)):
        raise InvalidTransition(
            "Notulen sudah diubah, sehingga koreksinya tidak dapat dibatalkan. Kembalikan"
            " perubahannya, atau sahkan."
        )
    meeting.correction_reason = meeting.minutes_note = ""
    meeting.minutes_state = MinutesState.APPROVED
    meeting.version += 1
    record(actor, DROPPED, meeting_id=meeting.id)


def withdraw_action(meeting: Meeting, item: MeetingActionItem, actor: Actor, reason: str) -> None:
    """Note that a sent action item is taken back; its follow-ups are cancelled on approval.

    Raises `InvalidInput` at the reason, `InvalidTransition` where it cannot be taken back.
    """
    _check_open(meeting, item, actor)
    item.withdrawn_reason = _reason(reason)
    record(actor, MARKED, meeting_id=meeting.id, words=item.withdrawn_reason, title=item.title)


def keep_action(meeting: Meeting, item: MeetingActionItem, actor: Actor) -> None:
    """Note that an action item is not taken back after all."""
    _check_open(meeting, item, actor)
    if not item.withdrawn_reason:
        return
    item.withdrawn_reason = ""
    record(actor, UNMARKED, meeting_id=meeting.id, title=item.title)


def _check_open(meeting: Meeting, item: MeetingActionItem, actor: Actor) -> None:
    require_manager(actor)
    if not policy.can_withdraw_actions(actor, meeting):
        raise InvalidTransition(
            "Tindak lanjut yang sudah dikirim ditarik kembali selama notulen masih disunting."
        )
    if item.sent_at is None:
        raise InvalidTransition("Tindak lanjut ini belum dikirim: hapus saja di notulen.")
    if item.withdrawn_at is not None:
        raise InvalidTransition("Tindak lanjut ini sudah ditarik kembali.")


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput("Tuliskan alasannya.", "reason")
    if len(text) > MAX_REASON:
        raise InvalidInput(f"Paling panjang {MAX_REASON} huruf.", "reason")
    return text
