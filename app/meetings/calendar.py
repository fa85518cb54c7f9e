"""A meeting as a calendar reads it (RFC 5545, RFC 5546): invitation, change, cancellation."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit

from icalendar import Calendar, Conference, Event, vCalAddress, vText

from app.core import clock, formatting, settings
from app.core.search import searchable
from app.meetings.models import Meeting
from app.notifications.delivery import mail_settings

PRODUCT = "-//Gugus//Gugus Tugas KLA//ID"
ORGANISER = "Sekretariat Gugus Tugas KLA"


class Method(StrEnum):
    """What a calendar is asked to do with an entry."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"
    """Only to be kept: a download, which asks nobody for an answer."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Whom an entry is for."""

    name: str
    address: str


def entry(
    meeting: Meeting,
    method: Method,
    *,
    attendee: Attendee | None = None,
    description: str = "",
) -> str:
    """Return a meeting as iCalendar text with one event, its zone, and whom it is for.

    The UID never changes, and SEQUENCE is the meeting's: a calendar so knows the same entry anew.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(_event(meeting, method, attendee, description))
    calendar.add_missing_timezones()
    text: str = calendar.to_ical().decode()
    return text


def hours_of(starts_at: datetime, ends_at: datetime) -> str:
    """Write from when to when: "pukul 09.00 - 12.00 WITA", and the day if it ends on another."""
    zone = formatting.zone_name()
    began, ends = formatting.clock_time(starts_at), formatting.clock_time(ends_at)
    if formatting.days_between(starts_at, ends_at) == 0:
        return f"pukul {began} - {ends} {zone}"
    return f"pukul {began} {zone} sampai {formatting.long_date(ends_at)} pukul {ends} {zone}"


def one_line(text: str) -> str:
    """Return text without line breaks and control characters, however long."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def web_address(url: str) -> str:
    """Return a link as it may be offered; "" for anything but an ordinary web address."""
    url = one_line(url)
    is_web = searchable(url).startswith(("https://", "http://")) and " " not in url
    return url if is_web else ""


def uid_of(meeting: Meeting) -> str:
    """Return what an entry is known by, for as long as there are calendars."""
    host = urlsplit(settings.public_url("/")).hostname or "localhost"
    return f"rapat-{meeting.id}@{host}"


def organiser_address() -> str:
    """Return the office's real address: where an answer by mail is read."""
    given = mail_settings()
    return parseaddr(given.reply_to or given.sender)[1]


def _event(meeting: Meeting, method: Method, attendee: Attendee | None, description: str) -> Event:
    is_cancelled = method is Method.CANCEL
    event = Event()
    event.add("uid", uid_of(meeting))
    event.add("dtstamp", clock.now())
    event.add("sequence", meeting.sequence)
    event.add("dtstart", clock.local(meeting.starts_at).replace(microsecond=0))
    event.add("dtend", clock.local(meeting.ends_at).replace(microsecond=0))
    event.add("summary", one_line(meeting.title))
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE")
    if place := one_line(meeting.place or meeting.video_url):
        event.add("location", place)
    if description:
        event.add("description", description)
    if url := web_address(meeting.video_url):
        event.add("url", url)
        event.conferences = [Conference(url, feature="VIDEO", label="Rapat daring")]
    event.add("organizer", _person(_organiser_name(), organiser_address()))
    if attendee is not None:
        event.add("attendee", _invited(attendee, is_asked=not is_cancelled))
    return event


def _invited(attendee: Attendee, *, is_asked: bool) -> vCalAddress:
    person = _person(attendee.name, attendee.address)
    person.params["CUTYPE"] = vText("INDIVIDUAL")
    person.params["ROLE"] = vText("REQ-PARTICIPANT")
    person.params["PARTSTAT"] = vText("NEEDS-ACTION")
    person.params["RSVP"] = vText("TRUE" if is_asked else "FALSE")
    return person


def _person(name: str, address: str) -> vCalAddress:
    person = vCalAddress(f"mailto:{one_line(address).replace(' ', '')}")
    person.params["CN"] = vText(one_line(name).replace('"', "'"))
    return person


def _organiser_name() -> str:
    given = mail_settings()
    return parseaddr(given.reply_to or given.sender)[0] or ORGANISER
