"""Send an answer to DP3A, and say beforehand what it still lacks."""

from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.followups import answers
from app.followups.machine import Action
from app.followups.models import FollowUp, Round
from app.followups.services.perform import perform


def missing(follow_up: FollowUp, round_: Round) -> dict[str, str]:
    """Return what keeps a working copy from being sent: `{field name: sentence}`, in page order.

    *Tidak*, 0 and *belum ada* need a note and no file; any other answer without evidence needs a
    reason in words, and so does a kind of evidence that is required. What came back is not sent
    again untouched: a word in the note is enough.
    """
    spec = answers.spec_of(follow_up)
    found = answers.faults(spec, round_.answer)
    if round_.number > 1 and not round_.draft_no:
        found["note"] = (
            "Belum ada yang diubah sejak dikembalikan. Perbaiki, atau jelaskan pada catatan."
        )
        return found
    if answers.is_negative(spec, round_.answer):
        if not round_.note.strip():
            found["note"] = "Jelaskan pada catatan mengapa belum ada."
        return found
    if round_.no_evidence_reason.strip():
        return found
    if not round_.evidence:
        found["no_evidence_reason"] = (
            "Lampirkan data dukung, atau tuliskan alasan mengapa belum ada data dukung."
        )
        return found
    required = follow_up.question.evidence_required if follow_up.question else []
    given = {piece.slot for piece in round_.evidence}
    if set(required) - given:
        found["no_evidence_reason"] = (
            "Data dukung yang wajib belum lengkap. Lampirkan, atau tuliskan alasannya."
        )
    return found


def submit(follow_up: FollowUp, round_: Round, actor: Actor, *, version: int | None) -> None:
    """Send the working copy. Raises `InvalidInput` with `faults` for all that is missing."""
    if faults := missing(follow_up, round_):
        raise InvalidInput(
            "Jawaban belum dapat dikirim. Yang sudah diisi tersimpan.", faults=faults
        )
    perform(follow_up, Action.SUBMIT, actor, version=version)
