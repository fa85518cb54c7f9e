"""The register of decisions: who reads what of it, how it is narrowed, and what it costs."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from app.core import clock
from app.core.db import db
from app.core.search import searchable
from app.followups.machine import State
from app.meetings.models import Decision, Meeting, MeetingKind, MinutesState
from app.meetings.queries.minutes import content_of
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.meetings import (
    AgendaItemFactory,
    DecisionFactory,
    InvitationFactory,
    MeetingActionItemFactory,
    MeetingFactory,
    MeetingFollowUpFactory,
    MinutesVersionFactory,
)
from tests.support.queries import query_budget

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def officer(client):
    client.sign_in(UserFactory(officer=True))


@pytest.fixture
def agency(client):
    """Return an agency whose focal point is signed in."""
    agency = AgencyFactory(short_name="Dinkes")
    user = UserFactory()
    MembershipFactory(agency=agency, user=user)
    client.sign_in(user)
    return agency


def asked_of(decision, *agencies, state=State.ASSIGNED, **given):
    """Let an action item of a decision have made follow-ups in a state."""
    agency = agencies[0] if len(agencies) == 1 else None
    item = MeetingActionItemFactory(
        meeting=db.session.get(Meeting, decision.meeting_id),
        decision=decision,
        agency=agency,
        sent=True,
        **given,
    )
    for one in agencies:
        made = FollowUpFactory(agency=one, state=state)
        MeetingFollowUpFactory(action_item_id=item.id, follow_up_id=made.id)
    return item


def register_of(client, narrowed=None):
    """Return the page that an address asks for."""
    return client.get_page(f"/keputusan?{urlencode(narrowed or {})}")


def decided(client, **narrowed):
    page = register_of(client, narrowed)
    return [row.get_text() for row in page.select("td.main")]


def test_says_decision_meeting_agenda_and_how_far_it_is(client, officer):
    meeting = MeetingFactory(ended=True, title="Rapat Koordinasi I")
    first, second = (AgendaItemFactory(meeting=meeting, position=n) for n in (1, 2))
    late = DecisionFactory(meeting=meeting, agenda_item=second, words="Menyepakati jadwal.")
    DecisionFactory(meeting=meeting, agenda_item=first, words="Membentuk tim.")
    kecamatan = [AgencyFactory(kind="kecamatan") for _ in range(3)]
    item = asked_of(late, *kecamatan, title="Mengirim data pilah", addressee="semua kecamatan")
    done = item.id
    MeetingFollowUpFactory(action_item_id=done, follow_up_id=FollowUpFactory(state=State.CLOSED).id)

    page = register_of(client)

    rows = page.select("tbody tr")
    assert [row.select_one("td").get_text() for row in rows] == ["Keputusan 1", "Keputusan 2"]
    assert rows[0].select_one(".main").get_text() == "Membentuk tim."
    assert "Rapat Koordinasi I" in rows[1].select_one("[data-label=Rapat]").get_text()
    assert "Agenda 2" in rows[1].select_one("[data-label=Rapat]").get_text()
    assert "1 dari 4 selesai" in rows[1].select_one("[data-label='Tindak lanjut']").get_text()
    tiles = [tile.get_text(" ", strip=True) for tile in page.select(".tiles li")]
    assert tiles[0].startswith("2")
    assert tiles[1].startswith("1")


def test_one_follow_up_is_linked_with_its_state(client, officer):
    item = asked_of(DecisionFactory(meeting=MeetingFactory(ended=True)), AgencyFactory())

    page = register_of(client)

    assert page.select_one("[data-label='Tindak lanjut'] a[href^='/tindak-lanjut/TL-']")
    assert item.title in page.select_one("[data-label='Tindak lanjut']").get_text()


def test_only_meetings_that_ended_are_in_it(client, officer):
    DecisionFactory(meeting=MeetingFactory(invited=True))
    DecisionFactory(meeting=MeetingFactory(ended=True), words="Sudah diputuskan.")

    assert decided(client) == ["Sudah diputuskan."]


def test_narrowed_by_words_year_kind_and_how_far(client, officer):
    old = MeetingFactory(ended=True, year=2024, kind=MeetingKind.AFTER, ordinal=None)
    new = MeetingFactory(ended=True)
    running = DecisionFactory(meeting=new, words="Menyepakati pojok baca.")
    done = DecisionFactory(meeting=old, words="Membentuk forum anak.")
    DecisionFactory(meeting=new, words="Mencatat laporan.")
    asked_of(running, AgencyFactory())
    asked_of(done, AgencyFactory(), state=State.CLOSED)

    pojok, forum = ["Menyepakati pojok baca."], ["Membentuk forum anak."]
    code = old.code

    assert decided(client, q="POJOK") == pojok
    assert decided(client, q=code) == forum
    assert decided(client, tahun="2024") == forum
    assert decided(client, jenis="after_assessment") == forum
    assert decided(client, keadaan="selesai") == forum
    assert decided(client, keadaan="berjalan") == pojok
    assert decided(client, keadaan="tanpa-tindak-lanjut") == ["Mencatat laporan."]


def test_an_address_that_is_not_understood_is_said_and_left_out(client, officer):
    DecisionFactory(meeting=MeetingFactory(ended=True))

    page = register_of(client, {"tahun": "kemarin", "jenis": "besar", "halaman": "x"})

    assert len(page.select("[role=status] li")) == 2
    assert page.select("tbody tr")


def test_empty_says_what_would_fill_it(client, officer):
    assert "setelah rapatnya diakhiri" in register_of(client).get_text()
    DecisionFactory(meeting=MeetingFactory(ended=True))
    page = register_of(client, {"q": "tidak ada kata ini"})
    assert "tidak ada keputusan yang cocok" in page.get_text().lower()


def test_those_invited_read_approved_minutes_alone(client, agency):
    approved, waiting = MeetingFactory(approved=True), MeetingFactory(ended=True)
    not_invited = MeetingFactory(approved=True)
    for meeting in (approved, waiting):
        InvitationFactory(meeting=meeting, agency=agency)
    for meeting in (approved, waiting, not_invited):
        DecisionFactory(meeting=meeting, words=f"Keputusan {meeting.code}")

    code = approved.code

    assert decided(client) == [f"Keputusan {code}"]


def test_while_minutes_are_corrected_those_invited_read_them_as_frozen(client, agency):
    meeting = MeetingFactory(approved=True)
    InvitationFactory(meeting=meeting, agency=agency)
    item = AgendaItemFactory(meeting=meeting, title="Data pilah")
    decision = DecisionFactory(meeting=meeting, agenda_item=item, words="Data paling lambat Mei.")
    asked_of(decision, agency, title="Mengirim data")
    MinutesVersionFactory(meeting=meeting, content=content_of(meeting.id))
    meeting.minutes_state, meeting.correction_reason = MinutesState.DRAFT, "Salah bulan."
    decision.words = "Data paling lambat Juni."
    decision.search_text = searchable(decision.words)
    db.session.commit()

    page = register_of(client)

    assert [row.get_text() for row in page.select("td.main")] == ["Data paling lambat Mei."]
    assert "Agenda 1: Data pilah" in page.select_one("[data-label=Rapat]").get_text()
    assert "Mengirim data" in page.select_one("[data-label='Tindak lanjut']").get_text()
    assert page.select_one("[data-label='Tindak lanjut'] a[href^='/tindak-lanjut/TL-']")
    assert decided(client, q="mei")
    assert not decided(client, q="juni")


def test_those_invited_are_not_told_how_far_others_are(client, agency):
    meeting = MeetingFactory(approved=True)
    InvitationFactory(meeting=meeting, agency=agency)
    asked_of(DecisionFactory(meeting=meeting), AgencyFactory(), AgencyFactory(), agency)
    asked_of(DecisionFactory(meeting=meeting), AgencyFactory(short_name="PUPR"))

    page = register_of(client)

    cells = page.select("[data-label='Tindak lanjut']")
    assert len(cells[0].select("a[href^='/tindak-lanjut/TL-']")) == 1
    assert not cells[1].select("a")
    assert "PUPR" in cells[1].get_text()
    assert "dari 3" not in page.get_text()


def test_pages_and_cost(client, officer):
    for number in range(20):
        day = clock.now() - timedelta(days=30 + number)
        meeting = MeetingFactory(ended=True, starts_at=day, ordinal=None)
        item = AgendaItemFactory(meeting=meeting)
        db.session.add_all(
            Decision(
                meeting_id=meeting.id,
                agenda_item_id=item.id,
                words=f"Keputusan {n}",
                search_text=f"keputusan {n}",
                created_at=clock.now(),
            )
            for n in range(50)
        )
    db.session.commit()
    with query_budget(7):
        page = register_of(client, {"halaman": "3"})
    assert len(page.select("tbody tr")) == 50
    assert "dari 1.000" in page.get_text()


def test_the_sheet_has_a_line_for_each_action_item(client, officer):
    meeting = MeetingFactory(ended=True)
    decision = DecisionFactory(meeting=meeting, words="=Menyepakati")
    asked_of(decision, AgencyFactory(short_name="Dinkes"), title="Mengirim data")
    asked_of(decision, AgencyFactory(), AgencyFactory(), state=State.CLOSED)
    DecisionFactory(meeting=meeting, words="Mencatat laporan.")

    answer = client.get("/keputusan.xlsx?q=" + meeting.code)

    sheet = load_workbook(BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]
    assert [(row[0], row[1]) for row in rows] == [
        (1, "=Menyepakati"),
        (1, "=Menyepakati"),
        (2, "Mencatat laporan."),
    ]
    assert rows[0][7:9] == ["Mengirim data", "Dinkes"]
    assert rows[1][12:14] == [2, 2]
    assert f"“{meeting.code}”" in sheet["A2"].value


def test_the_list_alone_answers_a_filter(client, officer):
    DecisionFactory(meeting=MeetingFactory(ended=True))
    answer = client.get("/keputusan", headers=FRAGMENT)
    assert answer.text.lstrip().startswith('<div id="list"')
