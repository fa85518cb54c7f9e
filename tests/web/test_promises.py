"""What agencies promised by a date: how dates moved, and what was kept."""

from datetime import timedelta

import pytest

from app.accounts.actors import actor_of
from app.core import clock
from app.core.db import db
from app.followups.machine import Action
from app.followups.queries import promises
from app.followups.queries.promises import Promises
from tests.support import lives
from tests.support.queries import query_budget


def extend(follow_up, officer, days, **given):
    words = given.pop("words", "Menunggu data BPS.")
    return lives.act(
        follow_up, Action.EXTEND, officer, words=words, due_at=lives.soon(days), **given
    )


def of(follow_up, reader):
    return promises.of_agencies(actor_of(reader)).get(follow_up.agency_id, Promises())


def due(follow_up, days):
    """Put the due time of the follow-up and its round where a test needs it."""
    at = clock.now() + timedelta(days=days)
    follow_up.due_at = at
    lives.round_of(follow_up).due_at = at
    db.session.commit()


def test_what_waits_in_time_is_open(follow_up_assigned, officer):
    assert of(follow_up_assigned, officer) == Promises(open=1)


def test_what_waits_too_long_is_overdue(follow_up_assigned, officer):
    due(follow_up_assigned, -1)
    assert of(follow_up_assigned, officer) == Promises(overdue=1)


def test_what_was_sent_in_time_is_kept_however_long_dp3a_takes(follow_up_submitted, officer):
    lives.round_of(follow_up_submitted).submitted_at = clock.now() - timedelta(days=40)
    due(follow_up_submitted, -30)
    assert of(follow_up_submitted, officer) == Promises(kept=1)


def test_what_was_sent_late_is_late(follow_up_submitted, officer):
    due(follow_up_submitted, -1)
    assert of(follow_up_submitted, officer) == Promises(late=1)


def test_a_draft_and_what_was_cancelled_are_no_promises(
    follow_up_draft, follow_up_assigned, officer
):
    lives.act(follow_up_assigned, Action.CANCEL, officer, words="Tidak jadi.")
    assert promises.of_agencies(actor_of(officer)) == {}


def test_the_due_date_of_a_returned_round_is_no_move(follow_up_returned, officer):
    assert of(follow_up_returned, officer) == Promises(open=1)


def test_each_extension_is_a_move(follow_up_assigned, officer):
    extend(follow_up_assigned, officer, 10)
    extend(follow_up_assigned, officer, 20)
    assert of(follow_up_assigned, officer) == Promises(open=1, moved=1, moves=2)


def test_all_agencies_cost_one_query(follow_up_assigned, follow_up_submitted, officer):
    actor = actor_of(officer)
    with query_budget(1):
        assert promises.of_agencies(actor)


def test_the_page_tells_how_the_date_moved_and_where(client, follow_up_assigned, officer):
    extend(follow_up_assigned, officer, 10)
    extend(
        follow_up_assigned,
        officer,
        20,
        words="Data baru ada bulan depan.",
        at="Rapat Koordinasi I",
        at_url="/rapat/2026-1",
    )
    page = client.sign_in(officer).get_page(f"/tindak-lanjut/{follow_up_assigned.number}")
    told = next(d for d in page.select("aside details") if "digeser 2 kali" in d.get_text())
    first, second = told.select("li")
    assert "Menunggu data BPS." in first.get_text()
    assert second.select_one("a[href='/rapat/2026-1']").get_text() == "Rapat Koordinasi I"


def test_a_page_whose_date_never_moved_says_nothing_of_it(client, follow_up_assigned, officer):
    page = client.sign_in(officer).get_page(f"/tindak-lanjut/{follow_up_assigned.number}")
    assert not any("digeser" in d.get_text() for d in page.select("aside details"))


@pytest.mark.parametrize("reader", ["officer", "leader"])
def test_the_agencys_page_counts_and_leads_to_the_list(
    request, client, follow_up_assigned, lead_agency, reader
):
    due(follow_up_assigned, -1)
    number, code = follow_up_assigned.number, lead_agency.code
    client.sign_in(request.getfixturevalue(reader))
    page = client.get_page(f"/instansi/{code}")
    link = page.select_one("section[aria-labelledby=promises] a")
    assert link.get_text() == "1"
    listed = client.get_page(link["href"])
    assert number in listed.select_one("#list").get_text()


def test_an_agencys_own_people_see_it_on_their_list(client, follow_up_assigned, lead):
    due(follow_up_assigned, -1)
    page = client.sign_in(lead).get_page("/tindak-lanjut")
    told = page.select_one("#promises").parent
    assert "Belum dikirim, lewat batas waktu" in told.get_text()
    assert told.select_one("a").get_text() == "1"


def test_others_lists_do_not_count_what_is_not_theirs(client, follow_up_assigned, officer):
    assert client.sign_in(officer).get_page("/tindak-lanjut").select_one("#promises") is None
