"""The follow-up's page as its templates read it: loaded once, nothing decided twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core import clock, formatting, storage
from app.core.actor import Actor
from app.core.working_copy import Conflict, fingerprints
from app.followups import answers, policy
from app.followups.answers import AnswerSpec
from app.followups.labels import DECISION_LABELS, KIND_LABELS, REMARKER_LABELS
from app.followups.machine import AT_AGENCY, Action
from app.followups.models import Comment, Decision, Evidence, FollowUp, Remarker, Review, Round
from app.followups.position import Position, position, reader_of, standing_of
from app.followups.queries import detail, promises, story
from app.followups.services import completeness, drafts
from app.followups.services.evidence import OTHER_SLOT
from app.followups.views import reading
from app.followups.views.reading import Slot, difference, live_reviews
from app.history.models import Event
from app.instruments.models import AnswerType
from app.notifications.labels import FATE_LABELS
from app.notifications.queries import MailRow, mails_about

YES_NO_LABELS = {answers.YES: "Ya", answers.NO: "Tidak"}


@dataclass(slots=True)
class FollowUpPage:
    """Everything that one follow-up's page shows to one person."""

    follow_up: FollowUp
    actor: Actor
    spec: AnswerSpec
    position: Position
    rounds: Sequence[Round]
    slots: Sequence[Slot]
    events: Sequence[Event]
    comments: Sequence[Comment]
    mails: Sequence[MailRow]
    reusable: Sequence[story.ReusableFile]
    typed: Mapping[str, str] | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    conflicts: Sequence[Conflict] = ()
    messages: Sequence[str] = ()
    overtaken: Sequence[tuple[str, str]] = ()
    """What was typed on a page that is older than the follow-up: `[(label, text)]`."""

    @property
    def current(self) -> Round | None:
        """Return the round that the follow-up is in, where the person may read it."""
        return next((r for r in self.rounds if r.number == self.follow_up.round_no), None)

    @property
    def previous(self) -> Round | None:
        """Return the round before the current one."""
        return next((r for r in self.rounds if r.number == self.follow_up.round_no - 1), None)

    @property
    def correction(self) -> Review | None:
        """Return the decision that opened the current round, if a return did."""
        if self.previous is None:
            return None
        return next((r for r in live_reviews(self.previous) if r.decision is Decision.RETURN), None)

    @property
    def earlier(self) -> Sequence[Round]:
        """Return the rounds that are over: those before the current one, and it once judged."""
        return [r for r in self.rounds if r.number < self.follow_up.round_no or live_reviews(r)]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return what is known of the follow-up at a glance."""
        follow_up, question = self.follow_up, self.follow_up.question
        known = [
            ("Penanggung jawab", follow_up.agency.name),
            ("Pendukung", ", ".join(agency.short_name for agency in follow_up.supporters)),
            ("Batas waktu", formatting.due(follow_up.due_at, long=True)),
            ("Putaran", str(follow_up.round_no) if follow_up.round_no else ""),
            ("Evaluasi", follow_up.cycle.name if follow_up.cycle else ""),
            ("Klaster", question.indicator.cluster.name if question else ""),
            (
                "Indikator",
                f"{question.indicator.number} {question.indicator.short_title}" if question else "",
            ),
            ("Dasar", follow_up.basis or ""),
            ("Bukti yang diharapkan", follow_up.expected_proof or ""),
        ]
        return [(term, value) for term, value in known if value]

    @property
    def moves(self) -> Sequence[promises.Move]:
        """Return how the due date moved, oldest first."""
        return promises.moves_of(reversed(self.events))

    @property
    def kind_label(self) -> str:
        """Return what the interface calls the kind."""
        return KIND_LABELS[self.follow_up.kind]

    def timeline(self) -> list[dict[str, Any]]:
        """Return the events as the timeline reads them, newest first."""
        internal = policy.can_read_internal(self.actor)
        return reading.timeline(
            [e for e in self.events if internal or not e.payload.get("internal")], self.unnamed
        )

    @property
    def unnamed(self) -> set[int]:
        """Return the ids of pieces whose names are not for the person: restricted ones.

        The history wrote a name down before its piece was marked, and goes on when it is removed.
        """
        if self.is_officer:
            return set()
        known = {piece.id: (round_, piece) for round_ in self.rounds for piece in round_.evidence}
        marked = {id_ for id_, (_, piece) in known.items() if piece.restricted}
        for event in reversed(self.events):
            if event.verb == "evidence_restricted":
                marked.add(event.payload["evidence_id"])
            elif event.verb == "evidence_unrestricted":
                marked.discard(event.payload["evidence_id"])
        return {id_ for id_ in marked if id_ not in known or not self.can_open(*known[id_])}

    @property
    def removed(self) -> list[Evidence]:
        """Return the pieces of the round before that the current one neither kept nor replaced."""
        if self.previous is None or self.current is None:
            return []
        known = {piece.kept_from_id or piece.replaces_id for piece in self.current.evidence}
        return [piece for piece in self.previous.evidence if piece.id not in known]

    @property
    def field_labels(self) -> list[tuple[str, str]]:
        """Return what the page calls each field: `[(field name, label)]`."""
        found = [(name, label) for label, name in self.labelled_fields()]
        parts = {"document_date": "Tanggal dokumen", "document_number": "Nomor dokumen"}
        for piece in self.current.evidence if self.current else []:
            for part in drafts.DESCRIBED:
                label = parts.get(part, "Keterangan")
                name = self.piece_name(self.current, piece) if self.current else ""
                found.append((f"evidence-{piece.id}-{part}", f"{label}, {name}"))
        return found

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return what can be chosen as an answer: `[(value, words)]`."""
        if self.spec.answer_type is AnswerType.YES_NO:
            return list(YES_NO_LABELS.items())
        return [(choice, choice) for choice in self.spec.choices]

    @property
    def can_submit(self) -> bool:
        """Tell whether the person may send the answer."""
        return self.can(Action.SUBMIT)

    @property
    def can_reassign(self) -> bool:
        """Tell whether the person may give it another lead now."""
        return self.can(Action.REASSIGN)

    @property
    def can_withdraw(self) -> bool:
        """Tell whether the person may take the answer back now."""
        return self.can(Action.WITHDRAW)

    def before(self, name: str) -> str:
        """Return what the round before said in a field, as it reads."""
        if self.previous is None:
            return ""
        return self.readable(name, drafts.fields_of(self.spec, self.previous).get(name, ""))

    def live_reviews(self, round_: Round) -> list[Review]:
        """Return the decisions on a round that were not undone."""
        return live_reviews(round_)

    def decision_label(self, review: Review) -> str:
        """Return what the interface calls a decision."""
        return DECISION_LABELS[review.decision]

    def remarker_label(self, whose: Remarker) -> str:
        """Return whose remark a review passes on."""
        return REMARKER_LABELS[whose]

    def piece_name(self, round_: Round, piece: Evidence) -> str:
        """Return what a piece is called, for whoever may know it."""
        if piece.restricted and not self.can_open(round_, piece):
            return "Berkas terbatas"
        return piece.file_name or piece.url or "Berkas"

    def media_label(self, piece: Evidence) -> str:
        """Return what people call the type of a piece."""
        return storage.label_of(piece.file.media_type) if piece.file else "Tautan"

    def fate_label(self, mail: MailRow) -> str:
        """Return what became of a mail, in words."""
        return FATE_LABELS[mail.fate]

    def remark_in(self, round_: Round, piece: Evidence) -> str:
        """Return what the decision on a round says about one of its pieces."""
        return next(
            (
                remark.words
                for review in live_reviews(round_)
                for remark in review.remarks
                if remark.evidence_id == piece.id
            ),
            "",
        )

    @property
    def fields(self) -> Mapping[str, str]:
        """Return the working copy as the form shows it: what was typed, else what is saved."""
        if self.current is None:
            return {}
        stored = drafts.fields_of(self.spec, self.current)
        shown = {name: self.shown(name, text) for name, text in stored.items()}
        return {**shown, **(self.typed or {})}

    @property
    def base(self) -> Mapping[str, str]:
        """Return the fingerprints of what the form shows as saved."""
        if self.current is None:
            return {}
        return fingerprints(drafts.fields_of(self.spec, self.current))

    @property
    def missing(self) -> Mapping[str, str]:
        """Return what keeps the working copy from being sent."""
        if self.current is None or self.follow_up.state not in AT_AGENCY:
            return {}
        return completeness.missing(self.follow_up, self.current)

    def shown(self, name: str, text: str) -> str:
        """Return a stored text as a person edits it: numbers with a decimal comma."""
        if self.spec.is_numeric and name.startswith("answer-") and name.endswith("-value"):
            return text.replace(".", ",") if not answers.fault(self.spec, text) else text
        return text

    def can(self, action: Action) -> bool:
        """Tell whether the person may do this now."""
        return policy.can(self.actor, action, self.follow_up, clock.now())

    @property
    def can_answer(self) -> bool:
        """Tell whether the person may write in the working copy."""
        return policy.can_answer(self.actor, self.follow_up)

    @property
    def can_add_evidence(self) -> bool:
        """Tell whether the person may add evidence."""
        return policy.can_add_evidence(self.actor, self.follow_up)

    def can_change(self, piece: Evidence) -> bool:
        """Tell whether the person may describe or remove a piece."""
        return policy.can_change_evidence(self.actor, self.follow_up, piece)

    def can_open(self, round_: Round, piece: Evidence) -> bool:
        """Tell whether the person may open a piece."""
        return policy.can_open_evidence(self.actor, self.follow_up, round_, piece)

    @property
    def is_officer(self) -> bool:
        """Tell whether the person reads as DP3A's officer."""
        return policy.is_officer(self.actor)

    @property
    def acts_on_behalf(self) -> bool:
        """Tell whether the person would answer on the agency's behalf."""
        return policy.acts_on_behalf(self.actor, self.follow_up)

    def mark_of(self, round_: Round, piece: Evidence) -> str:
        """Return how a piece stands to the round before: new, replaced, kept; "" in the first."""
        if round_.number == 1:
            return ""
        if piece.kept_from_id is not None:
            return "kept"
        return "replaced" if piece.replaces_id is not None else "new"

    def remark_on(self, piece: Evidence) -> str:
        """Return what the last return says about a piece that was kept."""
        if self.correction is None:
            return ""
        about = {remark.evidence_id: remark.words for remark in self.correction.remarks}
        return about.get(piece.kept_from_id or piece.id, "")

    def answer_rows(self, round_: Round) -> list[dict[str, Any]]:
        """Return the answer of a round as rows to read: `{label, text}`."""
        rows = []
        for label, name in self.labelled_fields():
            text = self.readable(name, drafts.fields_of(self.spec, round_).get(name, ""))
            if text:
                rows.append({"label": label, "text": text})
        return rows

    def compared(self, before: Round, after: Round) -> list[dict[str, Any]]:
        """Return rows that show two rounds side by side, with the words that changed."""
        old, new = drafts.fields_of(self.spec, before), drafts.fields_of(self.spec, after)
        rows = []
        for label, name in self.labelled_fields():
            was, now = (self.readable(name, texts.get(name, "")) for texts in (old, new))
            if was or now:
                left, right = difference(was, now)
                rows.append({"label": label, "before": left, "after": right, "changed": was != now})
        return rows

    def labelled_fields(self) -> list[tuple[str, str]]:
        """Return the fields of an answer with what the page calls them, in their order."""
        found = []
        for year in self.spec.years:
            suffix = "" if year == answers.UNDATED else f" {year}"
            found.append((f"Jawaban{suffix}", answers.field_name(year, "value")))
            if self.spec.has_detail:
                found.append((f"Penjelasan{suffix}", answers.field_name(year, "detail")))
        return [
            *found,
            ("Catatan", "note"),
            ("Alasan tanpa data dukung", "no_evidence_reason"),
        ]

    def readable(self, name: str, text: str) -> str:
        """Return a stored text as it reads: "81,2 %", "Ya"."""
        if not (name.startswith("answer-") and name.endswith("-value")) or not text:
            return text
        if self.spec.answer_type is AnswerType.YES_NO:
            return YES_NO_LABELS.get(text, text)
        if self.spec.is_numeric and not answers.fault(self.spec, text):
            unit = self.unit
            number = formatting.number(text)
            return f"{unit} {number}" if unit == "Rp" else f"{number} {unit}".strip()
        return text

    @property
    def unit(self) -> str:
        """Return what a number counts: "%", "Rp", "orang"."""
        if self.spec.answer_type is AnswerType.PERCENT:
            return "%"
        return self.spec.unit or ""


