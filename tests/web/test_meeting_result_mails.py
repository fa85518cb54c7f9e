"""What the mails at the end of a meeting, and of approved minutes, say to one person.

`UPDATE_SNAPSHOTS=1 pytest tests/web/test_meeting_result_mails.py` writes the snapshots anew; read
them before they are committed.
"""

from datetime import UTC, date, datetime

import html5lib
import pytest
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action
from app.followups.models import FollowUp, NumberCounter
from app.followups.queries.detail import lock_all
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform_all
from app.meetings.models import (
    AgendaItem,
    CarriedOutcome,
    Decision,
    Meeting,
    MeetingActionItem,
    MinutesState,
)
from app.meetings.queries import finding
from app.meetings.services import approving, correcting
from app.notifications.messages import render_letter
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.meetings import InvitationFactory, MeetingFileFactory
from tests.support.followups import recipient
from tests.support.meetings import ask, carry, decide, hold, sent_before
from tests.support.snapshots import check_snapshot

NOW = datetime(2026, 3, 12, 4, 12, tzinfo=UTC)
NAME = "Siti Rahma, A.Md."
HOSTILE = "Data <script>alert(1)</script> & {{ 7 * 7 }} dikirim.\nBcc: semua@luar.test"


@pytest.fixture(autouse=True)
def in_march():
    with clock.set_to(NOW):
        yield


@pytest.fixture
def held(session):
    """Return a meeting that asks two things of Dinkes, and says something of three old ones."""
    db.session.add(NumberCounter(year=2026, last=200))
    officer = UserFactory(officer=True, name="Sari Wulandari, S.Sos.")
    held = hold(
        "Dinkes",
        "Dispora",
        officer=officer,
        year=2026,
        seq=1,
        ordinal=1,
        starts_at=datetime(2026, 3, 12, 1, 0, tzinfo=UTC),
    )
    first = decide(held, "Data imunisasi dikirim sebelum akhir bulan.")
    decide(held, HOSTILE, agenda=1)
    ask(
        held,
        "Mengirim data imunisasi dasar lengkap",
        "Dinkes",
        decision=db.session.get_one(Decision, first),
        agenda_item=db.session.get_one(AgendaItem, held.agenda[0]),
        expected_proof="Surat pengantar dan tabel per puskesmas",
        supporters="Dispora",
        due_on=date(2026, 3, 31),
    )
    ask(held, "Menyusun jadwal kunjungan", "Dinkes", due_on=date(2026, 4, 10))
    due = clock.end_of_day(date(2026, 3, 20))
    old = [
        sent_before(held, "Dinkes", title, year=2026, seq=seq, due_at=due)
        for seq, title in ((7, "Menunjuk narahubung"), (8, "Membuat SK tim"), (9, "Menyewa tenda"))
    ]
    carry(held, old[0], CarriedOutcome.CLOSE)
    carry(
        held,
        old[1],
        CarriedOutcome.EXTEND,
        words="Menunggu tanda tangan Bupati.",
        due_at=clock.end_of_day(date(2026, 4, 30)),
    )
    carry(held, old[2], CarriedOutcome.CANCEL, words="Acara ditiadakan.")
    db.session.commit()
    return held


def notices_of(held, kind, agency):
    """Return what an agency is told by a kind, of the last event that told it."""
    found = db.session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).all()
    return [row for row in found if row.audience_ids.get("agency_id") == held.agencies[agency]]


def letter_of(kind, notices):
    return render_letter(kind, recipient(NAME), notices)


def check_letter(name, letter):
    html5lib.HTMLParser(strict=True).parse(letter.html)
    assert "<script" not in letter.html
    assert "49" not in letter.text
    assert "\n" not in letter.subject
    check_snapshot(letter, "meeting_mails", name)


def act(held, deed, *args, **given):
    with write():
        actor = held.actor
        meeting = finding.get_locked(held.code, actor)
        return deed(meeting, actor, *args, version=meeting.version, **given)


