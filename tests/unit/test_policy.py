"""Every state x action x person, against the product's table of who; and who reads what."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.permissions import ROLE_PERMISSIONS, Role
from app.agencies.models import Agency, Duty
from app.core.actor import SYSTEM, Actor
from app.followups import policy
from app.followups.machine import Action, State
from app.followups.models import Evidence, FollowUp, Round

LEAD, SUPPORT, OTHER, FORMER = 1, 2, 3, 4
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def person(role, user_id, **duties):
    by_id = {globals()[name.upper()]: duty for name, duty in duties.items()}
    return Actor(user_id, role.value, role.value, "", frozenset(ROLE_PERMISSIONS[role]), by_id)


PEOPLE = {
    "officer": person(Role.OFFICER, 1),
    "officer_of_the_lead": person(Role.OFFICER, 2, lead=Duty.FOCAL_POINT),
    "leader": person(Role.LEADER, 3),
    "admin": person(Role.ADMIN, 4),
    "focal_point": person(Role.AGENCY, 5, lead=Duty.FOCAL_POINT),
    "deputy": person(Role.AGENCY, 6, lead=Duty.DEPUTY),
    "contributor": person(Role.AGENCY, 7, lead=Duty.CONTRIBUTOR),
    "head": person(Role.AGENCY, 8, lead=Duty.HEAD),
    "supporter": person(Role.AGENCY, 9, support=Duty.FOCAL_POINT),
    "other": person(Role.AGENCY, 10, other=Duty.FOCAL_POINT),
    "former_lead": person(Role.AGENCY, 11, former=Duty.FOCAL_POINT),
    "nobody": person(Role.AGENCY, 12),
    "system": SYSTEM,
}
DP3A = {"officer", "officer_of_the_lead"}
SENDERS = {"officer_of_the_lead", "focal_point", "deputy"}
READERS = DP3A | {"leader", "focal_point", "deputy", "contributor", "head", "supporter"}
WRITERS = SENDERS | DP3A | {"contributor"}

# Who may, by action, where the state allows it: the product's table.
WHO = {
    "dispatch": DP3A,
    "submit": DP3A | SENDERS,
    "withdraw": SENDERS,
    "return": DP3A,
    "accept": DP3A,
    "undo": DP3A,
    "reopen": DP3A,
    "cancel": DP3A,
    "reassign": DP3A,
    "extend": DP3A,
}
WHERE = {
    "dispatch": {"draft"},
    "submit": {"assigned", "returned"},
    "withdraw": {"submitted"},
    "return": {"submitted"},
    "accept": {"submitted"},
    "undo": {"returned", "closed"},
    "reopen": {"closed"},
    "cancel": {"draft", "assigned", "submitted", "returned"},
    "reassign": {"draft", "assigned", "returned"},
    "extend": {"draft", "assigned", "returned"},
}


def follow_up(state=State.ASSIGNED, **given):
    supporters = [Agency(id=SUPPORT, short_name="PUPR")]
    return FollowUp(state=state, agency_id=LEAD, supporters=supporters, **given)


def who(predicate):
    return {name for name, actor in PEOPLE.items() if predicate(actor)}


@pytest.mark.parametrize("state", list(State), ids=str)
@pytest.mark.parametrize("action", list(Action), ids=str)
def test_every_person_for_every_action_in_every_state(state, action):
    allowed = who(lambda actor: policy.can(actor, action, follow_up(state), NOW))
    assert allowed == (WHO[action.value] if state.value in WHERE[action.value] else set())


@pytest.mark.parametrize("state", list(State), ids=str)
def test_who_reads(state):
    readers = who(lambda actor: policy.can_read(actor, follow_up(state)))
    assert readers == (DP3A if state is State.DRAFT else READERS)


def test_who_submitted_a_round_goes_on_reading_it():
    sent, unsent = Round(submitted_agency_id=FORMER), Round(submitted_agency_id=None)
    row = follow_up()
    assert policy.can_read_round(PEOPLE["former_lead"], row, sent)
    assert not policy.can_read_round(PEOPLE["former_lead"], row, unsent)
    assert not policy.can_read_round(PEOPLE["other"], row, sent)
    assert not policy.can_read_round(PEOPLE["nobody"], row, unsent)


@pytest.mark.parametrize("state", list(State), ids=str)
def test_who_writes_in_the_working_copy(state):
    row = follow_up(state)
    is_open = state in (State.ASSIGNED, State.RETURNED)
    assert who(lambda actor: policy.can_answer(actor, row)) == (WRITERS if is_open else set())
    adds = who(lambda actor: policy.can_add_evidence(actor, row))
    assert adds == (WRITERS | {"supporter"} if is_open else set())


def test_a_supporter_changes_its_own_pieces_alone():
    own, leads = Evidence(added_agency_id=SUPPORT), Evidence(added_agency_id=LEAD)
    assert who(lambda actor: policy.can_change_evidence(actor, follow_up(), own)) == WRITERS | {
        "supporter"
    }
    assert who(lambda actor: policy.can_change_evidence(actor, follow_up(), leads)) == WRITERS


@pytest.mark.parametrize(
    ("added_by", "submitted_by", "opens"),
    [
        (LEAD, None, DP3A | {"focal_point", "deputy", "contributor", "head"}),
        (SUPPORT, None, DP3A | {"focal_point", "deputy", "contributor", "head", "supporter"}),
        (FORMER, FORMER, DP3A | {"former_lead"}),
    ],
    ids=["the-lead's", "a-supporter's", "the-former-lead's"],
)
def test_who_opens_restricted_evidence(added_by, submitted_by, opens):
    piece = Evidence(added_agency_id=added_by, restricted=True)
    round_ = Round(submitted_agency_id=submitted_by)
    allowed = who(lambda actor: policy.can_open_evidence(actor, follow_up(), round_, piece))
    assert allowed - {"officer_of_the_lead"} == opens - {"officer_of_the_lead"}


def test_open_evidence_is_open_to_its_readers():
    piece = Evidence(added_agency_id=LEAD, restricted=False)
    allowed = who(lambda actor: policy.can_open_evidence(actor, follow_up(), Round(), piece))
    assert allowed == READERS


def test_who_comments():
    talkers = READERS - {"leader"}
    assert who(lambda actor: policy.can_comment(actor, follow_up())) == talkers
    assert who(lambda actor: policy.can_comment(actor, follow_up(State.DRAFT))) == set()
    assert who(policy.can_read_internal) == DP3A


@pytest.mark.parametrize(
    ("ago", "held"), [(0, True), (29, True), (30, False), (90, False)], ids=str
)
def test_taking_holds_for_half_an_hour(ago, held):
    row = follow_up(State.SUBMITTED, taken_by_id=1, taken_at=NOW - timedelta(minutes=ago))
    assert policy.holder(row, NOW) == (1 if held else None)
    assert policy.can_take(PEOPLE["officer"], row, NOW)
    assert policy.can_take(PEOPLE["officer_of_the_lead"], row, NOW) is not held
    assert policy.can(PEOPLE["focal_point"], Action.WITHDRAW, row, NOW) is not held


@pytest.mark.parametrize("state", [state for state in State if state != State.SUBMITTED], ids=str)
def test_only_a_submission_is_taken(state):
    row = follow_up(state, taken_by_id=1, taken_at=NOW)
    assert policy.holder(row, NOW) is None
    assert who(lambda actor: policy.can_take(actor, row, NOW)) == set()


def test_an_officer_who_is_no_focal_point_acts_on_behalf():
    assert who(lambda actor: policy.acts_on_behalf(actor, follow_up())) == {"officer"}
