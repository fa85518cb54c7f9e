"""What an answer still lacks: said beforehand by its page, and checked by `perform` at the door."""

from collections.abc import Collection, Sequence

from sqlalchemy import inspect, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.core.errors import InvalidInput
from app.followups import answers
from app.followups.models import Evidence, FollowUp, Round
from app.followups.services import rounds
from app.followups.services.wording import listed


def missing(follow_up: FollowUp, round_: Round) -> dict[str, str]:
    """Return what keeps a working copy (`evidence` loaded) from being sent: `{field: sentence}`.

    In page order. *Tidak*, 0 and *belum ada* need a note and no file; any other answer without
    evidence needs a reason in words, and so does a kind of evidence that is required. What came
    back is not sent again untouched: a word in the note is enough.
    """
    return _faults(follow_up, round_, {piece.slot for piece in round_.evidence})


def complete_rounds(follow_ups: Sequence[FollowUp]) -> dict[int, Round]:
    """Return the round in which each follow-up is answered, by its id. At most three queries.

    Raises `InvalidInput` where an answer is not complete. Its details are `faults`, those of the
    first such follow-up by field, and `incomplete`, the faults of every one by its id.
    """
    _load_questions(follow_ups)
    working = rounds.current(follow_ups)
    slots = _slots_of(working.values())
    incomplete = {}
    for follow_up in follow_ups:
        round_ = working[follow_up.id]
        if faults := _faults(follow_up, round_, slots.get(round_.id, ())):
            incomplete[follow_up.id] = faults
    if incomplete:
        numbers = [row.number for row in follow_ups if row.id in incomplete]
        which = f": {listed(numbers)}" if len(follow_ups) > 1 else ""
        raise InvalidInput(
            f"Jawaban belum dapat dikirim{which}. Yang sudah diisi tersimpan.",
            faults=next(iter(incomplete.values())),
            incomplete=incomplete,
        )
    return working


def _faults(follow_up: FollowUp, round_: Round, slots: Collection[str]) -> dict[str, str]:
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
    if not slots:
        found["no_evidence_reason"] = (
            "Lampirkan data dukung, atau tuliskan alasan mengapa belum ada data dukung."
        )
        return found
    required = follow_up.question.evidence_required if follow_up.question else []
    if set(required) - set(slots):
        found["no_evidence_reason"] = (
            "Data dukung yang wajib belum lengkap. Lampirkan, atau tuliskan alasannya."
        )
    return found


def _load_questions(follow_ups: Sequence[FollowUp]) -> None:
    """Load question and cycle of those that came without, in one query."""
    without = [row.id for row in follow_ups if {"question", "cycle"} & inspect(row).unloaded]
    if without:
        db.session.scalars(
            select(FollowUp)
            .where(FollowUp.id.in_(without))
            .options(joinedload(FollowUp.question), joinedload(FollowUp.cycle))
        ).all()


def _slots_of(working: Collection[Round]) -> dict[int, set[str]]:
    """Return the kinds of evidence that are in each round now, by the round's id."""
    found: dict[int, set[str]] = {}
    for round_id, slot in db.session.execute(
        select(Evidence.round_id, Evidence.slot).where(
            Evidence.round_id.in_([round_.id for round_ in working])
        )
    ):
        found.setdefault(round_id, set()).add(slot)
    return found
