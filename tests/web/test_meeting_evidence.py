"""Records of meetings as evidence, and what a follow-up says of the meetings behind it."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app.accounts.actors import actor_of
from app.core import clock
from app.core.db import db
from app.core.write import write
from app.followups.machine import Action
from app.followups.models import Evidence, Kind
from app.followups.queries import detail
from app.followups.services import evidence
from app.meetings.models import CarriedOutcome, FileKind, MeetingEvidence, MinutesState
from app.meetings.queries.minutes import content_of
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.meetings import (
    AgendaItemFactory,
    CarriedItemFactory,
    DecisionFactory,
    InvitationFactory,
    MeetingActionItemFactory,
    MeetingFactory,
    MeetingFileFactory,
    MeetingFollowUpFactory,
    MinutesVersionFactory,
)
from tests.support import lives
from tests.support.client import strict_page


@pytest.fixture
def agency(session):
    return AgencyFactory(short_name="Dinkes")


@pytest.fixture
def officer(session):
    return UserFactory(officer=True)


@pytest.fixture
def lead(agency):
    user = UserFactory()
    MembershipFactory(agency=agency, user=user)
    return user


@pytest.fixture
def asked(agency, officer):
    row = lives.born(officer, agency=agency)
    lives.act(row, Action.DISPATCH, officer)
    return row.number


@pytest.fixture
def meeting(agency):
    meeting = MeetingFactory(approved=True, letter_number="005/12/DP3A")
    InvitationFactory(meeting=meeting, agency=agency)
    return meeting


def address(number):
    return f"/tindak-lanjut/{number}/data-dukung/dari-rapat"


def pieces():
    return db.session.scalars(db.select(Evidence).order_by(Evidence.id)).all()


def test_what_is_no_day_is_refused_and_stays(client, asked, lead, meeting):
    scan = MeetingFileFactory(meeting=meeting, kind=FileKind.LETTER).id
    typed = {"files": str(scan), f"slot-{scan}": "lainnya", f"dated-{scan}": "30/02/2026"}
    response = client.sign_in(lead).post(address(asked), typed)
    assert response.status_code == 422
    page = strict_page(response.get_data(as_text=True))
    assert "“30/02/2026” bukan tanggal" in page.select_one("main").get_text()
    assert page.select_one(f"#dated-{scan}")["value"] == "30/02/2026"
    assert page.select_one(f"[name=files][value='{scan}']").has_attr("checked")
    assert pieces() == []


def test_the_answer_leads_to_the_records_of_meetings(client, asked, lead, meeting):
    scan = MeetingFileFactory(meeting=meeting, kind=FileKind.LETTER).id
    MeetingFileFactory(meeting=meeting, kind=FileKind.MATERIAL)
    MeetingFileFactory(meeting=MeetingFactory(ended=True))
    MeetingFileFactory(meeting=MeetingFactory(approved=True))
    page = client.sign_in(lead).get_page(f"/tindak-lanjut/{asked}")
    (way,) = page.select(f"a[href='{address(asked)}']")
    assert "Ambil dari rapat" in way.get_text()

    page = client.get_page(address(asked))

    assert [box["value"] for box in page.select("[name=files]")] == [str(scan)]
    assert page.select_one(f"[name=dated-{scan}]")["value"] == clock.today().isoformat()


def test_chosen_records_become_evidence_once(client, asked, lead, meeting):
    letter = MeetingFileFactory(meeting=meeting, kind=FileKind.LETTER).id
    photo = MeetingFileFactory(meeting=meeting, photo=True).id
    code = meeting.code
    page = client.sign_in(lead).get_page(address(asked))
    token = page.select_one("[name=form_token]")["value"]
    given = {
        "form_token": token,
        "files": [str(letter), str(photo)],
        f"slot-{letter}": "undangan",
        f"dated-{letter}": "2026-02-03",
    }

    first, again = (client.post(address(asked), given) for _ in range(2))

    assert first.status_code == again.status_code == 303
    found = pieces()
    assert [(piece.slot, piece.file_name) for piece in found] == [
        ("undangan", "notulen.pdf"),
        ("lainnya", "rapat.jpg"),
    ]
    assert found[0].document_date.isoformat() == "2026-02-03"
    assert found[0].document_number == "005/12/DP3A"
    used = db.session.scalars(db.select(MeetingEvidence.meeting_file_id)).all()
    assert sorted(used) == sorted([letter, photo])
    assert not client.get_page(address(asked)).select("[name=files]")
    page = client.get_page(f"/rapat/{code}/berkas")
    assert len(page.select(f".files a[href='/tindak-lanjut/{asked}']")) == 2


def test_nothing_chosen_is_said_on_the_page(client, asked, lead, meeting):
    MeetingFileFactory(meeting=meeting)
    answer = client.sign_in(lead).post(address(asked))
    assert answer.status_code == 422
    assert "Pilih berkasnya dahulu." in answer.text


def test_what_is_not_offered_is_not_taken(client, asked, lead, meeting):
    unsigned = MeetingFileFactory(meeting=meeting, kind=FileKind.MATERIAL).id
    foreign = MeetingFileFactory(meeting=MeetingFactory(approved=True)).id
    client.sign_in(lead)
    for file_id in (unsigned, foreign, 999_999):
        assert client.post(address(asked), {"files": str(file_id)}).status_code == 404
    assert pieces() == []


def test_a_sent_answer_takes_no_more(client, asked, lead, meeting, officer):
    file_id = MeetingFileFactory(meeting=meeting).id
    lives.submit(detail.get(asked, actor_of(officer)), lead)
    client.sign_in(lead)
    assert client.get(address(asked)).status_code == 409
    assert client.post(address(asked), {"files": str(file_id)}).status_code == 409


@pytest.mark.parametrize(("role", "status"), [("agency", 404), ("leader", 403), ("admin", 403)])
def test_others_do_not_get_there(client, asked, meeting, role, status):
    user = UserFactory(**({role: True} if role != "agency" else {}))
    if role == "agency":
        MembershipFactory(user=user)
    assert client.sign_in(user).get(address(asked)).status_code == status


def test_a_piece_taken_out_again_leaves_the_meetings_file_unused(client, asked, lead, meeting):
    file_id = MeetingFileFactory(meeting=meeting).id
    client.sign_in(lead).post(address(asked), {"files": str(file_id)})
    with write():
        follow_up = detail.get_locked(asked, actor_of(lead))
        round_ = detail.open_round(follow_up)
        evidence.remove(follow_up, round_, actor_of(lead), round_.evidence[0].id)
    assert db.session.scalars(db.select(MeetingEvidence)).all() == []


def decided(meeting, agency, officer):
    """Return the number of a follow-up that a meeting's second decision made."""
    items = [AgendaItemFactory(meeting=meeting, title=f"Bahasan {n}") for n in (1, 2)]
    DecisionFactory(meeting=meeting, agenda_item=items[0])
    decision = DecisionFactory(
        meeting=meeting, agenda_item=items[1], words="Data paling lambat Mei."
    )
    item = MeetingActionItemFactory(
        meeting=meeting, agency=agency, decision=decision, agenda_item=items[1], sent=True
    )
    row = lives.born(officer, agency=agency, kind=Kind.ACTION_ITEM)
    lives.act(row, Action.DISPATCH, officer)
    MeetingFollowUpFactory(action_item_id=item.id, follow_up_id=row.id)
    return row.number, decision


