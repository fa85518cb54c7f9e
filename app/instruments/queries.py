"""Read instruments, questions and evaluation cycles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock
from app.core.db import db
from app.core.errors import NotVisible
from app.core.search import searchable
from app.core.stale import fingerprint
from app.history.models import Event
from app.instruments.models import (
    Cluster,
    Cycle,
    EvidenceType,
    Indicator,
    Instrument,
    Question,
    QuestionAgency,
    Stage,
)

HISTORY_LENGTH = 50


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """An instrument in a list, with what it holds and the years that use it."""

    instrument: Instrument
    indicators: int
    questions: int
    cycles: Sequence[int]


def _whole() -> Select[Instrument]:
    questions = (
        selectinload(Instrument.clusters)
        .selectinload(Cluster.indicators)
        .selectinload(Indicator.questions)
        .selectinload(Question.question_agencies)
        .joinedload(QuestionAgency.agency, innerjoin=True)
    )
    return select(Instrument).options(questions, selectinload(Instrument.evidence_types))


def find_whole_instrument(year: int, *, lock: bool = False) -> Instrument | None:
    """Return the instrument of a year with all that it holds, or None."""
    rows = _whole().where(Instrument.year == year)
    if lock:
        rows = rows.with_for_update(of=Instrument)
    return db.session.scalar(rows.execution_options(populate_existing=True))


def get_whole_instrument(year: int) -> Instrument:
    """Return the instrument of a year with all that it holds. Raises NotVisible."""
    found = find_whole_instrument(year)
    if found is None:
        raise NotVisible
    return found


def is_used(instrument_id: int) -> bool:
    """Tell whether an evaluation uses an instrument."""
    return bool(db.session.scalar(select(exists().where(Cycle.instrument_id == instrument_id))))


def list_instruments() -> Sequence[InstrumentRow]:
    """Return every instrument, the newest first, in four queries."""
    instruments = db.session.scalars(select(Instrument).order_by(Instrument.year.desc())).all()
    questions = dict(
        db.session.execute(
            select(Question.instrument_id, func.count()).group_by(Question.instrument_id)
        ).all()
    )
    indicators = dict(
        db.session.execute(
            select(Cluster.instrument_id, func.count())
            .join(Indicator, Indicator.cluster_id == Cluster.id)
            .group_by(Cluster.instrument_id)
        ).all()
    )
    cycles = db.session.execute(select(Cycle.instrument_id, Cycle.year).order_by(Cycle.year)).all()
    return [
        InstrumentRow(
            instrument,
            indicators.get(instrument.id, 0),
            questions.get(instrument.id, 0),
            [year for used, year in cycles if used == instrument.id],
        )
        for instrument in instruments
    ]


def instruments() -> Sequence[Instrument]:
    """Return every instrument, the newest first: what a form lets choose from."""
    return db.session.scalars(select(Instrument).order_by(Instrument.year.desc())).all()


def question_matches(question: Question, words: str, *further: str) -> bool:
    """Tell whether a question, loaded with its agencies, or a further text holds each word."""
    agencies = [named.agency for named in question.question_agencies]
    text = searchable(
        question.ref,
        question.code,
        question.text,
        *further,
        *(part for agency in agencies for part in (agency.code, agency.short_name)),
    )
    return all(word in text for word in searchable(words).split())


def get_question(year: int, code: str, *, lock: bool = False) -> Question:
    """Return a question of a year's instrument with indicator, cluster, agencies.

    Raises NotVisible.
    """
    rows = (
        select(Question)
        .join(Instrument, Instrument.id == Question.instrument_id)
        .where(Instrument.year == year, Question.code == code)
        .options(
            joinedload(Question.indicator, innerjoin=True)
            .joinedload(Indicator.cluster, innerjoin=True)
            .joinedload(Cluster.instrument, innerjoin=True),
            selectinload(Question.question_agencies).joinedload(
                QuestionAgency.agency, innerjoin=True
            ),
        )
        .execution_options(populate_existing=True)
    )
    if lock:
        rows = rows.with_for_update(of=Question)
    found = db.session.scalar(rows)
    if found is None:
        raise NotVisible
    return found


def fingerprint_of(question: Question) -> str:
    """Return what the form of a question, loaded with its agencies, shows, as one digest."""
    return fingerprint(
        question.text,
        question.unit_text,
        question.respondents.value,
        sorted(question.evidence_required),
        [named.agency_id for named in question.question_agencies],
    )


def fingerprint_of_cycle(cycle: Cycle) -> str:
    """Return what the form of an evaluation, loaded with its stages, shows, as one digest."""
    stages = sorted((stage.code.value, stage.starts_on, stage.ends_on) for stage in cycle.stages)
    return fingerprint(cycle.instrument_id, cycle.target, stages)


def evidence_labels(instrument_id: int) -> Sequence[tuple[str, str]]:
    """Return (code, label) of an instrument's kinds of evidence in their order."""
    kinds = (
        select(EvidenceType.code, EvidenceType.label)
        .where(EvidenceType.instrument_id == instrument_id)
        .order_by(EvidenceType.position)
    )
    return [(code, label) for code, label in db.session.execute(kinds)]


def list_cycles() -> Sequence[Cycle]:
    """Return every evaluation with instrument and stages, the newest first."""
    return db.session.scalars(_cycles().order_by(Cycle.year.desc())).all()


def get_cycle(year: int) -> Cycle:
    """Return the evaluation of a year with instrument and stages. Raises NotVisible."""
    found = db.session.scalar(_cycles().where(Cycle.year == year))
    if found is None:
        raise NotVisible
    return found


def get_cycle_locked(year: int) -> Cycle:
    """Return the evaluation of a year, locked until the end of the write. Raises NotVisible."""
    found = db.session.scalar(
        _cycles()
        .where(Cycle.year == year)
        .with_for_update(of=Cycle)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible
    return found


def current_stage(cycle: Cycle, today: date | None = None) -> Stage | None:
    """Return the stage of a cycle, loaded with its stages, that today lies in; None between."""
    day = today or clock.today()
    return next((s for s in cycle.stages if s.starts_on <= day <= s.ends_on), None)


def history_of(cycle_id: int) -> Sequence[Event]:
    """Return what happened to an evaluation itself, newest first."""
    return db.session.scalars(
        select(Event)
        .where(Event.cycle_id == cycle_id, Event.follow_up_id.is_(None))
        .order_by(Event.id.desc())
        .limit(HISTORY_LENGTH)
    ).all()


def _cycles() -> Select[Cycle]:
    return select(Cycle).options(
        joinedload(Cycle.instrument, innerjoin=True), selectinload(Cycle.stages)
    )
