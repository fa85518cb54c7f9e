"""The working copy of an open round: which fields it has, how each is read and where it is kept.

What is saved of them, and what is a conflict, is decided in `core.working_copy`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy.orm.attributes import flag_modified

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidTransition, NotPermitted
from app.core.working_copy import Save, Saved, mark, read_text, save_fields
from app.followups import answers, policy
from app.followups.answers import AnswerSpec
from app.followups.machine import AT_AGENCY
from app.followups.models import Evidence, FollowUp, Round

DESCRIBED = ("document_date", "document_number", "caption")


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
    stored = {name: text for name, text in fields_of(spec, round_).items() if writable(name)}
    return save_fields(
        round_,
        stored,
        save,
        actor,
        clock.now(),
        read=lambda name, text: _read(spec, name, text),
        store=lambda changed: _store(round_, changed),
    )


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
    if name.startswith("answer-"):
        text = text.replace("\r\n", "\n")
        kept = answers.canonical(spec, text) if name.endswith("-value") else text.strip()
        return kept[: answers.MAX_TEXT], None
    if name.endswith("-document_date"):
        day = read_day(text)
        if text.strip() and day is None:
            return None, f"“{text.strip()[:20]}” bukan tanggal. Tulis misalnya 15/01/2026."
        return ("" if day is None else day.isoformat()), None
    return read_text(name, text)


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


def write_in(round_: Round, actor: Actor, changed: Mapping[str, str], *, tab: str = "") -> None:
    """Write fields of an open round (`evidence` loaded), marked as that person's words."""
    _store(round_, changed)
    mark(round_, changed, actor, clock.now(), tab)


def _store(round_: Round, changed: Mapping[str, str]) -> None:
    pieces = {str(piece.id): piece for piece in round_.evidence}
    for name, text in changed.items():
        if name.startswith("answer-"):
            _, year, part = name.split("-")
            round_.answer.setdefault(year, {})[part] = text
            flag_modified(round_, "answer")
        elif name.startswith("evidence-"):
            _, evidence_id, part = name.split("-")
            _describe(pieces[evidence_id], part, text)
        else:
            setattr(round_, name, text)


def _describe(piece: Evidence, part: str, text: str) -> None:
    if part == "document_date":
        piece.document_date = date.fromisoformat(text) if text else None
    else:
        setattr(piece, part, text)
