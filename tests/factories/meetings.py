"""Meetings as tests need them: rows in a state, without the way that led there."""

from datetime import datetime, time, timedelta
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.core import clock
from app.core.db import db
from app.core.search import searchable
from app.core.storage.models import StoredFile
from app.meetings.forms.preparing import MAX_ORDINAL
from app.meetings.labels import proposed_title
from app.meetings.models import (
    AgendaItem,
    AgendaOrigin,
    AgendaOutcome,
    Answer,
    Attendance,
    Authority,
    CarriedItem,
    Decision,
    FileKind,
    Gender,
    Invitation,
    Meeting,
    MeetingActionItem,
    MeetingEvidence,
    MeetingFile,
    MeetingFollowUp,
    MeetingKind,
    MeetingState,
    MinutesState,
    MinutesVersion,
    Presence,
)
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory
from tests.factories.followups import FollowUpFactory


def morning(days: int) -> datetime:
    """Return nine o'clock in the regency, some days from today."""
    return clock.instant(clock.today() + timedelta(days=days), time(9))


class MeetingFactory(SQLAlchemyModelFactory):
    """A draft of a coordination meeting in two weeks; traits `invited`, `ended`, `cancelled`.

    `approved` is an ended one whose minutes are approved: give a `MinutesVersionFactory` too.
    Number and ordinal count up; give `ordinal=None` for one that is no coordination meeting.
    """

    class Meta:
        model = Meeting
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        past = factory.Trait(starts_at=factory.LazyFunction(lambda: morning(-30)))
        invited = factory.Trait(
            state=MeetingState.INVITED,
            version=1,
            invited_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=1)),
        )
        ended = factory.Trait(
            past=True,
            state=MeetingState.ENDED,
            version=2,
            invited_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=40)),
            ended_at=factory.LazyAttribute(lambda row: row.ends_at),
        )
        approved = factory.Trait(
            ended=True, minutes_state=MinutesState.APPROVED, minutes_number="B-12/DP3A"
        )
        cancelled = factory.Trait(
            state=MeetingState.CANCELLED, version=2, cancel_reason="Ruang rapat terpakai."
        )

    year: Any = factory.LazyFunction(lambda: clock.today().year)
    seq: Any = factory.Sequence(lambda n: n + 1)
    kind = MeetingKind.BEFORE
    ordinal: Any = factory.LazyAttribute(lambda row: (row.seq - 1) % MAX_ORDINAL + 1)
    title: Any = factory.LazyAttribute(lambda row: proposed_title(row.ordinal, row.year))
    starts_at: Any = factory.LazyFunction(lambda: morning(14))
    ends_at: Any = factory.LazyAttribute(lambda row: row.starts_at + timedelta(hours=3))
    place = "Ruang rapat DP3A, lantai 2"
    video_url = ""
    chair_name = "Ibu Maria Lestari, S.E."
    chair_position = "Kepala Bappeda"
    chair_id = None
    minute_taker_name = "Ibu Sari Wulandari, S.Sos."
    minute_taker_position = "Sekretariat Gugus Tugas KLA"
    basis = ""
    cycle = None
    state = MeetingState.DRAFT
    version = 0
    sequence = 0
    letter_number = ""
    letter_date = None
    letter_nature = "Biasa"
    letter_attachments = ""
    letter_subject = "Undangan rapat koordinasi"
    bring = ""
    contact = ""
    opening = ""
    closing = ""
    minutes_number = ""
    minutes_state = MinutesState.DRAFT
    minutes_note = ""
    correction_reason = ""
    invited_at = None
    ended_at = None
    cancel_reason = ""
    search_text: Any = factory.LazyAttribute(
        lambda row: searchable(f"RK-{row.year}-{row.seq:02d}", row.title, row.place)
    )
    created_at: Any = factory.LazyFunction(clock.now)


class AgendaItemFactory(SQLAlchemyModelFactory):
    """Something to talk about; traits `discussed`, `not_reached`, `open_actions`."""

    class Meta:
        model = AgendaItem
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        discussed = factory.Trait(
            outcome=AgendaOutcome.DISCUSSED, notes="Dinkes melaporkan capaian tahun berjalan."
        )
        not_reached = factory.Trait(outcome=AgendaOutcome.NOT_REACHED)
        open_actions = factory.Trait(
            origin=AgendaOrigin.OPEN_ACTIONS, title="Tindak lanjut rapat yang belum selesai"
        )

    meeting: Any = factory.SubFactory(MeetingFactory)
    position: Any = factory.Sequence(lambda n: n)
    title: Any = factory.Sequence(lambda n: f"Pembahasan {n}")
    presenter = ""
    minutes = 15
    origin = AgendaOrigin.NEW
    carried_from_id = None
    outcome = AgendaOutcome.OPEN
    notes = ""