def approve(held, number="B-12/DP3A/2026"):
    MeetingFileFactory(meeting=db.session.get_one(Meeting, held.id))
    act(held, approving.submit)
    act(held, approving.approve, minutes_number=number)


def test_theirs_comes_first_then_what_was_decided(held):
    held.end()
    letter = letter_of("meeting_ended", notices_of(held, "meeting_ended", "Dinkes"))
    check_letter("meeting_ended", letter)
    order = ("Mengirim data imunisasi", "Membuat SK tim", "Menunjuk", "Menyewa", "KEPUTUSAN")
    places = [letter.text.index(words) for words in order]
    assert places == sorted(places)


def test_who_has_nothing_to_do_reads_the_decisions(held):
    held.end()
    letter = letter_of("meeting_ended", notices_of(held, "meeting_ended", "Dispora"))
    assert "Keputusan Rapat Koordinasi I" in letter.subject
    assert "Tidak ada tindak lanjut baru untuk instansi ini." in letter.text
    assert "Mengirim data imunisasi dasar" not in letter.text


def test_what_was_cancelled_since_is_not_told_at_the_end(held):
    held.end()
    ids = db.session.scalars(select(FollowUp.id).where(FollowUp.title.like("Menyusun%"))).all()
    with write():
        given = Particulars(words="Salah kirim.")
        perform_all(lock_all(list(ids)), Action.CANCEL, held.actor, given)
    letter = letter_of("meeting_ended", notices_of(held, "meeting_ended", "Dinkes"))
    assert "Menyusun jadwal" not in letter.text
    assert letter.subject.startswith("Tindak lanjut rapat: Mengirim data imunisasi")


def test_who_was_not_invited_gets_no_link_to_the_meeting(held):
    for row in db.session.scalars(select(InvitationFactory._meta.model)):
        row.withdrawn_at = clock.now()
    db.session.commit()
    held.end()
    letter = letter_of("meeting_ended", notices_of(held, "meeting_ended", "Dinkes"))
    assert f"/rapat/{held.code}" not in letter.text


def test_approved_minutes_say_what_changed_since_the_end(held):
    held.end()
    db.session.get_one(
        Decision, held.decisions[0]
    ).words = "Data imunisasi dikirim sebelum tanggal 25."
    ask(held, "Menyusun panduan data", "Dinkes", due_on=date(2026, 4, 15))
    db.session.commit()
    approve(held)
    letter = letter_of("minutes_approved", notices_of(held, "minutes_approved", "Dinkes"))
    check_letter("minutes_approved", letter)
    for words in ("semula: Data imunisasi dikirim sebelum akhir bulan.", "Menyusun panduan data"):
        assert words in letter.text


def test_nothing_changed_is_said_too(held):
    held.end()
    approve(held)
    letter = letter_of("minutes_approved", notices_of(held, "minutes_approved", "Dispora"))
    assert "Tidak ada yang berubah sejak surel sebelumnya." in letter.text
    assert f"http://gugus.test/rapat/{held.code}/notulen/versi/1" in letter.text


def test_a_correction_says_why_and_what(held):
    held.end()
    approve(held)
    told = len(notices_of(held, "minutes_approved", "Dinkes"))
    act(held, correcting.open_correction, "Batas waktu keliru dibaca.")
    item = db.session.get_one(MeetingActionItem, held.items[1])
    item.withdrawn_reason = "Sudah dijadwalkan Bappeda."
    decision = db.session.get_one(Decision, held.decisions[0])
    decision.words = "Data imunisasi dikirim sebelum pertengahan bulan."
    db.session.commit()
    approve(held)
    notices = notices_of(held, "minutes_approved", "Dinkes")[told:]
    letter = letter_of("minutes_approved", notices)
    check_letter("minutes_corrected", letter)
    assert letter.subject.startswith("Koreksi notulen (versi 2)")
    assert held.meeting.minutes_state is MinutesState.APPROVED
