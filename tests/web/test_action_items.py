"""Action items made by other rooms: many at once, by few statements, told as they wish."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.errors import InvalidInput, NotPermitted
from app.core.write import write
from app.followups.machine import State
from app.followups.models import FollowUp, Kind, NumberCounter, Round
from app.followups.services.action_items import create_action_item, create_action_items
from app.followups.services.particulars import Particulars
from app.followups.services.preparing import Task
from app.followups.services.verify import differences
from app.history.models import Event
from app.notifications.models import Notice
from tests.factories.agencies import AgencyFactory
from tests.factories.instruments import CycleFactory
from tests.support import lives
from tests.support.queries import query_budget

MEETING = Particulars(
    told_as="extended",
    told_about={"meeting_id": 7},
    at="Rapat Koordinasi I, 12 Maret 2026",
    at_url="/rapat/2026-01",
)


def task(lead="Dinkes", **given):
    due_at = clock.now() + timedelta(days=9)
    return Task(**{"title": "Menyusun peta jalan", "lead": lead, "due_at": due_at, **given})


def make(user, *tasks, **given):
    with write():
        return [row.id for row in create_action_items(tasks, lives.actor_of(user), **given)]


def rows(ids):
    return [db.session.get_one(FollowUp, each, populate_existing=True) for each in ids]


def test_they_go_out_together_in_their_order(officer, lead_agency, supporting_agency):
    ids = make(
        officer,
        task(title=" Satu ", expected_proof=" SK ", basis="Keputusan 1", basis_url="/rapat/1"),
        task("pupr", title="Dua", supporters=["", "dinkes"]),
    )
    first, second = rows(ids)
    assert second.seq == first.seq + 1
    assert (first.title, first.expected_proof) == ("Satu", "SK")
    assert (first.basis, first.basis_url) == ("Keputusan 1", "/rapat/1")
    assert (first.agency_id, second.agency_id) == (lead_agency.id, supporting_agency.id)
    assert {(row.kind, row.state, row.round_no) for row in (first, second)} == {
        (Kind.ACTION_ITEM, State.ASSIGNED, 1)
    }
    db.session.refresh(second, ["supporters"])
    assert [agency.id for agency in second.supporters] == [lead_agency.id]
    assert [round_.number for round_ in db.session.scalars(select(Round))] == [1, 1]
    assert len(lives.notices_of(first, "dispatched")) == 1
    assert list(differences()) == []


def test_agencies_that_were_found_before_come_as_rows(officer, lead_agency, supporting_agency):
    with query_budget(30) as sent:
        ids = make(officer, task(lead_agency, supporters=[supporting_agency, supporting_agency]))
    assert not [statement for statement in sent if "agency_aliases" in statement]
    with write():
        row = lives.queries.get_locked(rows(ids)[0].number, lives.actor_of(officer))
        assert [agency.id for agency in row.supporters] == [supporting_agency.id]


def test_one_of_many_lives_in_the_cycle_it_names(officer, lead_agency):
    old, new = CycleFactory(year=2025), CycleFactory(year=2026)
    ids = make(officer, task(cycle_id=old.id), task())
    assert [row.cycle_id for row in rows(ids)] == [old.id, new.id]


def test_a_room_above_tells_it_and_says_where(officer, lead_agency):
    ids = make(officer, task(), particulars=MEETING)
    notices = db.session.scalars(select(Notice)).all()
    assert [(notice.kind, notice.payload) for notice in notices] == [
        ("extended", {"meeting_id": 7})
    ]
    told = db.session.scalars(select(Event).where(Event.follow_up_id == ids[0])).all()
    assert [event.payload["at"] for event in told] == [MEETING.at, MEETING.at]
    assert list(differences()) == []


def test_without_sending_they_stay_drafts_and_nobody_is_told(officer, lead_agency):
    ids = make(officer, task(), task(), send=False)
    assert [row.state for row in rows(ids)] == [State.DRAFT, State.DRAFT]
    assert not db.session.scalars(select(Notice)).all()


def test_nothing_to_make_makes_nothing(officer):
    assert make(officer) == []
    assert not db.session.scalars(select(NumberCounter)).all()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"lead": "entah apa"}, "lead"),
        ({"supporters": ["", "entah apa"]}, "supporters-1"),
        ({"supporters": ["Dinkes"]}, "supporters-0"),
        ({"due_at": clock.now() - timedelta(days=1)}, "due_on"),
        ({"basis_url": "javascript:alert(1)"}, "basis_url"),
    ],
    ids=["title", "lead", "supporter", "lead-supports", "due", "basis"],
)
def test_the_one_that_cannot_be_asked_is_named_and_none_is_made(officer, lead_agency, wrong, field):
    with pytest.raises(InvalidInput) as refused:
        make(officer, task(), task(**wrong), task(title=""))
    assert refused.value.details == {"task": 1}
    assert refused.value.field == field
    assert db.session.scalar(select(func.count(FollowUp.id))) == 0


def test_a_row_of_an_agency_that_takes_part_no_more_is_refused(officer, lead_agency):
    gone = AgencyFactory(short_name="Dinas Lama", deactivated=True)
    for given in ({"lead": gone}, {"lead": lead_agency, "supporters": [gone]}):
        with pytest.raises(InvalidInput, match="Dinas Lama tidak aktif lagi"):
            make(officer, task(**given))


def test_whoever_may_not_send_sends_nothing(lead, lead_agency):
    with pytest.raises(NotPermitted):
        make(lead, task())


def test_hundreds_are_made_by_as_many_statements_as_two(officer, lead_agency, supporting_agency):
    counts = []
    for size in (2, 150):
        tasks = [task(title=f"Tugas {each}", supporters=["pupr"]) for each in range(size)]
        with query_budget(40) as sent:
            make(officer, *tasks)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_one_is_the_one_item_case(officer, lead_agency):
    with write():
        made = create_action_item(task(), lives.actor_of(officer), MEETING, send=True)
    assert (made.state, made.number[:3]) == (State.ASSIGNED, "TL-")
