"""Write an instrument with few statements, however many questions it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, update

from app.core import clock
from app.core.actor import Actor
from app.core.base import Base
from app.core.db import db
from app.core.imports import ADDED, CHANGED, REMOVED, Change
from app.history.services import record
from app.instruments.models import (
    Cluster,
    EvidenceType,
    Indicator,
    Instrument,
    Question,
    QuestionAgency,
)

CODES_IN_EVENT = 50

Values = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Rows:
    """An instrument as columns, by code: as a file has it, or as the database has it.

    An indicator names its `cluster` and a question its `indicator` by code; a question's
    `agencies` are ids in their order. `ids` maps (table, code) to the row that exists.
    """

    instrument: dict[str, Any] = field(default_factory=dict)
    evidence_types: Values = field(default_factory=dict)
    clusters: Values = field(default_factory=dict)
    indicators: Values = field(default_factory=dict)
    questions: Values = field(default_factory=dict)
    agency_codes: dict[str, list[str]] = field(default_factory=dict)
    ids: dict[tuple[str, str], int] = field(default_factory=dict)


def write_instrument(
    actor: Actor,
    year: int,
    known: Instrument | None,
    before: Rows,
    after: Rows,
    *,
    changes: Sequence[Change],
) -> None:
    """Make the database's instrument of a year as `after` says, and note it as one event."""
    instrument_id = _write_head(year, known, after)
    whole = {"instrument_id": instrument_id}
    _sync(EvidenceType, before, before.evidence_types, after.evidence_types, whole)
    clusters = _sync(Cluster, before, before.clusters, after.clusters, whole)
    indicators = _sync(
        Indicator,
        before,
        _placed(before.indicators, "cluster", clusters),
        _placed(after.indicators, "cluster", clusters),
        {},
    )
    questions = _sync(
        Question,
        before,
        _placed(before.questions, "indicator", indicators),
        _placed(after.questions, "indicator", indicators),
        whole,
    )
    _name_agencies(before, after, questions)
    _remove(before, after)
    touched: dict[str, Any] = {
        status: [f"{c.what} {c.code}" for c in changes if c.status == status][:CODES_IN_EVENT]
        for status in (ADDED, CHANGED, REMOVED)
    }
    record(actor, "instrument_imported", year=year, **touched)
    db.session.expire_all()


def _write_head(year: int, known: Instrument | None, after: Rows) -> int:
    if known is None:
        known = Instrument(year=year, imported_at=clock.now(), **after.instrument)
        db.session.add(known)
    else:
        known.imported_at = clock.now()
        for name, value in after.instrument.items():
            setattr(known, name, value)
    db.session.flush()
    return known.id


def _placed(rows: Values, parent: str, parent_ids: Mapping[str, int]) -> Values:
    """Turn the code of what a row belongs to into its id, and leave out what has its own table."""
    return {
        code: {
            f"{parent}_id": parent_ids.get(values[parent]),
            **{name: v for name, v in values.items() if name not in (parent, "agencies")},
        }
        for code, values in rows.items()
    }


def _sync(
    model: type[Base], before: Rows, was: Values, now: Values, constant: Mapping[str, Any]
) -> dict[str, int]:
    """Insert what is new and update what differs; return the ids of all, those of before too."""
    table = model.__tablename__
    key = "number" if model is Indicator else "code"
    ids = {code: row_id for (name, code), row_id in before.ids.items() if name == table}
    new = [code for code in now if code not in ids]
    changed = [code for code in now if code in ids and was[code] != now[code]]
    if new:
        columns = model.__table__.c
        # By code, as SQLite returns rows in the order of the parameters one by one alone; with
        # NULLs written out, as rows that leave different columns out are sent apart.
        made = db.session.execute(
            insert(model).returning(columns[key], columns["id"]),
            [{key: code, **constant, **now[code]} for code in new],
            execution_options={"render_nulls": True},
        )
        ids |= dict(made.all())
    if changed:
        db.session.execute(update(model), [{"id": ids[code], **now[code]} for code in changed])
    return ids


def _name_agencies(before: Rows, after: Rows, ids: Mapping[str, int]) -> None:
    changed = [
        code
        for code, values in after.questions.items()
        if before.questions.get(code, {}).get("agencies") != values["agencies"]
    ]
    known = [ids[code] for code in changed if code in before.questions]
    db.session.execute(delete(QuestionAgency).where(QuestionAgency.question_id.in_(known)))
    rows = [
        {"question_id": ids[code], "agency_id": agency_id, "position": position}
        for code in changed
        for position, agency_id in enumerate(after.questions[code]["agencies"])
    ]
    if rows:
        db.session.execute(insert(QuestionAgency), rows)


def _remove(before: Rows, after: Rows) -> None:
    gone = [before.ids["questions", code] for code in before.questions.keys() - after.questions]
    db.session.execute(delete(QuestionAgency).where(QuestionAgency.question_id.in_(gone)))
    db.session.execute(delete(Question).where(Question.id.in_(gone)))
    for model, was, now in (
        (Indicator, before.indicators, after.indicators),
        (Cluster, before.clusters, after.clusters),
        (EvidenceType, before.evidence_types, after.evidence_types),
    ):
        old = [before.ids[model.__tablename__, code] for code in was.keys() - now]
        db.session.execute(delete(model).where(model.id.in_(old)))