class CarriedItemFactory(SQLAlchemyModelFactory):
    """A follow-up from before under an agenda item; give `agenda_item` or the meeting is new."""

    class Meta:
        model = CarriedItem
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    agenda_item: Any = factory.SubFactory(AgendaItemFactory, open_actions=True)
    meeting_id: Any = factory.LazyAttribute(lambda row: row.agenda_item.meeting_id)
    follow_up: Any = factory.SubFactory(FollowUpFactory)
    outcome = None
    words = ""
    said_by = ""
    due_at = None
    was_due_at = None
    edition = 0
    applied_at = None


class DecisionFactory(SQLAlchemyModelFactory):
    """A decision; give `agenda_item` where it belongs to one."""

    class Meta:
        model = Decision
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    meeting: Any = factory.SubFactory(MeetingFactory)
    agenda_item = None
    words: Any = factory.Sequence(lambda n: f"Menyepakati pembagian data tahap {n}.")
    search_text: Any = factory.LazyAttribute(lambda row: searchable(row.words))
    created_at: Any = factory.LazyFunction(clock.now)


class MeetingActionItemFactory(SQLAlchemyModelFactory):
    """A tindak lanjut for one agency; give `group` or `cluster_code` with `agency=None`."""

    class Meta:
        model = MeetingActionItem
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        sent = factory.Trait(sent_at=factory.LazyFunction(clock.now))

    meeting: Any = factory.SubFactory(MeetingFactory)
    agenda_item = None
    decision = None
    title: Any = factory.Sequence(lambda n: f"Menyampaikan data {n}")
    expected_proof = ""
    agency: Any = factory.SubFactory(AgencyFactory)
    group = None
    cluster_code = None
    addressee: Any = factory.LazyAttribute(
        lambda row: row.agency.short_name if row.agency else (row.cluster_code or "")
    )
    supporters = ""
    due_on: Any = factory.LazyFunction(lambda: clock.today() + timedelta(days=14))
    created_at: Any = factory.LazyFunction(clock.now)
    sent_at = None
    withdrawn_reason = ""
    withdrawn_at = None


class MeetingFollowUpFactory(SQLAlchemyModelFactory):
    """A follow-up that an action item made; give `action_item_id` and `follow_up_id`."""

    class Meta:
        model = MeetingFollowUp
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    action_item_id: Any = factory.LazyFunction(lambda: MeetingActionItemFactory(sent=True).id)
    follow_up_id: Any = factory.LazyFunction(lambda: FollowUpFactory().id)


class InvitationFactory(SQLAlchemyModelFactory):
    """An agency that was invited; traits `guest`, `unsent`, `coming`, `unable`, `withdrawn`."""

    class Meta:
        model = Invitation
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        guest = factory.Trait(
            agency=None,
            guest_name=factory.Sequence(lambda n: f"Bapak Tamu {n}"),
            guest_position="Ketua",
            guest_organisation="Forum Anak",
            guest_email=factory.Sequence(lambda n: f"tamu{n}@forumanak.test"),
        )
        unsent = factory.Trait(sent_at=None)
        coming = factory.Trait(
            answer=Answer.COMING,
            answer_name="Bapak Rahmat Hidayat",
            answered_at=factory.LazyFunction(clock.now),
        )
        unable = factory.Trait(
            answer=Answer.UNABLE,
            answer_note="Dinas luar.",
            answered_at=factory.LazyFunction(clock.now),
        )
        withdrawn = factory.Trait(withdrawn_at=factory.LazyFunction(clock.now))

    meeting: Any = factory.SubFactory(MeetingFactory, invited=True)
    agency: Any = factory.SubFactory(AgencyFactory)
    guest_name = ""
    guest_position = ""
    guest_organisation = ""
    guest_email = ""
    guest_phone = ""
    sent_at: Any = factory.LazyFunction(clock.now)
    withdrawn_at = None
    answer = None
    answer_name = ""
    answer_position = ""
    answer_note = ""
    answered_at = None
    reminded_at = None


