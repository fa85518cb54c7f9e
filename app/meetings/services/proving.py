"""Let the records of meetings stand as evidence in an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.followups.models import FollowUp, Round
from app.followups.services.evidence import Description, attach_stored
from app.meetings.models import FileKind, Meeting, MeetingEvidence
from app.meetings.queries.files import offered_file

CHOOSE_FIRST = "Pilih berkasnya dahulu."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record that somebody picked: the id of the meeting's file, and as what it is offered."""

    file_id: int
    slot: str
    document_date: date | None = None


def offer_as_evidence(
    follow_up: FollowUp, round_: Round, actor: Actor, chosen: Sequence[Chosen]
) -> int:
    """Put records of meetings with the open round of a locked follow-up; return how many.

    A record that the round has already is not added again. Raises `NotVisible` for what the person
    is not offered, and what adding evidence raises.
    """
    if not chosen:
        raise InvalidInput(CHOOSE_FIRST, "files")
    for one in chosen:
        record = offered_file(one.file_id, actor)
        described = Description(
            slot=one.slot,
            file_name=record.file_name,
            document_date=one.document_date or record.dated,
            document_number=_number(record.meeting, record.kind),
            caption=record.caption or record.meeting.title,
        )
        piece = attach_stored(follow_up, round_, actor, record.file_id, described)
        if db.session.get(MeetingEvidence, piece.id) is None:
            db.session.add(MeetingEvidence(evidence_id=piece.id, meeting_file_id=record.id))
    return len(chosen)


def _number(meeting: Meeting, kind: FileKind) -> str:
    """Return the official number that a record bears."""
    numbers = {FileKind.LETTER: meeting.letter_number, FileKind.MINUTES: meeting.minutes_number}
    return numbers.get(kind, "")
