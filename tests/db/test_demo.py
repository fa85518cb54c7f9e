"""The demo regency: lifelike, complete, and silent."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.demo import seed as demo
from app.followups.machine import Action, State
from app.followups.models import Evidence, FollowUp, Kind, Round
from app.followups.queries import detail
from app.followups.services import completeness
from app.followups.services.particulars import VERBS
from app.followups.services.verify import differences
from app.history.models import Event
from app.meetings.models import (
    CarriedItem,
    Decision,
    Invitation,
    Meeting,
    MeetingActionItem,
    MeetingFollowUp,
    MeetingState,
    MinutesState,
    MinutesVersion,
)
from app.meetings.queries.minutes import content_of
from app.notifications.models import Notice, OutgoingMail
from tests.conftest import TEST_DATABASE_URL
from tests.support.database import real_database

PASSWORD = "rahasia-contoh"


@pytest.fixture(scope="module")
def regency(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("regency")
    with real_database(TEST_DATABASE_URL, folder) as database, database.app.app_context():
        assert demo.is_empty()
        demo.seed(PASSWORD)
        yield database.app


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_everybody_is_there(regency):
    assert not demo.is_empty()
    assert count(Agency) == 79 + 141
    assert count(Agency, Agency.kind == "kecamatan") == 18
    names = set(db.session.scalars(select(User.username)))
    assert {"admin", "petugas1", "petugas2", "sekda", "dinkes", "dinkes2", "dp3a"} <= names
    assert {code.lower() for code in db.session.scalars(select(Agency.code))} <= names
    mails = db.session.scalars(select(User.email).where(User.email.is_not(None)))
    assert all(mail.endswith(".test") for mail in mails)


def test_follow_ups_are_in_every_state_and_several_rounds_deep(regency):
    states = db.session.scalars(select(FollowUp.state).distinct())
    assert set(states) == set(State)
    assert set(db.session.scalars(select(FollowUp.kind).distinct())) == set(Kind)
    assert db.session.scalar(select(func.max(FollowUp.round_no))) >= 3
    assert count(Round, Round.on_behalf.is_(True)) > 0
    assert count(Evidence, Evidence.restricted.is_(True)) > 0


def test_what_was_sent_lacked_nothing(regency):
    petugas = select(User).where(User.username == "petugas1")
    officer = actor_of(db.session.scalars(petugas).one())
    submitted = select(FollowUp).where(FollowUp.state == State.SUBMITTED)
    lacking = {}
    for row in db.session.scalars(submitted).all():
        follow_up = detail.get(row.number, officer)
        round_ = detail.open_round(follow_up)
        if missing := completeness.missing(follow_up, round_):
            lacking[follow_up.number] = missing
    db.session.rollback()
    assert lacking == {}


def test_two_meetings_were_held_and_one_comes(regency):
    first, second, coming = db.session.scalars(select(Meeting).order_by(Meeting.starts_at)).all()
    assert (first.state, first.minutes_state) == (MeetingState.ENDED, MinutesState.APPROVED)
    assert (second.state, second.minutes_state) == (MeetingState.ENDED, MinutesState.SUBMITTED)
    assert coming.state is MeetingState.INVITED
    assert 8 <= (coming.starts_at - clock.now()).days <= 11
    for meeting in (first, second):
        came = content_of(meeting.id)["totals"]
        assert 30 <= came["present"] <= 40
        assert came["unknown"] == 0
        assert 5 <= count(Decision, Decision.meeting_id == meeting.id) <= 8
        made = count(MeetingActionItem, MeetingActionItem.meeting_id == meeting.id)
        assert 8 <= made <= 12
    asked = select(Invitation.answer.is_(None)).where(Invitation.meeting_id == coming.id)
    assert set(db.session.scalars(asked)) == {True, False}
    assert count(CarriedItem, CarriedItem.meeting_id == coming.id) > 0


def test_approved_minutes_were_corrected_and_say_why(regency):
    first, second = db.session.scalars(select(MinutesVersion).order_by(MinutesVersion.number)).all()
    assert first.reason == ""
    assert second.reason
    assert first.content["decisions"] != second.content["decisions"]


def test_what_meetings_asked_for_is_done_late_and_moved_twice(regency):
    made = select(MeetingFollowUp.follow_up_id)
    rows = db.session.scalars(select(FollowUp).where(FollowUp.id.in_(made))).all()
    assert any(row.state is State.CLOSED for row in rows)
    assert any(row.state is State.ASSIGNED and row.due_at < clock.now() for row in rows)
    moved = db.session.execute(
        select(Event.follow_up_id, func.count())
        .where(Event.follow_up_id.in_(made), Event.verb == VERBS[Action.EXTEND])
        .group_by(Event.follow_up_id)
    )
    assert max(times for _, times in moved) == 2
    kecamatan = [row for row in rows if "Forum Anak kecamatan" in row.title]
    assert len(kecamatan) == 18


def test_its_history_is_what_it_is(regency):
    assert list(differences()) == []


def test_nobody_is_mailed_about_the_past(regency):
    assert count(OutgoingMail) == 0
    assert count(Notice, Notice.turned_at.is_(None)) == 0


def test_the_password_is_the_one_given_or_one_that_is_kept(tmp_path: Path):
    assert demo.demo_password("pilihan-sendiri", tmp_path) == "pilihan-sendiri"
    made = demo.demo_password("", tmp_path)
    assert demo.demo_password("", tmp_path) == made
    assert (tmp_path / demo.PASSWORD_FILE).stat().st_mode & 0o777 == 0o600
