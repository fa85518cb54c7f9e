"""Mend a question by hand, and set up an evaluation."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from app.agencies.models import Agency
from app.agencies.queries import all_with_spellings
from app.agencies.services.naming import find_agency, find_supporters
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.core.stale import refuse_stale
from app.history.services import record
from app.instruments import queries
from app.instruments.labels import FIELD_LABELS, STAGE_LABELS
from app.instruments.models import (
    Cycle,
    Instrument,
    Question,
    QuestionAgency,
    Respondents,
    Stage,
    StageCode,
)
from app.instruments.services.reading import EARLIEST_YEAR, LATEST_YEAR

Stages = Mapping[StageCode, tuple[date | None, date | None]]


def change_question(
    actor: Actor,
    question: Question,
    *,
    text: str,
    unit_text: str | None,
    lead: str,
    supporters: Sequence[str],
    respondents: Respondents,
    evidence_required: Sequence[str],
    seen: str,
) -> None:
    """Change a question that is locked and loaded with its agencies.

    Agencies are given as they were typed. What was dispatched keeps its words. Raises
    StaleVersion, or InvalidInput on its field.
    """
    refuse_stale(seen, queries.fingerprint_of(question))
    text = " ".join(text.split())
    if not text:
        raise InvalidInput("Isi pertanyaannya.", "text")
    unknown = set(evidence_required) - {
        c for c, _ in queries.evidence_labels(question.instrument_id)
    }
    if unknown:
        raise InvalidInput("Pilih data dukung dari daftar.", "evidence_required")
    agencies = _agencies(question, lead, supporters)
    wanted = [agency.code for agency in agencies]
    before = _question_facts(question, [named.agency.code for named in question.question_agencies])
    question.text = text
    question.unit_text = " ".join((unit_text or "").split()) or None
    question.respondents = respondents
    question.evidence_required = list(evidence_required)
    if before["agencies"] != ", ".join(wanted):
        question.question_agencies.clear()
        db.session.flush()
        question.question_agencies.extend(
            QuestionAgency(agency_id=agency.id, position=position)
            for position, agency in enumerate(agencies)
        )
    after = _question_facts(question, wanted)
    fields = {FIELD_LABELS[k]: (before[k], after[k]) for k in after if before[k] != after[k]}
    if fields:
        db.session.flush()
        record(actor, "question_changed", question=question.code, fields=fields)


def create_cycle(
    actor: Actor, *, year: int, instrument_year: int, target: str | None, stages: Stages
) -> Cycle:
    """Set up an evaluation. Raises InvalidInput on the field to blame."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidInput(f"Tahun antara {EARLIEST_YEAR} dan {LATEST_YEAR}.", "year")
    if db.session.scalar(select(Cycle.id).where(Cycle.year == year)) is not None:
        raise InvalidInput(f"Evaluasi KLA {year} sudah ada.", "year")
    instrument = _instrument(instrument_year)
    cycle = Cycle(
        year=year,
        instrument_id=instrument.id,
        target=_target(instrument, target),
        created_at=clock.now(),
        stages=_stages(stages),
    )
    db.session.add(cycle)
    db.session.flush()
    record(actor, "cycle_created", cycle_id=cycle.id, year=year, instrument=instrument.year)
    return cycle


def change_cycle(
    actor: Actor,
    cycle: Cycle,
    *,
    instrument_year: int,
    target: str | None,
    stages: Stages,
    seen: str,
) -> None:
    """Change an evaluation that is locked and loaded with its stages; its year stays.

    Raises StaleVersion, or InvalidInput on the field to blame.
    """
    refuse_stale(seen, queries.fingerprint_of_cycle(cycle))
    instrument = _instrument(instrument_year)
    before = queries.fingerprint_of_cycle(cycle)
    cycle.target = _target(instrument, target)
    cycle.instrument_id = instrument.id
    wanted = {stage.code: stage for stage in _stages(stages)}
    known = {stage.code: stage for stage in cycle.stages}
    for code in known.keys() - wanted.keys():
        cycle.stages.remove(known[code])
    for code, stage in wanted.items():
        if code in known:
            known[code].starts_on, known[code].ends_on = stage.starts_on, stage.ends_on
        else:
            cycle.stages.append(stage)
    db.session.flush()
    if before != queries.fingerprint_of_cycle(cycle):
        record(
            actor,
            "cycle_changed",
            cycle_id=cycle.id,
            target=cycle.target,
            instrument=instrument.year,
            stages={
                stage.code.value: [stage.starts_on.isoformat(), stage.ends_on.isoformat()]
                for stage in wanted.values()
            },
        )


def _agencies(question: Question, lead: str, supporters: Sequence[str]) -> list[Agency]:
    """Return the agencies that are meant, the lead first; those of the question may be inactive.

    A question that nobody leads yet may stay so.
    """
    stored = {named.agency_id for named in question.question_agencies}
    if not stored and not "".join([lead, *supporters]).strip():
        return []
    known = [agency for agency in all_with_spellings() if agency.is_active or agency.id in stored]
    leading = find_agency(lead, known, "lead")
    return [leading, *find_supporters(supporters, known, leading.id, "supporters")]


def _question_facts(question: Question, codes: Sequence[str]) -> dict[str, str]:
    return {
        "text": question.text,
        "unit_text": question.unit_text or "",
        "respondents": question.respondents.value,
        "evidence_required": ", ".join(question.evidence_required),
        "agencies": ", ".join(codes),
    }


def _instrument(year: int) -> Instrument:
    found = db.session.scalar(select(Instrument).where(Instrument.year == year))
    if found is None:
        raise InvalidInput("Pilih instrumen dari daftar.", "instrument")
    return found


def _target(instrument: Instrument, target: str | None) -> str | None:
    if target and target not in [band["name"] for band in instrument.bands]:
        raise InvalidInput("Predikat ini tidak ada dalam instrumen yang dipilih.", "target")
    return target or None


def _stages(stages: Stages) -> list[Stage]:
    made: list[Stage] = []
    for code in StageCode:
        starts_on, ends_on = stages.get(code, (None, None))
        if starts_on is None and ends_on is None:
            continue
        label = STAGE_LABELS[code]
        if starts_on is None or ends_on is None:
            raise InvalidInput(f"{label}: isi tanggal mulai dan selesai.", code.value)
        if ends_on < starts_on:
            raise InvalidInput(f"{label}: selesai tidak boleh sebelum mulai.", code.value)
        if made and starts_on < made[-1].starts_on:
            earlier = STAGE_LABELS[made[-1].code]
            raise InvalidInput(f"{label}: mulai tidak boleh sebelum {earlier}.", code.value)
        made.append(Stage(code=code, starts_on=starts_on, ends_on=ends_on))
    return made
