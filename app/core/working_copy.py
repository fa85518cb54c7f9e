"""Working copies: what people type together, saved field by field, never silently overwritten.

A row that holds one inherits `WorkingCopy` and has its columns. What is typed in it is *fields*:
`{name: text}`, the names of the form's controls. The room says which fields there are, how a text
is read and where it is kept; this module decides which texts are saved (ADR 4):

    def save_agenda_item(item: AgendaItem, actor: Actor, save: Save) -> Saved:
        def store(changed: Mapping[str, str]) -> None:
            for name, text in changed.items():
                setattr(item, name, text)

        stored = {"notes": item.notes}
        return save_fields(item, stored, save, actor, clock.now(), read=read_text, store=store)

* `Save(fields, draft_no=0, base={}, tab="")`: what a page sends. `core.drafting.typed()` reads it
  from the request; the form's hidden fields are `draft_fields(row, base)` of
  `components/drafts.html`, where `base` is `fingerprints(fields)` of the fields as shown.
* `save_fields(row, stored, save, actor, at, *, read, store) -> Saved`: the row is locked. `stored`
  are the fields as they are now, and only those that this person may write; what else
  `save.fields` has is ignored. `read(name, typed) -> (text to keep or None, fault or None)`;
  `read_text` is one, `functools.partial(read_text, limit=20_000)` the same for longer words.
  `store(changed)` keeps what is to be saved, called once and only where something is.
* `Saved(draft_no, base, saved_at, conflicts, faults, others_wrote)`: `core.drafting.status_line`
  says it in words; a conflict is `Conflict(field, mine, saved)`.
* `mark(row, names, actor, at, tab="")`: fields were written without a page, as by an import.
* `touch(row, actor, at)`: the working copy changed in another way, as by a file added to it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.core.actor import Actor

MAX_TEXT = 10_000
FINGERPRINT = 10

Read = Callable[[str, str], tuple[str | None, str | None]]
"""Take a field's name and what was typed; return the text to keep and what is wrong with it."""


class WorkingCopy:
    """The columns of a row whose words are a working copy."""

    draft_no: Mapped[int] = mapped_column(default=0)
    draft_at: Mapped[datetime | None]
    draft_marks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{field: [draft_no, user id, tab]}`: who last changed each field."""

    @declared_attr
    def draft_by_id(cls) -> Mapped[int | None]:  # noqa: N805 - the class that has the column
        """Return the column of who wrote last."""
        return mapped_column(ForeignKey("users.id"))


@dataclass(frozen=True, slots=True)
class Save:
    """What a page sends: the fields as typed, and what it had seen."""

    fields: Mapping[str, str]
    draft_no: int = 0
    base: Mapping[str, str] = field(default_factory=dict)
    tab: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two wrote: what this page sent, and what is saved."""

    field: str
    mine: str
    saved: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save. `base` is what the page has seen now, for its next one."""

    draft_no: int
    base: dict[str, str]
    saved_at: datetime | None
    conflicts: list[Conflict]
    faults: dict[str, str]
    others_wrote: bool


def save_fields(
    row: WorkingCopy,
    stored: Mapping[str, str],
    save: Save,
    actor: Actor,
    at: datetime,
    *,
    read: Read,
    store: Callable[[Mapping[str, str]], None],
) -> Saved:
    """Save what this person changed, and nothing else. A field in conflict stays as it was."""
    conflicts: list[Conflict] = []
    faults: dict[str, str] = {}
    changed: dict[str, str] = {}
    for name in (name for name in stored if name in save.fields):
        typed, fault = read(name, save.fields[name])
        if fault is not None:
            faults[name] = fault
        if typed is None or not _was_edited(name, typed, stored[name], save):
            continue
        if _is_others(row, name, save, actor):
            conflicts.append(Conflict(name, mine=typed, saved=stored[name]))
        else:
            changed[name] = typed
    others_wrote = any(_is_others(row, name, save, actor) for name in row.draft_marks)
    if changed:
        store(changed)
        mark(row, changed, actor, at, save.tab)
    seen = fingerprints({**stored, **changed})
    settled = {*changed, *(conflict.field for conflict in conflicts)}
    base = {
        name: seen[name] if name in settled else save.base.get(name, seen[name]) for name in seen
    }
    return Saved(row.draft_no, base, row.draft_at, conflicts, faults, others_wrote)


def mark(row: WorkingCopy, names: Iterable[str], actor: Actor, at: datetime, tab: str = "") -> None:
    """Note who changed some fields, and in which tab."""
    touch(row, actor, at)
    written = [row.draft_no, actor.user_id, tab]
    row.draft_marks = {**row.draft_marks, **dict.fromkeys(names, written)}


def touch(row: WorkingCopy, actor: Actor, at: datetime) -> None:
    """Note that a working copy is no longer what pages have seen, and who changed it."""
    row.draft_no += 1
    row.draft_at = at
    row.draft_by_id = actor.user_id


def fingerprints(fields: Mapping[str, str]) -> dict[str, str]:
    """Return a short fingerprint of each field's words."""
    return {
        name: hashlib.blake2s(text.encode(), digest_size=FINGERPRINT // 2).hexdigest()
        for name, text in fields.items()
    }


def is_unchanged(save: Save, name: str) -> bool:
    """Tell whether a page sends a field just as it was shown."""
    return fingerprints({name: save.fields[name]})[name] == save.base.get(name)


def read_base(text: str) -> dict[str, str]:
    """Read the fingerprints that a page sends back; what cannot be read counts as not seen."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(value) for name, value in found.items()}


def read_text(_name: str, text: str, limit: int = MAX_TEXT) -> tuple[str, str | None]:
    """Read plain words: without the space around them, and no more than is kept."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > limit:
        return text[:limit], f"Paling panjang {limit} huruf; sisanya tidak disimpan."
    return text, None


def _was_edited(name: str, typed: str, stored: str, save: Save) -> bool:
    """Tell whether the person changed a field: it differs from what is saved and was shown."""
    return typed != stored and fingerprints({name: typed})[name] != save.base.get(name)


def _is_others(row: WorkingCopy, name: str, save: Save, actor: Actor) -> bool:
    """Tell whether somebody else, or another tab, changed the field since the page saw it."""
    mark = row.draft_marks.get(name)
    if mark is None:
        return False
    number, user_id, tab = mark
    return number > save.draft_no and [user_id, tab] != [actor.user_id, save.tab]
