"""Action items as the meeting writes them: what, for whom, until when, resting on what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from app.agencies.models import Agency
from app.agencies.services.naming import find_agency, find_supporters
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition
from app.core.working_copy import Save, Saved, is_unchanged, read_text, save_fields
from app.followups.models import MAX_TEXT, MAX_TITLE
from app.followups.services.drafts import read_day
from app.history.services import record
from app.meetings.models import (
    MAX_LINE,
    AgendaItem,
    Meeting,
    MeetingActionItem,
)
from app.meetings.queries import addressing
from app.meetings.queries.addressing import Addressees, Directory, cluster_name, group_name
from app.meetings.queries.live import decisions_of
from app.meetings.queries.minutes import split_names
from app.meetings.services.guarding import require_writable
from app.meetings.services.writing import one_line, plain_text

ADDED, REMOVED = "action_item_added", "action_item_removed"
MOVED = "action_item_moved"
PROPOSED = timedelta(days=14)
BLANK = "Tuliskan apa yang diminta."
KEEP_BLANK = "Tindak lanjut tidak boleh kosong. Hapus bila tidak jadi."
FIELDS = ("title", "expected_proof", "addressee", "supporters", "due_on", "decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be done, as it was typed."""

    title: str
    addressee: str = ""
    expected_proof: str = ""
    supporters: str = ""
    due_on: date | None = None


def add_action_item(
    meeting: Meeting, item: AgendaItem | None, wish: Wish, actor: Actor
) -> MeetingActionItem:
    """Add an action item of a locked meeting (`cycle` loaded). Raises `InvalidInput` at a field.

    An addressee that nobody goes by is no fault: it stays as it was typed.
    """
    require_writable(meeting, actor)
    title = one_line(wish.title)
    if not title:
        raise InvalidInput(BLANK, "title")
    for name, text, longest in (
        ("title", title, MAX_TITLE),
        ("expected_proof", wish.expected_proof, MAX_TEXT),
        ("addressee", wish.addressee, MAX_LINE),
        ("supporters", wish.supporters, MAX_TEXT),
    ):
        if len(text) > longest:
            raise InvalidInput(f"Paling panjang {longest} huruf.", name)
    action = MeetingActionItem(
        meeting_id=meeting.id,
        agenda_item_id=item.id if item else None,
        decision_id=_last_decision(meeting, item),
        title=title,
        expected_proof=plain_text(wish.expected_proof),
        supporters=one_line(wish.supporters),
        due_on=wish.due_on,
        created_at=clock.now(),
        draft_no=0,
        draft_marks={},
        agency=None,
        group=None,
    )
    if wish.addressee.strip():
        address(action, wish.addressee, addressing.known_addressees(meeting.cycle, spellings=True))
    db.session.add(action)
    db.session.flush()
    record(actor, ADDED, meeting_id=meeting.id, words=title, addressee=action.addressee)
    return action


def _last_decision(meeting: Meeting, item: AgendaItem | None) -> int | None:
    """Return what an action item most likely rests on: the last decision of its agenda item."""
    place = item.id if item else None
    here = [row.id for row in decisions_of(meeting.id) if row.agenda_item_id == place]
    return here[-1] if here else None


def address(action: MeetingActionItem, typed: str, known: Addressees) -> None:
    """Note whom an action item is for; what nobody goes by stays as it was typed."""
    typed = one_line(typed)[:MAX_LINE]
    action.addressee, action.agency, action.group, action.cluster_code = typed, None, None, None
    agency = _agency_exactly(typed, known)
    if agency is None and (group := known.group_for(typed)) is not None:
        action.group, action.addressee = group, group_name(group)
    elif agency is None and (code := known.cluster_for(typed)) is not None:
        action.cluster_code, action.addressee = code, cluster_name(code, known.clusters[code])
    elif agency is not None or (agency := _agency(typed, known)) is not None:
        action.agency, action.addressee = agency, agency.short_name
    # What asks whom it is for does not wait for the flush.
    action.agency_id = action.agency.id if action.agency else None
    action.group_id = action.group.id if action.group else None


def _agency_exactly(typed: str, known: Addressees) -> Agency | None:
    """Return the agency whose code or short name was typed: before any group's name."""
    folded = typed.casefold()
    for agency in known.agencies:
        if folded in (agency.code.casefold(), agency.short_name.casefold()):
            return agency
    return None


def _agency(typed: str, known: Addressees) -> Agency | None:
    try:
        return find_agency(typed, known.agencies, "addressee")
    except InvalidInput:
        return None


def doubt_about(action: MeetingActionItem, directory: Directory) -> str:
    """Say in a sentence what cannot be sent as it is; nothing where all is understood."""
    try:
        if action.addressee and not is_addressed(action):
            find_agency(action.addressee, directory.known.agencies, "addressee")
        if action.supporters:
            supporters_of(action, directory.known)
    except InvalidInput as doubt:
        return doubt.message
    return ""


