"""An agenda by itself: its hours, and what keeps an item on it."""

from datetime import UTC, datetime

import pytest

from app.meetings import labels
from app.meetings.models import AgendaItem, Meeting, MeetingKind
from app.meetings.queries.agenda import Agenda, Place
from app.meetings.services.preparing import WEB_ADDRESS

NINE = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)


def agenda(*minutes):
    meeting = Meeting(kind=MeetingKind.BEFORE, starts_at=NINE, ends_at=NINE.replace(hour=4))
    places, starts_at = [], NINE
    for number, length in enumerate(minutes, 1):
        item = AgendaItem(title=f"Agenda {number}", minutes=length)
        place = Place(item, number, starts_at, [], is_frozen=False, is_used=False)
        places.append(place)
        starts_at = place.ends_at
    return Agenda(meeting, places)


def test_each_item_begins_where_the_one_before_ends():
    found = agenda(10, 30, 20)
    assert [place.starts_at.minute for place in found.places] == [0, 10, 40]
    assert found.minutes == 60
    assert found.ends_at == NINE.replace(hour=2)


def test_after_an_item_without_minutes_nobody_knows_when():
    found = agenda(10, None, 20)
    assert found.places[1].ends_at is None
    assert found.places[2].starts_at is None
    assert (found.minutes, found.without_minutes) == (30, 1)


@pytest.mark.parametrize(("minutes", "is_too_long"), [(180, False), (181, True)])
def test_longer_than_the_meeting(minutes, is_too_long):
    assert agenda(minutes).is_too_long is is_too_long


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ({}, ""),
        ({"is_frozen": True, "is_used": True}, labels.KEPT_FOR_NOTES),
        ({"has_outcomes": True}, labels.KEPT_FOR_OUTCOMES),
        ({"is_used": True}, labels.KEPT_FOR_USE),
    ],
)
def test_what_keeps_an_item(why, words):
    nothing = {"is_frozen": False, "is_used": False, "has_outcomes": False}
    assert labels.why_kept(**(nothing | why)) == words


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://rapat.kutaitimurkab.test/j/123?pwd=a", True),
        ("https://rapat.test", True),
        ("http://rapat.test/1", False),
        ("https://rapat", False),
        ("https://", False),
        ("https://rapat.test/a b", False),
        ("javascript:alert(1)//https://rapat.test", False),
    ],
)
def test_where_a_video_link_may_lead(address, is_one):
    assert bool(WEB_ADDRESS.fullmatch(address)) is is_one


@pytest.mark.parametrize(
    ("ordinal", "title"),
    [
        (2, "Rapat Koordinasi II Gugus Tugas KLA Tahun 2026"),
        (13, "Rapat Koordinasi 13 Gugus Tugas KLA Tahun 2026"),
        (None, "Rapat Gugus Tugas KLA Tahun 2026"),
    ],
)
def test_what_a_meeting_is_called(ordinal, title):
    assert labels.proposed_title(ordinal, 2026) == title
