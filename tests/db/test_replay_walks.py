"""Random walks through the revision cycle, beside a tiny model that knows only the table."""

import itertools
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.core.errors import DomainError
from app.followups.machine import Action
from app.followups.models import Evidence, FollowUp, Outcome, Review, Round
from app.followups.services.verify import differences
from app.history.models import Event
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.support import lives
from tests.support.database import real_database

# state, action -> state, by whom; the model's own copy
WAYS = {
    ("draft", "dispatch"): ("assigned", "officers"),
    ("draft", "cancel"): ("cancelled", "officers"),
    ("assigned", "submit"): ("submitted", "all"),
    ("assigned", "cancel"): ("cancelled", "officers"),
    ("assigned", "extend"): ("assigned", "officers"),
    ("submitted", "withdraw"): ("", "leads"),
    ("submitted", "return"): ("returned", "officers"),
    ("submitted", "accept"): ("closed", "officers"),
    ("submitted", "cancel"): ("cancelled", "officers"),
    ("returned", "submit"): ("submitted", "all"),
    ("returned", "undo"): ("submitted", "officers"),
    ("returned", "cancel"): ("cancelled", "officers"),
    ("returned", "extend"): ("returned", "officers"),
    ("closed", "undo"): ("submitted", "officers"),
    ("closed", "reopen"): ("returned", "officers"),
    ("draft", "extend"): ("draft", "officers"),
}
SIDES = {
    "officers": {"officer", "other_officer"},
    "leads": {"lead"},
    "all": {"officer", "other_officer", "lead"},
}
USERS = ["officer", "other_officer", "lead", "contributor"]
ACTIONS = [action for action in Action if action is not Action.REASSIGN]


class Walk(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        from tests.conftest import TEST_DATABASE_URL

        self.folder = tempfile.TemporaryDirectory()
        self.database = real_database(TEST_DATABASE_URL, Path(self.folder.name))
        self.context = self.database.__enter__().app.app_context()
        self.context.push()
        self.late = timedelta(0)
        self.frozen = {}
        self.events = 0

    def teardown(self):
        self.context.pop()
        self.database.__exit__(None, None, None)
        self.folder.cleanup()

    @initialize()
    def begin(self):
        agency = AgencyFactory()
        self.users = {
            "officer": UserFactory(officer=True),
            "other_officer": UserFactory(officer=True),
            "lead": UserFactory(),
            "contributor": UserFactory(),
        }
        MembershipFactory(agency=agency, user=self.users["lead"])
        MembershipFactory(agency=agency, user=self.users["contributor"], contributor=True)
        self.agency_id = agency.id
        self.bear()

    def bear(self):
        agency = db.session.get_one(Agency, self.agency_id)
        self.follow_up_id = lives.born(self.users["officer"], agency=agency).id
        self.state, self.round_no, self.version = "draft", 0, 0
        self.written, self.ready = 0, False

    @property
    def row(self):
        return db.session.get_one(FollowUp, self.follow_up_id)

    @rule(
        user=st.sampled_from(USERS),
        action=st.sampled_from(ACTIONS),
        outcome=st.sampled_from([None, *Outcome]),
        complete=st.sampled_from([True, True, True, False]),
        days=st.integers(1, 40),
    )
    def try_anything(self, user, action, outcome, complete, days):
        self.do(user, action, outcome, complete, days)

    @rule(data=st.data(), outcome=st.sampled_from([None, *Outcome]))
    def go_on(self, data, outcome):
        """Take a way that is open; a cancelled follow-up is followed by another."""
        ways = [
            action
            for state, action in WAYS
            if state == self.state and action not in {"cancel", "extend"}
        ]
        if not ways:
            self.bear()
            return
        action = data.draw(st.sampled_from(ways))
        user = data.draw(st.sampled_from(sorted(SIDES[WAYS[self.state, action][1]])))
        self.do(user, Action(action), outcome, complete=True, days=3)

    def do(self, user, action, outcome, complete, days):
        given = {"words": "Mohon dilengkapi.", "due_at": clock.now() + timedelta(days=days)}
        given["reason_ids"] = (lives.reason().id,)
        given = given if complete else {}
        way = WAYS.get((self.state, action.value))
        needs = action.value in {"return", "reopen", "cancel", "extend"}
        allowed = way is not None and user in SIDES[way[1]]
        if allowed and action is Action.SUBMIT and complete:
            self.write_in_it(user, self.written + 1)
        able = self.ready if action is Action.SUBMIT else complete or not needs
        with clock.shifted(self.late):
            try:
                lives.act(self.row, action, self.users[user], outcome=outcome, **given)
            except DomainError:
                # Undo and judging one's own have rules that only the rows can tell.
                assert not (allowed and able) or action.value in {"undo", "return", "accept"}
                return
        assert allowed
        assert able
        self.state = way[0] or ("assigned" if self.round_no == 1 else "returned")
        if action.value in {"dispatch", "return", "reopen"}:
            self.round_no += 1
            self.ready = False
        elif action.value == "undo" and self.row.round_no < self.round_no:
            self.round_no -= 1
        self.version += action is not Action.EXTEND
        if action is Action.WITHDRAW:
            self.ready = True
            self.frozen.pop((self.follow_up_id, self.round_no))

    @rule(user=st.sampled_from(USERS), value=st.integers(1, 99))
    def write_in_it(self, user, value):
        with clock.shifted(self.late):
            try:
                lives.fill_in(
                    self.row, self.users[user], str(value), link=f"https://data.test/{value}"
                )
            except DomainError:
                assert self.state not in {"assigned", "returned"}
                return
        # What came back and is not touched is not sent again.
        self.ready = self.ready or value != self.written
        self.written = value

    @rule(seconds=st.integers(1, 200))
    def wait(self, seconds):
        self.late += timedelta(seconds=seconds)

    @invariant()
    def the_row_is_what_the_model_says(self):
        db.session.rollback()
        row = self.row
        assert (row.state.value, row.round_no, row.version) == (
            self.state,
            self.round_no,
            self.version,
        )
        assert list(differences()) == []

    @invariant()
    def at_most_one_decision_stands_a_round(self):
        live = db.session.execute(
            select(Review.round_id, func.count())
            .where(Review.undone_at.is_(None))
            .group_by(Review.round_id)
        ).all()
        assert all(count == 1 for _, count in live)

    @invariant()
    def frozen_rounds_never_change(self):
        for round_ in db.session.scalars(select(Round)):
            if round_.submitted_at is None:
                continue
            pieces = db.session.scalars(
                select(Evidence.url).where(Evidence.round_id == round_.id).order_by(Evidence.id)
            ).all()
            held = (repr(round_.answer), round_.note, tuple(pieces), round_.submitted_at)
            assert self.frozen.setdefault((round_.follow_up_id, round_.number), held) == held

    @invariant()
    def events_are_only_appended(self):
        ids = db.session.scalars(select(Event.id).order_by(Event.id)).all()
        assert len(ids) >= self.events
        self.events = len(ids)

    @invariant()
    def what_was_undone_is_not_told(self):
        events = db.session.execute(
            select(Event.id, Event.verb).order_by(Event.follow_up_id, Event.id)
        ).all()
        acts = [each for each in events if each.verb.startswith("follow_up_")]
        for before, after in itertools.pairwise(acts):
            if after.verb == "follow_up_decision_undone":
                told = db.session.scalars(select(Notice).where(Notice.event_id == before.id)).all()
                assert told
                assert all(notice.cancelled_at is not None for notice in told)


Walk.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestWalk = Walk.TestCase
