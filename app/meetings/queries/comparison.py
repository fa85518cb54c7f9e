"""What differs between two texts of minutes: by agenda item, decision and action item, in words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from app.core import formatting
from app.meetings.labels import (
    AGENDA_LABELS,
    CARRIED_LABELS,
    PRESENCE_LABELS,
)
from app.meetings.models import AgendaOutcome, CarriedOutcome, Presence

SAME, ADDED, REMOVED = "same", "added", "removed"
Piece = tuple[str, str]
"""What became of some words, and the words."""
Fields = Sequence[tuple[str, str]]
"""(label, text) of what is said about one thing."""
Entry = Mapping[str, Any]

LONG = 4_000_000
"""Texts whose lengths multiply to more are compared line by line."""
_WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One field that is not as it was; `pieces` run on as one text."""

    label: str
    pieces: Sequence[Piece]

    @property
    def before(self) -> str:
        """Return the words as they were."""
        return "".join(text for kind, text in self.pieces if kind != ADDED).strip()

    @property
    def after(self) -> str:
        """Return the words as they are."""
        return "".join(text for kind, text in self.pieces if kind != REMOVED).strip()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new, gone, or says something else than before."""

    title: str
    kind: str
    """`added`, `removed`, or `changed`."""
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the minutes in which something differs."""

    title: str
    changes: Sequence[Change]


def compare(before: Entry, after: Entry) -> list[Part]:
    """Return the parts of two texts (`minutes.content_of`) that differ, in the minutes' order.

    A part that one of them does not have (what was read out has only decisions and action items)
    is not compared.
    """
    parts = [
        _part("Keterangan", _whole(before, after, _particulars)),
        _part("Pembukaan", _whole(before, after, _text_of("opening"))),
        _things("Agenda", before, after, "agenda", _agenda),
        _things("Kehadiran", before, after, "attendance", _attendance),
        _things("Keputusan", before, after, "decisions", _decision),
        _things("Tindak lanjut", before, after, "actions", _action),
        _things("Tindak lanjut sebelumnya", before, after, "carried", _carried),
        _part("Penutup", _whole(before, after, _text_of("closing"))),
    ]
    return [part for part in parts if part.changes]


def words_between(before: str, after: str) -> list[Piece]:
    """Return one text in pieces: what both say, what was taken out, what was put in.

    Lines that stayed are set aside first; of the others, short ones are compared together and long
    ones line by line, so that whole pages of notes are quick.
    """
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = old[a:b], new[c:d]
        if tag == "equal":
            pieces.append((SAME, "".join(now)))
        elif len("".join(was)) * len("".join(now)) <= LONG:
            pieces += _words("".join(was), "".join(now))
        else:
            for line, other in zip_longest(was, now, fillvalue=""):
                pieces += _words(line, other)
    return _joined(pieces)


