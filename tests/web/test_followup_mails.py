"""What the mails about follow-ups say: each kind's three parts, told from true rounds and events.

`UPDATE_SNAPSHOTS=1 pytest tests/web/test_followup_mails.py` writes the snapshots anew; read them
before they are committed.
"""

from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from sqlalchemy import select

from app.accounts.actors import actor_of
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import db
from app.followups.machine import Action
from app.followups.messages import KINDS
from app.followups.models import Evidence, Outcome, Remarker, ReturnReason, Round
from app.followups.queries.detail import lock_all
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform_all
from app.instruments.models import AnswerType, Instrument
from app.notifications.messages import render_letter
from app.notifications.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import (
    CycleFactory,
    EvidenceTypeFactory,
    InstrumentFactory,
    QuestionFactory,
)
from tests.support.followups import recipient
from tests.support.queries import query_budget
from tests.support.snapshots import check_snapshot

NOW = datetime(2026, 3, 5, 1, 10, tzinfo=UTC)
DUE = datetime(2026, 3, 10, 15, 59, 59, tzinfo=UTC)
LATER = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
HOSTILE = "Laporan <script>alert(1)</script> & {{ 7 * 7 }}\r\nBcc: semua@luar.test"
SECRET = "daftar-korban.xlsx"


@pytest.fixture(autouse=True)
def in_march():
    with clock.set_to(NOW):
        yield


