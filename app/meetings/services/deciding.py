"""Decisions: what the meeting resolved, in words that can be read out."""

from collections.abc import Mapping

from sqlalchemy import exists, select, update

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition
from app.core.search import searchable
from app.core.working_copy import Save, Saved, save_fields
from app.history.services import record
from app.meetings.models import (
    MAX_DECISION,
    AgendaItem,
    Decision,
    Meeting,
    MeetingActionItem,
)
from app.meetings.services.guarding import require_writable
from app.meetings.services.writing import plain_text, read_plain

ADDED, MOVED, REMOVED = "decision_added", "decision_moved", "decision_removed"
BLANK = "Tuliskan keputusannya."
KEEP_BLANK = "Keputusan tidak boleh kosong. Hapus keputusannya bila tidak jadi."


def add_decision(meeting: Meeting, item: AgendaItem | None, words: str, actor: Actor) -> Decision:
    """Add a decision of a locked meeting. Raises `InvalidInput` at `words`."""
    require_writable(meeting, actor)
    words = plain_text(words)
    if not words:
        raise InvalidInput(BLANK, "words")
    if len(words) > MAX_DECISION:
        raise InvalidInput(f"Paling panjang {MAX_DECISION} huruf.", "words")
    decision = Decision(
        meeting_id=meeting.id,
        agenda_item_id=item.id if item else None,
        words=words,
        search_text=searchable(words),
        created_at=clock.now(),
        draft_no=0,
        draft_marks={},
    )
    db.session.add(decision)
    db.session.flush()
    record(actor, ADDED, meeting_id=meeting.id, words=words)
    return decision


def save_decision(meeting: Meeting, decision: Decision, actor: Actor, save: Save) -> Saved:
    """Save the words of a decision of a locked meeting. Blank ones are not saved."""
    require_writable(meeting, actor)

    def store(changed: Mapping[str, str]) -> None:
        decision.words = changed["words"]
        decision.search_text = searchable(decision.words)

    stored = {"words": decision.words}
    return save_fields(decision, stored, save, actor, clock.now(), read=_read, store=store)


def _read(name: str, typed: str) -> tuple[str | None, str | None]:
    words, fault = read_plain(name, typed, MAX_DECISION)
    return (words, fault) if words else (None, KEEP_BLANK)


def move_decision(
    meeting: Meeting, decision: Decision, item: AgendaItem | None, actor: Actor
) -> None:
    """Move a decision of a locked meeting to another agenda item."""
    require_writable(meeting, actor)
    place = item.id if item else None
    if decision.agenda_item_id == place:
        return
    decision.agenda_item_id = place
    record(actor, MOVED, meeting_id=meeting.id, words=decision.words)


def remove_decision(meeting: Meeting, decision: Decision, actor: Actor) -> None:
    """Take a decision out of a locked meeting; action items that rest on it stay.

    Raises `InvalidTransition` where one of them was sent: its agency was told of this decision.
    """
    require_writable(meeting, actor)
    rests = MeetingActionItem.decision_id == decision.id
    if db.session.scalar(select(exists().where(rests, MeetingActionItem.sent_at.is_not(None)))):
        raise InvalidTransition(
            "Keputusan ini menjadi dasar tindak lanjut yang sudah dikirim, sehingga tidak dapat"
            " dihapus. Ubah kata-katanya."
        )
    db.session.execute(update(MeetingActionItem).where(rests).values(decision_id=None))
    record(actor, REMOVED, meeting_id=meeting.id, words=decision.words)
    db.session.delete(decision)