def load_page(number: str, actor: Actor) -> FollowUpPage:
    """Load the page of a follow-up for one person. Raises `NotVisible`."""
    follow_up = detail.get(number, actor)
    rounds = detail.rounds_of(follow_up, actor)
    reads_all = policy.can_read(actor, follow_up)
    page = FollowUpPage(
        follow_up=follow_up,
        actor=actor,
        spec=answers.spec_of(follow_up),
        position=position(standing_of(follow_up), reader_of(actor)),
        rounds=rounds,
        slots=[],
        events=story.events_of(follow_up) if reads_all else [],
        comments=story.comments_of(follow_up, actor) if reads_all else [],
        mails=mails_about(follow_up.id) if reads_all else [],
        reusable=[],
    )
    page.slots = _slots(page)
    if page.can_add_evidence and page.current is not None:
        page.reusable = story.reusable_files(follow_up, actor)
    return page


def _slots(page: FollowUpPage) -> list[Slot]:
    question, current = page.follow_up.question, page.current
    pieces = current.evidence if current else []
    types = {kind.code: kind for kind in story.evidence_types_of(page.follow_up)}
    codes = list(question.evidence) if question else []
    required = set(question.evidence_required) if question else set()
    slots = [
        Slot(
            code=code,
            label=types[code].label,
            formats=types[code].formats,
            required=code in required,
            pieces=[piece for piece in pieces if piece.slot == code],
        )
        for code in codes
        if code in types
    ]
    known = {slot.code for slot in slots}
    rest = [piece for piece in pieces if piece.slot not in known]
    label = "Data dukung lain" if slots else "Data dukung"
    formats = ["pdf", "jpg", "png", "docx", "xlsx", "link"]
    return [*slots, Slot(OTHER_SLOT, label, formats, required=False, pieces=rest)]
