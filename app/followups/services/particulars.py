"""What goes with an action, and what the history calls it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.followups.machine import Action, State
from app.followups.models import Outcome, Remarker

VERBS = {
    Action.DISPATCH: "follow_up_dispatched",
    Action.SUBMIT: "follow_up_submitted",
    Action.WITHDRAW: "follow_up_withdrawn",
    Action.RETURN: "follow_up_returned",
    Action.ACCEPT: "follow_up_accepted",
    Action.UNDO: "follow_up_decision_undone",
    Action.REOPEN: "follow_up_reopened",
    Action.CANCEL: "follow_up_cancelled",
    Action.REASSIGN: "follow_up_reassigned",
    Action.EXTEND: "follow_up_extended",
}
CREATED = "follow_up_created"


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What goes with an action; each action needs its own few.

    `words` reason or remark; `due_at` the new due time; `reason_ids` return reasons; `remarks`
    words by evidence id; `agency_id` the new lead.

    Rooms above that tell the news themselves say how: `told_as` is the mail kind that the lead
    agency's people get in place of the action's own (officers then get none), `told_about` goes
    with the notices, `meeting_id` is the meeting beside which they are listed, and `quiet` tells
    nobody, for the next action of the same call does. `at` and `at_url` say where it was decided
    ("Rapat Koordinasi I, 12 Maret 2026", and a path): words of the history, from which nothing
    follows. `by_word`: the agency said it before others, so that the officer who wrote it down for
    the agency may close it, too.
    """

    words: str = ""
    due_at: datetime | None = None
    reason_ids: tuple[int, ...] = ()
    remarks: dict[int, str] = field(default_factory=dict)
    whose: Remarker = Remarker.DP3A
    outcome: Outcome | None = None
    agency_id: int | None = None
    told_as: str = ""
    told_about: dict[str, Any] = field(default_factory=dict)
    meeting_id: int | None = None
    quiet: bool = False
    at: str = ""
    at_url: str = ""
    by_word: bool = False

    @property
    def place(self) -> dict[str, str]:
        """Return where it was decided, as an event carries it; nothing where it was nowhere."""
        if not self.at.strip():
            return {}
        return {"at": self.at.strip()} | ({"at_url": self.at_url} if self.at_url else {})


NOTHING_MORE = Particulars()


def created_payload(agency_id: int, due_at: datetime) -> dict[str, Any]:
    """Return the payload of CREATED: where the replay of a follow-up begins."""
    return {
        "agency_id": agency_id,
        "due_at": due_at.isoformat(),
        "round": 0,
        "state": State.DRAFT.value,
    }
