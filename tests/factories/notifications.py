"""Notices and mails as tests need them. The person they are for is made along with them."""

from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db
from app.core.search import searchable
from app.history.services import record
from app.notifications.messages import new_message_id
from app.notifications.models import Fate, Notice, OutgoingMail
from tests.factories.accounts import UserFactory

LONG_SUMMARY = (
    "Rapat “Kabupaten Layak Anak”, à 09.00: " + "peserta diharap hadir tepat waktu; " * 40
)
INVITATION = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Gugus//ID",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:rapat-7@dp3a.test",
        "DTSTAMP:20260301T010000Z",
        "DTSTART:20260310T010000Z",
        f"SUMMARY:{LONG_SUMMARY}",
        " dan seterusnya",
        ".",
        "From me",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)
"""A calendar's text with what a mail server or a mail program might harm."""


def an_event() -> int:
    """Record something that happened, and return its id."""
    return record(SYSTEM, "something_happened")


class NoticeFactory(SQLAlchemyModelFactory):
    """News of the test kind "news" for the people with `user_ids`, due at once."""

    class Meta:
        model = Notice
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        user_ids: Any = ()
        title = "Berita"
        calendar = None

    event_id: Any = factory.LazyFunction(an_event)
    kind = "news"
    audience = "people"
    audience_ids: Any = factory.LazyAttribute(lambda n: {"user_ids": list(n.user_ids)})
    follow_up_id = None
    payload: Any = factory.LazyAttribute(
        lambda n: {"title": n.title} | ({"calendar": n.calendar} if n.calendar else {})
    )
    created_at: Any = factory.LazyFunction(clock.now)
    hold_until: Any = factory.LazyAttribute(lambda notice: notice.created_at)
    turned_at = None
    cancelled_at = None


class GuestNoticeFactory(NoticeFactory):
    """News for the people without an account in `guests`, and the users with `user_ids`."""

    class Params:
        guests: Any = ()

    audience = "guests"
    audience_ids: Any = factory.LazyAttribute(
        lambda n: {"guests": list(n.guests), "user_ids": list(n.user_ids)}
    )


class OutgoingMailFactory(SQLAlchemyModelFactory):
    """A queued mail of the test kind "news"; give `fate` for another."""

    class Meta:
        model = OutgoingMail
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        user: Any = factory.SubFactory(UserFactory)
        to_guest = factory.Trait(
            user=None,
            user_id=None,
            to_name="Ratna Wulandari",
            to_address="ratna@forum-anak.test",
            notices=factory.LazyAttribute(
                lambda mail: [GuestNoticeFactory(guests=[[mail.to_name, mail.to_address]])]
            ),
        )

    user_id: Any = factory.LazyAttribute(lambda mail: mail.user.id)
    kind = "news"
    to_name: Any = factory.LazyAttribute(lambda mail: mail.user.name)
    to_address: Any = factory.LazyAttribute(lambda mail: mail.user.email)
    message_id: Any = factory.LazyFunction(new_message_id)
    subject: Any = factory.Sequence(lambda n: f"Berita nomor {n}")
    body_text = "Ada berita.\n"
    body_html = "<p>Ada berita.</p>"
    calendar = None
    search_text: Any = factory.LazyAttribute(
        lambda mail: searchable(mail.to_name, mail.to_address, mail.subject)
    )
    fate = Fate.QUEUED
    created_at: Any = factory.LazyFunction(clock.now)
    next_attempt_at: Any = factory.LazyAttribute(lambda mail: mail.created_at)
    leased_until = None
    sent_at = None
    last_error = None
    resent_from_id = None
    notices: Any = factory.LazyAttribute(
        lambda mail: [NoticeFactory(user_ids=[mail.user.id], turned_at=clock.now())]
    )
