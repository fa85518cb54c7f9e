"""Follow-ups, their rounds, what was judged, and the evidence: one class for both kinds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.agencies.models import Agency
from app.core.base import Base
from app.core.storage.models import StoredFile
from app.core.working_copy import WorkingCopy
from app.followups import numbering
from app.followups.machine import State
from app.instruments.models import AnswerType, Cycle, Question

MAX_TITLE = 500
MAX_TEXT = 2_000
"""How long what is asked, its proof and its basis may be, and how many agencies may help."""
MAX_WORDS = 4_000
MAX_COMMENT = 2_000
"""How long the words of a decision, and a comment, may be."""


class Kind(StrEnum):
    """What a follow-up came from."""

    ACTION_ITEM = "action_item"
    INDICATOR = "indicator"


class Outcome(StrEnum):
    """What an accepted answer amounts to."""

    MET = "met"
    PARTLY = "partly"
    UNAVAILABLE = "unavailable"


class Decision(StrEnum):
    """What a review decided."""

    RETURN = "return"
    ACCEPT = "accept"


class Opening(StrEnum):
    """Why a round opened."""

    DISPATCH = "dispatch"
    RETURN = "return"
    REOPEN = "reopen"


class Remarker(StrEnum):
    """Whose remark a review passes on."""

    DP3A = "dp3a"
    PROVINCE = "province"
    MINISTRY = "ministry"


class FollowUp(Base):
    """Whatever an agency owes, from a meeting or from an indicator.

    `state`, `round_no`, `due_at` and `version` are assigned by `services.perform` alone.
    `version` counts changes of state, round and lead; the working copy has its own `draft_no`.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        UniqueConstraint("year", "seq"),
        CheckConstraint(
            "(kind = 'indicator' AND cycle_id IS NOT NULL AND question_id IS NOT NULL)"
            " OR (kind = 'action_item' AND question_id IS NULL)",
            name="kind",
        ),
        # One live answer per question, agency and cycle.
        Index(
            "uq_follow_ups_live",
            "cycle_id",
            "question_id",
            "agency_id",
            unique=True,
            sqlite_where=text("question_id IS NOT NULL AND state <> 'cancelled'"),
            postgresql_where=text("question_id IS NOT NULL AND state <> 'cancelled'"),
        ),
        Index("ix_follow_ups_cycle_id_state_due_at", "cycle_id", "state", "due_at"),
        Index("ix_follow_ups_cycle_id_agency_id_state", "cycle_id", "agency_id", "state"),
        Index("ix_follow_ups_agency_id_state", "agency_id", "state"),
        # All that the queue counts and narrows by, so that it looks into the index alone.
        Index("ix_follow_ups_queue", "state", "state_since", "cycle_id", "taken_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    """The year of the number, in the regency's zone."""
    seq: Mapped[int]
    kind: Mapped[Kind]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    title: Mapped[str]
    """What is asked: the question's words, as an officer may have changed them."""
    expected_proof: Mapped[str | None]
    basis: Mapped[str | None]
    """*Dasar*: the decision, letter or indicator that it rests on, in words."""
    basis_url: Mapped[str | None] = mapped_column(index=True)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycles.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"), index=True)
    answer_type: Mapped[AnswerType]
    """As the question, but for one kecamatan or desa of those that a question counts: yes or no."""
    due_at: Mapped[datetime]
    state: Mapped[State]
    state_since: Mapped[datetime]
    outcome: Mapped[Outcome | None]
    round_no: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[datetime | None]
    search_text: Mapped[str]
    """Number, ref and words. What its agency is called is searched in the agency's own row."""
    created_at: Mapped[datetime]

    agency: Mapped[Agency] = relationship(lazy="raise")
    cycle: Mapped[Cycle | None] = relationship(lazy="raise")
    question: Mapped[Question | None] = relationship(lazy="raise")
    taken_by: Mapped[User | None] = relationship(lazy="raise")
    supporters: Mapped[list[Agency]] = relationship(
        secondary="follow_up_supporters", lazy="raise", order_by=Agency.short_name
    )
    rounds: Mapped[list["Round"]] = relationship(
        back_populates="follow_up", lazy="raise", order_by="Round.number"
    )

    @property
    def number(self) -> str:
        """Return the number that people say: "TL-2026-0123"."""
        return numbering.written(self.year, self.seq)


class FollowUpSupporter(Base):
    """An agency that helps the lead: it reads, comments and adds evidence."""

    __tablename__ = "follow_up_supporters"

    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True, index=True)


