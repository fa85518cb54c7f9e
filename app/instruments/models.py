"""The ministry's questionnaire as data, and the evaluation cycles that ask it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.agencies.models import Agency
from app.core.base import Base

SCORE = Numeric(8, 2)


class AnswerType(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    NUMBER = "number"
    PERCENT = "percent"
    TEXT = "text"
    CHOICE = "choice"


class Respondents(StrEnum):
    """Who answers a question."""

    LEAD = "lead"
    EACH_KECAMATAN = "each_kecamatan"
    EACH_DESA = "each_desa"
    DESA_BY_KECAMATAN = "desa_by_kecamatan"


class StageCode(StrEnum):
    """The stages of an evaluation, in their order."""

    PREPARATION = "preparation"
    SELF_ASSESSMENT = "self_assessment"
    PROVINCE_VERIFICATION = "province_verification"
    FIELD_VERIFICATION = "field_verification"
    CORRECTION = "correction"
    DECIDED = "decided"


class Instrument(Base):
    """A catalogue of one year. Numbers, wording and scores belong to it alone."""

    __tablename__ = "instruments"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    total_max_score: Mapped[Decimal] = mapped_column(SCORE)
    bands: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """The categories from the lowest: `{"name", "min", "max"}`; the lower bound decides."""
    note: Mapped[str | None]
    imported_at: Mapped[datetime]

    clusters: Mapped[list["Cluster"]] = relationship(
        back_populates="instrument", lazy="raise", order_by="Cluster.position"
    )
    evidence_types: Mapped[list["EvidenceType"]] = relationship(
        lazy="raise", order_by="EvidenceType.position"
    )


class EvidenceType(Base):
    """A kind of evidence, and the file formats that it comes in (`link` is one)."""

    __tablename__ = "evidence_types"
    __table_args__ = (UniqueConstraint("instrument_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    code: Mapped[str]
    label: Mapped[str]
    formats: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int]


class Cluster(Base):
    """Kelembagaan, Klaster I-V, Kelana-Dekela."""

    __tablename__ = "clusters"
    __table_args__ = (UniqueConstraint("instrument_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    code: Mapped[str]
    name: Mapped[str]
    max_score: Mapped[Decimal] = mapped_column(SCORE)
    position: Mapped[int]

    instrument: Mapped[Instrument] = relationship(back_populates="clusters", lazy="raise")
    indicators: Mapped[list["Indicator"]] = relationship(
        back_populates="cluster", lazy="raise", order_by="Indicator.position"
    )


class Indicator(Base):
    """One of the scored indicators. Its number is text ("21A")."""

    __tablename__ = "indicators"
    __table_args__ = (UniqueConstraint("cluster_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id"))
    number: Mapped[str]
    title: Mapped[str]
    short_title: Mapped[str]
    max_score: Mapped[Decimal] = mapped_column(SCORE)
    """Authoritative; the maxima of the questions may add to something else."""
    position: Mapped[int]

    cluster: Mapped[Cluster] = relationship(back_populates="indicators", lazy="raise")
    questions: Mapped[list["Question"]] = relationship(
        back_populates="indicator", lazy="raise", order_by="Question.position"
    )


class Question(Base):
    """One thing asked, with how it is answered, by whom, and what would prove it."""

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("instrument_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicators.id"), index=True)
    code: Mapped[str]
    ref: Mapped[str | None]
    """The numbers in the published instrument, joined: how officials call it ("3.1a, 3.1b")."""
    text: Mapped[str]
    unit_text: Mapped[str | None]
    """The wording for one kecamatan or desa."""
    answer_type: Mapped[AnswerType]
    unit: Mapped[str | None]
    counts: Mapped[str | None]
    data_years: Mapped[int] = mapped_column(default=1)
    choices: Mapped[list[str]] = mapped_column(default=list)
    respondents: Mapped[Respondents]
    evidence: Mapped[list[str]] = mapped_column(default=list)
    """Codes of evidence types that would prove the answer: alternatives."""
    evidence_required: Mapped[list[str]] = mapped_column(default=list)
    groups: Mapped[list[str]] = mapped_column(default=list)
    max_score: Mapped[Decimal | None] = mapped_column(SCORE)
    position: Mapped[int]
    """The order within the whole instrument."""

    indicator: Mapped[Indicator] = relationship(back_populates="questions", lazy="raise")
    question_agencies: Mapped[list["QuestionAgency"]] = relationship(
        lazy="raise", order_by="QuestionAgency.position", cascade="all, delete-orphan"
    )


class QuestionAgency(Base):
    """An agency that a question names: position 0 leads, the others support."""

    __tablename__ = "question_agencies"

    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True, index=True)
    position: Mapped[int]

    agency: Mapped[Agency] = relationship(lazy="raise")


class Cycle(Base):
    """One assessment year: *Evaluasi KLA 2026*."""

    __tablename__ = "cycles"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    instrument_id: Mapped[int] = mapped_column(ForeignKey("instruments.id"))
    target: Mapped[str | None]
    """The name of the band that the regency aims at."""
    created_at: Mapped[datetime]

    instrument: Mapped[Instrument] = relationship(lazy="raise")
    stages: Mapped[list["Stage"]] = relationship(
        lazy="raise", order_by="Stage.starts_on", cascade="all, delete-orphan"
    )

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"Evaluasi KLA {self.year}"


class Stage(Base):
    """A stage of a cycle, from one day to another, both included."""

    __tablename__ = "stages"

    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycles.id"), primary_key=True)
    code: Mapped[StageCode] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
