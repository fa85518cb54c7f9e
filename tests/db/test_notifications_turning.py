"""From notices to mails: hold, grouping, and whom an audience means at that moment."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db
from app.history.services import record
from app.notifications import queries
from app.notifications.models import Fate, Notice, OutgoingMail
from app.notifications.registry import EXTENSION
from app.notifications.services import News, cancel_notices, notify, notify_all
from app.notifications.worker import turn_notices
from tests.factories.accounts import UserFactory
from tests.factories.notifications import INVITATION, GuestNoticeFactory, NoticeFactory
from tests.support.news import register_news

HOLD = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def news(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(app.extensions, EXTENSION, None)
    monkeypatch.setattr(app, "jinja_loader", app.jinja_loader)
    register_news(app)
    yield
    app.jinja_env.cache.clear()


def tell(user, title="Berita", kind="news", hold=HOLD) -> int:
    event_id = record(SYSTEM, "something_happened")
    notify(
        News(event_id, kind, "people", {"user_ids": [user.id]}, None, {"title": title}), hold=hold
    )
    db.session.commit()
    return event_id


def mails() -> list[OutgoingMail]:
    found = db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)).all()
    db.session.rollback()
    return list(found)


def test_news_is_held_back_and_then_becomes_one_mail_with_its_parts():
    siti = UserFactory()
    tell(siti, "Satu & lain hal")
    assert turn_notices() == 0
    with clock.shifted(HOLD):
        assert turn_notices() == 1
        assert turn_notices() == 0
    (mail,) = mails()
    assert (mail.user_id, mail.to_name, mail.to_address) == (siti.id, siti.name, siti.email)
    assert mail.fate is Fate.QUEUED
    assert mail.subject == "Satu & lain hal"
    assert "* Satu & lain hal\n" in mail.body_text
    assert f"Yth. {siti.name}," in mail.body_text
    assert "<li>Satu &amp; lain hal</li>" in mail.body_html
    assert "http://gugus.test/" in mail.body_html
    assert mail.message_id.endswith("@dp3a.test>")
    assert queries.waiting_news() == []


def test_what_one_person_would_get_of_a_kind_is_one_mail():
    siti, budi = UserFactory(), UserFactory()
    notify_all(
        [
            News(
                record(SYSTEM, "happened"), kind, "people", {"user_ids": people}, None, {"title": t}
            )
            for kind, people, t in (
                ("news", [siti.id], "satu"),
                ("news", [siti.id, budi.id], "dua"),
                ("alarm", [siti.id], "tiga"),
            )
        ]
    )
    db.session.commit()
    with clock.shifted(HOLD):
        turn_notices()
    assert {(mail.user_id, mail.kind, mail.subject) for mail in mails()} == {
        (siti.id, "news", "satu, dua"),
        (budi.id, "news", "dua"),
        (siti.id, "alarm", "tiga"),
    }


def test_a_group_waits_for_its_newest_news():
    siti = UserFactory()
    tell(siti, "satu")
    with clock.shifted(timedelta(seconds=90)):
        tell(siti, "dua")
    with clock.shifted(timedelta(seconds=150)):
        assert turn_notices() == 0
    with clock.shifted(timedelta(seconds=215)):
        assert turn_notices() == 1
    assert mails()[0].subject == "satu, dua"


def test_a_stream_of_news_leaves_after_ten_minutes_without_what_can_still_be_undone():
    siti = UserFactory()
    for minute in range(10):
        with clock.shifted(timedelta(minutes=minute)):
            tell(siti, str(minute))
            assert turn_notices() == 0
    with clock.shifted(timedelta(minutes=10)):
        event_id = tell(siti, "10")
        assert turn_notices() == 1
        assert mails()[0].subject == "0, 1, 2, 3, 4, 5, 6, 7, 8"
        assert cancel_notices(event_id)
        db.session.commit()
    with clock.shifted(timedelta(minutes=12)):
        assert turn_notices() == 1
    assert mails()[1].subject == "9"


def test_others_do_not_wait_for_a_person_whose_group_is_held_and_nobody_is_told_twice():
    siti, budi = UserFactory(), UserFactory()
    both = {"user_ids": [siti.id, budi.id]}
    notify(
        News(event := record(SYSTEM, "happened"), "news", "people", both, None, {"title": "satu"})
    )
    with clock.shifted(timedelta(seconds=90)):
        tell(budi, "dua")
    with clock.shifted(HOLD):
        assert turn_notices() == 1
        assert turn_notices() == 0
        assert not cancel_notices(event), "it has left for one of them"
    with clock.shifted(timedelta(seconds=215)):
        assert turn_notices() == 1
    assert [(mail.user_id, mail.subject) for mail in mails()] == [
        (siti.id, "satu"),
        (budi.id, "satu, dua"),
    ]


def test_undone_in_time_nothing_leaves_and_later_it_is_too_late():
    siti = UserFactory()
    first, second = tell(siti, "satu"), tell(siti, "dua")
    assert cancel_notices(first)
    assert cancel_notices(first), "twice is once"
    db.session.commit()
    with clock.shifted(HOLD):
        turn_notices()
    assert [mail.subject for mail in mails()] == ["dua"]
    assert not cancel_notices(second)


def test_who_is_told_is_asked_when_the_mail_is_made():
    siti, budi = UserFactory(), UserFactory()
    NoticeFactory(user_ids=[siti.id, budi.id])
    siti.deactivated_at = clock.now()
    budi.email = "baru@kutaitimur.test"
    db.session.commit()
    turn_notices()
    assert [(mail.user_id, mail.to_address) for mail in mails()] == [
        (budi.id, "baru@kutaitimur.test")
    ]


def test_news_for_nobody_is_over():
    NoticeFactory(user_ids=[])
    assert turn_notices() == 0
    assert db.session.scalar(db.select(Notice.turned_at)) is not None


def test_a_person_without_an_address_is_told_in_the_application():
    NoticeFactory(user_ids=[UserFactory(without_mail=True).id])
    turn_notices()
    (mail,) = mails()
    assert mail.fate is Fate.NO_ADDRESS
    assert "Berita" in mail.body_text


def test_where_nothing_is_left_to_tell_no_mail_is_made():
    NoticeFactory(user_ids=[UserFactory().id], title="")
    assert turn_notices() == 0
    assert turn_notices() == 0
    assert mails() == []
    assert db.session.scalar(db.select(Notice.turned_at)) is not None


def test_a_kind_that_fails_blocks_nobody_and_is_seen(caplog):
    siti = UserFactory()
    NoticeFactory(user_ids=[siti.id], kind="broken")
    NoticeFactory(user_ids=[siti.id])
    turn_notices()
    assert {(mail.kind, mail.fate) for mail in mails()} == {
        ("broken", Fate.FAILED),
        ("news", Fate.QUEUED),
    }
    broken = next(mail for mail in mails() if mail.kind == "broken")
    assert broken.last_error
    assert broken.body_text == ""
    assert "a fault of this kind" in caplog.text


def test_an_audience_that_fails_blocks_nobody_and_is_asked_again_later(caplog):
    NoticeFactory(audience="nobody_knows")
    NoticeFactory(user_ids=[UserFactory().id])
    assert turn_notices() == 1
    assert turn_notices() == 0
    assert caplog.text.count("cannot be resolved") == 1
    with clock.shifted(timedelta(hours=2)):
        assert queries.is_stuck()


def test_hostile_titles_stay_in_the_subject():
    NoticeFactory(
        user_ids=[UserFactory(name="Siti\r\nBcc: x@y.test").id], title="A\r\nBcc: x@y.test\x0bB"
    )
    turn_notices()
    (mail,) = mails()
    assert mail.subject == "A Bcc: x@y.test B"
    assert mail.to_name == "Siti Bcc: x@y.test"


def test_thousands_of_notices_leave_in_short_transactions(session):
    people = [UserFactory() for _ in range(40)]
    notify_all(
        [
            News(
                event_id,
                "news",
                "people",
                {"user_ids": [people[n % 40].id]},
                None,
                {"title": str(n)},
            )
            for event_id in [record(SYSTEM, "happened")]
            for n in range(1200)
        ]
    )
    db.session.commit()
    with clock.shifted(HOLD):
        assert turn_notices() == 40
        assert turn_notices() == 0
    assert (
        db.session.scalar(
            db.select(db.func.count()).select_from(Notice).where(Notice.turned_at.is_(None))
        )
        == 0
    )


GUEST = ["Ratna Wulandari", "Ratna@forum-anak.test"]


def test_people_without_an_account_are_told_by_their_address():
    siti = UserFactory()
    GuestNoticeFactory(guests=[GUEST, ["Yosef Lawing", None]], user_ids=[siti.id], title="satu")
    GuestNoticeFactory(guests=[["Ratna W.", "ratna@FORUM-anak.test"]], title="dua")
    assert turn_notices() == 3
    assert turn_notices() == 0
    assert {(mail.user_id, mail.to_address, mail.fate, mail.subject) for mail in mails()} == {
        (None, "Ratna@forum-anak.test", Fate.QUEUED, "satu, dua"),
        (None, None, Fate.NO_ADDRESS, "satu"),
        (siti.id, siti.email, Fate.QUEUED, "satu"),
    }
    (ratna,) = (mail for mail in mails() if mail.subject == "satu, dua")
    assert "Yth. Ratna Wulandari," in ratna.body_text
    for body in (ratna.body_text, ratna.body_html):
        assert "karena Ratna Wulandari terkait" in body, "there is no account to speak of"


def test_a_guest_at_the_address_of_a_user_gets_the_users_mail_alone():
    siti = UserFactory()
    both = ["Bu Siti", siti.email.upper()]
    GuestNoticeFactory(guests=[both], user_ids=[siti.id], title="sama")
    GuestNoticeFactory(guests=[both], title="lain")
    assert turn_notices() == 2
    assert [(mail.user_id, mail.to_name, mail.subject) for mail in mails()] == [
        (siti.id, siti.name, "sama"),
        (None, "Bu Siti", "lain"),
    ]


def test_a_guest_is_not_told_twice_where_somebody_elses_group_is_held():
    siti = UserFactory()
    GuestNoticeFactory(guests=[GUEST], user_ids=[siti.id], title="satu")
    tell(siti, "dua")
    assert turn_notices() == 1
    assert turn_notices() == 0
    with clock.shifted(HOLD):
        assert turn_notices() == 1
    assert [(mail.user_id, mail.subject) for mail in mails()] == [
        (None, "satu"),
        (siti.id, "satu, dua"),
    ]


def test_a_mail_to_a_guest_that_cannot_be_composed_names_no_address_in_the_log(caplog):
    GuestNoticeFactory(guests=[GUEST], kind="broken")
    turn_notices()
    (mail,) = mails()
    assert (mail.fate, mail.to_name) == (Fate.FAILED, "Ratna Wulandari")
    assert "to a guest cannot be composed" in caplog.text
    assert "forum-anak" not in caplog.text


def test_what_a_kind_says_to_calendars_goes_with_its_mail():
    siti, budi = UserFactory(), UserFactory()
    NoticeFactory(user_ids=[siti.id], calendar=INVITATION.replace("\r\n", "\n"))
    NoticeFactory(user_ids=[budi.id])
    turn_notices()
    assert [mail.calendar for mail in mails()] == [INVITATION, None]


@pytest.mark.parametrize(
    "calendar",
    [
        "BEGIN:VEVENT\nMETHOD:REQUEST\nEND:VEVENT",
        "BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nEND:VCALENDAR",
        'BEGIN:VCALENDAR\nMETHOD:REQUEST"; x=y\nEND:VCALENDAR',
        "BEGIN:VCALENDAR\nMETHOD:REQUEST",
    ],
    ids=["no-calendar", "no-method", "another-method", "a-hostile-method", "cut-off"],
)
def test_what_no_calendar_would_understand_is_not_sent(calendar, caplog):
    NoticeFactory(user_ids=[UserFactory().id], calendar=calendar)
    turn_notices()
    (mail,) = mails()
    assert (mail.fate, mail.calendar) == (Fate.FAILED, None)
    assert "calendar part" in caplog.text


def test_a_confidential_invitation_that_is_not_sent_leaves_nothing_behind():
    NoticeFactory(user_ids=[UserFactory(without_mail=True).id], kind="secret", calendar=INVITATION)
    turn_notices()
    assert [mail.calendar for mail in mails()] == [None]
