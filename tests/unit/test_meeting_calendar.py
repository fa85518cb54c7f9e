"""What calendars are told of a meeting, read back as they read it; links that need no account."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.core import clock
from app.meetings import calendar, tokens
from app.meetings.calendar import Attendee, Method, entry
from app.notifications import calendars, delivery

STARTS = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
SITI = Attendee("Siti Rahma, A.Md.", "siti@dinkes.test")


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def meeting(**given):
    about = {
        "id": 12,
        "sequence": 0,
        "title": "Rapat Koordinasi I",
        "starts_at": STARTS,
        "ends_at": STARTS + timedelta(hours=3),
        "place": "Aula; lantai 2, Sangatta",
        "video_url": "https://rapat.test/j/1?pwd=a,b;c",
    }
    return SimpleNamespace(**(about | given))


def event_of(text):
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_an_invitation_as_a_calendar_reads_it():
    text = entry(meeting(), Method.REQUEST, attendee=SITI, description="Agenda:\n1. Satu")
    read = Calendar.from_ical(text)
    assert (read["METHOD"], read["VERSION"], read["CALSCALE"]) == ("REQUEST", "2.0", "GREGORIAN")
    event = event_of(text)
    assert event["UID"] == "rapat-12@gugus.test"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert event["DTSTART"].dt == STARTS
    assert event["DTSTART"].params["TZID"] == "Asia/Makassar"
    assert event["DTEND"].dt == STARTS + timedelta(hours=3)
    assert event["LOCATION"] == "Aula; lantai 2, Sangatta"
    assert event["DESCRIPTION"] == "Agenda:\n1. Satu"
    assert event["URL"] == event["CONFERENCE"] == "https://rapat.test/j/1?pwd=a,b;c"
    assert event["ORGANIZER"] == "mailto:gugus@dp3a.test"
    assert event["ATTENDEE"] == "mailto:siti@dinkes.test"
    asked = event["ATTENDEE"].params
    assert (asked["CN"], asked["RSVP"], asked["PARTSTAT"]) == (SITI.name, "TRUE", "NEEDS-ACTION")
    assert calendars.as_sent(text) == text


def test_the_zone_comes_along():
    (zone,) = Calendar.from_ical(entry(meeting(), Method.REQUEST)).walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Makassar"
    (standard,) = zone.walk("STANDARD")
    assert standard["TZOFFSETTO"].td == timedelta(hours=8)


def test_a_change_is_the_same_entry_under_a_higher_number():
    before, after = entry(meeting(), Method.REQUEST), entry(meeting(sequence=1), Method.REQUEST)
    assert event_of(before)["UID"] == event_of(after)["UID"]
    assert event_of(after)["SEQUENCE"] == 1


def test_a_cancellation_takes_the_entry_out():
    text = entry(meeting(sequence=2), Method.CANCEL, attendee=SITI)
    assert Calendar.from_ical(text)["METHOD"] == "CANCEL"
    assert event_of(text)["STATUS"] == "CANCELLED"
    assert event_of(text)["ATTENDEE"].params["RSVP"] == "FALSE"


def test_a_download_asks_nobody():
    text = entry(meeting(), Method.PUBLISH)
    assert "ATTENDEE" not in event_of(text)


def test_the_organiser_is_where_answers_are_read(app, monkeypatch):
    given = delivery.MailSettings("", "gugus@dp3a.test", "Bidang PHA <pha@dp3a.test>", None)
    monkeypatch.setitem(app.extensions, delivery.EXTENSION, given)
    organiser = event_of(entry(meeting(), Method.REQUEST))["ORGANIZER"]
    assert organiser == "mailto:pha@dp3a.test"
    assert organiser.params["CN"] == "Bidang PHA"


def test_online_alone_is_where_it_is():
    assert event_of(entry(meeting(place=""), Method.REQUEST))["LOCATION"].startswith("https://")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "", "rapat.test", "a b"]
)
def test_only_a_web_address_is_offered(url):
    event = event_of(entry(meeting(video_url=url), Method.REQUEST))
    assert "URL" not in event
    assert "CONFERENCE" not in event


hostile = st.text(max_size=300) | st.sampled_from(
    ["a\r\nATTENDEE:mailto:x@luar.test", "a\nBEGIN:VEVENT", 'b";X=y:', "c\\n;,", "é" * 300]
)


@given(title=hostile, place=hostile, name=hostile, description=hostile)
def test_hostile_words_stay_words(app, title, place, name, description):
    with app.app_context():
        text = entry(
            meeting(title=title, place=place),
            Method.REQUEST,
            attendee=Attendee(name, "siti@dinkes.test"),
            description=description.replace("\0", ""),
        )
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    read = Calendar.from_ical(text)
    assert len(read.walk("VEVENT")) == 1
    (event,) = read.walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:siti@dinkes.test"
    assert event["SUMMARY"] == calendar.one_line(title)


def test_an_address_cannot_break_out():
    text = entry(meeting(), Method.REQUEST, attendee=Attendee("S", "a@b.test\r\nX-EVIL:1"))
    assert "X-EVIL" not in event_of(text)


def test_hours_as_people_read_them():
    assert calendar.hours_of(STARTS, STARTS + timedelta(hours=3)) == "pukul 09.00 - 12.00 WITA"
    later = calendar.hours_of(STARTS, STARTS + timedelta(days=1))
    assert later == "pukul 09.00 WITA sampai Jumat, 13 Maret 2026 pukul 09.00 WITA"


def test_a_link_names_one_invitation_and_cannot_be_changed():
    token = tokens.answer_token(3, 7)
    assert tokens.read_answer_token(token) == (3, 7)
    other = tokens.answer_token(3, 8)
    forged = other.partition(".")[0] + "." + token.partition(".")[2]
    for bad in (forged, token[:-1], token + "x", "", ".", "é", "WzNd." + token.partition(".")[2]):
        assert tokens.read_answer_token(bad) is None, bad


def test_a_check_in_code_is_typed_as_people_type():
    token = tokens.check_in_token(12)
    number, first, second = token.split("-")
    assert (number, len(first), len(second)) == ("12", 5, 5)
    for typed in (token, token.lower(), f"12-{first}{second}", f"12-{first} {second}"):
        assert tokens.read_check_in_token(typed) == 12
    for bad in (f"13-{first}-{second}", "12", "12-", "-", "²-x", "9" * 20 + "-A", token[:-1]):
        assert tokens.read_check_in_token(bad) is None, bad
    assert tokens.check_in_token(13) != token


def test_a_calendar_entry_says_when_it_was_made():
    with clock.set_to(datetime(2026, 3, 1, tzinfo=UTC)):
        assert event_of(entry(meeting(), Method.REQUEST))["DTSTAMP"].dt.date().isoformat() == (
            "2026-03-01"
        )
