"""Actions that a room above takes: it tells the news itself, and says where it was decided."""

import pytest

from app.core.db import db
from app.followups.machine import Action
from app.followups.services.verify import differences
from app.history.models import Event
from app.notifications.models import Notice
from tests.factories.meetings import MeetingFactory
from tests.support import lives
from tests.support.desk import address

MEETING = "Rapat Koordinasi I, 12 Maret 2026"
THERE = {"at": MEETING, "at_url": "/rapat/2026-01"}


def told_of(verb):
    event = db.session.scalars(
        db.select(Event).where(Event.verb == verb).order_by(Event.id.desc())
    ).first()
    notices = db.session.scalars(db.select(Notice).where(Notice.event_id == event.id))
    return [(notice.kind, notice.audience, notice.payload) for notice in notices]


def extend(follow_up, officer, **given):
    due_at = lives.soon(9)
    return lives.act(follow_up, Action.EXTEND, officer, words="Libur.", due_at=due_at, **given)


class TestNews:
    def test_another_kind_stands_for_the_actions_own(self, follow_up_assigned, officer):
        extend(follow_up_assigned, officer, told_as="dispatched", told_about={"meeting_id": 7})
        told = told_of("follow_up_extended")
        assert told == [("dispatched", "agency_team", {"meeting_id": 7})]

    def test_old_and_new_lead_hear_it_by_the_other_kind(
        self, follow_up_assigned, officer, supporting_agency
    ):
        given = {"agency_id": supporting_agency.id, "told_as": "cancelled", "words": "Pindah."}
        lives.act(follow_up_assigned, Action.REASSIGN, officer, **given)
        assert told_of("follow_up_reassigned") == [("cancelled", "agency_team", {})] * 2

    def test_officers_are_not_told_beside_it(self, follow_up_assigned, lead):
        lives.fill_in(follow_up_assigned, lead)
        lives.act(follow_up_assigned, Action.SUBMIT, lead, told_as="closed")
        assert told_of("follow_up_submitted") == []

    def test_nobody_is_told_of_what_the_next_action_tells(self, follow_up_assigned, officer):
        extend(follow_up_assigned, officer, quiet=True)
        assert told_of("follow_up_extended") == []

    def test_what_goes_with_the_notices_goes_with_the_actions_own_kind_too(
        self, follow_up_assigned, officer
    ):
        extend(follow_up_assigned, officer, told_about={"meeting_id": 7})
        told = told_of("follow_up_extended")
        assert told == [("extended", "agency_team", {"meeting_id": 7})]

    def test_it_is_listed_beside_the_meeting(self, follow_up_assigned, officer):
        meeting_id = MeetingFactory().id
        extend(follow_up_assigned, officer, told_as="dispatched", meeting_id=meeting_id)
        (notice,) = lives.notices_of(follow_up_assigned, "dispatched")[-1:]
        assert (notice.meeting_id, notice.follow_up_id) == (meeting_id, follow_up_assigned.id)

    def test_a_kind_that_nobody_registered_is_a_fault(self, follow_up_assigned, officer):
        with pytest.raises(KeyError):
            extend(follow_up_assigned, officer, told_as="unheard_of")


class TestPlace:
    def last(self, page):
        return page.select_one(".timeline li")

    def test_the_timeline_says_where_it_was_decided(self, follow_up_assigned, officer, client):
        extend(follow_up_assigned, officer, **THERE)
        client.sign_in(officer)
        last = self.last(client.get_page(address(follow_up_assigned)))
        assert f"· diputuskan dalam {MEETING}" in " ".join(last.get_text(" ").split())
        assert last.select_one("a")["href"] == "/rapat/2026-01"

    def test_words_alone_lead_nowhere(self, follow_up_assigned, officer, client):
        extend(follow_up_assigned, officer, at="Rapat <b>luar biasa</b>")
        client.sign_in(officer)
        last = self.last(client.get_page(address(follow_up_assigned)))
        assert "Rapat <b>luar biasa</b>" in last.get_text()
        assert not last.select("a")

    def test_what_was_decided_nowhere_says_nothing_of_it(self, follow_up_assigned, officer, client):
        extend(follow_up_assigned, officer, at=" ", at_url="/rapat/2026-01")
        client.sign_in(officer)
        assert "dalam" not in self.last(client.get_page(address(follow_up_assigned))).get_text()

    def test_a_submission_was_brought_forward_and_not_decided(
        self, follow_up_assigned, officer, client
    ):
        lives.fill_in(follow_up_assigned, officer)
        lives.act(follow_up_assigned, Action.SUBMIT, officer, **THERE)
        client.sign_in(officer)
        last = self.last(client.get_page(address(follow_up_assigned)))
        assert "disampaikan dalam" in last.get_text()

    def test_the_history_replays_as_if_it_were_not_there(self, follow_up_returned, officer, lead):
        extend(follow_up_returned, officer, told_as="extended", **THERE)
        lives.act(follow_up_returned, Action.CANCEL, officer, words="Selesai.", **THERE)
        assert list(differences()) == []
