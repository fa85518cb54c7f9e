"""Follow-ups as tests need them: rows in a state, without the way that led there.

What needs true rounds and events is taken there by `services.perform` instead.
"""

from datetime import timedelta
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from app.core import clock, search
from app.core.db import db
from app.followups.machine import State
from app.followups.models import FollowUp, Kind
from app.instruments.models import AnswerType, Instrument
from tests.factories.agencies import AgencyFactory
from tests.factories.instruments import CycleFactory, QuestionFactory


class FollowUpFactory(SQLAlchemyModelFactory):
    """An action item that was sent to its agency; trait `indicator` asks a question in a cycle."""

    class Meta:
        model = FollowUp
        sqlalchemy_session_factory = lambda: db.session()  # noqa: E731 - tests bind it late
        sqlalchemy_session_persistence = "commit"

    class Params:
        indicator = factory.Trait(
            kind=Kind.INDICATOR,
            question=factory.SubFactory(QuestionFactory),
            cycle=factory.LazyAttribute(
                lambda row: CycleFactory(
                    instrument=db.session.get_one(Instrument, row.question.instrument_id)
                )
            ),
            title=factory.LazyAttribute(lambda row: row.question.text),
            answer_type=factory.LazyAttribute(lambda row: row.question.answer_type),
        )
        draft = factory.Trait(state=State.DRAFT, round_no=0)
        submitted = factory.Trait(state=State.SUBMITTED)
        returned = factory.Trait(state=State.RETURNED, round_no=2)
        closed = factory.Trait(state=State.CLOSED)
        cancelled = factory.Trait(state=State.CANCELLED)
        late = factory.Trait(due_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=3)))

    year: Any = factory.LazyFunction(lambda: clock.today().year)
    seq: Any = factory.Sequence(lambda n: n + 1)
    kind = Kind.ACTION_ITEM
    agency: Any = factory.SubFactory(AgencyFactory)
    title: Any = factory.Sequence(lambda n: f"Menyusun laporan {n}")
    expected_proof = None
    basis = None
    basis_url = None
    cycle = None
    question = None
    answer_type = AnswerType.TEXT
    due_at: Any = factory.LazyFunction(lambda: clock.now() + timedelta(days=5))
    state = State.ASSIGNED
    state_since: Any = factory.LazyFunction(lambda: clock.now() - timedelta(days=1))
    outcome = None
    round_no = 1
    version = 1
    taken_by_id = None
    taken_at = None
    search_text: Any = factory.LazyAttribute(
        lambda row: search.searchable(
            f"TL-{row.year}-{row.seq:04d}", row.question.ref if row.question else None, row.title
        )
    )
    created_at: Any = factory.LazyFunction(clock.now)
