"""A meeting that moves or is cancelled, up to the mails that leave: one for each person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core import clock
from app.core.db import db
from app.core.write import write
from app.meetings.models import Meeting
from app.meetings.queries import finding
from app.meetings.services import preparing
from app.meetings.services.preparing import Plan, plan_of
from app.notifications.models import OutgoingMail
from app.notifications.worker import turn_notices
from tests.conftest import TEST_DATABASE_URL
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import InvitationFactory, MeetingFactory
from tests.support.database import real_database


@pytest.fixture
def invited(tmp_path):
    """A meeting that an agency with two people and a guest know of; yields its code."""
    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        meeting, agency = MeetingFactory(invited=True, place="Aula lama"), AgencyFactory()
        for _ in range(2):
            MembershipFactory(agency=agency)
        InvitationFactory(meeting=meeting, agency=agency)
        InvitationFactory(meeting=meeting, guest=True)
        InvitationFactory(meeting=meeting, unsent=True)
        UserFactory(officer=True, username="petugas")
        code = meeting.code
        db.session.remove()
        yield code


def act(code, deed):
    with write():
        found = db.session.scalars(select(User).where(User.username == "petugas")).one()
        actor = actor_of(found)
        deed(finding.get_locked(code, actor), actor)


def move(code, **changes):
    def deed(meeting, actor):
        plan = replace(Plan(**plan_of(meeting)), **changes)
        preparing.change_meeting(meeting, plan, actor, version=meeting.version)

    act(code, deed)


def cancel(code):
    act(
        code,
        lambda meeting, actor: preparing.cancel_meeting(
            meeting, "Hujan lebat.", actor, version=meeting.version
        ),
    )


def mails():
    with clock.shifted(timedelta(minutes=10)):
        turn_notices()
    return db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def test_a_second_change_within_the_hold_is_in_the_same_mail(invited):
    move(invited, place="Aula kedua")
    move(invited, place="Aula ketiga")
    left = mails()
    assert [mail.kind for mail in left] == ["meeting_moved"] * 3
    for mail in left:
        assert "Aula ketiga" in mail.body_text
        assert "Aula lama" in mail.body_text
        assert "Aula kedua" not in mail.body_text
        assert "SEQUENCE:2" in mail.calendar


def test_a_change_after_the_first_mail_left_is_told_again(invited):
    move(invited, place="Aula kedua")
    assert len(mails()) == 3
    move(invited, place="Aula ketiga")
    assert len(mails()) == 6


def test_what_is_cancelled_before_its_move_was_told_is_told_as_cancelled_alone(invited):
    move(invited, place="Aula kedua")
    cancel(invited)
    left = mails()
    assert [mail.kind for mail in left] == ["meeting_cancelled"] * 3
    assert "METHOD:CANCEL" in left[0].calendar
    assert "Hujan lebat." in left[0].body_text
    assert db.session.scalars(select(Meeting)).one().sequence == 2


def test_a_draft_that_is_changed_and_cancelled_mails_nobody(invited):
    draft = MeetingFactory(ordinal=None)
    InvitationFactory(meeting=draft, unsent=True)
    code = draft.code
    db.session.remove()
    move(code, place="Aula kedua")
    cancel(code)
    assert mails() == []