def _words(before: str, after: str) -> list[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(
        None,
        [word.strip() for word in old],
        [word.strip() for word in new],
        autojunk=len(before) * len(after) > LONG,
    )
    pieces: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            # The longer of both, for what was a last word before has no space behind it.
            kept = [max(pair, key=len) for pair in zip(old[a:b], new[c:d], strict=True)]
            pieces.append((SAME, "".join(kept)))
        else:
            pieces += [(REMOVED, "".join(old[a:b])), (ADDED, "".join(new[c:d]))]
    return pieces


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Leave out empty pieces, and make neighbours of one kind one."""
    found: list[Piece] = []
    for kind, text in pieces:
        if not text:
            continue
        if found and found[-1][0] == kind:
            found[-1] = (kind, found[-1][1] + text)
        else:
            found.append((kind, text))
    return found


# -- Things of one kind, matched by what they are


def _things(
    title: str,
    before: Entry,
    after: Entry,
    name: str,
    read: Callable[[Entry], tuple[Any, str, Fields]],
) -> Part:
    if name not in before or name not in after:
        return Part(title, [])
    was = {key: (label, fields) for key, label, fields in map(read, before[name])}
    now = {key: (label, fields) for key, label, fields in map(read, after[name])}
    changes = [
        _change(label, was[key][1] if key in was else None, fields)
        for key, (label, fields) in now.items()
    ]
    changes += [
        _change(label, fields, None) for key, (label, fields) in was.items() if key not in now
    ]
    return _part(title, changes)


def _part(title: str, changes: Iterable[Change | None]) -> Part:
    return Part(title, [change for change in changes if change is not None])


def _change(title: str, before: Fields | None, after: Fields | None) -> Change | None:
    """Return how one thing differs; None where it says the same."""
    if before is None or after is None:
        kind = REMOVED if after is None else ADDED
        only = (after if before is None else before) or []
        return Change(title, kind, [Line(label, [(kind, text)]) for label, text in only if text])
    was = dict(before)
    lines = [
        Line(label, words_between(was.get(label, ""), text))
        for label, text in after
        if was.get(label, "") != text
    ]
    return Change(title, "changed", lines) if lines else None


def _whole(
    before: Entry, after: Entry, read: Callable[[Entry], Fields | None]
) -> list[Change | None]:
    was, now = read(before), read(after)
    return [] if was is None or now is None else [_change("", was, now)]


# -- What is said of each, as fields


def _text_of(name: str) -> Callable[[Entry], Fields | None]:
    return lambda content: [("", content[name])] if name in content else None


def _particulars(content: Entry) -> Fields | None:
    about = content.get("meeting")
    if about is None:
        return None
    return [
        ("Judul", about["title"]),
        ("Nomor notulen", about["minutes_number"]),
        ("Mulai", _moment(about["starts_at"])),
        ("Selesai", _moment(about["ends_at"])),
        ("Tempat", about["place"]),
        ("Dasar", about["basis"]),
        ("Pimpinan rapat", _joined_words(about["chair_name"], about["chair_position"])),
        (
            "Notulis",
            _joined_words(about["minute_taker_name"], about["minute_taker_position"]),
        ),
    ]


def _agenda(item: Entry) -> tuple[Any, str, Fields]:
    fields = [
        ("Judul", item["title"]),
        ("Penyaji", item["presenter"]),
        ("Hasil", AGENDA_LABELS[AgendaOutcome(item["outcome"])]),
        ("Catatan", item["notes"]),
    ]
    return item.get("id", item["number"]), f"Agenda {item['number']}: {item['title']}", fields


def _decision(item: Entry) -> tuple[Any, str, Fields]:
    return item.get("id", item["number"]), f"Keputusan {item['number']}", [("", item["words"])]


def _action(item: Entry) -> tuple[Any, str, Fields]:
    fields = [
        ("Apa yang dikerjakan", item["title"]),
        ("Bukti yang diharapkan", item["expected_proof"]),
        ("Kepada", item["addressee"]),
        ("Pendukung", ", ".join(item["supporters"])),
        ("Batas waktu", _day(item["due_on"])),
        ("Ditarik kembali", item["withdrawn_reason"]),
    ]
    return item.get("id", item["number"]), f"Tindak lanjut {item['number']}", fields


def _carried(item: Entry) -> tuple[Any, str, Fields]:
    outcome = item["outcome"]
    fields = [
        ("Hasil", CARRIED_LABELS[CarriedOutcome(outcome)] if outcome else "Belum dibahas"),
        ("Yang disampaikan", item["words"]),
        ("Disampaikan oleh", item["said_by"]),
        ("Batas waktu baru", _moment(item["due_at"])),
    ]
    return item["number"], f"{item['number']} {item['agency']}: {item['title']}", fields


def _attendance(line: Entry) -> tuple[Any, str, Fields]:
    """Return what minutes show of a person: no contact, and no note on why somebody stayed away."""
    origin = line["agency"] or line["organisation"]
    fields = [
        ("Kehadiran", PRESENCE_LABELS[Presence(line["presence"])]),
        ("L/P", line["gender"] or ""),
        ("Jabatan", line["position"]),
        ("Mewakili", line["represents"]),
    ]
    return (line["name"], origin), _joined_words(line["name"], origin), fields


def _joined_words(*words: str | None) -> str:
    return ", ".join(word for word in words if word)


def _moment(written: str | None) -> str:
    return formatting.moment(datetime.fromisoformat(written)) if written else ""


def _day(written: str | None) -> str:
    return formatting.long_date(date.fromisoformat(written)) if written else ""
