"""The working copy of an open round: saved field by field, never overwriting another's words.

Each save says what the page last saw: `draft_no`, and for each field a fingerprint of the words
that the page was shown. A field that the person did not touch is left as it is now; one that
somebody else changed meanwhile is a conflict, and both texts are shown.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm.attributes import flag_modified

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidTransition, NotPermitted
from app.followups import answers, policy
from app.followups.answers import AnswerSpec
from app.followups.machine import AT_AGENCY
from app.followups.models import Evidence, FollowUp, Round

MAX_NOTE = 10_000
DESCRIBED = ("document_date", "document_number", "caption")
FINGERPRINT = 10


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


def fields_of(spec: AnswerSpec, round_: Round) -> dict[str, str]:
    """Return the working copy as `{field name: text}` (`evidence` loaded)."""
    found = {}
    for year in spec.years:
        given = round_.answer.get(year, {})
        found[answers.field_name(year, "value")] = given.get("value", "")
        if spec.has_detail:
            found[answers.field_name(year, "detail")] = given.get("detail", "")
    found["note"] = round_.note
    found["no_evidence_reason"] = round_.no_evidence_reason
    for piece in round_.evidence:
        for part in DESCRIBED:
            value = getattr(piece, part)
            text = value.isoformat() if isinstance(value, date) else value or ""
            found[f"evidence-{piece.id}-{part}"] = text
    return found


def fingerprints(fields: Mapping[str, str]) -> dict[str, str]:
    """Return a short fingerprint of each field's words."""
    return {
        name: hashlib.blake2s(text.encode(), digest_size=FINGERPRINT // 2).hexdigest()
        for name, text in fields.items()
    }


def read_base(text: str) -> dict[str, str]:
    """Read the fingerprints that a page sends back; what cannot be read counts as not seen."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): str(value) for name, value in found.items()}


def save_draft(
    follow_up: FollowUp, round_: Round, spec: AnswerSpec, actor: Actor, save: Save
) -> Saved:
    """Save what changed. The follow-up's row is locked, the round's evidence loaded.

    Raises `InvalidTransition` where the round is no longer open, `NotPermitted` where the person
    may not write in it. A field in conflict, or with a fault, is left as it was; all others are
    saved.
    """
    if follow_up.state not in AT_AGENCY or round_.submitted_at is not None:
        raise InvalidTransition("Jawaban ini sudah dikirim, sehingga tidak dapat diubah lagi.")
    if not policy.can_add_evidence(actor, follow_up):
        raise NotPermitted("Jawaban ini diisi oleh instansi penanggung jawab.")
    writable = _writable(follow_up, round_, actor)
    stored = fields_of(spec, round_)
    conflicts: list[Conflict] = []
    faults: dict[str, str] = {}
    changed: dict[str, str] = {}
    for name in (name for name in stored if name in save.fields and writable(name)):
        typed, fault = _read(spec, name, save.fields[name])
        if fault is not None:
            faults[name] = fault
        if typed is None or not _was_edited(name, typed, stored[name], save):
            continue
        if _is_others(round_, name, save, actor):
            conflicts.append(Conflict(name, mine=typed, saved=stored[name]))
        else:
            changed[name] = typed
    others_wrote = any(_is_others(round_, name, save, actor) for name in round_.draft_marks)
    if changed:
        write_in(round_, actor, changed, tab=save.tab)
    seen = fingerprints({**stored, **changed})
    settled = {*changed, *(conflict.field for conflict in conflicts)}
    base = {
        name: seen[name] if name in settled else save.base.get(name, seen[name]) for name in seen
    }
    return Saved(round_.draft_no, base, round_.draft_at, conflicts, faults, others_wrote)


def _was_edited(name: str, typed: str, stored: str, save: Save) -> bool:
    """Tell whether the person changed a field: it differs from what is saved and was shown."""
    return typed != stored and fingerprints({name: typed})[name] != save.base.get(name)


def _writable(follow_up: FollowUp, round_: Round, actor: Actor) -> Callable[[str], bool]:
    if policy.can_answer(actor, follow_up):
        return lambda _name: True
    own = {
        f"evidence-{piece.id}-{part}"
        for piece in round_.evidence
        if policy.can_change_evidence(actor, follow_up, piece)
        for part in DESCRIBED
    }
    return own.__contains__


def _read(spec: AnswerSpec, name: str, text: str) -> tuple[str | None, str | None]:
    """Return the text to keep (None: keep nothing of it) and what is wrong with it."""
    text = text.replace("\r\n", "\n")
    if name.startswith("answer-"):
        kept = answers.canonical(spec, text) if name.endswith("-value") else text.strip()
        return kept[: answers.MAX_TEXT], None
    if name.endswith("-document_date"):
        day = read_day(text)
        if text.strip() and day is None:
            return None, f"“{text.strip()[:20]}” bukan tanggal. Tulis misalnya 15/01/2026."
        return ("" if day is None else day.isoformat()), None
    if len(text) > MAX_NOTE:
        return text.strip()[:MAX_NOTE], f"Paling panjang {MAX_NOTE} huruf; sisanya tidak disimpan."
    return text.strip(), None


def read_day(text: str) -> date | None:
    """Read a day as a date field sends it (2026-01-15) or as people write it (15/01/2026)."""
    text = text.strip()
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return day if day.year >= 1945 else None
    return None


def _is_others(round_: Round, name: str, save: Save, actor: Actor) -> bool:
    """Tell whether somebody else, or another tab, changed the field since the page saw it."""
    mark = round_.draft_marks.get(name)
    if mark is None:
        return False
    number, user_id, tab = mark
    return number > save.draft_no and [user_id, tab] != [actor.user_id, save.tab]


def write_in(round_: Round, actor: Actor, changed: Mapping[str, str], *, tab: str = "") -> None:
    """Write fields of an open round (`evidence` loaded), marked as that person's words."""
    round_.draft_no += 1
    round_.draft_at = clock.now()
    round_.draft_by_id = actor.user_id
    pieces = {str(piece.id): piece for piece in round_.evidence}
    for name, text in changed.items():
        if name.startswith("answer-"):
            _, year, part = name.split("-")
            round_.answer.setdefault(year, {})[part] = text
        elif name.startswith("evidence-"):
            _, evidence_id, part = name.split("-")
            _describe(pieces[evidence_id], part, text)
        else:
            setattr(round_, name, text)
        round_.draft_marks[name] = [round_.draft_no, actor.user_id, tab]
    flag_modified(round_, "answer")
    flag_modified(round_, "draft_marks")


def _describe(piece: Evidence, part: str, text: str) -> None:
    if part == "document_date":
        piece.document_date = date.fromisoformat(text) if text else None
    else:
        setattr(piece, part, text)
