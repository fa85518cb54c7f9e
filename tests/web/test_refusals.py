"""What is refused as a whole gives back the words that were written: nobody writes them twice."""

import pytest

from app.core.errors import words_typed
from app.meetings.models import MinutesState
from tests.factories.accounts import UserFactory
from tests.factories.meetings import AgendaItemFactory, InvitationFactory, MeetingFactory
from tests.support.client import strict_page

WORDS = "Ibu Rahma <b>Hidayat</b>, S.Sos."


@pytest.fixture
def desk(client, session):
    return client.sign_in(UserFactory(officer=True))


def refused(desk, path, typed, status):
    response = desk.post(path, typed)
    assert response.status_code == status
    return [line.text for line in strict_page(response.text).select("#typed ~ p.pre")]


def test_what_moved_on_meanwhile_gives_the_words_back(desk):
    code = MeetingFactory(ended=True, minutes_state=MinutesState.SUBMITTED).code
    typed = {"place": "Dinkes", "name": WORDS, "presence": "present", "edition": "3"}
    assert refused(desk, f"/rapat/{code}/daftar-hadir", typed, 409) == ["Dinkes", WORDS]


def test_what_is_gone_gives_the_words_back(desk):
    meeting = MeetingFactory(cancelled=True)
    code, guest_id = meeting.code, InvitationFactory(meeting=meeting, guest=True).id
    typed = {"tamu-name": WORDS, "tamu-email": "rahma@forumanak.test"}
    assert refused(desk, f"/rapat/{code}/undangan/{guest_id}/tamu", typed, 409)[0] == WORDS
    assert refused(desk, f"/rapat/{code}/undangan/999999/tamu", typed, 404)[0] == WORDS


def test_a_note_on_minutes_that_were_approved_meanwhile(desk):
    meeting = MeetingFactory(approved=True, version=4)
    path = f"/rapat/{meeting.code}/pengesahan/kembalikan"
    assert refused(desk, path, {"note": WORDS, "version": "3"}, 409) == [WORDS]


def test_an_agenda_that_was_closed_meanwhile(desk):
    meeting = MeetingFactory(cancelled=True)
    code, item_id = meeting.code, AgendaItemFactory(meeting=meeting).id
    typed = {"baru-title": WORDS, f"butir{item_id}-title": WORDS}
    for path in (f"/rapat/{code}/agenda", f"/rapat/{code}/agenda/{item_id}"):
        assert WORDS in refused(desk, path, typed, 409)


def test_nothing_is_said_where_nothing_was_written(desk):
    code = MeetingFactory(cancelled=True).code
    response = desk.post(f"/rapat/{code}/notulen/keputusan/9/hapus", {"seen": "Abc1"})
    assert response.status_code == 404
    assert strict_page(response.text).select("#typed") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "Rahasia Sekali"),
        ("new_password", "Rahasia Sekali"),
        ("code", "ABCD EFGH"),
        ("csrf_token", "IjEi.Abc"),
        ("base-notes", "Ab12"),
        ("presence", "present"),
        ("due_on", "2026-03-12"),
        ("note", "  "),
    ],
)
def test_secrets_and_choices_are_not_given_back(app, name, value):
    with app.test_request_context(method="POST", data={name: value, "note": "Kata-kata"}):
        assert words_typed() == ["Kata-kata"]
