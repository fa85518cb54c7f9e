"""What is written while people talk: opening, notes of each agenda item, closing."""

import re
from collections.abc import Mapping

from app.core import clock
from app.core.actor import Actor
from app.core.working_copy import Save, Saved, read_text, save_fields
from app.history.services import record
from app.meetings.models import (
    MAX_NOTES,
    AgendaItem,
    AgendaOutcome,
    Meeting,
)
from app.meetings.services.guarding import require_writable

AGENDA_MARKED = "agenda_item_marked"
WORDS = ("opening", "closing")

# What word processors and chats put into plain text.
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_JOINER = re.compile("(?<![\ufe0f\U0001f000-\U0001faff])\u200d")
_BULLET = re.compile(
    "(?m)^[ \t\u00a0]*(?:[•‣▪▫■□●○◦∙·➢➤✓\uf0b7\uf0a7\uf0d8\uf0fc\u2013\u2014]|o(?=\t))[ \t\u00a0]*"
)
_EMPHASIS = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^*_~\n]+?)(?<=\S)\1(?![\w*_~])")
_TRAILING = re.compile("(?m) +$")
_GAPS = re.compile("\n{3,}")


def plain_text(text: str) -> str:
    """Return pasted words as plain paragraphs: lines stay, formatting and odd spaces go.

    Bullets of any kind become "- "; what a chat writes as *bold* or _italic_ becomes plain. What
    is plain already stays as it is.
    """
    before, text = None, _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    while text != before:  # one sign may hide another, as in *_both_*
        before = text
        text = _SPACES.sub(" ", _BULLET.sub("- ", _JOINER.sub("", text)))
        text = _GAPS.sub("\n\n", _TRAILING.sub("", _EMPHASIS.sub(r"\2", text))).strip()
    return text


def one_line(text: str) -> str:
    """Return words as one line: what heads a list or stands in a mail's subject."""
    return " ".join(plain_text(text).split())


def read_plain(name: str, typed: str, limit: int = MAX_NOTES) -> tuple[str, str | None]:
    """Read a field of paragraphs, as working copies do."""
    return read_text(name, plain_text(typed), limit)


def save_words(meeting: Meeting, actor: Actor, save: Save) -> Saved:
    """Save the opening and closing words of a locked meeting."""
    require_writable(meeting, actor)

    def store(changed: Mapping[str, str]) -> None:
        for name, text in changed.items():
            setattr(meeting, name, text)

    stored = {name: getattr(meeting, name) for name in WORDS}
    return save_fields(meeting, stored, save, actor, clock.now(), read=read_plain, store=store)


def save_notes(meeting: Meeting, item: AgendaItem, actor: Actor, save: Save) -> Saved:
    """Save the notes of one agenda item of a locked meeting."""
    require_writable(meeting, actor)

    def store(changed: Mapping[str, str]) -> None:
        item.notes = changed["notes"]

    stored = {"notes": item.notes}
    return save_fields(item, stored, save, actor, clock.now(), read=read_plain, store=store)


def mark_agenda_item(
    meeting: Meeting, item: AgendaItem, actor: Actor, outcome: AgendaOutcome
) -> None:
    """Say what became of an agenda item of a locked meeting."""
    require_writable(meeting, actor)
    if item.outcome is outcome:
        return
    item.outcome = outcome
    record(
        actor,
        AGENDA_MARKED,
        meeting_id=meeting.id,
        words=item.title,
        outcome=outcome.value,
    )
