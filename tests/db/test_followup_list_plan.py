"""The list and its counts look at one evaluation's rows, however many there are."""

import pytest
from sqlalchemy import Engine, event

from app.core.actor import Actor
from app.core.db import db
from app.followups.queries import counts, listing
from app.followups.queries.listing import Order, Sort
from app.followups.queries.narrowing import Evaluation, Narrowing, Place

OFFICER = Actor(
    1,
    "Sari",
    "officer",
    permissions=frozenset({"follow_up:read", "cycle:read", "follow_up:review"}),
)
MEMBER = Actor(2, "Andi", "agency", permissions=frozenset({"follow_up:read"}), duties={7: "head"})
CYCLE = Evaluation(3, 2026)


@pytest.fixture
def plans(session):
    """Run a query and return how SQLite means to answer each of its statements."""

    def explain(ask):
        sent = []

        def note(_connection, _cursor, statement, parameters, *_rest):
            sent.append((statement, parameters))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            ask()
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        connection = db.session.connection()
        return [
            step[3]
            for statement, parameters in sent
            if statement.startswith("SELECT")
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]

    return explain


@pytest.mark.sqlite
@pytest.mark.parametrize("actor", [OFFICER, MEMBER], ids=["officer", "member"])
@pytest.mark.parametrize("sort", list(Sort))
def test_a_page_and_its_counts_search_by_index(plans, actor, sort):
    def ask():
        narrowing = Narrowing(cycle=CYCLE, place=Place.AGENCY)
        listing.first(narrowing, Order(sort), actor, 50)
        counts.of_list(narrowing, actor)

    steps = plans(ask)
    assert any("ix_follow_ups_" in step for step in steps), steps
    assert not [step for step in steps if step.startswith("SCAN follow_ups")], steps


@pytest.mark.sqlite
def test_the_matrix_searches_by_index(plans):
    steps = plans(lambda: counts.matrix(Narrowing(cycle=CYCLE), OFFICER))
    assert not [step for step in steps if step.startswith("SCAN follow_ups")], steps
