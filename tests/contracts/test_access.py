"""Who may do what, by real requests: tests/contracts/ledger.py is the table."""

import pytest

from app.core.access import Access
from tests.contracts.ledger import ROWS
from tests.contracts.town import INTERNAL_WORDS, RESTRICTED_FIRST, RESTRICTED_NAME

# Signing out changes the browser's cookie alone.
WITHOUT_WRITE = {"accounts.sign_out"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method}-{row.name}")
def test_each_person_gets_the_answer_of_the_ledger(visits, row):
    answers = {visit.actor: visit.status for visit in visits if visit.row is row}
    assert answers == row.statuses


def test_the_ledger_is_the_map_of_addresses(app):
    known = {(method_of(rule), rule.endpoint) for rule in app.url_map.iter_rules()}
    assert {(row.method, row.endpoint) for row in ROWS} == known


def test_no_line_of_the_ledger_is_there_twice():
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))


def method_of(rule):
    """Return the one method of a rule: a view answers GET or POST, never both."""
    [method] = set(rule.methods) - {"HEAD", "OPTIONS"}
    return method


def test_every_view_says_who_may_use_it(app):
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        assert isinstance(access, Access), rule.endpoint


def test_post_views_are_mutations_and_those_alone(app):
    for rule in app.url_map.iter_rules():
        marked = getattr(app.view_functions[rule.endpoint], "is_mutation", False)
        assert marked is (method_of(rule) == "POST"), rule.endpoint


def test_reading_changes_nothing(visits):
    wrote = {(v.row.name, v.actor): v.wrote for v in visits if v.row.method == "GET" and v.wrote}
    assert not wrote


def test_what_is_refused_changes_nothing(visits):
    # What is typed is saved before it is sent: that survives the refusal to send it.
    kept = {"followups.submit"}
    wrote = {
        (visit.row.name, visit.actor): visit.wrote
        for visit in visits
        if visit.row.method == "POST" and visit.status >= 400 and visit.wrote
        if visit.row.endpoint not in kept
    }
    assert not wrote


def test_every_mutation_writes_for_whom_it_is_done(visits):
    done = {v.row.endpoint for v in visits if v.row.method == "POST" and v.status < 400}
    wrote = {v.row.endpoint for v in visits if v.row.method == "POST" and v.wrote}
    assert done - wrote == WITHOUT_WRITE


@pytest.mark.parametrize(
    ("words", "readers"),
    [
        (INTERNAL_WORDS, {"officer"}),
        (RESTRICTED_NAME, {"officer", "lead", "contributor"}),
        (RESTRICTED_FIRST, {"officer", "lead", "contributor", "former_lead"}),
    ],
    ids=["comment for DP3A", "restricted file", "restricted file of a former lead"],
)
def test_what_is_not_for_all_is_on_nobody_elses_page(visits, words, readers):
    assert {visit.actor for visit in visits if words in visit.body} == readers
