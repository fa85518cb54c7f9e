"""The life of one follow-up as rows: rounds, evidence, reviews, events and notices that agree."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any

from app.agencies.models import Agency
from app.core.base import Base
from app.core.storage.models import StoredFile
from app.demo import texts
from app.followups.machine import Action, State
from app.followups.models import (
    Comment,
    Decision,
    Evidence,
    FollowUp,
    FollowUpSupporter,
    Kind,
    Opening,
    Outcome,
    Remarker,
    Review,
    ReviewReason,
    ReviewRemark,
    Round,
)
from app.followups.numbering import written
from app.followups.services.particulars import CREATED, VERBS, created_payload
from app.followups.services.wording import words_to_find
from app.history.models import Event
from app.instruments.models import AnswerType, Question
from app.notifications.models import Notice

ROUNDS = 3
PACE = timedelta(days=4)
"""How long each step takes: longer than any due time is away, so that some are late."""

Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, as the history writes it down."""

    user_id: int
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Office:
    """What all lives share: the officer, the focal point of each agency, reasons to return."""

    officer: Person
    focal_points: Mapping[int, Person]
    reason_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Birth:
    """What a follow-up is born with."""

    year: int
    seq: int
    cycle_id: int
    question: Question
    agency: Agency
    supporter_ids: tuple[int, ...]
    due_at: datetime
    at: datetime


@dataclass(slots=True)
class Ids:
    """The next id of each table, given here: thousands of rows refer to each other."""

    last: Mapping[type[Base], int]
    counters: dict[type[Base], Iterator[int]] = field(default_factory=dict)

    def next(self, model: type[Base]) -> int:
        if model not in self.counters:
            self.counters[model] = count(self.last.get(model, 0) + 1)
        return next(self.counters[model])


