"""A meeting as large as they come: many who came, a long agenda, much that was carried over."""

from datetime import timedelta

from sqlalchemy import select

from app.agencies.models import Agency
from app.core import clock
from app.core.db import db
from app.core.search import searchable
from app.core.write import write
from app.followups.machine import OPEN_STATES
from app.followups.models import FollowUp
from app.meetings.models import (
    AgendaItem,
    AgendaOrigin,
    Attendance,
    CarriedItem,
    Decision,
    Meeting,
    MeetingActionItem,
    MeetingKind,
    MeetingState,
)

ITEMS, PEOPLE, DECISIONS, ACTIONS, CARRIED = 25, 60, 40, 40, 60
NOTES = "Disampaikan capaian triwulan, kendala data, dan rencana perbaikannya. " * 6
PROPOSED = timedelta(days=14)


def hold_meeting(year: int) -> str:
    """Write a meeting that is being held; return its code."""
    with write():
        now = clock.now()
        title = f"Rapat Koordinasi I Gugus Tugas KLA Tahun {year}"
        meeting = Meeting(
            year=year,
            seq=1,
            kind=MeetingKind.BEFORE,
            title=title,
            starts_at=now,
            ends_at=now + timedelta(hours=3),
            state=MeetingState.INVITED,
            invited_at=now,
            search_text=searchable(title),
            created_at=now,
        )
        db.session.add(meeting)
        db.session.flush()
        agencies = db.session.scalars(select(Agency).order_by(Agency.id)).all()
        items = [
            AgendaItem(
                meeting_id=meeting.id,
                position=at,
                title=f"Pembahasan {at + 1}: kesiapan data dukung",
                origin=AgendaOrigin.OPEN_ACTIONS if at < 3 else AgendaOrigin.NEW,
                notes=NOTES,
            )
            for at in range(ITEMS)
        ]
        db.session.add_all(items)
        db.session.flush()
        decisions = [
            Decision(
                meeting_id=meeting.id,
                agenda_item_id=items[at % ITEMS].id,
                words=f"Menyepakati pembagian data tahap {at + 1}.",
                search_text="",
                created_at=now,
            )
            for at in range(DECISIONS)
        ]
        db.session.add_all(decisions)
        db.session.flush()
        db.session.add_all(
            MeetingActionItem(
                meeting_id=meeting.id,
                agenda_item_id=items[at % ITEMS].id,
                decision_id=decisions[at].id,
                title=f"Menyampaikan rekapitulasi data {at + 1} per kecamatan",
                addressee=agencies[at % len(agencies)].short_name,
                agency_id=agencies[at % len(agencies)].id,
                due_on=clock.today() + PROPOSED,
                created_at=now,
            )
            for at in range(ACTIONS)
        )
        db.session.add_all(
            Attendance(
                meeting_id=meeting.id,
                agency_id=agencies[at % len(agencies)].id,
                name=f"Peserta {at + 1}",
                confirmed_at=now,
            )
            for at in range(PEOPLE)
        )
        still_open = select(FollowUp.id).where(FollowUp.state.in_(sorted(OPEN_STATES)))
        for at, follow_up_id in enumerate(
            db.session.scalars(still_open.order_by(FollowUp.id).limit(CARRIED))
        ):
            db.session.add(
                CarriedItem(
                    meeting_id=meeting.id,
                    agenda_item_id=items[at % 3].id,
                    follow_up_id=follow_up_id,
                )
            )
        return meeting.code
