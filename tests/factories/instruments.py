"""Instruments, questions and cycles as tests need them."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.core import clock
from app.core.db import db
from app.instruments.models import (
    AnswerType,
    Cluster,
    Cycle,
    EvidenceType,
    Indicator,
    Instrument,
    Question,
    QuestionAgency,
    Respondents,
    Stage,
    StageCode,
)
from tests.factories.agencies import AgencyFactory


def bands() -> list[dict[str, Any]]:
    """Return the published categories."""
    return [
        {"name": "Pratama", "min": "500", "max": "600"},
        {"name": "Madya", "min": "601", "max": "700"},
        {"name": "Nindya", "min": "701", "max": "800"},
        {"name": "Utama", "min": "801", "max": "900"},
        {"name": "KLA", "min": "901", "max": "1000"},
    ]


class InstrumentFactory(SQLAlchemyModelFactory):
    """An instrument of a year of its own."""

    class Meta:
        model = Instrument
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    year: Any = factory.Sequence(lambda n: 2030 + n)
    total_max_score = Decimal(1000)
    bands: Any = factory.LazyFunction(bands)
    note = None
    imported_at: Any = factory.LazyFunction(clock.now)


class EvidenceTypeFactory(SQLAlchemyModelFactory):
    """A kind of evidence: a table of data."""

    class Meta:
        model = EvidenceType
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    instrument_id: Any = factory.LazyFunction(lambda: InstrumentFactory().id)
    code: Any = factory.Sequence(lambda n: f"jenis_{n}")
    label: Any = factory.LazyAttribute(lambda kind: f"Jenis {kind.code}")
    formats: Any = factory.LazyFunction(lambda: ["pdf", "xlsx"])
    position: Any = factory.Sequence(lambda n: n)


class ClusterFactory(SQLAlchemyModelFactory):
    """A cluster."""

    class Meta:
        model = Cluster
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    instrument: Any = factory.SubFactory(InstrumentFactory)
    code: Any = factory.Sequence(lambda n: f"K{n}")
    name: Any = factory.LazyAttribute(lambda cluster: f"Klaster {cluster.code}")
    max_score = Decimal(100)
    position: Any = factory.Sequence(lambda n: n)


class IndicatorFactory(SQLAlchemyModelFactory):
    """An indicator."""

    class Meta:
        model = Indicator
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    cluster: Any = factory.SubFactory(ClusterFactory)
    number: Any = factory.Sequence(lambda n: str(n + 1))
    title: Any = factory.LazyAttribute(lambda indicator: f"Indikator {indicator.number}")
    short_title: Any = factory.LazyAttribute(lambda indicator: indicator.title)
    max_score = Decimal(40)
    position: Any = factory.Sequence(lambda n: n)


class QuestionAgencyFactory(SQLAlchemyModelFactory):
    """An agency that a question names."""

    class Meta:
        model = QuestionAgency
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    agency_id: Any = factory.LazyFunction(lambda: AgencyFactory().id)
    position = 0


class QuestionFactory(SQLAlchemyModelFactory):
    """A question, led by `lead` (an agency is made where none is given) and helped by `supporters`.

    `QuestionFactory(lead=dinkes, supporters=[pupr])`; `lead=None` names nobody.
    """

    class Meta:
        model = Question
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    indicator: Any = factory.SubFactory(IndicatorFactory)
    instrument_id: Any = factory.LazyAttribute(
        lambda question: db.session.get_one(Cluster, question.indicator.cluster_id).instrument_id
    )
    code: Any = factory.Sequence(lambda n: f"Q-{n}")
    ref: Any = factory.Sequence(lambda n: f"{n + 1}.1")
    text: Any = factory.LazyAttribute(
        lambda question: f"Berapa anak yang dilayani menurut pertanyaan {question.code}?"
    )
    unit_text = None
    answer_type = AnswerType.NUMBER
    unit = "anak"
    counts = None
    data_years = 1
    choices: Any = factory.LazyFunction(list)
    respondents = Respondents.LEAD
    evidence: Any = factory.LazyFunction(list)
    evidence_required: Any = factory.LazyFunction(list)
    groups: Any = factory.LazyFunction(list)
    max_score = Decimal(4)
    position: Any = factory.Sequence(lambda n: n)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        lead = kwargs.pop("lead", AgencyFactory)
        supporters = kwargs.pop("supporters", ())
        question = super()._create(model_class, *args, **kwargs)
        named = [lead() if lead is AgencyFactory else lead, *supporters]
        for position, agency in enumerate(named):
            if agency is not None:
                QuestionAgencyFactory(
                    question_id=question.id, agency_id=agency.id, position=position
                )
        return question


class CycleFactory(SQLAlchemyModelFactory):
    """An evaluation of a year of its own."""

    class Meta:
        model = Cycle
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    year: Any = factory.Sequence(lambda n: 2030 + n)
    instrument: Any = factory.SubFactory(InstrumentFactory)
    target = "Nindya"
    created_at: Any = factory.LazyFunction(clock.now)


class StageFactory(SQLAlchemyModelFactory):
    """A stage; give `cycle_id`."""

    class Meta:
        model = Stage
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    code = StageCode.SELF_ASSESSMENT
    starts_on = date(2030, 2, 18)
    ends_on = date(2030, 4, 30)
