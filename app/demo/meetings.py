"""The meetings of the demo: two that were held, and one to come.

Every step is taken by the same services that people use, at the hour at which people would.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.db import db
from app.core.storage import StoredBytes, remember
from app.core.working_copy import Save, fingerprints
from app.demo import meeting_texts as texts
from app.demo.lives import Lives, loaded
from app.demo.meeting_texts import Asked, Said
from app.demo.people import FIRST_WOMEN
from app.demo.records import SCANS, Records
from app.followups.machine import AT_AGENCY, Action, State
from app.followups.models import FollowUp, Kind, Outcome
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform_all
from app.instruments.models import Cycle
from app.meetings.models import (
    AgendaItem,
    AgendaOutcome,
    Answer,
    CarriedItem,
    CarriedOutcome,
    FileKind,
    Gender,
    Invitation,
    Meeting,
    MeetingActionItem,
    MeetingFollowUp,
    MeetingKind,
    Presence,
)
from app.meetings.queries import finding
from app.meetings.queries.checking import check_of, written_marks
from app.meetings.queries.invitations import Selection
from app.meetings.queries.live import decisions_of
from app.meetings.services import (
    agenda,
    answering,
    approving,
    attending,
    correcting,
    deciding,
    ending,
    files,
    inviting,
    preparing,
    settling,
    tasking,
    writing,
)

FIRST, SECOND, NEXT = -30, -9, 9
"""On which day from today each meeting is, or on the working day before or after."""
INVITED = 42
SATURDAY = 5


def hold_meetings(cycle: Cycle, lives: Lives, records: Sequence[Records], random: Random) -> None:
    """Hold the two meetings, each with what came of it, and prepare the next one."""
    Meetings(cycle, lives, random).hold(records)


class Meetings:
    """The meetings of one evaluation, from the first to the one to come."""

    def __init__(self, cycle: Cycle, lives: Lives, random: Random) -> None:
        self.cycle = cycle
        self.lives = lives
        self.random = random
        self.officer = lives.actor("petugas1")
        self.leader = lives.regency.users["sekda"]
        self.today = clock.today()
        self.days = [_working_day(self.today, day) for day in (FIRST, SECOND, NEXT)]

    def hold(self, records: Sequence[Records]) -> None:
        """Live through them in their order."""
        on_first, on_second, _ = self.days
        first = self._held(1, on_first, texts.FIRST, records[0])
        self._approve(first, records[0], on_first)
        with clock.set_to(self._at(on_second - 7, 16)):
            self.lives.live(_made_by(first), self._at(on_first, 13))
        with clock.set_to(self._at(on_second - 6, 8)):
            self._accept_submitted(first)
            self._extend_late(first)
        second = self._held(2, on_second, texts.SECOND, records[1], copied=first)
        self.lives.live(_made_by(second), self._at(on_second, 13))
        with clock.set_to(self._at(on_second + 2, 10)):
            meeting = self._open(second)
            approving.submit(meeting, self.officer, version=meeting.version)
        self._prepare_next(second)

    def _held(
        self,
        ordinal: int,
        day: int,
        said: Sequence[Said],
        records: Records,
        copied: Meeting | None = None,
    ) -> Meeting:
        with clock.set_to(self._at(day - 6, 9)):
            meeting = self._create(ordinal, day, said, copied)
        with clock.set_to(self._at(day - 5, 9)):
            self._invite(meeting, whole_list=copied is None)
        with clock.set_to(self._at(day - 2, 14)):
            self._answers(meeting, 0.7)
        with clock.set_to(self._at(day, 9)):
            self._attend(meeting)
            self._write(meeting, said)
        with clock.set_to(self._at(day, 12)):
            if copied is not None:
                self._settle(meeting)
            self._end(meeting)
        with clock.set_to(self._at(day + 1, 10)):
            self._file(meeting, records, day)
        return meeting

    def _create(
        self, ordinal: int, day: int, said: Sequence[Said], copied: Meeting | None
    ) -> Meeting:
        plan = preparing.Plan(
            kind=MeetingKind.BEFORE,
            ordinal=ordinal,
            title="",
            starts_at=self._at(day, 9),
            ends_at=self._at(day, 12),
            place=texts.PLACE,
            video_url=texts.VIDEO,
            chair_id=self.leader.id,
            chair_name=self.leader.name,
            chair_position=texts.CHAIR_POSITION,
            minute_taker_name=self.officer.name,
            minute_taker_position=texts.MINUTE_TAKER,
            basis=texts.BASIS,
            cycle_id=self.cycle.id,
            letter_number=f"400.2.4/{17 * ordinal}/DP3A",
            letter_date=clock.today(),
            letter_nature="Penting",
            letter_subject="Undangan rapat koordinasi Gugus Tugas KLA",
            bring=texts.BRING,
            contact=texts.CONTACT,
        )
        meeting = preparing.create_meeting(plan, self.officer, copied=copied)
        for item in said:
            topic = agenda.Topic(title=item.title, presenter=item.presenter, minutes=item.minutes)
            agenda.add_item(meeting, topic, self.officer)
        return meeting

    def _invite(self, meeting: Meeting, *, whole_list: bool) -> None:
        if whole_list:
            agencies = self.lives.regency.agencies.values()
            chosen = [row.id for row in agencies if row.kind not in ("desa", "kecamatan")]
            selection = Selection(agency_ids=frozenset(chosen[:INVITED]))
            inviting.add_agencies(meeting, selection, self.officer)
        for name, position, organisation, email in texts.GUESTS:
            guest = inviting.Guest(
                name=name, position=position, organisation=organisation, email=email
            )
            inviting.add_guest(meeting, guest, self.officer)
        inviting.send(meeting, self.officer)

    def _answers(self, meeting: Meeting, share: float) -> None:
        for invitation in _invitations(meeting):
            if invitation.agency_id is None or self.random.random() > share:
                continue
            person = self.lives.regency.users[_code(invitation)]
            kind = self.random.choices(list(Answer), (8, 2, 1))[0]
            reply = answering.Reply(
                kind,
                name="" if kind is Answer.UNABLE else person.name,
                position="" if kind is Answer.UNABLE else (person.position or ""),
                note=self.random.choice(texts.REASONS) if kind is Answer.UNABLE else "",
            )
            member = self.lives.focal_points[invitation.agency_id]
            answering.answer(meeting, invitation, reply, member, answering.Way.PAGE)

    def _attend(self, meeting: Meeting) -> None:
        for number, invitation in enumerate(_invitations(meeting)):
            if number % 9 == 5:
                continue
            presence = Presence.EXCUSED if number % 13 == 7 else Presence.PRESENT
            represents = ""
            if number % 6 == 4:
                presence = Presence.REPRESENTING
                represents = "Kepala instansi"
            attending.mark(
                meeting, invitation, self._person(invitation, presence, represents), self.officer
            )

    def _person(
        self, invitation: Invitation, presence: Presence, represents: str
    ) -> attending.Person:
        name, position = invitation.guest_name, invitation.guest_position
        if invitation.agency_id is not None:
            user = self.lives.regency.users[_code(invitation)]
            name, position = user.name, user.position or ""
        first = name.partition(" ")[0]
        return attending.Person(
            name=name,
            gender=Gender.FEMALE if first in FIRST_WOMEN else Gender.MALE,
            position=position,
            presence=presence,
            represents=represents,
        )

    def _write(self, meeting: Meeting, said: Sequence[Said]) -> None:
        words = {"opening": texts.OPENING, "closing": texts.CLOSING}
        meeting = self._open(meeting)
        writing.save_words(meeting, self.officer, Save(words))
        rows = {row.title: row for row in _agenda(meeting)}
        for item in said:
            row = rows[item.title]
            if not item.notes:
                continue
            writing.save_notes(meeting, row, self.officer, Save({"notes": item.notes}))
            for decision in item.decisions:
                deciding.add_decision(meeting, row, decision, self.officer)
            for action in item.actions:
                self._ask(meeting, row, action)
        for row in _agenda(meeting):
            if row.notes or row.title not in {item.title for item in said}:
                writing.mark_agenda_item(meeting, row, self.officer, AgendaOutcome.DISCUSSED)

    def _ask(self, meeting: Meeting, row: AgendaItem, action: Asked) -> None:
        title, proof, whom, days = action
        agency = self.lives.regency.agencies.get(whom)
        wish = tasking.Wish(
            title=title,
            expected_proof=proof,
            addressee=agency.short_name if agency else whom,
            due_on=clock.today() + timedelta(days=days),
        )
        tasking.add_action_item(meeting, row, wish, self.officer)

    def _settle(self, meeting: Meeting) -> None:
        """Say of some that they are done, and give others more time; most just go on."""
        meeting = self._open(meeting)
        later = clock.end_of_day(clock.today() + timedelta(days=14))
        closed = 0
        for row in _carried(meeting):
            follow_up = row.follow_up
            if follow_up.kind is not Kind.ACTION_ITEM or follow_up.state not in AT_AGENCY:
                continue
            said_by = follow_up.agency.short_name
            outcome, words, due_at = CarriedOutcome.KEEP, texts.KEPT, None
            if follow_up.due_at < clock.now() + timedelta(days=1):
                outcome, words, due_at = CarriedOutcome.EXTEND, texts.EXTENDED, later
            elif closed < 3:
                closed += 1
                outcome, words = CarriedOutcome.CLOSE, texts.CLOSED
            settling.settle(
                meeting,
                row,
                self.officer,
                outcome,
                words=words,
                said_by=said_by,
                due_at=due_at,
                edition=row.edition,
            )

    def _end(self, meeting: Meeting) -> None:
        meeting = self._open(meeting)
        seen = written_marks(check_of(meeting, self.officer).marks)
        given = ending.Ending(ended_at=clock.now() - timedelta(minutes=5))
        ending.end_meeting(meeting, self.officer, given, seen=seen)

    def _file(self, meeting: Meeting, records: Records, day: int) -> None:
        dated = clock.local(self._at(day, 9)).date()
        for (kind, _, name), stored in zip(SCANS, records.scans, strict=True):
            if kind is not FileKind.MINUTES:
                given = files.Described(kind=kind, file_name=name, dated=dated)
                files.add_file(meeting, self.officer, remember(stored), given)
        for number, stored in enumerate(records.photos, 1):
            given = files.Described(
                kind=FileKind.PHOTO,
                file_name=f"rapat-{number}.jpg",
                caption="Suasana rapat",
                dated=dated,
            )
            files.add_file(meeting, self.officer, remember(stored), given)

    def _accept_submitted(self, meeting: Meeting) -> None:
        """Leave nothing waiting for the meeting after."""
        submitted = [row for row in _made_by(meeting) if row.state is State.SUBMITTED]
        given = Particulars(words=texts.ACCEPTED, outcome=Outcome.MET)
        perform_all(submitted, Action.ACCEPT, self.officer, given)

    def _extend_late(self, meeting: Meeting) -> None:
        """Give what is due soon more time: the meeting after will move some of it again."""
        soon = clock.now() + timedelta(days=5)
        late = [row for row in _made_by(meeting) if row.state in AT_AGENCY and row.due_at < soon]
        later = clock.end_of_day(clock.today() + timedelta(days=6))
        given = Particulars(words=texts.EARLIER, due_at=later)
        perform_all(late[:4], Action.EXTEND, self.officer, given)

    def _approve(self, meeting: Meeting, records: Records, day: int) -> None:
        """Approve the minutes by the signed scan, correct them, and approve them again."""
        with clock.set_to(self._at(day + 5, 10)):
            self._freeze(meeting, records.scans[-1])
        with clock.set_to(self._at(day + 9, 10)):
            meeting = self._open(meeting)
            words, reason = texts.CORRECTED
            correcting.open_correction(meeting, self.officer, reason, version=meeting.version)
            decision = decisions_of(meeting.id)[-1]
            stored = {"words": decision.words}
            save = Save({"words": words}, decision.draft_no, fingerprints(stored))
            deciding.save_decision(meeting, decision, self.officer, save)
        with clock.set_to(self._at(day + 10, 10)):
            self._freeze(meeting, records.corrected)

    def _freeze(self, meeting: Meeting, scan: StoredBytes) -> None:
        """Hand the minutes in, put the signed scan with them, and approve."""
        meeting = self._open(meeting)
        approving.submit(meeting, self.officer, version=meeting.version)
        kind, _, name = SCANS[-1]
        given = files.Described(kind=kind, file_name=name, dated=clock.today())
        files.add_file(meeting, self.officer, remember(scan), given)
        number = f"400.2.4/{meeting.seq * 23}/NOTULEN"
        approving.approve(meeting, self.officer, version=meeting.version, minutes_number=number)

    def _prepare_next(self, copied: Meeting) -> None:
        with clock.set_to(self._at(-3, 9)):
            meeting = self._create(3, self.days[-1], (), copied)
        with clock.set_to(self._at(-2, 9)):
            self._invite(meeting, whole_list=False)
        with clock.set_to(self._at(-1, 14)):
            self._answers(meeting, 0.4)

    def _at(self, day: int, hour: int) -> datetime:
        """Return an hour of a day, counted from the day of seeding."""
        return clock.instant(self.today + timedelta(days=day), time(hour))

    def _open(self, meeting: Meeting) -> Meeting:
        """Return the meeting as a page would lock it."""
        db.session.flush()
        return finding.get_locked(meeting.code, self.officer)


def _working_day(today: date, day: int) -> int:
    """Return a day, counted from today; one on a weekend moves away from today."""
    weekday = (today + timedelta(days=day)).weekday()
    if weekday < SATURDAY:
        return day
    return day + (7 - weekday if day > 0 else SATURDAY - 1 - weekday)


def _code(invitation: Invitation) -> str:
    return invitation.agency.code.lower() if invitation.agency else ""


def _invitations(meeting: Meeting) -> Sequence[Invitation]:
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.meeting_id == meeting.id)
        .options(joinedload(Invitation.agency))
        .order_by(Invitation.id)
        .execution_options(populate_existing=True)
    ).all()


def _agenda(meeting: Meeting) -> Sequence[AgendaItem]:
    return db.session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.id)
    ).all()


def _carried(meeting: Meeting) -> Sequence[CarriedItem]:
    return db.session.scalars(
        select(CarriedItem)
        .where(CarriedItem.meeting_id == meeting.id)
        .options(
            joinedload(CarriedItem.follow_up).joinedload(FollowUp.agency),
            joinedload(CarriedItem.follow_up).selectinload(FollowUp.supporters),
        )
        .order_by(CarriedItem.id)
    ).all()


def _made_by(meeting: Meeting) -> list[FollowUp]:
    """Return the follow-ups that a meeting made, those that an agency has."""
    made = set(
        db.session.scalars(
            select(MeetingFollowUp.follow_up_id)
            .join(MeetingActionItem, MeetingActionItem.id == MeetingFollowUp.action_item_id)
            .where(MeetingActionItem.meeting_id == meeting.id)
        )
    )
    return [row for row in loaded(State) if row.id in made]
