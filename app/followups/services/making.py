"""Drafts as they come into being: one or thousands, by the same few statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.followups import numbering
from app.followups.machine import State
from app.followups.models import FollowUp, FollowUpSupporter, Kind
from app.followups.services.numbers import next_numbers
from app.followups.services.particulars import CREATED, NOTHING_MORE, Particulars, created_payload
from app.followups.services.wording import words_to_find
from app.history.services import record_all
from app.instruments.models import AnswerType


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One follow-up that is to be made. `ref` is the number of its question, which finds it."""

    kind: Kind
    agency_id: int
    supporter_ids: Collection[int]
    title: str
    answer_type: AnswerType
    due_at: datetime
    cycle_id: int | None
    question_id: int | None = None
    ref: str | None = None
    expected_proof: str | None = None
    basis: str | None = None
    basis_url: str | None = None


def make(
    drafts: Sequence[Draft], actor: Actor, particulars: Particulars = NOTHING_MORE
) -> list[int]:
    """Give drafts a block of numbers, insert them, and return their ids in the same order.

    Of the particulars, where it was decided is written into the history.
    """
    if not drafts:
        return []
    moment = clock.now()
    year, block = next_numbers(len(drafts))
    rows = [_row(draft, year, seq, moment) for draft, seq in zip(drafts, block, strict=True)]
    made = db.session.execute(insert(FollowUp).returning(FollowUp.seq, FollowUp.id), rows)
    id_of = dict(made.all())
    ids = [id_of[seq] for seq in block]
    supporters = [
        {"follow_up_id": follow_up_id, "agency_id": agency_id}
        for follow_up_id, draft in zip(ids, drafts, strict=True)
        for agency_id in draft.supporter_ids
    ]
    if supporters:
        db.session.execute(insert(FollowUpSupporter), supporters)
    created = [
        {
            "follow_up_id": follow_up_id,
            "payload": created_payload(draft.agency_id, draft.due_at) | particulars.place,
        }
        for follow_up_id, draft in zip(ids, drafts, strict=True)
    ]
    record_all(actor, CREATED, created, at=moment)
    return ids


def _row(draft: Draft, year: int, seq: int, moment: datetime) -> dict[str, Any]:
    return {
        "year": year,
        "seq": seq,
        "kind": draft.kind,
        "agency_id": draft.agency_id,
        "title": draft.title,
        "expected_proof": draft.expected_proof,
        "basis": draft.basis,
        "basis_url": draft.basis_url,
        "cycle_id": draft.cycle_id,
        "question_id": draft.question_id,
        "answer_type": draft.answer_type,
        "due_at": draft.due_at,
        "state": State.DRAFT,
        "state_since": moment,
        "search_text": words_to_find(numbering.written(year, seq), draft.ref, draft.title),
        "created_at": moment,
    }
