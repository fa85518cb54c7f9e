"""Against a real mail server that is down, refuses, is slow, hangs or cuts the line."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Event as Signal

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.notifications import delivery, outbox, queries
from app.notifications.delivery import MailSettings
from app.notifications.models import Fate, OutgoingMail
from app.notifications.registry import EXTENSION
from app.notifications.worker import Worker
from tests.factories.accounts import UserFactory
from tests.factories.notifications import (
    INVITATION,
    GuestNoticeFactory,
    NoticeFactory,
    OutgoingMailFactory,
)
from tests.support.news import register_news
from tests.support.smtp import RIGHT_CERTIFICATE, WRONG_CERTIFICATE, MailServer, mail_server

LATER = timedelta(hours=3)


@pytest.fixture(autouse=True)
def news(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(app.extensions, EXTENSION, None)
    monkeypatch.setattr(app, "jinja_loader", app.jinja_loader)
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.5)
    register_news(app)
    yield
    app.jinja_env.cache.clear()


def use(app: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch, **changes) -> None:
    """Let the application send by a server."""
    given = MailSettings("127.0.0.1", "Gugus <gugus@dp3a.test>", "dp3a@kutaitimur.test", None)
    monkeypatch.setitem(app.extensions, delivery.EXTENSION, given)
    state = app.extensions["mail"]
    for name, value in {"server": "127.0.0.1", "port": server.port, **changes}.items():
        monkeypatch.setattr(state, name, value)


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as running:
        use(app, running, monkeypatch)
        yield running


@pytest.fixture
def worker() -> Worker:
    return Worker(Signal())


def fate(mail: OutgoingMail) -> Fate:
    db.session.refresh(mail)
    return mail.fate


def test_many_mails_leave_over_one_connection(server, monkeypatch, app):
    use(app, server, monkeypatch)
    mails = [OutgoingMailFactory() for _ in range(5)]
    assert Worker(Signal()).send_due() == 5
    assert server.connections == 1
    assert server.message_ids == [mail.message_id for mail in mails]
    assert {fate(mail) for mail in mails} == {Fate.SENT}
    assert all(mail.sent_at and mail.attempts == 1 and not mail.leased_until for mail in mails)
    (first, *_) = server.received
    assert first["To"] == f'"{mails[0].to_name}" <{mails[0].to_address}>'
    assert first["Subject"] == mails[0].subject
    assert first["Reply-To"] == "dp3a@kutaitimur.test"
    assert first.get_body(("plain",)).get_content().strip() == "Ada berita."


def test_a_server_that_is_down_costs_no_mail_an_attempt(app, monkeypatch):
    mails = [OutgoingMailFactory() for _ in range(3)]
    with mail_server() as server:
        use(app, server, monkeypatch)
    worker = Worker(Signal())
    for hours in range(30):
        with clock.shifted(timedelta(hours=hours)):
            assert worker.send_due() == 0
    assert [(fate(mail), mail.attempts) for mail in mails] == [(Fate.QUEUED, 0)] * 3
    assert "refused" in mails[0].last_error
    with clock.shifted(LATER):
        assert queries.is_stuck()
    with mail_server(MailServer(port=server.port)) as server, clock.shifted(timedelta(hours=31)):
        assert worker.send_due() == 3
    assert {fate(mail) for mail in mails} == {Fate.SENT}


def test_a_server_in_trouble_is_left_alone_for_a_while(app, monkeypatch, server):
    server.refuse_sender = "451 4.3.0 come back later"
    OutgoingMailFactory()
    worker = Worker(Signal())
    worker.send_due()
    worker.send_due()
    assert server.connections == 1
    with clock.shifted(timedelta(seconds=16)):
        worker.send_due()
    assert server.connections == 2
    with clock.shifted(timedelta(seconds=32)):
        worker.send_due()
    assert server.connections == 2, "the second rest is longer"


def test_a_sender_that_is_not_allowed_fails_no_mail(server):
    server.refuse_sender = "550 5.7.1 sender not allowed"
    mail = OutgoingMailFactory()
    Worker(Signal()).send_due()
    assert (fate(mail), mail.attempts) == (Fate.QUEUED, 0)
    assert mail.last_error == "550 5.7.1 sender not allowed"


def test_a_recipient_refused_for_good_fails_at_once_and_stops_nobody(server):
    bad, good = OutgoingMailFactory(), OutgoingMailFactory()
    server.refuse[bad.to_address] = "550 5.1.1 no such user"
    assert Worker(Signal()).send_due() == 1
    assert (fate(bad), bad.last_error) == (Fate.FAILED, "550 5.1.1 no such user")
    assert fate(good) is Fate.SENT
    assert server.connections == 1


def test_a_recipient_refused_for_now_is_tried_again_and_given_up_visibly(server):
    mail, good = OutgoingMailFactory(), OutgoingMailFactory()
    server.refuse[mail.to_address] = "450 4.2.2 mailbox full"
    worker = Worker(Signal())
    assert worker.send_due() == 1
    assert (fate(mail), mail.attempts) == (Fate.QUEUED, 1)
    assert mail.next_attempt_at > clock.now() + timedelta(seconds=45)
    assert worker.send_due() == 0
    for attempt in range(1, outbox.MOST_ATTEMPTS):
        with clock.shifted(LATER * attempt):
            worker.send_due()
    assert (fate(mail), mail.attempts) == (Fate.FAILED, outbox.MOST_ATTEMPTS)
    assert mail.last_error == "450 4.2.2 mailbox full"
    assert len(mail.trail) == outbox.MOST_ATTEMPTS
    assert server.message_ids == [good.message_id]


def test_a_mail_refused_after_its_data_fails_at_once(server):
    server.refuse_data = "554 5.7.1 content refused"
    mail = OutgoingMailFactory()
    Worker(Signal()).send_due()
    assert (fate(mail), mail.last_error) == (Fate.FAILED, "554 5.7.1 content refused")


def test_a_slow_server_is_waited_for(server):
    server.slowness = 0.3
    mails = [OutgoingMailFactory() for _ in range(2)]
    assert Worker(Signal()).send_due() == 2
    assert {fate(mail) for mail in mails} == {Fate.SENT}


def test_a_server_that_hangs_before_the_data_costs_no_attempt(server):
    server.hang_at = "RCPT"
    mail = OutgoingMailFactory()
    worker = Worker(Signal())
    worker.send_due()
    assert (fate(mail), mail.attempts, mail.leased_until) == (Fate.QUEUED, 0, None)
    assert "timed out" in mail.last_error
    server.hang_at = ""
    with clock.shifted(LATER):
        assert worker.send_due() == 1


def test_a_server_that_hangs_after_the_data_gets_it_again_under_the_same_id(server):
    server.hang_at = "DATA"
    mail = OutgoingMailFactory()
    worker = Worker(Signal())
    worker.send_due()
    assert (fate(mail), mail.attempts) == (Fate.QUEUED, 1)
    server.hang_at = ""
    with clock.shifted(LATER):
        assert worker.send_due() == 1
    assert server.message_ids == [mail.message_id] * 2


def test_a_line_cut_in_the_middle_of_a_mail_is_tried_again(server):
    server.cuts = 1
    first, second = OutgoingMailFactory(), OutgoingMailFactory()
    worker = Worker(Signal())
    assert worker.send_due() == 0
    assert (fate(first), first.attempts, fate(second)) == (Fate.QUEUED, 1, Fate.QUEUED)
    with clock.shifted(LATER):
        assert worker.send_due() == 2
    assert sorted(server.message_ids) == sorted([first.message_id, second.message_id])


def test_a_server_that_takes_few_mails_at_a_time_gets_all(server):
    server.mails_per_connection = 2
    mails = [OutgoingMailFactory() for _ in range(5)]
    assert Worker(Signal()).send_due() == 5
    assert server.connections == 3
    assert server.message_ids == [mail.message_id for mail in mails]
    assert {mail.attempts for mail in mails if fate(mail)} == {1}


def test_an_address_that_no_server_could_take_fails_that_mail_alone(server):
    bad, good = OutgoingMailFactory(user__email="sítì@kutaitimur.test"), OutgoingMailFactory()
    assert Worker(Signal()).send_due() == 1
    assert (fate(bad), fate(good)) == (Fate.FAILED, Fate.SENT)


def test_who_no_longer_belongs_gets_no_mail(server):
    siti = UserFactory()
    mail = OutgoingMailFactory(user=siti)
    siti.deactivated_at = clock.now()
    db.session.commit()
    assert Worker(Signal()).send_due() == 0
    assert fate(mail) is Fate.DROPPED
    assert server.received == []


def test_who_still_belongs_to_some_of_it_is_told_of_that_alone(server):
    siti = UserFactory()
    kept = NoticeFactory(user_ids=[siti.id], title="masih")
    lost = NoticeFactory(user_ids=[], title="bukan lagi")
    mail = OutgoingMailFactory(user=siti, notices=[kept, lost], body_text="masih, bukan lagi")
    assert Worker(Signal()).send_due() == 1
    assert fate(mail) is Fate.SENT
    text = server.received[0].get_body(("plain",)).get_content()
    assert "masih" in text
    assert "bukan lagi" not in text


def test_a_mail_goes_to_the_address_of_today(server):
    siti = UserFactory()
    mail = OutgoingMailFactory(user=siti)
    siti.email = "baru@kutaitimur.test"
    db.session.commit()
    Worker(Signal()).send_due()
    assert fate(mail) is Fate.SENT
    assert "baru@kutaitimur.test" in server.received[0]["To"]


def test_a_guest_gets_mail_as_long_as_the_audience_knows_the_address(server):
    still = GuestNoticeFactory(guests=[["Ratna Wulandari, S.E.", "RATNA@forum-anak.test"]])
    other = GuestNoticeFactory(guests=[["Ratna Wulandari", "lain@forum-anak.test"]])
    mail = OutgoingMailFactory(to_guest=True, notices=[still])
    gone = OutgoingMailFactory(to_guest=True, notices=[other])
    assert Worker(Signal()).send_due() == 1
    assert (fate(mail), fate(gone)) == (Fate.SENT, Fate.DROPPED)
    assert server.received[0]["To"] == "Ratna Wulandari <RATNA@forum-anak.test>"


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_arrives_as_calendars_understand_it_and_unharmed(server, method):
    calendar = INVITATION.replace("METHOD:REQUEST", f"METHOD:{method}")
    OutgoingMailFactory(calendar=calendar)
    assert Worker(Signal()).send_due() == 1
    (message,) = server.received
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    alternative, file = message.iter_parts()
    text, html, said = alternative.iter_parts()
    assert text.get_content().strip() == "Ada berita."
    assert html.get_content().strip() == "<p>Ada berita.</p>"
    assert dict(said["Content-Type"].params) == {"method": method, "charset": "utf-8"}
    assert said["Content-Disposition"] is None
    assert said.get_payload(decode=True) == calendar.encode()
    assert file["Content-Type"].params["name"] == "undangan.ics"
    assert (file.get_content_disposition(), file.get_filename()) == ("attachment", "undangan.ics")
    assert file.get_content() == calendar.encode()
    assert Calendar.from_ical(file.get_content())["METHOD"] == method


def test_a_mail_without_an_invitation_is_as_it_was(server):
    OutgoingMailFactory()
    Worker(Signal()).send_due()
    assert [part.get_content_type() for part in server.received[0].walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_told_of_less_a_mail_invites_to_what_is_left(server):
    siti = UserFactory()
    kept = NoticeFactory(user_ids=[siti.id], title="masih")
    lost = NoticeFactory(user_ids=[], title="bukan lagi", calendar=INVITATION)
    mail = OutgoingMailFactory(user=siti, notices=[kept, lost], calendar=INVITATION)
    Worker(Signal()).send_due()
    assert fate(mail) is Fate.SENT
    assert mail.calendar is None
    assert "text/calendar" not in server.received[0].as_string()


def test_the_words_of_a_confidential_mail_leave_and_are_gone(server):
    secret = {"kind": "secret", "body_text": "tautan rahasia", "calendar": INVITATION}
    sent, failed = (OutgoingMailFactory(**secret) for _ in "ab")
    server.refuse[failed.to_address] = "550 no"
    Worker(Signal()).send_due()
    assert "tautan rahasia" in server.received[0].get_body(("plain",)).get_content()
    assert {fate(sent), fate(failed)} == {Fate.SENT, Fate.FAILED}
    assert {sent.body_text, sent.body_html, failed.body_text, failed.body_html} == {""}
    assert {sent.calendar, failed.calendar} == {None}


def test_told_to_stop_a_worker_finishes_the_mail_in_hand(server):
    mails = [OutgoingMailFactory() for _ in range(3)]
    stop = Signal()
    worker = Worker(stop)
    original = worker.mailer.send
    worker.mailer.send = lambda mail: (stop.set(), original(mail))[1]
    assert worker.send_due() == 1
    assert [fate(mail) for mail in mails] == [Fate.SENT, Fate.QUEUED, Fate.QUEUED]


def test_encryption_with_a_certificate_that_is_trusted(app, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(RIGHT_CERTIFICATE))
    mail = OutgoingMailFactory()
    with mail_server(certificate=RIGHT_CERTIFICATE) as server:
        use(app, server, monkeypatch, use_tls=True)
        assert Worker(Signal()).send_due() == 1
    assert fate(mail) is Fate.SENT


@pytest.mark.parametrize(
    ("certificate", "trusted"),
    [(WRONG_CERTIFICATE, WRONG_CERTIFICATE), (RIGHT_CERTIFICATE, WRONG_CERTIFICATE)],
    ids=["another-name", "nobody-vouches"],
)
def test_a_certificate_that_is_not_trusted_is_told_nothing(app, monkeypatch, certificate, trusted):
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    mail = OutgoingMailFactory()
    with mail_server(certificate=certificate) as server:
        use(app, server, monkeypatch, use_tls=True, username="gugus", password="rahasia")
        assert Worker(Signal()).send_due() == 0
    assert server.received == []
    assert (fate(mail), mail.attempts) == (Fate.QUEUED, 0)
    assert "certificate verify failed" in mail.last_error.lower()


def test_without_a_mail_server_mails_are_files_that_their_owner_alone_reads(
    app, monkeypatch, tmp_path
):
    given = MailSettings("", "gugus@dp3a.test", "", tmp_path)
    monkeypatch.setitem(app.extensions, delivery.EXTENSION, given)
    mail = OutgoingMailFactory()
    assert Worker(Signal()).send_due() == 1
    assert fate(mail) is Fate.SENT
    (path,) = (tmp_path / "mail").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    written = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert written["Message-ID"] == mail.message_id
    assert written["Subject"] == mail.subject


def test_a_mail_that_killed_its_worker_again_and_again_is_given_up(server):
    mail = OutgoingMailFactory(attempts=outbox.MOST_ATTEMPTS)
    Worker(Signal()).send_due()
    assert fate(mail) is Fate.FAILED
    assert mail.last_error == outbox.INTERRUPTED