def is_addressed(action: MeetingActionItem) -> bool:
    """Tell whether it is known whom an action item is for."""
    return (action.agency_id, action.group_id, action.cluster_code) != (None, None, None)


def supporters_of(action: MeetingActionItem, known: Addressees) -> list[Agency]:
    """Return the agencies that help the one addressed. Raises `InvalidInput` at `supporters-n`.

    What is addressed to several agencies has no supporters.
    """
    if action.agency_id is None:
        return []
    names = split_names(action.supporters)
    return find_supporters(names, known.agencies, action.agency_id, "supporters")


def save_action_item(
    meeting: Meeting, action: MeetingActionItem, actor: Actor, save: Save, directory: Directory
) -> Saved:
    """Save the fields of an action item of a locked meeting.

    Raises `InvalidTransition` where it was sent: its follow-ups are changed there.
    """
    require_writable(meeting, actor)
    require_unsent(action)

    def store(changed: Mapping[str, str]) -> None:
        for name, text in changed.items():
            if name == "addressee":
                address(action, text, directory.known)
            elif name == "due_on":
                action.due_on = date.fromisoformat(text) if text else None
            elif name == "decision":
                action.decision_id = ids.get(text)
            else:
                setattr(action, name, text)

    stored, ids = fields_of(action), _numbered(meeting, action, save)
    by_id = {decision_id: number for number, decision_id in ids.items()}
    stored["decision"] = by_id.get(action.decision_id, "")
    read = partial(_read, ids)
    return save_fields(action, stored, save, actor, clock.now(), read=read, store=store)


def _numbered(meeting: Meeting, action: MeetingActionItem, save: Save) -> dict[str, int | None]:
    """Return the ids of decisions by number; where the basis was left alone, of that one alone."""
    typed = save.fields.get("decision", "")
    if "decision" not in save.fields or is_unchanged(save, "decision"):
        return {typed: action.decision_id}
    return {str(number): row.id for number, row in enumerate(decisions_of(meeting.id), 1)}


def fields_of(action: MeetingActionItem, number: int | None = None) -> dict[str, str]:
    """Return the working copy of an action item as `{field name: text}`.

    `number` is that of the decision that it rests on, as people say it.
    """
    return {
        "title": action.title,
        "expected_proof": action.expected_proof,
        "addressee": action.addressee,
        "supporters": action.supporters,
        "due_on": action.due_on.isoformat() if action.due_on else "",
        "decision": str(number or ""),
    }


def _read(ids: Mapping[str, int | None], name: str, typed: str) -> tuple[str | None, str | None]:
    """Return the text to keep (None: keep nothing of it) and what is wrong with it."""
    if name == "title":
        text, fault = read_text(name, one_line(typed), MAX_TITLE)
        return (text, fault) if text else (None, KEEP_BLANK)
    if name == "due_on":
        day = read_day(typed)
        if typed.strip() and day is None:
            return None, f"“{typed.strip()[:20]}” bukan tanggal. Tulis misalnya 15/01/2026."
        return ("" if day is None else day.isoformat()), None
    if name == "decision":
        return _read_number(ids, typed.strip())
    if name == "expected_proof":
        return read_text(name, plain_text(typed), MAX_TEXT)
    longest = MAX_LINE if name == "addressee" else MAX_TEXT
    return read_text(name, one_line(typed), longest)


def _read_number(ids: Mapping[str, int | None], typed: str) -> tuple[str | None, str | None]:
    number = typed.lstrip("0")
    if not number or number in ids:
        return number, None
    known = f"Nomornya 1 sampai {len(ids)}." if ids else "Belum ada keputusan."
    return None, f"Tidak ada keputusan nomor {typed[:9]}. {known}"


def move_action_item(
    meeting: Meeting, action: MeetingActionItem, item: AgendaItem | None, actor: Actor
) -> None:
    """Move an action item of a locked meeting to another agenda item, before it is sent."""
    require_writable(meeting, actor)
    require_unsent(action)
    place = item.id if item else None
    if action.agenda_item_id == place:
        return
    action.agenda_item_id = place
    record(actor, MOVED, meeting_id=meeting.id, words=action.title, addressee=action.addressee)


def remove_action_item(meeting: Meeting, action: MeetingActionItem, actor: Actor) -> None:
    """Take an action item out of a locked meeting, before it is sent."""
    require_writable(meeting, actor)
    require_unsent(action)
    record(actor, REMOVED, meeting_id=meeting.id, words=action.title, addressee=action.addressee)
    db.session.delete(action)


def require_unsent(action: MeetingActionItem) -> None:
    """Refuse to change what its agency has. Raises `InvalidTransition`."""
    if action.sent_at is not None:
        raise InvalidTransition(
            "Tindak lanjut ini sudah dikirim ke instansi. Perubahannya dilakukan pada tindak"
            " lanjutnya."
        )
