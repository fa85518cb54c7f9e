"""Who is there, and what happened: the people and things that the ledger asks about.

Dinsos led each follow-up first and sent an answer; then it was handed on to Dinkes, with PUPR as
its supporter. Diskominfo has nothing to do with any of it. Dinkes is invited to the meetings.
"""

import io
from datetime import timedelta

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.accounts.tokens import code_digest
from app.agencies import queries as agencies
from app.agencies.models import Agency, Duty
from app.core import clock, storage
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action
from app.followups.models import Evidence, FollowUp, FollowUpSupporter
from app.followups.queries import detail
from app.followups.services import commenting, evidence
from app.instruments.models import Cycle
from app.meetings.models import Meeting
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.instruments import (
    ClusterFactory,
    CycleFactory,
    IndicatorFactory,
    InstrumentFactory,
    QuestionFactory,
)
from tests.factories.meetings import (
    AgendaItemFactory,
    InvitationFactory,
    MeetingFactory,
    MinutesVersionFactory,
)
from tests.support import lives
from tests.support.files import pdf

NEW_PASSWORD = "meja-hijau-73"
CODE = "K7MQ-2XHT"
RESTRICTED_FIRST, RESTRICTED_NAME = "daftar-anak-korban.pdf", "rekap-nama-anak.pdf"
INTERNAL_WORDS = "Jangan sampai instansi membaca ini."


def people() -> dict[str, User]:
    agency_of = {
        "lead": (AgencyFactory(code="DINKES", short_name="Dinkes"), Duty.FOCAL_POINT),
        "supporter": (AgencyFactory(code="PUPR", short_name="PUPR"), Duty.FOCAL_POINT),
        "former_lead": (AgencyFactory(code="DINSOS", short_name="Dinsos"), Duty.FOCAL_POINT),
        "other_agency": (AgencyFactory(code="KOMINFO", short_name="Kominfo"), Duty.FOCAL_POINT),
    }
    agency_of["contributor"] = (agency_of["lead"][0], Duty.CONTRIBUTOR)
    agency_of["deactivated"] = (agency_of["lead"][0], Duty.FOCAL_POINT)
    people: dict[str, User] = {}
    for who, (agency, duty) in agency_of.items():
        people[who] = UserFactory(username=who, name=f"Ibu {who.title()}")
        MembershipFactory(agency=agency, user=people[who], duty=duty)
    people["deactivated"].deactivated_at = clock.now()
    for role in ("officer", "leader", "admin"):
        people[role] = UserFactory(username=role, **{role: True})
    UserFactory(username="officer2", officer=True)
    UserFactory(username="admin2", admin=True)
    UserFactory(username="gone", deactivated=True)
    UserFactory(
        username="invited",
        password_hash=None,
        code_hash=code_digest(CODE),
        code_expires_at=clock.now() + timedelta(hours=1),
    )
    AgencyFactory(code="TUTUP", short_name="Tutup", deactivated=True)
    db.session.commit()
    return people


def agency_of(code: str) -> Agency:
    return agencies.get_by_code(code)


def make_follow_up(people: dict[str, User], state: str) -> FollowUp:
    officer, former, lead = people["officer"], people["former_lead"], people["lead"]
    row = lives.born(officer, agency=agency_of("DINSOS"), title=f"Laporan {state}")
    db.session.add(FollowUpSupporter(follow_up_id=row.id, agency_id=agency_of("PUPR").id))
    db.session.commit()
    lives.act(row, Action.DISPATCH, officer)
    attach(row, former, "laporan.pdf")
    attach(row, former, RESTRICTED_FIRST, restricted=True)
    lives.submit(row, former)
    lives.give_back(row, officer)
    handed = {"words": "Data ada pada Dinkes.", "agency_id": agency_of("DINKES").id}
    lives.act(row, Action.REASSIGN, officer, **handed)
    attach(row, lead, "rekap.pdf")
    attach(row, lead, RESTRICTED_NAME, restricted=True)
    with write():
        locked = detail.get_locked(row.number, actor_of(officer))
        commenting.add_comment(locked, actor_of(officer), INTERNAL_WORDS, internal=True)
    if state != "returned":
        lives.submit(row, lead)
    if state == "held":
        lives.take(row, officer)
    if state == "closed":
        lives.act(row, Action.ACCEPT, officer)
    return detail.get(row.number, actor_of(officer))


def attach(row: FollowUp, user: User, name: str, *, restricted: bool = False) -> None:
    """Add a file; a restricted one is marked only after its name was written into the history."""
    number = row.number
    stored = storage.put(io.BytesIO(pdf(f"{number} {name}")))
    with write():
        actor = actor_of(user)
        locked = detail.get_locked(number, actor)
        round_ = detail.open_round(locked)
        described = evidence.Description(slot="lainnya", file_name=name)
        piece = evidence.add_file(locked, round_, actor, storage.remember(stored), described)
        if restricted:
            evidence.restrict(locked, round_, actor, piece.id, restricted=True)


def piece_of(row: FollowUp, name: str, round_no: int | None = None) -> int:
    pieces: list[Evidence] = lives.round_of(row, round_no).evidence
    return next(piece.id for piece in pieces if piece.file_name == name)


def make_cycle(officer: User) -> Cycle:
    instrument = InstrumentFactory(year=2031)
    cluster = ClusterFactory(instrument=instrument, code="K1")
    indicator = IndicatorFactory(cluster=cluster)
    for code in ("Q-1", "Q-2"):
        QuestionFactory(
            indicator=indicator, code=code, instrument_id=instrument.id, lead=agency_of("DINKES")
        )
    cycle: Cycle = CycleFactory(year=2031, instrument=instrument)
    return cycle


def make_meetings(people: dict[str, User]) -> dict[str, Meeting]:
    """Return one that Dinkes is invited to, a draft, and one that ended with approved minutes."""
    meetings = {
        "invited": MeetingFactory(seq=1, invited=True),
        "draft": MeetingFactory(seq=2),
        "ended": MeetingFactory(seq=3, approved=True),
    }
    for meeting in meetings.values():
        AgendaItemFactory(meeting=meeting)
        sent_at = meeting.invited_at
        InvitationFactory(meeting=meeting, agency=agency_of("DINKES"), sent_at=sent_at)
    MinutesVersionFactory(meeting=meetings["ended"], approved_by=people["officer"])
    return meetings
