"""The outbox as officers and admins see it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.notifications import queries
from app.notifications.labels import (
    CALENDAR_LABELS,
    FATE_LABELS,
    FATE_SENTENCES,
    FATE_SYMBOLS,
    FATE_TONES,
    STEP_LABELS,
)
from app.notifications.models import Fate, OutgoingMail
from app.notifications.outbox import Answer
from app.notifications.registry import EXTENSION
from tests.factories.accounts import UserFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.notifications import (
    INVITATION,
    GuestNoticeFactory,
    NoticeFactory,
    OutgoingMailFactory,
)
from tests.support.news import register_news
from tests.support.queries import query_budget


@pytest.fixture(autouse=True)
def news(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(app.extensions, EXTENSION, None)
    monkeypatch.setattr(app, "jinja_loader", app.jinja_loader)
    register_news(app)
    yield
    app.jinja_env.cache.clear()


def a_mail(**given) -> OutgoingMail:
    """Make a mail that can still be read after a request has ended the session."""
    mail = OutgoingMailFactory(**given)
    db.session.refresh(mail)
    db.session.expunge(mail)
    return mail


@pytest.fixture
def officer(client):
    return client.sign_in(UserFactory(officer=True))


def subjects(page):
    return [link.get_text() for link in page.select("table.rows td.main a")]


def mail_url(client, mail, endpoint="notifications.mail"):
    return client.url(endpoint, mail_id=mail.id)


@pytest.mark.parametrize("role", ["officer", "admin"])
def test_officers_and_admins_see_the_outbox(client, role):
    mail = a_mail()
    client.sign_in(UserFactory(**{role: True}))
    page = client.get_page("/kotak-keluar")
    assert subjects(page) == [mail.subject]
    assert page.select_one(".nav a[aria-current=page]").get_text(strip=True) == "Kotak keluar"
    assert client.get_page(mail_url(client, mail)).h1.get_text(strip=True) == mail.subject


@pytest.mark.parametrize("role", ["agency", "leader"])
def test_others_do_not(client, role):
    mail = a_mail(fate=Fate.FAILED)
    client.sign_in(UserFactory(**{role: True}))
    for path in ("/kotak-keluar", mail_url(client, mail), f"/kotak-keluar/{mail.id}/html"):
        assert client.get(path).status_code == 403
    assert client.post(f"/kotak-keluar/{mail.id}/kirim-ulang").status_code == 403
    assert db.session.scalar(db.select(db.func.count()).select_from(OutgoingMail)) == 1


def test_an_empty_outbox_says_what_would_fill_it(officer):
    page = officer.get_page("/kotak-keluar")
    assert "Belum ada surel" in page.select_one(".empty").get_text()


def test_filters_live_in_the_address(officer):
    siti = UserFactory(name="Siti Aminah, S.Pd.")
    failed = a_mail(user=siti, fate=Fate.FAILED, subject="TL-2026-0007 dikembalikan")
    alarm = a_mail(kind="alarm", fate=Fate.SENT)
    plain = a_mail()

    def found(query: str) -> list[str]:
        return subjects(officer.get_page(f"/kotak-keluar?{query}"))

    assert found("") == [plain.subject, alarm.subject, failed.subject]
    assert found("urut=lama") == [failed.subject, alarm.subject, plain.subject]
    assert found("nasib=failed") == [failed.subject]
    assert found("jenis=alarm") == [alarm.subject]
    assert found("q=siti+aminah") == [failed.subject]
    assert found("q=tl-2026-0007") == [failed.subject]
    assert found(f"q={alarm.to_address}") == [alarm.subject]
    assert found("q=aminah&nasib=sent") == []
    assert found("q=%25") == []
    page = officer.get_page("/kotak-keluar?q=aminah&nasib=sent")
    assert "Tidak ada surel yang cocok" in page.select_one(".empty").get_text()
    assert [chip["href"] for chip in page.select(".chips a")] == [
        "/kotak-keluar?nasib=sent",
        "/kotak-keluar?q=aminah",
    ]


@pytest.mark.parametrize(
    "query",
    ["nasib=x", "jenis=x", "halaman=x", "halaman=999999", "q=" + "x" * 5000, "q=%00", "urut=%00"],
    ids=lambda query: query[:12],
)
def test_an_odd_address_still_shows_a_list(officer, query):
    mail = a_mail()
    assert subjects(officer.get_page(f"/kotak-keluar?{query}")) == [mail.subject]


def test_counts_are_links_to_their_mails(officer):
    a_mail(fate=Fate.FAILED)
    a_mail(fate=Fate.SENT)
    page = officer.get_page("/kotak-keluar")
    tiles = {a["href"]: a.b.get_text(strip=True) for a in page.select(".tiles a")}
    assert tiles["/kotak-keluar?nasib=failed"] == "1"
    assert tiles["/kotak-keluar?nasib=dropped"] == "0"
    assert len(tiles) == len(Fate)


def test_long_lists_have_pages_that_keep_the_filters(officer):
    for _ in range(51):
        a_mail(fate=Fate.SENT)
    page = officer.get_page("/kotak-keluar?nasib=sent")
    assert len(subjects(page)) == 50
    link = page.select_one("a[rel=next]")
    assert link["href"] == "/kotak-keluar?nasib=sent&halaman=2"
    assert len(subjects(officer.get_page(link["href"]))) == 1


def test_news_that_is_held_says_until_when(officer):
    NoticeFactory(user_ids=[], hold_until=clock.now() + timedelta(minutes=2))
    page = officer.get_page("/kotak-keluar")
    assert "Berita: 1 pemberitahuan, ditahan sampai" in page.select_one("main").get_text()


def test_a_stuck_outbox_says_so(officer):
    a_mail(created_at=clock.now() - timedelta(hours=2))
    page = officer.get_page("/kotak-keluar")
    assert "tertahan lebih dari satu jam" in page.select_one(".notice").get_text()


def test_a_mail_shows_its_words_and_its_way(officer):
    mail = a_mail(
        fate=Fate.FAILED,
        body_text="Yth. Siti\n<script>alert(1)</script>",
        last_error="550 no such user",
        trail=[
            {"at": clock.now().isoformat(), "step": Answer.TRY_LATER.value, "said": "450 penuh"},
            {"at": clock.now().isoformat(), "step": "failed", "said": "550 no such user"},
        ],
    )
    page = officer.get_page(mail_url(officer, mail))
    assert page.select_one(".mail-text").get_text() == mail.body_text
    assert page.select("main script") == []
    assert [item.strong.get_text() for item in page.select(".timeline li")] == [
        "Surel dibuat",
        "Belum berhasil, akan dicoba lagi",
        "Gagal, tidak dicoba lagi",
    ]
    assert "550 no such user" in page.select_one(".notice").get_text()
    frame = page.select_one("iframe")
    assert not frame["sandbox"], "nothing is allowed"
    response = officer.get(frame["src"])
    assert response.get_data(as_text=True) == mail.body_html
    said = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in said
    assert said.endswith("sandbox")


@pytest.mark.parametrize("fate", list(Fate))
def test_every_fate_has_its_words(officer, fate):
    mail = a_mail(fate=fate)
    page = officer.get_page(mail_url(officer, mail))
    assert page.select_one("header .mark").get_text(strip=True) == FATE_LABELS[fate]
    assert (
        set(Fate) == set(FATE_LABELS) == set(FATE_SENTENCES) == set(FATE_SYMBOLS) == set(FATE_TONES)
    )
    assert {Answer.TRY_LATER.value, *(f.value for f in Fate if f is not Fate.QUEUED)} <= set(
        STEP_LABELS
    )


def test_a_confidential_mail_is_read_by_nobody_else(officer):
    mail = a_mail(kind="secret", body_text="tautan-rahasia", body_html="tautan-rahasia")
    response = officer.get(mail_url(officer, mail))
    assert "tautan-rahasia" not in response.get_data(as_text=True)
    assert officer.get(f"/kotak-keluar/{mail.id}/html").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "x"])
def test_a_mail_that_is_not_there(officer, number):
    officer.get_page(f"/kotak-keluar/{number}", status=404)
    assert officer.post(f"/kotak-keluar/{number}/kirim-ulang").status_code == 404


def send_again(client, mail, **fields):
    return client.post(mail_url(client, mail, "notifications.send_again"), fields)


def test_sent_again_is_a_new_mail_to_the_address_of_today(officer):
    siti = UserFactory()
    mail = a_mail(user=siti, fate=Fate.FAILED)
    siti.email = "baru@kutaitimur.test"
    db.session.commit()
    page = officer.get_page(mail_url(officer, mail))
    form = page.select_one("form[action$=kirim-ulang]")
    token = form.select_one("[name=form_token]")["value"]
    answers = [send_again(officer, mail, form_token=token) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location, "a repeat makes no third mail"
    first, again = db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert (first.fate, again.fate) == (Fate.FAILED, Fate.QUEUED)
    assert again.resent_from_id == first.id
    assert again.to_address == "baru@kutaitimur.test"
    assert again.message_id != first.message_id
    assert (again.subject, again.body_text) == (first.subject, first.body_text)
    assert len(queries.get_mail(again.id).notices) == 1
    page = officer.get_page(answers[0].location)
    assert "Dikirim ulang atas permintaan" in page.select_one(".timeline").get_text()
    assert page.select_one("form[action$=kirim-ulang]") is None


def test_sent_again_a_mail_that_could_not_be_composed_is_composed_anew(officer):
    siti = UserFactory()
    notice = NoticeFactory(user_ids=[siti.id], title="sudah benar")
    mail = a_mail(user=siti, fate=Fate.FAILED, body_text="", body_html="", notices=[notice])
    url = send_again(officer, mail).location
    assert "sudah benar" in officer.get_page(url).select_one(".mail-text").get_text()


@pytest.mark.parametrize(
    "given",
    [{"fate": Fate.QUEUED}, {"kind": "secret", "fate": Fate.SENT}],
    ids=["queued", "secret"],
)
def test_what_cannot_be_sent_again_has_no_button_and_is_refused(officer, given):
    mail = a_mail(**given)
    assert officer.get_page(mail_url(officer, mail)).select("form[action$=kirim-ulang]") == []
    assert send_again(officer, mail).status_code == 409


@pytest.mark.parametrize("change", ["deactivated_at", "email"])
def test_nothing_goes_to_who_is_gone_or_has_no_address(officer, change):
    siti = UserFactory()
    mail = a_mail(user=siti, fate=Fate.SENT)
    setattr(siti, change, clock.now() if change == "deactivated_at" else None)
    db.session.commit()
    assert send_again(officer, mail).status_code == 409
    assert db.session.scalar(db.select(db.func.count()).select_from(OutgoingMail)) == 1


def test_a_mail_to_somebody_without_an_account_is_read_found_and_sent_again(officer):
    mail = a_mail(to_guest=True, fate=Fate.SENT)
    page = officer.get_page("/kotak-keluar?q=forum-anak.test")
    assert subjects(page) == [mail.subject]
    assert "tanpa akun" in page.select_one("table.rows td[data-label=Penerima]").get_text()
    page = officer.get_page(mail_url(officer, mail))
    assert "Ratna Wulandari (tanpa akun)" in page.select_one("dl.facts").get_text()
    url = send_again(officer, mail).location
    assert "ratna@forum-anak.test" in officer.get_page(url).select_one("dl.facts").get_text()
    again = db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert (again.user_id, again.resent_from_id) == (None, mail.id)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ([], "atau alamatnya sudah diganti"),
        ([["Ratna Wulandari", "baru@forum-anak.test"]], "atau alamatnya sudah diganti"),
        ([["Ratna Wulandari", None]], "Undang lagi sesudah diisi"),
    ],
    ids=["gone", "another-address", "no-address"],
)
def test_a_guest_who_cannot_be_mailed_again_is_refused_with_the_reason(officer, known, said):
    given = {"to_address": None} if "diisi" in said else {}
    notice = GuestNoticeFactory(guests=known)
    mail = a_mail(to_guest=True, fate=Fate.SENT, notices=[notice], **given)
    answer = send_again(officer, mail)
    assert answer.status_code == 409
    assert said in answer.get_data(as_text=True)


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_is_seen_saved_and_sent_again(officer, method):
    calendar = INVITATION.replace("REQUEST", method)
    mail = a_mail(fate=Fate.SENT, calendar=calendar)
    page = officer.get_page(mail_url(officer, mail))
    assert CALENDAR_LABELS[method] in page.select_one("main").get_text()
    answer = officer.get(page.select_one("a[href$='.ics']")["href"])
    assert answer.data == calendar.encode()
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=undangan.ics"
    url = send_again(officer, mail).location
    assert officer.get_page(url).select("a[href$='.ics']")
    again = db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert again.calendar == calendar


def test_a_mail_without_an_invitation_offers_none(officer):
    mail = a_mail()
    assert officer.get_page(mail_url(officer, mail)).select("a[href$='.ics']") == []
    assert officer.get(mail_url(officer, mail, "notifications.mail_calendar")).status_code == 404


def test_a_confidential_invitation_is_read_by_nobody_else(officer):
    mail = a_mail(kind="secret", calendar=INVITATION)
    assert officer.get_page(mail_url(officer, mail)).select("a[href$='.ics']") == []
    assert officer.get(mail_url(officer, mail, "notifications.mail_calendar")).status_code == 404


def test_a_list_asks_the_same_few_questions_whatever_its_length(officer):
    for _ in range(3):
        a_mail()
    officer.get_page("/kotak-keluar")
    with query_budget(8):
        officer.get_page("/kotak-keluar")


def test_mails_about_a_follow_up_are_one_query_away(session):
    asked, other = FollowUpFactory().id, FollowUpFactory().id
    told = NoticeFactory(user_ids=[], follow_up_id=asked)
    NoticeFactory(user_ids=[], follow_up_id=asked, kind="alarm")
    first = OutgoingMailFactory(notices=[told], fate=Fate.SENT)
    second = OutgoingMailFactory(notices=[told], fate=Fate.FAILED)
    expected = [(second.id, second.to_name, Fate.FAILED), (first.id, first.to_name, Fate.SENT)]
    with query_budget(1):
        found = queries.mails_about(asked)
    assert [(row.id, row.to_name, row.fate) for row in found] == expected
    assert queries.mails_about(other) == []
