"""Rounds as they open, freeze and thaw: set-based, for one follow-up or for thousands.

Called by `perform` alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select

from app.core.actor import Actor
from app.core.db import db
from app.followups import policy
from app.followups.models import Evidence, FollowUp, Opening, Round


def current(follow_ups: Sequence[FollowUp], *, back: int = 0) -> dict[int, Round]:
    """Return the current round of each follow-up (or the one `back` before it), by its id."""
    wanted = {follow_up.id: follow_up.round_no - back for follow_up in follow_ups}
    if not wanted:
        return {}
    found = db.session.scalars(select(Round).where(Round.follow_up_id.in_(wanted)))
    return {row.follow_up_id: row for row in found if row.number == wanted[row.follow_up_id]}


def open_next(
    follow_ups: Sequence[FollowUp], opening: Opening, words: str | None, moment: datetime
) -> None:
    """Open the round that each follow-up moved into, with what the one before held."""
    earlier = {} if opening is Opening.DISPATCH else current(follow_ups, back=1)
    rows = []
    for follow_up in follow_ups:
        last = earlier.get(follow_up.id)
        rows.append(
            {
                "follow_up_id": follow_up.id,
                "number": follow_up.round_no,
                "opening": opening,
                "opening_note": words,
                "opened_at": moment,
                "due_at": follow_up.due_at,
                "answer": dict(last.answer) if last else {},
                "note": last.note if last else "",
                "no_evidence_reason": last.no_evidence_reason if last else "",
            }
        )
    opened = db.session.execute(insert(Round).returning(Round.follow_up_id, Round.id), rows)
    round_ids = dict(opened.all())
    _keep_evidence({last.id: round_ids[follow_up_id] for follow_up_id, last in earlier.items()})


def extend(follow_ups: Sequence[FollowUp], due_at: datetime) -> None:
    """Give the open rounds a new due time."""
    for round_ in current(follow_ups).values():
        round_.due_at = due_at


def freeze(
    follow_ups: Sequence[FollowUp], working: Mapping[int, Round], actor: Actor, moment: datetime
) -> None:
    """Close the agency's half of each round: who sent it, when, and for whom.

    `working` are the open rounds by the follow-up's id: those that were found complete.
    """
    for follow_up in follow_ups:
        round_ = working[follow_up.id]
        round_.submitted_at = moment
        round_.submitted_by_id = actor.user_id
        round_.submitted_agency_id = follow_up.agency_id
        round_.on_behalf = policy.acts_on_behalf(actor, follow_up)


def thaw(follow_ups: Sequence[FollowUp]) -> None:
    """Open the agency's half of each round again, as if it had not been sent."""
    for round_ in current(follow_ups).values():
        round_.submitted_at = None
        round_.submitted_by_id = None
        round_.submitted_agency_id = None
        round_.on_behalf = False


def _keep_evidence(round_ids: dict[int, int]) -> None:
    """Copy the evidence rows of the rounds before into the rounds just opened (old id: new id)."""
    if not round_ids:
        return
    kept = db.session.scalars(
        select(Evidence).where(Evidence.round_id.in_(round_ids)).order_by(Evidence.id)
    ).all()
    if not kept:
        return
    db.session.execute(
        insert(Evidence),
        [
            {
                "round_id": round_ids[piece.round_id],
                "slot": piece.slot,
                "file_id": piece.file_id,
                "file_name": piece.file_name,
                "url": piece.url,
                "document_date": piece.document_date,
                "document_number": piece.document_number,
                "caption": piece.caption,
                "restricted": piece.restricted,
                "kept_from_id": piece.id,
                "added_at": piece.added_at,
                "added_by_id": piece.added_by_id,
                "added_agency_id": piece.added_agency_id,
            }
            for piece in kept
        ],
    )
