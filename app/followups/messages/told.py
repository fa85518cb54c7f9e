"""What every mail about follow-ups says of each: loaded for a whole group at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock, formatting, settings
from app.core.db import db
from app.followups.models import FollowUp, Kind
from app.history.models import Event
from app.instruments.models import EvidenceType, Question
from app.notifications.models import Notice

NAME_LENGTH = 60
SEVERAL_OFFICERS = "DP3A"
OTHER_EVIDENCE = "Data dukung lain"


@dataclass(frozen=True)
class Told:
    """One follow-up in a mail: the row as it is now, and the event that is told of."""

    notice: Notice
    event: Event
    follow_up: FollowUp
    evidence_labels: dict[str, str]

    @property
    def number(self) -> str:
        """Return "TL-2026-0123"."""
        return self.follow_up.number

    @property
    def url(self) -> str:
        """Return the address of its page, as people outside reach it."""
        return settings.public_url(f"/tindak-lanjut/{self.number}")

    @property
    def title(self) -> str:
        """Return what is asked, on one line."""
        return one_line(self.follow_up.title)

    @property
    def ref(self) -> str:
        """Return the instrument's own number ("16.1"); empty for an action item."""
        question = self.follow_up.question
        return one_line(question.ref or "") if question else ""

    @property
    def name(self) -> str:
        """Return what a subject calls it: "16.1 Air Minum dan Sanitasi", or the first words."""
        question = self.follow_up.question
        if question is None:
            return clipped(self.title)
        return clipped(f"{self.ref} {one_line(question.indicator.short_title)}".strip())

    @property
    def agency(self) -> str:
        """Return the short name of the lead as it is now."""
        return one_line(self.follow_up.agency.short_name)

    @property
    def supporters(self) -> str:
        """Return the short names of who helps, joined."""
        return ", ".join(one_line(agency.short_name) for agency in self.follow_up.supporters)

    @property
    def round_no(self) -> int:
        """Return the round that the event led to."""
        return int(self.event.payload.get("round", self.follow_up.round_no))

    @property
    def due_at(self) -> datetime:
        """Return until when it is due, as it stands now."""
        return self.follow_up.due_at

    @property
    def words(self) -> str:
        """Return the reason that the event was given."""
        return str(self.event.payload.get("words", "")).strip()

    @property
    def by(self) -> str:
        """Return who did it, with the duty of that time."""
        duty = f" ({self.event.actor_duty})" if self.event.actor_duty else ""
        return one_line(self.event.actor_name + duty)

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        return self.event.at

    @property
    def expected_proof(self) -> str:
        """Return what would prove that an action item is done, in words."""
        return (self.follow_up.expected_proof or "").strip()

    @property
    def evidence_kinds(self) -> str:
        """Return the kinds of evidence of which one would prove the answer, joined."""
        question = self.follow_up.question
        required = question.evidence_required if question else []
        codes = [code for code in question.evidence if code not in required] if question else []
        return ", ".join(self.label_of(code) for code in codes)

    @property
    def must_have(self) -> str:
        """Return the kinds of evidence without which the answer is not complete, joined."""
        question = self.follow_up.question
        codes = question.evidence_required if question else []
        return ", ".join(self.label_of(code) for code in codes)

    def label_of(self, slot: str) -> str:
        """Return what a kind of evidence is called in the instrument of the question."""
        return self.evidence_labels.get(slot, OTHER_EVIDENCE)


def tell(notices: Sequence[Notice], still: Callable[[Told], bool]) -> list[Told]:
    """Return what is left to tell, the most urgent first; one entry for each follow-up.

    `still` says whether something is still worth telling. Four queries, however many notices.
    """
    events = _events({notice.event_id for notice in notices})
    follow_ups = _follow_ups({notice.follow_up_id for notice in notices})
    labels = _evidence_labels({f.question.instrument_id for f in follow_ups.values() if f.question})
    latest: dict[int, Told] = {}
    for notice in sorted(notices, key=lambda notice: notice.event_id):
        follow_up = follow_ups.get(notice.follow_up_id or 0)
        if follow_up is None:
            continue
        question = follow_up.question
        known = labels.get(question.instrument_id, {}) if question else {}
        told = Told(notice, events[notice.event_id], follow_up, known)
        if still(told):
            latest[follow_up.id] = told
    return sorted(latest.values(), key=_urgency)


def about(items: Sequence[Told], **more: Any) -> dict[str, Any] | None:
    """Return the context that every kind's templates share; None where nothing is left."""
    if not items:
        return None
    dues = sorted({item.due_at for item in items})
    people = {item.by for item in items}
    return {
        "items": items,
        "count": len(items),
        "first": items[0],
        "noun": noun(items),
        "by": people.pop() if len(people) == 1 else SEVERAL_OFFICERS,
        "until": day_of(dues[0]) if len(dues) == 1 else f"yang terdekat {day_of(dues[0])}",
        "list_url": settings.public_url("/tindak-lanjut"),
        "day_of": day_of,
        **more,
    }


def noun(items: Sequence[Told]) -> str:
    """Return what the items are called together; the word is the same for one and for many."""
    kinds = {item.follow_up.kind for item in items}
    return "permintaan data" if kinds == {Kind.INDICATOR} else "tindak lanjut"


def day_of(moment: datetime) -> str:
    """Write a due time for a subject: "10 Maret", with the year or the time where it matters."""
    day = clock.local(moment).date()
    pattern = "d MMMM" if day.year == clock.today().year else "d MMMM y"
    text = format_date(day, pattern, locale=formatting.LOCALE)
    if clock.is_whole_day(moment):
        return text
    return f"{text} pukul {formatting.clock_time(moment)} {formatting.zone_name()}"


def one_line(text: str) -> str:
    """Return a text without line breaks or control characters, which no header may carry."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clipped(text: str, length: int = NAME_LENGTH) -> str:
    """Return the first words of a text that fit."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _urgency(item: Told) -> tuple[datetime, int, int, int]:
    question = item.follow_up.question
    position = question.position if question else -1
    return item.due_at, position, item.follow_up.year, item.follow_up.seq


def _events(ids: set[int]) -> dict[int, Event]:
    return {row.id: row for row in db.session.scalars(select(Event).where(Event.id.in_(ids)))}


def _follow_ups(ids: set[int | None]) -> dict[int, FollowUp]:
    found = db.session.scalars(
        select(FollowUp)
        .where(FollowUp.id.in_(ids - {None}))
        .options(
            joinedload(FollowUp.agency),
            joinedload(FollowUp.cycle),
            joinedload(FollowUp.question).joinedload(Question.indicator),
            selectinload(FollowUp.supporters),
        )
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in found}


def _evidence_labels(instrument_ids: set[int]) -> dict[int, dict[str, str]]:
    labels: dict[int, dict[str, str]] = {}
    for row in db.session.scalars(
        select(EvidenceType).where(EvidenceType.instrument_id.in_(instrument_ids))
    ):
        labels.setdefault(row.instrument_id, {})[row.code] = row.label
    return labels
