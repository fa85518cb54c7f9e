"""Meetings that were held: agenda, decisions, action items, and people who are to be told."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action
from app.followups.models import FollowUp, NumberCounter
from app.followups.queries.detail import lock_all
from app.followups.services.particulars import CREATED, created_payload
from app.followups.services.perform import perform_all
from app.history.services import record_all
from app.meetings.models import AgendaItem, CarriedOutcome, Meeting
from app.meetings.queries import finding
from app.meetings.queries.checking import check_of, written_marks
from app.meetings.services.ending import Ending, end_meeting
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, AgencyGroupFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.meetings import (
    AgendaItemFactory,
    CarriedItemFactory,
    DecisionFactory,
    InvitationFactory,
    MeetingActionItemFactory,
    MeetingFactory,
)


@dataclass
class Held:
    """A meeting under way, by plain values that outlive their rows."""

    code: str
    id: int
    officer_id: int
    agencies: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    items: list[int] = field(default_factory=list)
    decisions: list[int] = field(default_factory=list)
    agenda: list[int] = field(default_factory=list)

    @property
    def officer(self) -> User:
        """Return the minute-taker."""
        return db.session.get_one(User, self.officer_id)

    @property
    def actor(self) -> Actor:
        """Return the minute-taker as it acts."""
        return actor_of(self.officer)

    @property
    def meeting(self) -> Meeting:
        """Return the meeting as it is now."""
        return finding.get(self.code, self.actor)

    def end(self, **given: Any) -> None:
        """End the meeting as the page would, in a write of its own."""
        seen = written_marks(check_of(self.meeting, self.actor).marks)
        with write():
            actor = self.actor
            meeting = finding.get_locked(self.code, actor)
            end_meeting(meeting, actor, Ending(**{"ended_at": clock.now(), **given}), seen=seen)


def hold(*names: str, officer: User | None = None, **given: Any) -> Held:
    """Begin a meeting to which agencies of these short names are invited, each with one person."""
    if db.session.get(NumberCounter, clock.today().year) is None:
        # The factories count for themselves; what the program numbers comes after.
        db.session.add(NumberCounter(year=clock.today().year, last=500_000))
    officer = officer or UserFactory(officer=True)
    begun = {"starts_at": clock.now() - timedelta(hours=2), "invited": True}
    meeting = MeetingFactory(**{**begun, **given})
    held = Held(meeting.code, meeting.id, officer.id)
    held.agenda = [
        AgendaItemFactory(meeting=meeting, position=1, title="Capaian", discussed=True).id,
        AgendaItemFactory(meeting=meeting, position=2, title="Rencana", discussed=True).id,
    ]
    for name in names:
        agency = AgencyFactory(code=name.upper(), short_name=name)
        person = UserFactory(name=f"Ibu {name}", email=f"{name.lower()}@kutaitimurkab.test")
        MembershipFactory(agency=agency, user=person)
        InvitationFactory(meeting=meeting, agency=agency)
        held.agencies[name], held.people[name] = agency.id, person.id
    return held


def decide(held: Held, words: str, agenda: int = 0) -> int:
    """Add a decision under an agenda item."""
    meeting = db.session.get_one(Meeting, held.id)
    item = db.session.get_one(AgendaItem, held.agenda[agenda])
    decision = DecisionFactory(meeting=meeting, agenda_item=item, words=words)
    held.decisions.append(decision.id)
    return held.decisions[-1]


def ask(held: Held, title: str, name: str = "", **given: Any) -> int:
    """Add an action item for an agency that is invited, or for whoever `given` says."""
    meeting = db.session.get_one(Meeting, held.id)
    if name:
        given["agency"] = db.session.get_one(Agency, held.agencies[name])
    item = MeetingActionItemFactory(meeting=meeting, title=title, **{"agency": None, **given})
    held.items.append(item.id)
    return held.items[-1]


def group_of(count: int, **given: Any) -> Any:
    """Return a group with that many agencies in it, each with one person."""
    for _ in range(count):
        MembershipFactory(agency=AgencyFactory(kecamatan=True))
    return AgencyGroupFactory(members_kind="kecamatan", name="Kecamatan", **given)


def sent_before(held: Held, agency: str, title: str = "Laporan lama", **given: Any) -> int:
    """Return a follow-up that an agency has had since before the meeting."""
    row = db.session.get_one(Agency, held.agencies[agency])
    follow_up = FollowUpFactory(draft=True, version=0, agency=row, title=title, **given)
    payload = created_payload(follow_up.agency_id, follow_up.due_at)
    about = [{"follow_up_id": follow_up.id, "payload": payload}]
    record_all(held.actor, CREATED, about)
    follow_up_id: int = follow_up.id
    db.session.commit()
    with write():
        perform_all(lock_all([follow_up_id]), Action.DISPATCH, held.actor)
    return follow_up_id


def carry(held: Held, follow_up_id: int, outcome: CarriedOutcome | None, **given: Any) -> int:
    """Bring a follow-up before the meeting, with what the meeting says of it."""
    item = db.session.get_one(AgendaItem, held.agenda[0])
    said = {"words": "Sudah ditandatangani.", "said_by": "Ibu Kepala Dinas"} if outcome else {}
    row = CarriedItemFactory(
        agenda_item=item,
        follow_up=db.session.get_one(FollowUp, follow_up_id),
        outcome=outcome,
        **{**said, **given},
    )
    row_id: int = row.id
    return row_id
