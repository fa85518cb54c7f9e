"""What a mail says to calendars: iCalendar text (RFC 5545), sent as an invitation (RFC 6047)."""

import re

FILE_NAME = "undangan.ics"
METHODS = ("REQUEST", "CANCEL")
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r$", re.MULTILINE)
_LINE_END = re.compile(r"\r\n|\r|\n")


def as_sent(calendar: str) -> str:
    """Return iCalendar text with the line ends that it goes out with.

    Raises ValueError where it is no calendar, or says neither METHOD:REQUEST nor METHOD:CANCEL.
    """
    text = _LINE_END.sub("\r\n", calendar).strip() + "\r\n"
    if not (text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("\r\nEND:VCALENDAR\r\n")):
        raise ValueError("the calendar part of a mail is no VCALENDAR")
    if method_of(text) not in METHODS:
        raise ValueError("the calendar part of a mail neither requests nor cancels")
    return text


def method_of(calendar: str) -> str:
    """Return what a calendar is asked to do; empty where it does not say."""
    found = _METHOD.search(calendar)
    return found.group(1) if found else ""
