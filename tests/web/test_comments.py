"""Comments: for all who read a follow-up, or for DP3A alone. They change no state."""

from typing import NamedTuple

import pytest
from sqlalchemy import select

from app.core.db import db
from app.followups.models import Comment, FollowUp
from app.history.models import Event
from tests.support.client import Client, strict_page

PEOPLE = (
    "officer",
    "other_officer",
    "lead",
    "contributor",
    "supporter",
    "leader",
    "other_agency",
    "former_lead",
)


class Handle(NamedTuple):
    """What stays of a follow-up when the request that loaded it has ended."""

    id: int
    number: str


@pytest.fixture
def asked(follow_up_submitted):
    return Handle(follow_up_submitted.id, follow_up_submitted.number)


@pytest.fixture
def browse(app, request):
    """Return the browser of somebody, named by the fixture."""
    found = {name: Client(app).sign_in(request.getfixturevalue(name)) for name in PEOPLE}
    return found.__getitem__


def address(follow_up, tail=""):
    return f"/tindak-lanjut/{follow_up.number}{tail}"


def say(browser, follow_up, words, **more):
    return browser.post(address(follow_up, "/komentar"), {"komentar-words": words} | more)


def comments():
    return db.session.scalars(select(Comment).order_by(Comment.id)).all()


def thread(page):
    return [p.get_text() for p in page.select("article[id^=komentar-] p.pre")]


@pytest.mark.parametrize("person", ["officer", "lead", "contributor", "supporter"])
def test_who_is_concerned_talks_beside_the_work(browse, asked, person):
    before = db.session.get(FollowUp, asked.id).version
    browser = browse(person)
    answer = say(browser, asked, "Apakah boleh data triwulan?")
    assert answer.status_code == 303
    assert answer.location.endswith("#komentar")
    page = browse("officer").get_page(address(asked))
    assert thread(page) == ["Apakah boleh data triwulan?"]
    row = db.session.get(FollowUp, asked.id, populate_existing=True)
    assert row.version == before
    event = db.session.scalars(select(Event).where(Event.verb == "comment_added")).one()
    assert "triwulan" not in str(event.payload)


def test_what_is_for_dp3a_alone_is_seen_by_officers_alone(browse, asked):
    assert say(browse("officer"), asked, "Cek dengan BPS.", **{"komentar-internal": "1"})
    assert say(browse("officer"), asked, "Terima kasih.").status_code == 303
    page = browse("other_officer").get_page(address(asked))
    assert thread(page) == ["Cek dengan BPS.", "Terima kasih."]
    for person in ("lead", "supporter", "leader"):
        page = browse(person).get_page(address(asked))
        assert thread(page) == ["Terima kasih."]
        told = [item.get_text() for item in page.select(".timeline strong")]
        assert told.count("Komentar ditulis") == 1


def test_an_agency_cannot_write_for_dp3a_alone(browse, asked):
    assert not browse("lead").get_page(address(asked)).select("[name=komentar-internal]")
    answer = say(browse("lead"), asked, "Rahasia.", **{"komentar-internal": "1"})
    assert answer.status_code == 403
    assert not comments()


@pytest.mark.parametrize("words", ["", "   \n ", "x" * 2001])
def test_an_empty_or_endless_comment_comes_back_as_it_was(browse, asked, words):
    answer = say(browse("officer"), asked, words)
    assert answer.status_code == 422
    page = strict_page(answer.get_data(as_text=True))
    assert page.select_one("#komentar-words-error")
    if words.strip():
        assert page.select_one("#komentar-words").get_text() == words
    assert not comments()


def test_the_same_form_twice_is_one_comment(browse, asked):
    browser = browse("lead")
    token = browser.get_page(address(asked)).select_one("form[action$=komentar] [name=form_token]")[
        "value"
    ]
    for _ in range(2):
        assert say(browser, asked, "Sudah dikirim.", form_token=token).status_code == 303
    assert len(comments()) == 1


def test_a_leader_reads_and_is_not_asked_to_write(browse, asked):
    browser = browse("leader")
    assert not browser.get_page(address(asked)).select("form[action$=komentar]")
    assert say(browser, asked, "Bagus.").status_code == 403


def test_strangers_and_former_leads_find_nothing_to_comment(asked, handed_on, browse):
    elsewhere = Handle(handed_on.id, handed_on.number)
    assert say(browse("other_agency"), asked, "Halo.").status_code == 404
    former = browse("former_lead")
    assert not former.get_page(address(elsewhere)).select("form[action$=komentar]")
    assert say(former, elsewhere, "Halo.").status_code == 403


def test_markup_in_a_comment_is_words(browse, asked):
    say(browse("lead"), asked, "<script>alert(1)</script>")
    page = browse("officer").get_page(address(asked))
    assert thread(page) == ["<script>alert(1)</script>"]