def rapat(page):
    panel = page.select_one("section[aria-labelledby=meetings]")
    return re.sub(r"\s+", " ", panel.get_text(" ")) if panel else ""


def test_an_action_item_names_meeting_agenda_and_decision(client, lead, officer, agency, meeting):
    number, _ = decided(meeting, agency, officer)
    code = meeting.code
    page = client.sign_in(lead).get_page(f"/tindak-lanjut/{number}")
    said = rapat(page)
    assert "Agenda 2 Bahasan 2" in said
    assert "Keputusan 2 Data paling lambat Mei." in said
    assert page.select_one(f"section[aria-labelledby=meetings] a[href='/rapat/{code}']")


def test_while_corrected_it_says_the_decision_as_frozen(client, lead, officer, agency, meeting):
    number, decision = decided(meeting, agency, officer)
    MinutesVersionFactory(meeting=meeting, content=content_of(meeting.id))
    meeting.minutes_state, meeting.correction_reason = MinutesState.DRAFT, "Salah bulan."
    decision.words = "Data paling lambat Juni."
    db.session.commit()
    assert "Mei" in rapat(client.sign_in(lead).get_page(f"/tindak-lanjut/{number}"))


def test_officers_read_the_decision_as_it_stands(client, officer, agency, meeting):
    number, decision = decided(meeting, agency, officer)
    MinutesVersionFactory(meeting=meeting, content=content_of(meeting.id))
    meeting.minutes_state, meeting.correction_reason = MinutesState.DRAFT, "Salah bulan."
    decision.words = "Data paling lambat Juni."
    db.session.commit()
    assert "Juni" in rapat(client.sign_in(officer).get_page(f"/tindak-lanjut/{number}"))


def test_before_approval_and_to_those_not_invited_the_words_are_not_said(
    client, lead, officer, agency
):
    ended, foreign = MeetingFactory(ended=True), MeetingFactory(approved=True)
    InvitationFactory(meeting=ended, agency=agency)
    numbers = [decided(meeting, agency, officer)[0] for meeting in (ended, foreign)]
    client.sign_in(lead)
    for number in numbers:
        said = rapat(client.get_page(f"/tindak-lanjut/{number}"))
        assert "Rapat Koordinasi" in said
        assert "Mei" not in said


def test_it_tells_in_which_meetings_it_was_taken_up_again(client, lead, officer, agency, asked):
    row = detail.get(asked, actor_of(officer))
    for days, outcome in ((40, CarriedOutcome.EXTEND), (20, CarriedOutcome.KEEP)):
        held = MeetingFactory(ended=True, starts_at=clock.now() - timedelta(days=days))
        CarriedItemFactory(
            agenda_item=AgendaItemFactory(meeting=held, open_actions=True),
            follow_up=row,
            outcome=outcome,
            words="Data belum pilah.",
            said_by="Dinkes",
            due_at=clock.now() if outcome is CarriedOutcome.EXTEND else None,
            applied_at=clock.now(),
        )
    CarriedItemFactory(
        agenda_item=AgendaItemFactory(meeting=MeetingFactory(), open_actions=True), follow_up=row
    )

    seen_by_officer = officer.get_id()
    page = client.sign_in(lead).get_page(f"/tindak-lanjut/{asked}")
    told = [line.get_text() for line in page.select("section[aria-labelledby=meetings] li")]
    assert len(told) == 2
    assert "Batas waktu diperpanjang sampai" in told[0]
    assert "Data belum pilah." in told[0]
    page = client.sign_in(SimpleNamespace(get_id=lambda: seen_by_officer)).get_page(
        f"/tindak-lanjut/{asked}"
    )
    assert "Ada pada agenda." in rapat(page)


def test_a_follow_up_of_no_meeting_says_nothing(client, lead, asked):
    assert rapat(client.sign_in(lead).get_page(f"/tindak-lanjut/{asked}")) == ""
