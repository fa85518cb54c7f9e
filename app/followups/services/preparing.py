"""Follow-ups before they are sent: what is asked, of whom, until when.

A draft's lead and due time change through `perform`, as every follow-up's do; nobody is told.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.agencies.models import Agency
from app.agencies.services.naming import (
    Named,
    active_with_spellings,
    find_agency,
    find_supporters,
)
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, StaleVersion
from app.core.stale import fingerprint
from app.followups.machine import Action, State
from app.followups.models import MAX_TEXT, MAX_TITLE, FollowUp, Kind
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform
from app.followups.services.wording import words_to_find
from app.history.services import record

EDITED = "follow_up_edited"
BEFORE_DISPATCH = "Diubah sebelum dikirim"
SAFE_ADDRESS = re.compile(r"https?://[^\s/]+|/(?![/\\])")
"""Where a basis may lead: the web, or a page of this program (never "//elsewhere")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an officer wants of whom; agencies as they were typed, in any spelling, or their rows.

    `cycle_id` is the evaluation that an action item belongs to: the current one, if none is named.
    """

    title: str
    expected_proof: str = ""
    lead: Named
    supporters: Sequence[Named] = ()
    due_at: datetime
    basis: str = ""
    basis_url: str = ""
    cycle_id: int | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """The agencies that a task means."""

    lead: Agency
    supporters: list[Agency]


def check_wording(task: Task) -> None:
    """Refuse what cannot be asked, at the field. Raises `InvalidInput`."""
    if not task.title.strip():
        raise InvalidInput("Tuliskan apa yang diminta.", "title")
    for field, text, longest in (
        ("title", task.title, MAX_TITLE),
        ("expected_proof", task.expected_proof, MAX_TEXT),
        ("basis", task.basis, MAX_TEXT),
        ("basis_url", task.basis_url, MAX_TITLE),
    ):
        if len(text) > longest:
            raise InvalidInput(f"Paling panjang {longest} huruf.", field)
    if task.basis_url.strip() and not SAFE_ADDRESS.match(task.basis_url.strip()):
        raise InvalidInput("Tautan dimulai dengan https:// atau dengan “/”.", "basis_url")
    if task.due_at <= clock.now():
        raise InvalidInput("Batas waktu harus sesudah saat ini.", "due_on")


def known_for(tasks: Sequence[Task]) -> list[Agency]:
    """Return the agencies among which those typed are found; none where all came as rows."""
    named = (name for task in tasks for name in (task.lead, *task.supporters))
    return active_with_spellings() if any(isinstance(name, str) for name in named) else []


def resolve(task: Task, known: Sequence[Agency]) -> Resolved:
    """Return the agencies that a task names, the typed ones found among `known`.

    Raises `InvalidInput` at the one that is unknown, or takes no part any more.
    """
    lead = find_agency(task.lead, known, "lead")
    return Resolved(lead, find_supporters(task.supporters, known, lead.id, "supporters"))


def edition(follow_up: FollowUp) -> str:
    """Return a mark of what a draft says now (agency, supporters loaded): another edit moves it."""
    return fingerprint(
        follow_up.title,
        follow_up.expected_proof,
        follow_up.basis,
        follow_up.basis_url,
        follow_up.agency_id,
        follow_up.due_at.isoformat(),
        sorted(agency.id for agency in follow_up.supporters),
    )


def change_draft(
    follow_up: FollowUp, task: Task, actor: Actor, *, seen: str, send: bool = False
) -> None:
    """Change a locked draft; `seen` is the edition that the person saw, `send` dispatches it.

    Raises `InvalidTransition` where it is no draft any more, `StaleVersion` where somebody else
    changed it since, `InvalidInput` at a field.
    """
    if follow_up.state is not State.DRAFT:
        raise InvalidTransition(f"{follow_up.number} sudah dikirim, sehingga bukan konsep lagi.")
    if seen != edition(follow_up):
        raise StaleVersion(
            "Konsep ini diubah orang lain sejak halaman dibuka. Bandingkan dengan yang tersimpan"
            " di bawah; menyimpan sekali lagi menggantinya."
        )
    check_wording(task)
    meant = resolve(task, known_for([task]))
    _word(follow_up, task, meant, actor)
    if meant.lead.id != follow_up.agency_id:
        _hand_to(follow_up, meant.lead, actor)
    if task.due_at != follow_up.due_at:
        given = Particulars(words=BEFORE_DISPATCH, due_at=task.due_at)
        perform(follow_up, Action.EXTEND, actor, given)
    if send:
        perform(follow_up, Action.DISPATCH, actor)


def _hand_to(follow_up: FollowUp, lead: Agency, actor: Actor) -> None:
    given = Particulars(words=BEFORE_DISPATCH, agency_id=lead.id)
    try:
        perform(follow_up, Action.REASSIGN, actor, given)
    except InvalidInput as error:
        raise InvalidInput(error.message, "lead") from error


def _word(follow_up: FollowUp, task: Task, meant: Resolved, actor: Actor) -> None:
    changed: dict[str, list[str]] = {}
    wanted = {"title": task.title, "basis": task.basis, "basis_url": task.basis_url}
    if follow_up.kind is Kind.ACTION_ITEM:
        wanted["expected_proof"] = task.expected_proof
    for name, text in wanted.items():
        before, after = getattr(follow_up, name), text.strip() or None
        if before != after:
            setattr(follow_up, name, after)
            changed[name] = [before or "", after or ""]
    helpers = sorted(meant.supporters, key=lambda agency: (agency.short_name, agency.id))
    if {agency.id for agency in helpers} != {agency.id for agency in follow_up.supporters}:
        changed["supporters"] = [_names(follow_up.supporters), _names(helpers)]
        follow_up.supporters = helpers
    ref = follow_up.question.ref if follow_up.question else None
    follow_up.search_text = words_to_find(follow_up.number, ref, follow_up.title)
    # Before the lead changes: `perform` takes a new lead out of the supporters by itself.
    db.session.flush()
    if changed:
        record(actor, EDITED, follow_up_id=follow_up.id, changed=changed)


def _names(agencies: Sequence[Agency]) -> str:
    return ", ".join(agency.short_name for agency in agencies)
