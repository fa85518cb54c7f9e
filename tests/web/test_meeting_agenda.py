"""A meeting's agenda: what it starts with, in which order, and what can be taken out again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.actors import actor_of
from app.core import clock
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action
from app.followups.models import Opening, Round
from app.history.models import Event
from app.meetings.models import (
    MAX_AGENDA,
    AgendaItem,
    AgendaOrigin,
    AgendaOutcome,
    CarriedItem,
    CarriedOutcome,
    Meeting,
    MeetingState,
)
from app.meetings.queries import agenda as queries
from app.meetings.queries import proposing
from app.meetings.services import carrying
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.meetings import (
    AgendaItemFactory,
    CarriedItemFactory,
    DecisionFactory,
    InvitationFactory,
    MeetingFactory,
)
from tests.support import lives
from tests.support.client import strict_page
from tests.support.queries import query_budget

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def officer(session):
    return UserFactory(officer=True)


@pytest.fixture
def desk(client, officer):
    return client.sign_in(officer)


def start(meeting, officer):
    """Give a meeting the agenda that a new one starts with, and return it."""
    with write():
        carrying.start_agenda(meeting, actor_of(officer))
    return queries.of_meeting(meeting, actor_of(officer))


def missing(meeting, officer):
    items = queries.items_of(meeting)
    return [piece.key for piece in proposing.missing(meeting, items, actor_of(officer))]


def titles(page):
    return [h3.get_text(strip=True) for h3 in page.select(".agenda > li h3")]


def order_of(meeting):
    found = select(AgendaItem.title).where(AgendaItem.meeting_id == meeting.id)
    return list(db.session.scalars(found.order_by(AgendaItem.position, AgendaItem.id)))


def verbs(meeting):
    found = select(Event.verb).where(Event.meeting_id == meeting.id).order_by(Event.id)
    return list(db.session.scalars(found))


def carried_of(meeting):
    found = select(CarriedItem.follow_up_id).where(CarriedItem.meeting_id == meeting.id)
    return list(db.session.scalars(found.order_by(CarriedItem.id)))


class TestWhatItStartsWith:
    def test_the_first_meeting_of_all_starts_with_nothing(self, officer):
        assert start(MeetingFactory(), officer).places == []

    def test_the_last_minutes_to_be_approved_or_read(self, officer):
        last = MeetingFactory(ended=True, title="Rakor I")
        [place] = start(MeetingFactory(), officer).places
        assert place.item.title == "Pengesahan notulen Rakor I"
        assert place.item.origin is AgendaOrigin.LAST_MINUTES
        MeetingFactory(approved=True, title="Rakor II", starts_at=last.starts_at + timedelta(1))
        [place] = start(MeetingFactory(), officer).places
        assert place.item.title == "Pembacaan notulen Rakor II"

    def test_open_action_items_by_agency_the_worst_first(self, officer):
        good, bad = AgencyFactory(short_name="Bappeda"), AgencyFactory(short_name="Dinsos")
        FollowUpFactory(agency=good)
        plain = FollowUpFactory(agency=bad)
        late = FollowUpFactory(agency=bad, late=True)
        FollowUpFactory(agency=bad, submitted=True)
        FollowUpFactory(agency=bad, draft=True)
        FollowUpFactory(agency=bad, closed=True)
        [place] = start(MeetingFactory(), officer).places
        assert place.item.origin is AgendaOrigin.OPEN_ACTIONS
        assert [group.agency for group in place.groups] == ["Dinsos", "Bappeda"]
        assert place.groups[0].late == 1
        assert place.groups[0].rows[0].number == late.number
        assert plain.number in [row.number for row in place.groups[0].rows]
        assert place.carried == 4

    def test_what_was_put_off_most_often_comes_before_what_was_not(self, officer):
        agency = AgencyFactory()
        rows = [lives.born(officer, agency=agency) for _ in range(2)]
        for row in rows:
            lives.act(row, Action.DISPATCH, officer)
        for _ in range(2):
            lives.act(rows[1], Action.EXTEND, officer, words="Belum siap.", due_at=lives.soon(60))
        [place] = start(MeetingFactory(), officer).places
        assert [(row.number, row.moved) for row in place.groups[0].rows] == [
            (rows[1].number, 2),
            (rows[0].number, 0),
        ]

    def test_what_was_returned_and_has_been_silent(self, officer):
        now = clock.now()
        long_ago = {"returned": True, "state_since": now - timedelta(days=10)}
        silent = FollowUpFactory(indicator=True, **long_ago)
        FollowUpFactory(indicator=True, returned=True, state_since=now - timedelta(days=2))
        FollowUpFactory(indicator=True)
        [place] = start(MeetingFactory(), officer).places
        assert place.item.origin is AgendaOrigin.SILENT
        assert [row.number for row in place.groups[0].rows] == [silent.number]

    def test_an_agency_that_writes_at_its_answer_is_not_silent(self, officer):
        now = clock.now()
        since = {"returned": True, "state_since": now - timedelta(days=10)}
        row = FollowUpFactory(indicator=True, **since)
        opened = {"opened_at": now, "due_at": now, "opening": Opening.RETURN}
        current = Round(follow_up_id=row.id, number=row.round_no, **opened)
        db.session.add(current)
        db.session.commit()
        assert missing(MeetingFactory(), officer) == [f"diam-{row.agency_id}"]
        current.draft_at = now - timedelta(days=1)
        db.session.commit()
        assert missing(MeetingFactory(), officer) == []

    def test_what_earlier_meetings_did_not_reach_and_no_other_took_up(self, officer):
        old = clock.now() - timedelta(days=60)
        first, second = MeetingFactory(ended=True, starts_at=old), MeetingFactory(ended=True)
        item = AgendaItemFactory(
            meeting=first, not_reached=True, title="Forum Anak", presenter="Bappeda", minutes=20
        )
        taken = AgendaItemFactory(meeting=first, not_reached=True, title="Sekolah ramah anak")
        AgendaItemFactory(meeting=second, carried_from_id=taken.id, discussed=True)
        AgendaItemFactory(meeting=second, discussed=True)
        places = start(MeetingFactory(), officer).places
        [back] = [p.item for p in places if p.item.origin is AgendaOrigin.NOT_REACHED]
        assert (back.title, back.presenter, back.minutes) == ("Forum Anak", "Bappeda", 20)
        assert back.carried_from_id == item.id

    def test_a_meeting_that_was_cancelled_took_up_nothing(self, officer):
        first = MeetingFactory(ended=True)
        item = AgendaItemFactory(meeting=first, not_reached=True)
        AgendaItemFactory(meeting=MeetingFactory(cancelled=True), carried_from_id=item.id)
        assert f"agenda-{item.id}" in missing(MeetingFactory(), officer)

    def test_in_the_order_to_talk_about_it(self, desk, officer):
        last = MeetingFactory(ended=True)
        AgendaItemFactory(meeting=last, not_reached=True, title="Forum Anak")
        FollowUpFactory()
        FollowUpFactory(indicator=True, returned=True, state_since=clock.now() - timedelta(days=9))
        meeting = MeetingFactory()
        origins = [place.item.origin.value for place in start(meeting, officer).places]
        assert origins == ["last_minutes", "open_actions", "silent", "not_reached"]
        assert not desk.get_page(f"/rapat/{meeting.code}/agenda").select("[name=usulan]")


class TestTakenOutAndPutBack:
    @pytest.fixture
    def meeting(self, officer):
        agency = AgencyFactory(short_name="Dinkes")
        for _ in range(3):
            FollowUpFactory(agency=agency)
        FollowUpFactory(agency=AgencyFactory(short_name="PUPR"))
        meeting = MeetingFactory()
        start(meeting, officer)
        return meeting

    def open_actions(self, meeting):
        return next(i for i in queries.items_of(meeting) if i.origin is AgendaOrigin.OPEN_ACTIONS)

    def test_one_follow_up(self, desk, meeting, officer):
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        out = page.select_one("button[name=bawaan]")
        answer = desk.post(out.find_parent("form")["action"], {"bawaan": out["value"]})
        assert answer.status_code == 303
        assert len(carried_of(meeting)) == 3
        assert verbs(meeting) == ["agenda_carried_removed"]
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        assert page.select_one(".confirm summary").get_text() == "Tambahkan yang belum ada (1)"
        keys = [box["value"] for box in page.select("[name=usulan]")]
        desk.post(f"/rapat/{meeting.code}/agenda/tambahkan", {"usulan": keys})
        assert len(carried_of(meeting)) == 4
        assert verbs(meeting)[-1] == "agenda_taken_up"
        assert len(queries.items_of(meeting)) == 1

    def test_all_of_an_agency_and_nothing_of_another(self, desk, meeting):
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        [out] = page.select("button[name=instansi]")
        desk.post(out.find_parent("form")["action"], {"instansi": out["value"]})
        assert len(carried_of(meeting)) == 1

    def test_the_whole_item_and_what_has_come_since(self, desk, meeting, officer):
        item = self.open_actions(meeting)
        desk.post(f"/rapat/{meeting.code}/agenda/{item.id}/keluarkan")
        assert carried_of(meeting) == []
        FollowUpFactory(agency=AgencyFactory(short_name="Kominfo"))
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        offered = [
            box.find_parent("label").get_text(strip=True) for box in page.select("[name=usulan]")
        ]
        assert offered == ["Dinkes (3)", "PUPR (1)", "Kominfo (1)"]
        kept = page.select("[name=usulan]")[1]["value"]
        desk.post(f"/rapat/{meeting.code}/agenda/tambahkan", {"usulan": [kept]})
        assert len(carried_of(meeting)) == 1

    def test_nothing_chosen_is_said(self, desk, meeting):
        answer = desk.post(f"/rapat/{meeting.code}/agenda/tambahkan", {})
        assert answer.status_code == 422
        assert strict_page(answer.get_data(as_text=True)).select_one("#agenda [role=alert]")

    def test_what_another_officer_added_is_not_added_twice(self, desk, meeting):
        key = f"tindak-lanjut-{AgencyFactory().id}"
        answer = desk.post(f"/rapat/{meeting.code}/agenda/tambahkan", {"usulan": [key, "x"]})
        assert answer.status_code == 303
        assert len(carried_of(meeting)) == 4

    def test_of_which_something_was_said_stays_and_says_why(self, desk, meeting):
        row = db.session.scalars(select(CarriedItem)).first()
        row.outcome = CarriedOutcome.KEEP
        db.session.commit()
        said, item_id = row.id, self.open_actions(meeting).id
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        assert "Hasil pembahasannya" in page.select_one(".tools .hint").get_text()
        for path, form in (("keluarkan", {}), ("tindak-lanjut/keluarkan", {"bawaan": said})):
            answer = desk.post(f"/rapat/{meeting.code}/agenda/{item_id}/{path}", form)
            assert answer.status_code == 409
        assert len(carried_of(meeting)) == 4


class TestItems:
    @pytest.fixture
    def meeting(self, session):
        meeting = MeetingFactory()
        for at, title in enumerate(("Satu", "Dua", "Tiga")):
            AgendaItemFactory(meeting=meeting, title=title, position=at, minutes=30)
        return meeting

    def id_of(self, meeting, title):
        return next(i.id for i in queries.items_of(meeting) if i.title == title)

    def test_hours_are_counted_from_the_beginning(self, desk, meeting):
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        hours = [li.select_one(".meta").get_text() for li in page.select(".agenda > li")]
        assert "pukul 09.00 - 09.30" in hours[0]
        assert "pukul 10.00 - 10.30" in hours[2]
        assert "1 jam 30 menit" in page.select_one("#agenda > .row .meta").get_text()

    def test_an_item_without_minutes_ends_the_counting(self, desk, meeting):
        item = db.session.get_one(AgendaItem, self.id_of(meeting, "Dua"))
        item.minutes = None
        db.session.commit()
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        hours = [li.select_one(".meta").get_text() for li in page.select(".agenda > li")]
        assert "pukul 09.30" in hours[1]
        assert "pukul" not in hours[2]

    def test_an_agenda_longer_than_the_meeting_is_said(self, desk, meeting):
        AgendaItemFactory(meeting=meeting, minutes=120, position=9)
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        assert "lebih lama" in page.select_one("#agenda .notice").get_text()

    def test_added_at_the_end_once(self, desk, meeting):
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        token = page.select_one("[name=form_token]")["value"]
        given = {"baru-title": "Lain-lain", "baru-minutes": "", "form_token": token}
        answers = [desk.post(f"/rapat/{meeting.code}/agenda", given) for _ in range(2)]
        assert answers[0].location == answers[1].location
        assert order_of(meeting) == ["Satu", "Dua", "Tiga", "Lain-lain"]
        assert verbs(meeting) == ["agenda_item_added"]

    def test_what_is_wrong_keeps_what_was_typed(self, desk, meeting):
        given = {"baru-title": "Lain-lain", "baru-minutes": "sebentar"}
        answer = desk.post(f"/rapat/{meeting.code}/agenda", given)
        assert answer.status_code == 422
        page = strict_page(answer.get_data(as_text=True))
        assert page.select_one("[name=baru-title]")["value"] == "Lain-lain"
        assert page.select_one("#baru-minutes-error")

    def test_no_more_than_fit(self, desk, meeting):
        for at in range(MAX_AGENDA - 3):
            AgendaItemFactory(meeting=meeting, position=10 + at)
        answer = desk.post(f"/rapat/{meeting.code}/agenda", {"baru-title": "Lebih"})
        assert answer.status_code == 422

    def test_moved_by_buttons_and_nobody_is_mailed(self, desk, meeting):
        path = f"/rapat/{meeting.code}/agenda/{self.id_of(meeting, 'Tiga')}/pindah"
        assert desk.post(path, {"arah": "naik"}).location.endswith(
            f"#butir-{self.id_of(meeting, 'Tiga')}"
        )
        assert order_of(meeting) == ["Satu", "Tiga", "Dua"]
        desk.post(path, {"arah": "naik"})
        desk.post(path, {"arah": "naik"})
        assert order_of(meeting) == ["Tiga", "Satu", "Dua"]
        desk.post(path, {"arah": "turun"})
        assert order_of(meeting) == ["Satu", "Tiga", "Dua"]
        assert verbs(meeting) == ["agenda_reordered"] * 3
        assert not db.session.scalars(select(Notice)).all()

    def test_htmx_gets_the_list_alone_with_the_pressed_button_in_it(self, desk, meeting):
        item_id = self.id_of(meeting, "Tiga")
        path = f"/rapat/{meeting.code}/agenda/{item_id}/pindah"
        answer = desk.post(path, {"arah": "naik"}, headers=PARTIAL)
        assert answer.status_code == 200
        body = answer.get_data(as_text=True)
        assert body.lstrip().startswith('<section id="agenda"')
        assert f'id="naik-{item_id}"' in body

    def test_changed_in_place(self, desk, meeting):
        item_id = self.id_of(meeting, "Dua")
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        seen = page.select_one(f"[name=butir{item_id}-seen]")["value"]
        given = {"title": "Dua  baru", "presenter": "Dinkes", "minutes": "45", "seen": seen}
        form = {f"butir{item_id}-{name}": value for name, value in given.items()}
        assert desk.post(f"/rapat/{meeting.code}/agenda/{item_id}", form).status_code == 303
        assert order_of(meeting) == ["Satu", "Dua baru", "Tiga"]
        assert verbs(meeting) == ["agenda_item_changed"]
        again = desk.post(f"/rapat/{meeting.code}/agenda/{item_id}", form)
        assert again.status_code == 409
        page = strict_page(again.get_data(as_text=True))
        assert page.select_one(f"[name=butir{item_id}-title]")["value"] == "Dua  baru"
        assert page.select_one(".tools details[open]")

    def test_what_was_taken_out_meanwhile_keeps_what_was_typed(self, desk, meeting):
        item_id = self.id_of(meeting, "Dua")
        desk.post(f"/rapat/{meeting.code}/agenda/{item_id}/keluarkan")
        form = {f"butir{item_id}-title": "Dua baru", f"butir{item_id}-seen": "x"}
        answer = desk.post(f"/rapat/{meeting.code}/agenda/{item_id}", form)
        assert answer.status_code == 409
        page = strict_page(answer.get_data(as_text=True))
        assert page.select_one("[name=baru-title]")["value"] == "Dua baru"
        assert order_of(meeting) == ["Satu", "Tiga"]

    @pytest.mark.parametrize("written", ["notes", "decision"])
    def test_under_which_something_is_written_stays(self, desk, meeting, written):
        item = db.session.get_one(AgendaItem, self.id_of(meeting, "Dua"))
        if written == "notes":
            item.notes = "Sudah dibahas."
            db.session.commit()
        else:
            DecisionFactory(meeting=meeting, agenda_item=item)
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        assert len(page.select(".tools .hint")) == 1
        answer = desk.post(f"/rapat/{meeting.code}/agenda/{self.id_of(meeting, 'Dua')}/keluarkan")
        assert answer.status_code == 409
        assert order_of(meeting) == ["Satu", "Dua", "Tiga"]

    def test_when_the_meeting_is_over_it_is_only_read(self, desk, meeting):
        item_id = self.id_of(meeting, "Dua")
        db.session.get_one(Meeting, meeting.id).state = MeetingState.ENDED
        db.session.commit()
        page = desk.get_page(f"/rapat/{meeting.code}/agenda")
        assert titles(page) == ["1. Satu", "2. Dua", "3. Tiga"]
        assert not page.select("main form")
        answer = desk.post(f"/rapat/{meeting.code}/agenda/{item_id}/pindah", {"arah": "naik"})
        assert answer.status_code == 409
        given = {"baru-title": "Terlambat"}
        assert desk.post(f"/rapat/{meeting.code}/agenda", given).status_code == 409

    def test_an_item_of_another_meeting_is_not_there(self, desk, meeting):
        other = AgendaItemFactory().id
        for path in ("pindah", "keluarkan"):
            assert desk.post(f"/rapat/{meeting.code}/agenda/{other}/{path}").status_code == 404


class TestWhoReads:
    def test_an_agency_reads_the_agenda_and_of_follow_ups_its_own(self, client, session):
        agency, user = AgencyFactory(short_name="Dinkes"), UserFactory()
        MembershipFactory(agency=agency, user=user)
        meeting = MeetingFactory(invited=True)
        InvitationFactory(meeting=meeting, agency=agency)
        item = AgendaItemFactory(meeting=meeting, open_actions=True)
        CarriedItemFactory(agenda_item=item, follow_up=FollowUpFactory(agency=agency, title="Kami"))
        CarriedItemFactory(agenda_item=item, follow_up=FollowUpFactory(title="Rahasia lain"))
        page = client.sign_in(user).get_page(f"/rapat/{meeting.code}/agenda")
        text = page.select_one("main").get_text()
        assert "Kami" in text
        assert "Rahasia lain" not in text
        assert not page.select("main form")


def test_a_long_agenda_costs_no_more_questions(desk):
    meeting = MeetingFactory()
    MeetingFactory(ended=True)
    item = AgendaItemFactory(meeting=meeting, open_actions=True)
    agencies = [AgencyFactory() for _ in range(10)]
    for at in range(24):
        AgendaItemFactory(meeting=meeting, outcome=AgendaOutcome.OPEN, position=at)
    for at in range(200):
        row = FollowUpFactory(agency=agencies[at % 10], late=at % 3 == 0)
        CarriedItemFactory(agenda_item=item, follow_up=row)
    FollowUpFactory()
    path = f"/rapat/{meeting.code}/agenda"
    with query_budget(10):
        answer = desk.get(path)
    assert answer.status_code == 200
