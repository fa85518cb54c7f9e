"""Every action in every state by every person, through the one door and against the database."""

import pytest

from app.core.db import db
from app.core.errors import InvalidTransition, NotPermitted, NotVisible
from app.followups.machine import Action
from tests.support import lives

DP3A = {"officer"}
ALLOWED = {
    "draft": dict.fromkeys(["dispatch", "cancel", "reassign", "extend"], DP3A),
    "assigned": {
        "submit": {"officer", "lead", "deputy"},
        **dict.fromkeys(["cancel", "reassign", "extend"], DP3A),
    },
    "submitted": {
        "withdraw": {"lead", "deputy"},
        **dict.fromkeys(["return", "accept", "cancel"], DP3A),
    },
    "returned": {
        "submit": {"officer", "lead", "deputy"},
        **dict.fromkeys(["undo", "cancel", "reassign", "extend"], DP3A),
    },
    "closed": dict.fromkeys(["undo", "reopen"], DP3A),
    "cancelled": {},
}
PEOPLE = [
    "officer",
    "leader",
    "admin",
    "lead",
    "deputy",
    "contributor",
    "head",
    "supporter",
    "other_agency",
    "former_lead",
]
UNSEEING = {"admin", "other_agency", "former_lead"}


@pytest.mark.parametrize("state", list(ALLOWED))
@pytest.mark.parametrize("name", PEOPLE)
def test_who_may_what(request, state, name, former_lead):
    follow_up = request.getfixturevalue(f"follow_up_{state}")
    user = request.getfixturevalue(name)
    number, actor = follow_up.number, lives.actor_of(user)
    agency_id = next(iter(lives.actor_of(former_lead).duties))
    given = lives.Particulars(
        words="Mohon dilengkapi.",
        due_at=lives.soon(),
        reason_ids=(lives.reason().id,),
        agency_id=agency_id,
    )
    if name in UNSEEING or (state == "draft" and name != "officer"):
        with pytest.raises(NotVisible):
            lives.queries.get_locked(number, actor)
        return
    for action in Action:
        row = lives.queries.get_locked(number, actor)
        people = ALLOWED[state].get(action.value)
        refusal = InvalidTransition if people is None else NotPermitted
        if name in (people or ()):
            if action is Action.SUBMIT:
                lives.complete(row, actor)
            lives.perform(row, action, actor, given)
        else:
            with pytest.raises(refusal):
                lives.perform(row, action, actor, given)
        db.session.rollback()
