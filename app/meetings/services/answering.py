"""Say whether one comes: by the link in the mail, on the meeting's page, or by phone."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core import clock
from app.core.actor import VISITOR, Actor
from app.core.errors import InvalidInput, InvalidTransition
from app.history.services import record
from app.meetings import policy
from app.meetings.models import MAX_LINE, MAX_REASON, Answer, Invitation, Meeting, MeetingState
from app.meetings.queries.invitations import name_of


class Way(StrEnum):
    """How an answer came."""

    LINK = "link"
    PAGE = "page"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as given: who comes or who comes instead, or why nobody does."""

    answer: Answer
    name: str = ""
    position: str = ""
    note: str = ""


def answer(
    meeting: Meeting, invitation: Invitation, reply: Reply, actor: Actor, way: Way
) -> Invitation:
    """Keep an answer; the last one counts, and each is an event.

    Called with both rows locked. Raises `InvalidTransition` where it is too late or the invitation
    is withdrawn, and `InvalidInput` where it does not say who comes instead, or why nobody does.
    """
    refuse_late(meeting, invitation)
    written = _written(reply)
    invitation.answer = written.answer
    invitation.answer_name = written.name
    invitation.answer_position = written.position
    invitation.answer_note = written.note
    invitation.answered_at = clock.now()
    record(
        _who(actor, invitation),
        "invitation_answered",
        meeting_id=meeting.id,
        agency=name_of(invitation),
        answer=written.answer.value,
        name=written.name,
        note=written.note,
        way=way.value,
    )
    return invitation


def refuse_late(meeting: Meeting, invitation: Invitation) -> None:
    """Raise `InvalidTransition` where no answer is taken any more, with the reason."""
    if invitation.withdrawn_at is not None:
        raise InvalidTransition("Undangan ini sudah ditarik kembali.")
    if meeting.state is MeetingState.CANCELLED:
        raise InvalidTransition("Rapat ini dibatalkan.")
    if invitation.sent_at is None or meeting.state is MeetingState.DRAFT:
        raise InvalidTransition("Undangan ini belum dikirim.")
    if not policy.takes_answers(meeting, clock.now()):
        raise InvalidTransition("Rapat ini sudah selesai. Jawaban tidak dapat diubah lagi.")


def _written(reply: Reply) -> Reply:
    name, position = " ".join(reply.name.split()), " ".join(reply.position.split())
    note = reply.note.strip()
    for field, text, most in (
        ("name", name, MAX_LINE),
        ("position", position, MAX_LINE),
        ("note", note, MAX_REASON),
    ):
        if len(text) > most:
            raise InvalidInput(f"Paling panjang {most} huruf.", field)
    if reply.answer is Answer.UNABLE:
        if not note:
            raise InvalidInput("Tulis alasannya secara singkat.", "note")
        return Reply(reply.answer, note=note)
    if reply.answer is Answer.REPRESENTED and not name:
        raise InvalidInput("Tulis nama yang mewakili.", "name")
    return Reply(reply.answer, name, position, note)


def _who(actor: Actor, invitation: Invitation) -> Actor:
    """Return who answered, as the history names them; a visitor is whoever had the link."""
    if actor is not VISITOR:
        return actor
    return replace(VISITOR, name=name_of(invitation), title="lewat tautan undangan")