class Story:
    """A question to Dinkes and an action item, and the people who act on them."""

    def __init__(self):
        self.officer = actor_of(UserFactory(role=Role.OFFICER, name="Sari Wulandari, S.Sos."))
        self.dinkes = AgencyFactory(code="DINKES", short_name="Dinkes", name="Dinas Kesehatan")
        self.pupr = AgencyFactory(code="PUPR", short_name="PUPR", name="Dinas PU")
        member = UserFactory(name="Siti Rahma, A.Md.")
        MembershipFactory(agency=self.dinkes, user=member)
        self.member = actor_of(member)
        instrument = InstrumentFactory()
        for code, label in (("tabel_data", "Tabel data"), ("rekap", "Rekap kasus tanpa identitas")):
            EvidenceTypeFactory(instrument_id=instrument.id, code=code, label=label)
        question = QuestionFactory(
            indicator__cluster__instrument=instrument,
            indicator__number="16",
            indicator__short_title="Air Minum",
            ref="16.1",
            text="Berapa persen rumah tangga dengan akses air minum layak?",
            answer_type=AnswerType.PERCENT,
            data_years=2,
            evidence=["tabel_data", "rekap"],
            evidence_required=["tabel_data"],
            lead=self.dinkes,
        )
        cycle = CycleFactory(year=2026, instrument=db.session.get_one(Instrument, instrument.id))
        self.water = FollowUpFactory(
            draft=True,
            indicator=True,
            year=2026,
            seq=123,
            question=question,
            cycle=cycle,
            agency=self.dinkes,
            supporters=[self.pupr],
            due_at=DUE,
            version=0,
        ).id
        self.minutes = FollowUpFactory(
            draft=True,
            year=2026,
            seq=124,
            agency=self.dinkes,
            title=HOSTILE,
            expected_proof="SK yang <b>ditandatangani</b>",
            basis="Rapat koordinasi, 3 Maret",
            due_at=LATER,
            version=0,
        ).id
        self.reasons = [
            ReturnReason(code=code, label=label, sentence=label, position=position)
            for position, (code, label) in enumerate(
                [("year", "Bukan tahun data yang dinilai"), ("sign", "Belum ditandatangani/dicap")]
            )
        ]
        db.session.add_all(self.reasons)
        db.session.commit()

    def do(self, action, *ids, by=None, **given):
        """Do an action to both follow-ups, or to those named; return the notices of its events."""
        last = db.session.scalar(select(db.func.max(Notice.id))) or 0
        rows = lock_all(ids or (self.water, self.minutes))
        perform_all(rows, action, by or self.officer, Particulars(**given))
        db.session.commit()
        return db.session.scalars(select(Notice).where(Notice.id > last).order_by(Notice.id)).all()

    def answer(self):
        """Fill in the open rounds of both; return the evidence of the question's."""
        done = db.session.scalar(select(Round).where(Round.follow_up_id == self.minutes))
        done.answer = {"isi": {"value": "Notulen sudah ditandatangani"}}
        done.no_evidence_reason = "Masih di meja kepala dinas"
        round_ = db.session.scalar(
            select(Round).where(Round.follow_up_id == self.water).order_by(Round.number.desc())
        )
        round_.answer = {"2024": {"value": "81.2"}, "2025": {"value": "84"}}
        round_.note = "Data dari PDAM\ndan Dinkes"
        pieces = [
            ("tabel-air.xlsx", "tabel_data", False),
            ("foto-sumur.jpg", "tabel_data", False),
            (SECRET, "rekap", True),
        ]
        made = [
            Evidence(
                round_id=round_.id,
                slot=slot,
                url=f"https://berkas.test/{name}",
                file_name=name,
                restricted=restricted,
                added_at=clock.now(),
                added_by_id=self.member.user_id,
            )
            for name, slot, restricted in pieces
        ]
        db.session.add_all(made)
        db.session.commit()
        return made

    def give_back(self, **given):
        """Have the question answered, and return it with two reasons and two remarks."""
        self.do(Action.DISPATCH)
        table, _photo, secret = self.answer()
        self.do(Action.SUBMIT, self.water, by=self.member)
        return self.do(
            Action.RETURN,
            self.water,
            **{
                "words": "Tabel 2023, mohon data 2024 dan 2025.\nSebutkan sumbernya.",
                "reason_ids": tuple(reason.id for reason in self.reasons),
                "remarks": {table.id: "belum ditandatangani", secret.id: "masih ada nama anak"},
                "due_at": LATER,
                **given,
            },
        )

    def tell(self, kind):
        """Live until something of this kind is told; return its notices."""
        if kind == "returned":
            return self.give_back()
        steps = {
            "dispatched": [lambda: self.do(Action.DISPATCH)],
            "extended": [lambda: self.do(Action.EXTEND, due_at=LATER, words="Menunggu data BPS")],
            "cancelled": [lambda: self.do(Action.CANCEL, words="Dijawab Bappeda")],
            "reassigned": [self.hand_on],
            "collected": [self.answer, lambda: self.do(Action.SUBMIT, self.water)],
            "submitted": [self.answer, lambda: self.do(Action.SUBMIT, by=self.member)],
        }
        submitted = [lambda: self.do(Action.DISPATCH), *steps["submitted"]]
        accepted = [
            *submitted,
            lambda: self.do(Action.ACCEPT, outcome=Outcome.PARTLY, words="Lengkapi tahun depan"),
        ]
        lives = {
            name: taken if name == "dispatched" else [*steps["dispatched"], *taken]
            for name, taken in steps.items()
        } | {
            "withdrawn": [*submitted, lambda: self.do(Action.WITHDRAW, by=self.member)],
            "closed": accepted,
            "reopened": [
                *accepted,
                lambda: self.do(Action.REOPEN, words="Provinsi meminta data baru", due_at=LATER),
            ],
        }
        return [step() for step in lives[kind]][-1]

    def hand_on(self):
        """Hand the action item on to PUPR; return what PUPR is told."""
        told = self.do(Action.REASSIGN, self.minutes, agency_id=self.pupr.id, words="Tugas PUPR")
        return [notice for notice in told if notice.audience_ids["agency_id"] == self.pupr.id]


@pytest.fixture
def story(session):
    return Story()


def letter_of(kind, notices):
    return render_letter(kind, recipient("Siti Rahma, A.Md."), notices)


CODES = [kind.code for kind in KINDS]


@pytest.mark.parametrize("kind", CODES)
def test_each_kind_says_what_its_snapshot_says(story, kind):
    notices = story.tell(kind)
    assert {notice.kind for notice in notices} == {kind}
    letter = letter_of(kind, notices)
    check_snapshot(letter, "followup_mails", kind)


@pytest.mark.parametrize("kind", CODES)
def test_hostile_words_stay_words(story, kind):
    letter = letter_of(kind, story.tell(kind))
    html5lib.HTMLParser(strict=True).parse(letter.html)
    assert "<script" not in letter.html
    assert "49" not in letter.text
    assert "\n" not in letter.subject
    for part in (letter.subject, letter.text, letter.html):
        assert SECRET not in part


@pytest.mark.parametrize("kind", CODES)
def test_a_single_one_is_named_in_a_short_subject(story, kind):
    letter = letter_of(kind, story.tell(kind)[:1])
    name = "Laporan" if kind == "reassigned" else "16.1 Air Minum"
    assert name in letter.subject
    assert len(letter.subject) < 150


