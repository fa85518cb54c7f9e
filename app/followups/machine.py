"""The revision cycle as one table: (state, action) -> next state, and who may do it.

Knows neither the database nor the web. Its source is the table in docs/architecture.md.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a follow-up is."""

    DRAFT = "draft"
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can be done to a follow-up."""

    DISPATCH = "dispatch"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ACCEPT = "accept"
    UNDO = "undo"
    REOPEN = "reopen"
    CANCEL = "cancel"
    REASSIGN = "reassign"
    EXTEND = "extend"


class Who(StrEnum):
    """On whose side an action lies."""

    OFFICER = "officer"
    LEAD = "lead"
    LEAD_OR_OFFICER = "lead_or_officer"


@dataclass(frozen=True, slots=True)
class Transition:
    """What an action leads to. `to` None: back to where the round began (withdraw), or no change.

    `opens_round`: a new round opens. `counts`: the version rises, so pages of before are stale.
    """

    who: Who
    to: State | None = None
    opens_round: bool = False
    counts: bool = True


_S, _A = State, Action
_DISPATCH = Transition(Who.OFFICER, _S.ASSIGNED, opens_round=True)
_SUBMIT = Transition(Who.LEAD_OR_OFFICER, _S.SUBMITTED)
_CANCEL = Transition(Who.OFFICER, _S.CANCELLED)
_UNDO = Transition(Who.OFFICER, _S.SUBMITTED)
_REASSIGN = Transition(Who.OFFICER)
_EXTEND = Transition(Who.OFFICER, counts=False)

TABLE: dict[tuple[State, Action], Transition] = {
    (_S.DRAFT, _A.DISPATCH): _DISPATCH,
    (_S.DRAFT, _A.CANCEL): _CANCEL,
    (_S.DRAFT, _A.REASSIGN): _REASSIGN,
    (_S.DRAFT, _A.EXTEND): _EXTEND,
    (_S.ASSIGNED, _A.SUBMIT): _SUBMIT,
    (_S.ASSIGNED, _A.CANCEL): _CANCEL,
    (_S.ASSIGNED, _A.REASSIGN): _REASSIGN,
    (_S.ASSIGNED, _A.EXTEND): _EXTEND,
    (_S.SUBMITTED, _A.WITHDRAW): Transition(Who.LEAD),
    (_S.SUBMITTED, _A.RETURN): Transition(Who.OFFICER, _S.RETURNED, opens_round=True),
    (_S.SUBMITTED, _A.ACCEPT): Transition(Who.OFFICER, _S.CLOSED),
    (_S.SUBMITTED, _A.CANCEL): _CANCEL,
    (_S.RETURNED, _A.SUBMIT): _SUBMIT,
    (_S.RETURNED, _A.UNDO): _UNDO,
    (_S.RETURNED, _A.CANCEL): _CANCEL,
    (_S.RETURNED, _A.REASSIGN): _REASSIGN,
    (_S.RETURNED, _A.EXTEND): _EXTEND,
    (_S.CLOSED, _A.UNDO): _UNDO,
    (_S.CLOSED, _A.REOPEN): Transition(Who.OFFICER, _S.RETURNED, opens_round=True),
}

OPEN_STATES = frozenset({_S.ASSIGNED, _S.SUBMITTED, _S.RETURNED})
AT_AGENCY = frozenset({_S.ASSIGNED, _S.RETURNED})
"""The states in which it is the agency's turn, and its working copy is open."""


def transition(state: State, action: Action) -> Transition | None:
    """Return what the action does in this state; None where it does nothing there."""
    return TABLE.get((state, action))


def target(state: State, action: Action, round_no: int) -> State | None:
    """Return the state that the action leads to; None where it is not possible.

    Withdrawing leads back to where the round began: the first to assigned, later ones to returned.
    """
    found = TABLE.get((state, action))
    if found is None:
        return None
    if action is Action.WITHDRAW:
        return State.ASSIGNED if round_no == 1 else State.RETURNED
    return found.to or state


def next_round(state: State, action: Action, round_no: int) -> int:
    """Return the number of the round after the action."""
    found = TABLE[state, action]
    if found.opens_round:
        return round_no + 1
    if action is Action.UNDO and state is State.RETURNED:
        return round_no - 1
    return round_no