class NumberCounter(Base):
    """The last number given in a year. Read and raised in the transaction that uses it."""

    __tablename__ = "number_counters"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Round(WorkingCopy, Base):
    """One submission and the review of it. Open, it holds the agency's working copy."""

    __tablename__ = "rounds"
    __table_args__ = (UniqueConstraint("follow_up_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"))
    number: Mapped[int]
    opening: Mapped[Opening]
    opening_note: Mapped[str | None]
    """The words of a reopening. A return's words are in the review of the round before."""
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{year: {"value", "detail"}}`; numbers as canonical decimal strings."""
    note: Mapped[str] = mapped_column(default="")
    no_evidence_reason: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    submitted_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    """The lead at that time, who goes on reading this round after a reassignment."""
    on_behalf: Mapped[bool] = mapped_column(default=False)
    """An officer entered it for the agency (*jemput bola*)."""

    follow_up: Mapped[FollowUp] = relationship(back_populates="rounds", lazy="raise")
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id], lazy="raise")
    submitted_agency: Mapped[Agency | None] = relationship(lazy="raise")
    draft_by: Mapped[User | None] = relationship(foreign_keys="Round.draft_by_id", lazy="raise")
    evidence: Mapped[list["Evidence"]] = relationship(
        back_populates="round", lazy="raise", order_by="Evidence.id"
    )
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="round", lazy="raise", order_by="Review.id"
    )


class Evidence(Base):
    """A file or a link that proves the answer of a round."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) <> (url IS NULL)", name="file_or_url"),
        UniqueConstraint("round_id", "upload_token"),
        Index("ix_evidence_added_agency_id_file_id", "added_agency_id", "file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    slot: Mapped[str]
    """The code of the evidence type that it is offered as; "lainnya" for any other."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    file_name: Mapped[str | None]
    url: Mapped[str | None]
    document_date: Mapped[date | None]
    document_number: Mapped[str] = mapped_column(default="")
    caption: Mapped[str] = mapped_column(default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    kept_from_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    """The same piece in the round before."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    """The piece of the round before that this one stands for."""
    upload_token: Mapped[str | None]
    """Makes an upload repeated on a bad line arrive once."""
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    added_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))

    round: Mapped[Round] = relationship(back_populates="evidence", lazy="raise")
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    added_by: Mapped[User] = relationship(lazy="raise")
    added_agency: Mapped[Agency | None] = relationship(lazy="raise")


class EvidenceOpening(Base):
    """Somebody opened a restricted piece of evidence."""

    __tablename__ = "evidence_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime]

    evidence: Mapped[Evidence] = relationship(lazy="raise")
    user: Mapped[User] = relationship(lazy="raise")


class ReturnReason(Base):
    """A reason to return a submission. Retired ones stay readable."""

    __tablename__ = "return_reasons"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    sentence: Mapped[str]
    """What is inserted into the words, for the officer to change."""
    position: Mapped[int]
    retired_at: Mapped[datetime | None]


class Review(Base):
    """A decision on a round. At most one is live: undoing one stamps it, and keeps it."""

    __tablename__ = "reviews"
    __table_args__ = (
        Index(
            "uq_reviews_live",
            "round_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    decision: Mapped[Decision]
    outcome: Mapped[Outcome | None]
    words: Mapped[str] = mapped_column(default="")
    whose: Mapped[Remarker] = mapped_column(default=Remarker.DP3A)
    next_due_at: Mapped[datetime | None]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    own_submission: Mapped[bool] = mapped_column(default=False)
    """The officer judged what it submitted itself, with nobody else there."""
    undone_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(back_populates="reviews", lazy="raise")
    decided_by: Mapped[User] = relationship(lazy="raise")
    reasons: Mapped[list[ReturnReason]] = relationship(
        secondary="review_reasons", lazy="raise", order_by=ReturnReason.position
    )
    remarks: Mapped[list["ReviewRemark"]] = relationship(
        lazy="raise", order_by="ReviewRemark.evidence_id", cascade="all, delete-orphan"
    )


class ReviewReason(Base):
    """A reason that a review gives."""

    __tablename__ = "review_reasons"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    reason_id: Mapped[int] = mapped_column(
        ForeignKey("return_reasons.id"), primary_key=True, index=True
    )


class ReviewRemark(Base):
    """What a review says about one piece of evidence."""

    __tablename__ = "review_remarks"

    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(
        ForeignKey("evidence.id"), primary_key=True, index=True
    )
    words: Mapped[str]

    evidence: Mapped[Evidence] = relationship(lazy="raise")


class Comment(Base):
    """Talk beside the work. It changes no state."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author_duty: Mapped[str]
    words: Mapped[str]
    internal: Mapped[bool] = mapped_column(default=False)
    """For DP3A only."""
    written_at: Mapped[datetime]

    author: Mapped[User] = relationship(lazy="raise")