class AttendanceFactory(SQLAlchemyModelFactory):
    """Somebody who came, written down by the minute-taker; trait `checked_in` waits for a tick."""

    class Meta:
        model = Attendance
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        checked_in = factory.Trait(
            device=factory.Sequence(lambda n: f"gawai-{n}"),
            checked_in_at=factory.LazyFunction(clock.now),
            confirmed_at=None,
        )
        excused = factory.Trait(presence=Presence.EXCUSED)
        absent = factory.Trait(presence=Presence.ABSENT)
        guest = factory.Trait(agency=None, organisation="Forum Anak")

    meeting_id: Any = factory.LazyFunction(lambda: MeetingFactory(ended=True).id)
    invitation = None
    agency: Any = factory.SubFactory(AgencyFactory)
    organisation = ""
    name: Any = factory.Sequence(lambda n: f"Ibu Peserta {n}")
    gender = Gender.FEMALE
    position = "Kepala seksi"
    contact = ""
    presence = Presence.PRESENT
    represents = ""
    note = ""
    device = None
    checked_in_at = None
    confirmed_at: Any = factory.LazyFunction(clock.now)
    confirmed_by_id = None
    edition = 0


class MinutesVersionFactory(SQLAlchemyModelFactory):
    """Approved minutes; `content` is what `queries.minutes.content_of` returns, as far as given."""

    class Meta:
        model = MinutesVersion
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    meeting: Any = factory.SubFactory(MeetingFactory, approved=True)
    number = 1
    content: Any = factory.LazyAttribute(lambda row: minutes_content(row.meeting))
    reason = ""
    approved_at: Any = factory.LazyFunction(clock.now)
    approved_by: Any = factory.SubFactory(UserFactory, officer=True)
    authority = Authority.SIGNED_SCAN


class StoredFileFactory(SQLAlchemyModelFactory):
    """The row of a file, without its bytes: what opens it puts real ones (`storage.put`)."""

    class Meta:
        model = StoredFile
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    sha256: Any = factory.Sequence(lambda n: f"{n:064x}")
    size = 1_000
    media_type = "application/pdf"
    stored_at: Any = factory.LazyFunction(clock.now)
    blanked_at = None


class MeetingFileFactory(SQLAlchemyModelFactory):
    """The signed minutes as a scan; traits `photo`, `removed`."""

    class Meta:
        model = MeetingFile
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        photo = factory.Trait(kind=FileKind.PHOTO, file_name="rapat.jpg", caption="Suasana rapat")
        removed = factory.Trait(removed_at=factory.LazyFunction(clock.now))

    meeting: Any = factory.SubFactory(MeetingFactory, ended=True)
    kind = FileKind.MINUTES
    file: Any = factory.SubFactory(StoredFileFactory)
    file_name = "notulen.pdf"
    caption = ""
    dated: Any = factory.LazyFunction(clock.today)
    upload_token = None
    added_at: Any = factory.LazyFunction(clock.now)
    added_by: Any = factory.SubFactory(UserFactory, officer=True)
    removed_at = None


class MeetingEvidenceFactory(SQLAlchemyModelFactory):
    """A file of a meeting as evidence; give `evidence_id`."""

    class Meta:
        model = MeetingEvidence
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    meeting_file_id: Any = factory.LazyFunction(lambda: MeetingFileFactory().id)


def minutes_content(meeting: Meeting, **given: Any) -> dict[str, Any]:
    """Return the frozen text of a meeting's minutes, as short as it can be."""
    about = {
        "code": meeting.code,
        "title": meeting.title,
        "kind": meeting.kind.value,
        "ordinal": meeting.ordinal,
        "year": meeting.year,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": meeting.place,
        "video_url": meeting.video_url,
        "basis": meeting.basis,
        "chair_name": meeting.chair_name,
        "chair_position": meeting.chair_position,
        "minute_taker_name": meeting.minute_taker_name,
        "minute_taker_position": meeting.minute_taker_position,
        "minutes_number": meeting.minutes_number,
        "cycle": "",
    }
    letter: dict[str, Any] = {
        "number": meeting.letter_number,
        "date": meeting.letter_date.isoformat() if meeting.letter_date else "",
        "nature": meeting.letter_nature,
        "attachments": meeting.letter_attachments,
        "subject": meeting.letter_subject,
        "bring": meeting.bring,
        "contact": meeting.contact,
    }
    whole: dict[str, Any] = {
        "meeting": about,
        "letter": letter,
        "opening": "Rapat dibuka oleh pimpinan rapat.",
        "closing": "Rapat ditutup dengan doa.",
        "agenda": [],
        "attendance": [],
        "absent": [],
        "totals": {"present": 0, "male": 0, "female": 0, "unknown": 0, "agencies": 0},
        "decisions": [],
        "actions": [],
        "carried": [],
        "photos": [],
    }
    return {**whole, **given}
