"""What the meeting says of follow-ups from before: noted now, done when the meeting is ended."""

from datetime import datetime

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.followups.machine import AT_AGENCY, OPEN_STATES
from app.followups.models import FollowUp, Kind
from app.history.services import record
from app.meetings import policy
from app.meetings.labels import CARRIED_LABELS
from app.meetings.models import MAX_LINE, MAX_REASON, CarriedItem, CarriedOutcome, Meeting
from app.meetings.services.guarding import require_writable
from app.meetings.services.writing import one_line, plain_text

SETTLED, UNSETTLED = "carried_item_settled", "carried_item_unsettled"
OVERTAKEN = (
    "Orang lain mencatat hal lain tentang tindak lanjut ini sejak halaman dibuka. Yang diketik"
    " masih ada di bawah; periksa, lalu simpan lagi."
)


def outcomes_for(follow_up: FollowUp) -> tuple[CarriedOutcome, ...]:
    """Return what a meeting can say of a follow-up as it stands; nothing where it is done.

    What asks for data is answered in writing: it is not closed by word of mouth. What waits for
    DP3A has no due time to extend.
    """
    if follow_up.state not in OPEN_STATES:
        return ()
    found = [CarriedOutcome.CLOSE] if follow_up.kind is Kind.ACTION_ITEM else []
    found += [CarriedOutcome.EXTEND] if follow_up.state in AT_AGENCY else []
    return (*found, CarriedOutcome.CANCEL, CarriedOutcome.KEEP)


def settle(
    meeting: Meeting,
    carried: CarriedItem,
    actor: Actor,
    outcome: CarriedOutcome,
    *,
    words: str = "",
    said_by: str = "",
    due_at: datetime | None = None,
    edition: int,
) -> None:
    """Note what a locked meeting says of one follow-up (loaded with `carried`).

    Raises `StaleVersion` where somebody else noted something since, `InvalidInput` at a field.
    """
    _require_open(meeting, carried, actor, edition)
    if outcome not in outcomes_for(carried.follow_up):
        label = CARRIED_LABELS[outcome].lower()
        raise InvalidInput(f"{carried.follow_up.number} tidak dapat {label} sekarang.", "outcome")
    words, said_by = plain_text(words), one_line(said_by)
    _check(outcome, words, said_by, due_at)
    carried.outcome = outcome
    carried.words, carried.said_by = words, said_by
    carried.due_at = due_at if outcome is CarriedOutcome.EXTEND else None
    carried.edition += 1
    record(
        actor,
        SETTLED,
        meeting_id=meeting.id,
        number=carried.follow_up.number,
        outcome=outcome.value,
        words=words,
        said_by=said_by,
    )


def unsettle(meeting: Meeting, carried: CarriedItem, actor: Actor, *, edition: int) -> None:
    """Take back what was noted, before the meeting is ended. Raises as `settle` does."""
    _require_open(meeting, carried, actor, edition)
    if carried.outcome is None:
        return
    carried.outcome, carried.due_at = None, None
    carried.edition += 1
    record(actor, UNSETTLED, meeting_id=meeting.id, number=carried.follow_up.number)


def _require_open(meeting: Meeting, carried: CarriedItem, actor: Actor, edition: int) -> None:
    require_writable(meeting, actor)
    if carried.applied_at is not None or meeting.state in policy.OVER:
        raise InvalidTransition(
            "Rapat sudah diakhiri. Perubahannya dilakukan pada tindak lanjutnya."
        )
    if carried.edition != edition:
        raise StaleVersion(OVERTAKEN)


def _check(outcome: CarriedOutcome, words: str, said_by: str, due_at: datetime | None) -> None:
    if len(words) > MAX_REASON:
        raise InvalidInput(f"Paling panjang {MAX_REASON} huruf.", "words")
    if len(said_by) > MAX_LINE:
        raise InvalidInput(f"Paling panjang {MAX_LINE} huruf.", "said_by")
    if outcome is CarriedOutcome.KEEP:
        return
    if not words:
        raise InvalidInput("Tuliskan apa yang disampaikan.", "words")
    if not said_by:
        raise InvalidInput("Tuliskan siapa yang menyampaikan.", "said_by")
    if outcome is CarriedOutcome.EXTEND and (due_at is None or due_at <= clock.now()):
        raise InvalidInput("Isi batas waktu baru, sesudah hari ini.", "due_on")