def test_a_return_is_complete_without_signing_in(story):
    notices = story.give_back(whose=Remarker.PROVINCE)
    letter = letter_of("returned", notices)
    assert letter.subject == (
        "Dikembalikan untuk perbaikan: 16.1 Air Minum, paling lambat 20 Maret pukul 17.00 WITA"
    )
    for part in (letter.text, letter.html):
        for words in (
            "TL-2026-0123",
            "16.1",
            "Berapa persen rumah tangga dengan akses air minum layak?",
            "Bukan tahun data yang dinilai",
            "Belum ditandatangani/dicap",
            "Tabel 2023, mohon data 2024 dan 2025.",
            "Sebutkan sumbernya.",
            "tabel-air.xlsx",
            "belum ditandatangani",
            "Rekap kasus tanpa identitas",
            "foto-sumur.jpg",
            "Provinsi",
            "putaran 1",
            "Jumat, 20 Maret 2026 pukul 17.00 WITA",
            "http://gugus.test/tindak-lanjut/TL-2026-0123",
        ):
            assert words in part, words
        assert "masih ada nama anak" not in part


def test_a_file_that_was_marked_restricted_later_is_not_named_either(story):
    notices = story.give_back()
    kept = db.session.scalars(select(Evidence).where(Evidence.kept_from_id.is_not(None))).all()
    for piece in kept:
        piece.restricted = True
    db.session.commit()
    letter = letter_of("returned", notices)
    assert "tabel-air" not in letter.text
    assert "belum ditandatangani\n" not in letter.text
    assert "foto-sumur" not in letter.html


def test_the_due_time_told_is_the_one_that_holds_when_it_leaves(story):
    notices = story.give_back()
    further = LATER + timedelta(days=7)
    story.do(Action.EXTEND, story.water, due_at=further, words="Libur")
    assert "27 Maret" in letter_of("returned", notices).subject


@pytest.mark.parametrize("kind", [code for code in CODES if code != "cancelled"])
def test_what_was_cancelled_since_is_not_told(story, kind):
    notices = story.tell(kind)
    if kind == "closed":
        story.do(Action.REOPEN, due_at=LATER, words="lagi")
    story.do(Action.CANCEL, words="Tidak jadi")
    assert letter_of(kind, notices) is None


def test_what_an_agency_no_longer_leads_is_not_asked_of_it(story):
    notices = story.do(Action.DISPATCH)
    story.do(Action.REASSIGN, story.water, agency_id=story.pupr.id, words="Tugas PUPR")
    letter = letter_of("dispatched", notices)
    assert "TL-2026-0123" not in letter.text
    assert "TL-2026-0124" in letter.text


def test_the_agency_that_lost_it_is_told_so(story):
    story.do(Action.DISPATCH)
    told = story.do(Action.REASSIGN, story.water, agency_id=story.pupr.id, words="Tugas PUPR")
    lost = [n for n in told if n.audience_ids["agency_id"] == story.dinkes.id]
    letter = letter_of("reassigned", lost)
    assert letter.subject == "Dialihkan ke PUPR: 16.1 Air Minum"
    assert "Tidak perlu dijawab lagi" in letter.text
    both = letter_of("reassigned", told)
    assert both.subject.startswith("Dialihkan kepada PUPR")


def test_an_answer_sent_again_is_told_once(story):
    story.do(Action.DISPATCH)
    story.answer()
    first = story.do(Action.SUBMIT, story.water, by=story.member)
    gone = story.do(Action.WITHDRAW, story.water, by=story.member)
    again = story.do(Action.SUBMIT, story.water, by=story.member)
    assert letter_of("submitted", [*first, *again]).subject.startswith("Jawaban masuk dari Dinkes")
    assert letter_of("withdrawn", gone) is None


@pytest.mark.parametrize(("kind", "most"), [("dispatched", 4), ("returned", 9), ("collected", 6)])
def test_a_group_costs_the_same_however_large(story, kind, most):
    notices = story.tell(kind)
    db.session.expire_all()
    for notice in notices:
        db.session.refresh(notice)
    with query_budget(most):
        letter_of(kind, notices)


def test_the_most_urgent_comes_first(story):
    notices = story.do(Action.DISPATCH)
    text = letter_of("dispatched", list(reversed(notices))).text
    assert text.index("TL-2026-0123") < text.index("TL-2026-0124")
    assert letter_of("dispatched", notices).subject == (
        "2 tindak lanjut baru, yang terdekat 10 Maret"
    )
