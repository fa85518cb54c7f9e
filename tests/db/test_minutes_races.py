"""Two who write minutes at the same moment, with real commits: nobody's words are lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import once
from app.core.db import db
from app.core.errors import DomainError, StaleVersion
from app.core.working_copy import Save, fingerprints
from app.core.write import write
from app.meetings.models import AgendaItem, CarriedItem, CarriedOutcome, Decision, MeetingActionItem
from app.meetings.queries import finding, live
from app.meetings.queries.addressing import Directory
from app.meetings.services import deciding, settling, tasking, writing
from app.meetings.services.tasking import Wish
from tests.factories.accounts import UserFactory
from tests.factories.meetings import (
    AgendaItemFactory,
    CarriedItemFactory,
    MeetingActionItemFactory,
    MeetingFactory,
)
from tests.support.database import real_database

TIMES = 4


@pytest.fixture
def place(tmp_path):
    from tests.conftest import TEST_DATABASE_URL

    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        yield database.app


@pytest.fixture
def meeting(place):
    return MeetingFactory(invited=True)


@pytest.fixture
def writers(place):
    return [UserFactory(officer=True).id for _ in range(2)]


def at_once(app, *deeds):
    """Do each in a thread and a session of its own; return what it returned, or its refusal."""
    barrier = threading.Barrier(len(deeds))

    def run(deed):
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                return deed()
            except DomainError as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as pool:
        answers = list(pool.map(run, deeds))
    db.session.remove()
    return answers


def as_page(code, user_id, act):
    """Return one request: the meeting locked, then what is done to it."""

    def do():
        with write():
            actor = actor_of(db.session.get_one(User, user_id))
            return act(finding.get_locked(code, actor), actor)

    return do


@pytest.mark.parametrize("turn", range(TIMES))
def test_the_same_field_is_one_of_both_and_the_other_is_told(place, meeting, writers, turn):
    item_id, code = AgendaItemFactory(meeting=meeting, notes="Awal.").id, meeting.code
    base = fingerprints({"notes": "Awal."})

    def typed(words):
        def act(locked, actor):
            item = live.agenda_item(locked, item_id)
            return writing.save_notes(locked, item, actor, Save({"notes": words}, 0, base))

        return act

    saves = at_once(
        place, *(as_page(code, user_id, typed(f"Tulisan {user_id}.")) for user_id in writers)
    )
    kept = db.session.get_one(AgendaItem, item_id).notes
    told = [save for save in saves if save.conflicts]
    assert len(told) == 1
    assert told[0].conflicts[0].saved == kept
    assert {kept, told[0].conflicts[0].mine} == {f"Tulisan {user_id}." for user_id in writers}


@pytest.mark.parametrize("turn", range(TIMES))
def test_different_fields_are_both_saved(place, meeting, writers, turn):
    action = MeetingActionItemFactory(meeting=meeting)
    item_id, code, shown = action.id, meeting.code, tasking.fields_of(action)

    def typed(**changed):
        def act(locked, actor):
            row = live.action_item(locked, item_id)
            save = Save({**shown, **changed}, 0, fingerprints(shown))
            return tasking.save_action_item(locked, row, actor, save, Directory(locked.cycle))

        return act

    saves = at_once(
        place,
        as_page(code, writers[0], typed(title="Judul baru")),
        as_page(code, writers[1], typed(expected_proof="Surat pengantar")),
    )
    assert not [conflict for save in saves for conflict in save.conflicts]
    stored = db.session.get_one(MeetingActionItem, item_id)
    assert (stored.title, stored.expected_proof) == ("Judul baru", "Surat pengantar")


def test_lines_of_both_are_added_and_a_repeat_is_one(place, meeting, writers):
    code = meeting.code

    def line(words):
        def act(locked, actor):
            if once.answered_before(words, actor) is None:
                deciding.add_decision(locked, None, words, actor)
                tasking.add_action_item(locked, None, Wish(title=words), actor)
                once.remember(words, actor, "/rapat")

        return act

    lines = [as_page(code, user_id, line("Disepakati.")) for user_id in writers for _ in "12"]
    assert at_once(place, *lines) == [None] * 4
    for model in (Decision, MeetingActionItem):
        assert db.session.scalar(select(func.count()).select_from(model)) == 2


@pytest.mark.parametrize("turn", range(TIMES))
def test_of_two_verdicts_one_is_noted_and_the_other_is_told(place, meeting, writers, turn):
    item = AgendaItemFactory(meeting=meeting, open_actions=True)
    carried_id, code = CarriedItemFactory(agenda_item=item).id, meeting.code

    def verdict(outcome):
        def act(locked, actor):
            row = live.carried_item(locked, carried_id).row
            said = {"words": "Sudah.", "said_by": "Ibu Ani"}
            settling.settle(locked, row, actor, outcome, **said, edition=0)

        return act

    answers = at_once(
        place,
        as_page(code, writers[0], verdict(CarriedOutcome.CLOSE)),
        as_page(code, writers[1], verdict(CarriedOutcome.CANCEL)),
    )
    assert [isinstance(answer, StaleVersion) for answer in answers].count(True) == 1
    assert db.session.get_one(CarriedItem, carried_id).edition == 1
