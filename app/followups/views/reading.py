"""Pieces of a follow-up's page: kinds of evidence, differences, what events say."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from app.core import formatting, settings
from app.core.storage import formats
from app.followups.labels import EVENT_LABELS, OUTCOME_LABELS
from app.followups.models import Evidence, Review, Round
from app.history.models import Event
from app.history.timeline import told

LONGEST_DIFF = 4_000
RESTRICTED = "Berkas terbatas"

EVENT_STATES = {
    "follow_up_created": "draft",
    "follow_up_dispatched": "assigned",
    "follow_up_submitted": "submitted",
    "follow_up_returned": "returned",
    "follow_up_reopened": "returned",
    "follow_up_accepted": "closed",
    "follow_up_cancelled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A kind of evidence that the answer can be proven with. `formats` are file endings."""

    code: str
    label: str
    formats: Sequence[str]
    required: bool
    pieces: Sequence[Evidence]

    @property
    def takes_links(self) -> bool:
        """Tell whether a link is offered as this kind."""
        return formats.LINK in self.formats

    @property
    def accept(self) -> str:
        """Return the file endings as a file field names them."""
        return formats.accept(self.formats)

    @property
    def limits(self) -> str:
        """Say before choosing what is taken."""
        endings = ", ".join(ending.upper() for ending in self.formats if ending != formats.LINK)
        size = formatting.file_size(settings.MAX_FILE_BYTES)
        return f"{endings or 'PDF, JPG, PNG'}, paling besar {size} setiap berkas."


def live_reviews(round_: Round) -> list[Review]:
    """Return the decisions on a round that were not undone."""
    return [review for review in round_.reviews if review.undone_at is None]


def difference(before: str, after: str) -> tuple[Any, Any]:
    """Return both texts in pieces, word by word: same, removed from the first, added to the second.

    Long texts come back whole: marking them would cost more than it shows.
    """
    if before == after or not before or not after or len(before) + len(after) > LONGEST_DIFF:
        return before, after
    old, new = before.split(" "), after.split(" ")
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = kind == "equal"
        if i < j:
            left.append(("same" if same else "removed", " ".join(old[i:j]) + " "))
        if k < m:
            right.append(("same" if same else "added", " ".join(new[k:m]) + " "))
    return left, right


def event_detail(event: Event, unnamed: Collection[int] = ()) -> str:
    """Return what an event changed, in words."""
    payload = event.payload
    parts = []
    if payload.get("by_word"):
        parts.append("Disampaikan lisan oleh instansi, dicatat DP3A.")
    elif payload.get("on_behalf"):
        parts.append("Diisi DP3A atas nama instansi (jemput bola).")
    if "due_at" in payload and event.verb != "follow_up_created":
        due = formatting.due(datetime.fromisoformat(payload["due_at"]), long=True)
        parts.append(f"Batas waktu {due}.")
    if payload.get("outcome"):
        labels = {outcome.value: label for outcome, label in OUTCOME_LABELS.items()}
        parts.append(f"Hasil: {labels.get(payload['outcome'], payload['outcome'])}.")
    for key, said in (("added", "Ditambah"), ("removed", "Dikurangi")):
        if payload.get(key):
            parts.append(f"{said}: {', '.join(payload[key])}.")
    if payload.get("internal"):
        parts.append("Hanya untuk DP3A.")
    if payload.get("name"):
        hidden = payload.get("evidence_id") in unnamed
        parts.append(RESTRICTED if hidden else str(payload["name"]))
    if payload.get("words"):
        parts.append(f"“{payload['words']}”")
    return " ".join(parts)


def _place(event: Event) -> dict[str, str]:
    """Return in which meeting it was decided, where it was in one."""
    payload = event.payload
    if not payload.get("at"):
        return {}
    verb = "disampaikan" if event.verb == "follow_up_submitted" else "diputuskan"
    return {"place": payload["at"], "place_url": payload.get("at_url", ""), "placed": verb}


def timeline(events: Sequence[Event], unnamed: Collection[int] = ()) -> list[dict[str, Any]]:
    """Return events as the timeline reads them, in the order given.

    `unnamed` are the pieces of evidence that are not called by their names.
    """
    return [
        told(event, EVENT_LABELS.get(event.verb, event.verb), event_detail(event, unnamed))
        | {"state": EVENT_STATES.get(event.verb, ""), **_place(event)}
        for event in events
    ]
