"""The machine against the product's own table, written here once more and read by no code."""

import pytest

from app.followups import machine
from app.followups.machine import Action, State

# from | action | to | a round opens?  (docs/architecture.md, the revision cycle)
SAYS = """
draft      dispatch  assigned   opens
draft      cancel    cancelled  -
draft      reassign  draft      -
draft      extend    draft      -
assigned   submit    submitted  -
assigned   cancel    cancelled  -
assigned   reassign  assigned   -
assigned   extend    assigned   -
submitted  withdraw  *          -
submitted  return    returned   opens
submitted  accept    closed     -
submitted  cancel    cancelled  -
returned   submit    submitted  -
returned   undo      submitted  removes
returned   cancel    cancelled  -
returned   reassign  returned   -
returned   extend    returned   -
closed     undo      submitted  -
closed     reopen    returned   opens
"""
ROWS = [line.split() for line in SAYS.split("\n") if line]
POSSIBLE = {(State(row[0]), Action(row[1])): (row[2], row[3]) for row in ROWS}
EVERY_PAIR = [(state, action) for state in State for action in Action]
STEP = {"opens": 1, "removes": -1, "-": 0}


def named(value):
    return str(value.value)


@pytest.mark.parametrize(("state", "action"), EVERY_PAIR, ids=named)
@pytest.mark.parametrize("round_no", [1, 2, 3], ids=str)
def test_every_action_in_every_state(state, action, round_no):
    said = POSSIBLE.get((state, action))
    target = machine.target(state, action, round_no)
    if said is None:
        assert machine.transition(state, action) is None
        assert target is None
        return
    expected, rounds = said
    if expected == "*":
        expected = "assigned" if round_no == 1 else "returned"
    assert target is State(expected)
    assert machine.next_round(state, action, round_no) == round_no + STEP[rounds]


def test_cancelled_is_final():
    assert not [action for action in Action if machine.transition(State.CANCELLED, action)]


def test_nothing_leads_back_to_a_draft():
    back = {machine.target(state, action, 1) for state, action in POSSIBLE if state != State.DRAFT}
    assert State.DRAFT not in back


@pytest.mark.parametrize(("state", "action"), list(POSSIBLE), ids=named)
def test_all_but_an_extension_make_pages_stale(state, action):
    assert machine.TABLE[state, action].counts is (action is not Action.EXTEND)
