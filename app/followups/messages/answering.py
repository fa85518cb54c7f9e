"""What is told when an answer is sent, taken back, or entered on an agency's behalf."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core import formatting
from app.core.db import db
from app.followups import answers
from app.followups.machine import AT_AGENCY, State
from app.followups.messages.told import Told, about, one_line, tell
from app.followups.models import FollowUp, Round
from app.notifications.models import Notice
from app.notifications.registry import Recipient


def submitted(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Tell officers what waits for review; not what was judged or taken back since."""
    return about(tell(notices, _waits))


def withdrawn(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Tell officers what they need not review yet; not where it was sent again since."""
    return about(tell(notices, lambda told: told.follow_up.state in AT_AGENCY))


def collected(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Tell the agency what DP3A entered for it, so that it can correct it until it is closed."""
    items = tell(notices, lambda told: told.follow_up.state is not State.CANCELLED)
    rounds = _rounds(items)
    return about(items, entered={item.number: _entered(item, rounds) for item in items})


def _waits(told: Told) -> bool:
    follow_up = told.follow_up
    return follow_up.state is State.SUBMITTED and follow_up.round_no == told.round_no


def _rounds(items: Sequence[Told]) -> dict[tuple[int, int], Round]:
    found = db.session.scalars(
        select(Round)
        .where(Round.follow_up_id.in_([item.follow_up.id for item in items]))
        .options(selectinload(Round.evidence))
    )
    return {(round_.follow_up_id, round_.number): round_ for round_ in found}


def _entered(item: Told, rounds: dict[tuple[int, int], Round]) -> dict[str, Any]:
    round_ = rounds[item.follow_up.id, item.round_no]
    open_pieces = [piece for piece in round_.evidence if not piece.restricted]
    return {
        "answers": answer_lines(item.follow_up, round_),
        "note": round_.note.strip(),
        "no_evidence_reason": round_.no_evidence_reason.strip(),
        "pieces": [one_line(piece.file_name or piece.url or "") for piece in open_pieces],
        "restricted": len(round_.evidence) - len(open_pieces),
    }


def answer_lines(follow_up: FollowUp, round_: Round) -> list[tuple[str, str]]:
    """Return an answer as people read it: (year or "Jawaban", value with unit and detail)."""
    spec = answers.spec_of(follow_up)
    unit = "%" if spec.answer_type == "percent" else spec.unit or ""
    lines = []
    for year in spec.years:
        given = round_.answer.get(year, {})
        value = str(given.get("value", "")).strip()
        if spec.is_numeric and value:
            value = f"{formatting.number(value)} {unit}".strip()
        text = ": ".join(filter(None, (value, str(given.get("detail", "")).strip())))
        label = "Jawaban" if year == answers.UNDATED else year
        lines.append((label, text or "belum diisi"))
    return lines