class Life:
    """Lives one follow-up through and writes down what the services would have written."""

    def __init__(self, office: Office, ids: Ids, rows: Rows, birth: Birth) -> None:
        self.office, self.ids, self.rows, self.birth = office, ids, rows, birth
        self.lead = office.focal_points[birth.agency.id]
        self.at = birth.at + timedelta(seconds=birth.seq)
        self.round: dict[str, Any] = {}
        self.pieces: list[dict[str, Any]] = []
        self.row = self._create()

    def reach(self, fate: State) -> None:
        """Live until the follow-up stands as it is meant to."""
        if fate is State.DRAFT:
            return
        self._move(Action.DISPATCH, State.ASSIGNED, self.office.officer, due_at=self.birth.due_at)
        self._open(Opening.DISPATCH)
        if fate is State.ASSIGNED:
            return
        for number in range(1, ROUNDS + 1):
            self._answer(2 if number == 1 else 1)
            if number < ROUNDS:
                self._submit()
                self._return()
        self._comment()
        if fate is State.RETURNED:
            return
        self._submit()
        if fate is State.CLOSED:
            self._judge(Decision.ACCEPT)
            outcome = {"outcome": Outcome.MET.value}
            self._move(Action.ACCEPT, State.CLOSED, self.office.officer, **outcome)
            self.row["outcome"] = Outcome.MET
        elif fate is State.CANCELLED:
            words = {"words": texts.CANCELLED}
            self._move(Action.CANCEL, State.CANCELLED, self.office.officer, **words)

    # -- steps

    def _create(self) -> dict[str, Any]:
        birth, question = self.birth, self.birth.question
        number = written(birth.year, birth.seq)
        row = self._add(
            FollowUp,
            id=self.ids.next(FollowUp),
            year=birth.year,
            seq=birth.seq,
            kind=Kind.INDICATOR,
            agency_id=birth.agency.id,
            title=question.text,
            cycle_id=birth.cycle_id,
            question_id=question.id,
            answer_type=question.answer_type,
            due_at=birth.due_at,
            state=State.DRAFT,
            state_since=self.at,
            outcome=None,
            round_no=0,
            version=0,
            search_text=words_to_find(number, question.ref, question.text),
            created_at=self.at,
        )
        for agency_id in birth.supporter_ids:
            self._add(FollowUpSupporter, follow_up_id=row["id"], agency_id=agency_id)
        payload = created_payload(birth.agency.id, birth.due_at)
        self._event(row["id"], CREATED, self.office.officer, payload)
        return row

    def _move(self, action: Action, state: State, who: Person, **payload: Any) -> None:
        self.at += PACE
        row = self.row
        if action in (Action.DISPATCH, Action.RETURN):
            row["round_no"] += 1
        row |= {"state": state, "state_since": self.at, "version": row["version"] + 1}
        if due_at := payload.get("due_at"):
            row["due_at"] = due_at
            payload["due_at"] = due_at.isoformat()
        told = {"round": row["round_no"], **payload}
        event_id = self._event(row["id"], VERBS[action], who, told)
        kind, audience = NEWS[action]
        self._add(
            Notice,
            id=self.ids.next(Notice),
            event_id=event_id,
            kind=kind,
            audience=audience,
            audience_ids={} if audience == "officers" else {"agency_id": row["agency_id"]},
            follow_up_id=row["id"],
            payload={},
            created_at=self.at,
            hold_until=self.at,
            turned_at=self.at,
        )

    def _open(self, opening: Opening) -> None:
        before, kept = self.round, self.pieces
        self.round = self._add(
            Round,
            id=self.ids.next(Round),
            follow_up_id=self.row["id"],
            number=self.row["round_no"],
            opening=opening,
            opened_at=self.at,
            due_at=self.row["due_at"],
            answer=dict(before.get("answer", {})),
            note=before.get("note", ""),
            no_evidence_reason="",
            draft_no=0,
            draft_marks={},
            on_behalf=False,
            submitted_at=None,
            submitted_by_id=None,
            submitted_agency_id=None,
        )
        self.pieces = []
        for piece in kept:
            again = {**piece, "kept_from_id": piece["id"], "round_id": self.round["id"]}
            self._add_piece(again)

    def _answer(self, new_pieces: int) -> None:
        """Fill the working copy in: an answer that changes a little each round, and new files."""
        number = self.round["number"]
        question = self.birth.question
        years = range(self.birth.year - question.data_years, self.birth.year)
        self.round["answer"] = {str(year): answer_to(question, number) for year in years}
        self.round["note"] = f"{texts.NOTES[0]} {texts.TEXTS[number % 4]}"
        self.round["draft_no"] = 1
        for _ in range(new_pieces):
            self._add_file(number)

    def _add_file(self, number: int) -> None:
        file_id = self.ids.next(StoredFile)
        digest = sha256(str(file_id).encode()).hexdigest()
        self._add(
            StoredFile,
            id=file_id,
            sha256=digest,
            size=180_000 + file_id % 90_000,
            media_type="application/pdf",
            stored_at=self.at,
        )
        slots = self.birth.question.evidence or ["lainnya"]
        piece = self._add_piece(
            {
                "round_id": self.round["id"],
                "slot": slots[number % len(slots)],
                "file_id": file_id,
                "file_name": f"rekap-{digest[:6]}-putaran-{number}.pdf",
                "url": None,
                "document_number": f"400.2/{file_id % 900}/DP3A",
                "caption": "Rekapitulasi per kecamatan, sudah ditandatangani",
                "restricted": False,
                "kept_from_id": None,
                "replaces_id": None,
                "upload_token": None,
                "added_at": self.at,
                "added_by_id": self.lead.user_id,
                "added_agency_id": self.row["agency_id"],
            }
        )
        told = {"evidence_id": piece["id"], "name": piece["file_name"], "round": number}
        self._event(self.row["id"], "evidence_added", self.lead, told)

    def _submit(self) -> None:
        self._move(Action.SUBMIT, State.SUBMITTED, self.lead)
        self.round |= {
            "submitted_at": self.at,
            "submitted_by_id": self.lead.user_id,
            "submitted_agency_id": self.row["agency_id"],
        }

    def _return(self) -> None:
        due_at = self.birth.due_at if self.row["round_no"] == ROUNDS - 1 else self.at + 2 * PACE
        review_id = self._judge(Decision.RETURN, due_at)
        first = self.birth.seq % len(self.office.reason_ids)
        for reason_id in {*self.office.reason_ids[first : first + 2]}:
            self._add(ReviewReason, review_id=review_id, reason_id=reason_id)
        remark = texts.REMARKS[self.birth.seq % len(texts.REMARKS)]
        self._add(ReviewRemark, review_id=review_id, evidence_id=self.pieces[0]["id"], words=remark)
        self._move(Action.RETURN, State.RETURNED, self.office.officer, due_at=due_at)
        self._open(Opening.RETURN)

    def _judge(self, decision: Decision, next_due_at: datetime | None = None) -> int:
        returns = decision is Decision.RETURN
        review_id = self.ids.next(Review)
        self._add(
            Review,
            id=review_id,
            round_id=self.round["id"],
            decision=decision,
            outcome=None if returns else Outcome.MET,
            words=texts.RETURNS[self.birth.seq % len(texts.RETURNS)][1] if returns else "Lengkap.",
            whose=Remarker.DP3A,
            next_due_at=next_due_at,
            decided_at=self.at + PACE,
            decided_by_id=self.office.officer.user_id,
            own_submission=False,
        )
        return review_id

    def _comment(self) -> None:
        self._add(
            Comment,
            id=self.ids.next(Comment),
            follow_up_id=self.row["id"],
            author_id=self.lead.user_id,
            author_duty=self.lead.title,
            words=texts.COMMENTS[0],
            internal=False,
            written_at=self.at,
        )

    # -- rows

    def _add(self, model: type[Base], **values: Any) -> dict[str, Any]:
        self.rows[model].append(values)
        return values

    def _add_piece(self, values: dict[str, Any]) -> dict[str, Any]:
        piece = self._add(Evidence, **{**values, "id": self.ids.next(Evidence)})
        self.pieces.append(piece)
        return piece

    def _event(self, follow_up_id: int, verb: str, who: Person, payload: dict[str, Any]) -> int:
        return self._add(
            Event,
            id=self.ids.next(Event),
            at=self.at,
            verb=verb,
            actor_id=who.user_id,
            actor_name=who.name,
            actor_duty=who.title,
            follow_up_id=follow_up_id,
            payload=payload,
        )["id"]


NEWS = {
    Action.DISPATCH: ("dispatched", "agency_team"),
    Action.SUBMIT: ("submitted", "officers"),
    Action.RETURN: ("returned", "agency_team"),
    Action.ACCEPT: ("closed", "agency_team"),
    Action.CANCEL: ("cancelled", "agency_team"),
}


def answer_to(question: Question, number: int) -> dict[str, str]:
    """Return a believable answer for one year, another one in each round."""
    detail = texts.YES_DETAILS[number % len(texts.YES_DETAILS)]
    choice = question.choices[0] if question.choices else "ya"
    return {
        AnswerType.YES_NO: {"value": "ya", "detail": detail},
        AnswerType.NUMBER: {"value": str(1_200 + number)},
        AnswerType.PERCENT: {"value": f"8{number}.5"},
        AnswerType.TEXT: {"value": texts.TEXTS[number % len(texts.TEXTS)]},
        AnswerType.CHOICE: {"value": choice, "detail": detail},
    }[question.answer_type]
