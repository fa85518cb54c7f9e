"""What happened to the follow-ups so far: answers, evidence, returns, and a few that went astray.

Every step is taken by the same services that people use, at the hour at which people would.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.actors import actor_of
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.storage import StoredBytes, put, remember
from app.core.storage.models import StoredFile
from app.demo import papers, texts
from app.demo.regency import Regency
from app.followups import answers
from app.followups.machine import Action, State
from app.followups.models import Evidence, FollowUp, Outcome, ReturnReason, Round
from app.followups.services import drafts, evidence
from app.followups.services.evidence import Description
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform, perform_all
from app.instruments.models import AnswerType, Indicator, Question

RESTRICTED_CLUSTER = "K5"
PAPERS = 24
PHOTOS = 12
FATES = (
    (("submit", "accept"), 26),
    (("submit", "return", "submit", "accept"), 10),
    (("submit", "return", "submit", "return", "submit", "accept"), 3),
    (("submit",), 12),
    (("submit", "return", "submit"), 8),
    (("submit", "return"), 10),
    (("submit", "return", "submit", "return"), 4),
    (("submit", "return", "submit", "return", "submit", "return"), 1),
    (("collect",), 2),
    (("cancel",), 1),
    ((), 23),
)
VILLAGE_FATES = ((("submit", "accept"), 8), (("submit",), 10), (("submit", "return"), 4), ((), 78))


@dataclass(slots=True)
class Library:
    """Papers that are stored once and offered under many answers."""

    papers: list[StoredFile]
    photos: list[StoredFile]


def store_papers() -> tuple[list[StoredBytes], list[StoredBytes]]:
    """Store the bytes of every paper and photo: before any write lock."""
    written = [
        put(
            BytesIO(
                papers.pdf(
                    (
                        f"REKAPITULASI DATA {number + 1}",
                        "Kabupaten Kutai Timur",
                        "",
                        "Data contoh: bukan data sebenarnya.",
                    )
                )
            )
        )
        for number in range(PAPERS)
    ]
    return written, [put(BytesIO(papers.photo(number))) for number in range(PHOTOS)]


def shelve(stored: tuple[list[StoredBytes], list[StoredBytes]]) -> Library:
    """Give the stored bytes their rows."""
    return Library([remember(file) for file in stored[0]], [remember(file) for file in stored[1]])


class Lives:
    """Takes follow-ups through their rounds, step by step, several at once."""

    def __init__(self, regency: Regency, library: Library, random: Random) -> None:
        self.regency = regency
        self.library = library
        self.random = random
        self.officers = [self.actor("petugas1"), self.actor("petugas2")]
        self.focal_points = {
            agency.id: self.actor(code.lower()) for code, agency in regency.agencies.items()
        }
        self.reasons = list(db.session.scalars(select(ReturnReason)))

    def actor(self, username: str) -> Actor:
        """Return somebody as an actor."""
        return actor_of(self.regency.users[username])

    def live(self, follow_ups: Sequence[FollowUp], dispatched_at: datetime) -> None:
        """Let dispatched follow-ups reach, step by step, what is drawn for each."""
        fates = {follow_up.id: self._draw(follow_up) for follow_up in follow_ups}
        longest = max((len(fate) for fate in fates.values()), default=0)
        until = clock.now() - timedelta(hours=5)
        pace = (until - dispatched_at) / (longest + 1)
        for step in range(longest):
            moment = dispatched_at + pace * (step + 1)
            by_action = defaultdict(list)
            for follow_up in follow_ups:
                # Whoever takes few steps takes them late: nothing waits for weeks.
                number = step - (longest - len(fates[follow_up.id]))
                if number >= 0:
                    by_action[fates[follow_up.id][number]].append(follow_up)
            for action, those in by_action.items():
                for agency_id, own in _by_agency(those):
                    with clock.set_to(
                        self._office_hour(moment + 0.8 * pace * self.random.random())
                    ):
                        self._take(action, agency_id, own)

    def _draw(self, follow_up: FollowUp) -> tuple[str, ...]:
        fates = VILLAGE_FATES if follow_up.agency.kind in ("desa", "kecamatan") else FATES
        return self.random.choices([f for f, _ in fates], [weight for _, weight in fates])[0]

    def _office_hour(self, moment: datetime) -> datetime:
        local = clock.local(moment)
        hour = 8 + self.random.randrange(8)
        kept = local.replace(hour=hour, minute=self.random.randrange(60))
        return min(kept, clock.local(clock.now() - timedelta(hours=1)))

    def _take(self, action: str, agency_id: int, follow_ups: list[FollowUp]) -> None:
        steps: dict[str, Callable[[list[FollowUp]], None]] = {
            "submit": partial(self._submit, actor=self.focal_points[agency_id]),
            "collect": partial(self._submit, actor=self.random.choice(self.officers)),
            "return": self._return,
            "accept": self._accept,
            "cancel": self._cancel,
        }
        steps[action](follow_ups)

    def _cancel(self, follow_ups: list[FollowUp]) -> None:
        given = Particulars(words=texts.CANCELLED)
        perform_all(follow_ups, Action.CANCEL, self.officers[0], given)

    def _submit(self, follow_ups: list[FollowUp], actor: Actor) -> None:
        rounds = _open_rounds(follow_ups)
        for follow_up in follow_ups:
            self._answer(follow_up, rounds[follow_up.id], actor)
        db.session.flush()
        perform_all(follow_ups, Action.SUBMIT, actor)

    def _answer(self, follow_up: FollowUp, round_: Round, actor: Actor) -> None:
        spec = answers.spec_of(follow_up)
        answer = {
            year: self._corrected(round_.answer.get(year)) or self._value(spec, index)
            for index, year in enumerate(spec.years)
        }
        negative = answers.is_negative(spec, answer)
        typed = {
            answers.field_name(year, part): text
            for year, given in answer.items()
            for part, text in given.items()
        }
        typed["note"] = self.random.choice(texts.NEGATIVE_NOTES if negative else texts.NOTES)
        drafts.write_in(round_, actor, typed)
        if negative:
            return
        slots = (follow_up.question.evidence if follow_up.question else []) or ["lainnya"]
        for slot in slots[: self.random.randrange(1, 3)]:
            self._attach(follow_up, round_, actor, slot)
        if not round_.evidence:
            round_.no_evidence_reason = "Berkas bertanda tangan masih di meja kepala dinas."

    def _value(self, spec: answers.AnswerSpec, index: int) -> dict[str, str]:
        chance = self.random
        if spec.answer_type is AnswerType.YES_NO:
            yes = chance.random() < 0.8
            detail = chance.choice(texts.YES_DETAILS) if yes else ""
            return {"value": answers.YES if yes else answers.NO, "detail": detail}
        if spec.answer_type is AnswerType.NUMBER:
            rupiah = spec.unit == "Rp"
            amount = chance.randrange(20, 900) * 1_000_000 if rupiah else chance.randrange(140)
            return {"value": str(amount)}
        if spec.answer_type is AnswerType.PERCENT:
            return {"value": f"{min(99, 55 + 3 * index + chance.randrange(40))}.{index + 1}"}
        if spec.answer_type is AnswerType.CHOICE:
            return {"value": chance.choice(spec.choices[:-1]), "detail": ""}
        return {"value": chance.choice(texts.TEXTS)}

    def _corrected(self, before: dict[str, str] | None) -> dict[str, str] | None:
        """Return an answer in words with what a correction adds; None for any other."""
        if not before:
            return None
        for part in ("detail", "value"):
            words = before.get(part, "")
            if " " in words and not words.endswith(texts.CORRECTED):
                return {**before, part: f"{words} {texts.CORRECTED}"}
        return None

    def _attach(self, follow_up: FollowUp, round_: Round, actor: Actor, slot: str) -> None:
        pictured = slot == "foto"
        shelf = self.library.photos if pictured else self.library.papers
        file = self.random.choice(shelf)
        if any(piece.file_id == file.id and piece.slot == slot for piece in round_.evidence):
            return
        when = clock.today() - timedelta(days=self.random.randrange(20, 300))
        name = (
            f"foto-kegiatan-{file.id}.jpg"
            if pictured
            else f"{slot.replace('_', '-')}-{file.id}.pdf"
        )
        cluster = follow_up.question.indicator.cluster.code if follow_up.question else ""
        replaced = next((p for p in round_.evidence if p.slot == slot), None)
        description = Description(
            slot=slot,
            file_name=name,
            document_date=when,
            document_number=""
            if pictured
            else f"{self.random.randrange(10, 900)}/{slot[:3].upper()}",
            caption="Kegiatan di kecamatan" if pictured else "",
            restricted=cluster == RESTRICTED_CLUSTER and self.random.random() < 0.4,
            replaces_id=replaced.id if replaced else None,
        )
        evidence.add_file(follow_up, round_, actor, file, description)

    def _return(self, follow_ups: list[FollowUp]) -> None:
        officer = self.random.choice(self.officers)
        rounds = _open_rounds(follow_ups)
        for follow_up in follow_ups:
            chosen = self.random.sample(texts.RETURNS, self.random.randrange(1, 3))
            pieces = rounds[follow_up.id].evidence
            remarks = {piece.id: self._remark(piece) for piece in pieces[:1]}
            given = Particulars(
                reason_ids=tuple(self._reason(label) for label, _ in chosen),
                words="\n".join(words for _, words in chosen),
                remarks=remarks,
                due_at=clock.end_of_day(
                    clock.today() + timedelta(days=self.random.randrange(3, 9))
                ),
            )
            perform(follow_up, Action.RETURN, officer, given)

    def _remark(self, piece: Evidence) -> str:
        pictured = (piece.file_name or "").endswith(".jpg")
        return self.random.choice(texts.PHOTO_REMARKS if pictured else texts.REMARKS)

    def _accept(self, follow_ups: list[FollowUp]) -> None:
        given = Particulars(
            words=self.random.choice(texts.ACCEPTED),
            outcome=self.random.choices(list(Outcome), (7, 2, 1))[0],
        )
        perform_all(follow_ups, Action.ACCEPT, self.random.choice(self.officers), given)

    def _reason(self, beginning: str) -> int:
        return next(r.id for r in self.reasons if r.label.lower().startswith(beginning))


def loaded(states: Iterable[State]) -> list[FollowUp]:
    """Return the follow-ups in some states with all that their steps ask for."""
    return list(
        db.session.scalars(
            select(FollowUp)
            .where(FollowUp.state.in_(states))
            .order_by(FollowUp.id)
            .options(
                joinedload(FollowUp.agency),
                joinedload(FollowUp.cycle),
                joinedload(FollowUp.question)
                .joinedload(Question.indicator)
                .joinedload(Indicator.cluster),
                selectinload(FollowUp.supporters),
            )
        )
    )


def _by_agency(follow_ups: Sequence[FollowUp]) -> Iterable[tuple[int, list[FollowUp]]]:
    found: dict[int, list[FollowUp]] = defaultdict(list)
    for follow_up in follow_ups:
        found[follow_up.agency_id].append(follow_up)
    return sorted(found.items())


def _open_rounds(follow_ups: Sequence[FollowUp]) -> dict[int, Round]:
    numbers = {follow_up.id: follow_up.round_no for follow_up in follow_ups}
    rounds = db.session.scalars(
        select(Round)
        .where(Round.follow_up_id.in_(numbers))
        .options(selectinload(Round.evidence).joinedload(Evidence.file))
        .execution_options(populate_existing=True)
    )
    return {row.follow_up_id: row for row in rounds if row.number == numbers[row.follow_up_id]}
