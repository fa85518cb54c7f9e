"""What stands under one meeting is not found under the address of another one.

Whatever the form says, and whether a page or a part of one is asked for: the rows are looked up
with their meeting, before anything is told of them.
"""

import pytest

from app.core.db import db
from tests.contracts.ledger import ROWS, client_of, noting_writes, open_office
from tests.factories.meetings import MeetingFactory

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture(scope="module")
def office(app):
    with open_office(app) as opened:
        built, connection = opened
        codes = {
            state: MeetingFactory(seq=900 + at, ordinal=None, **{state: True}).code
            for at, state in enumerate(("invited", "approved"))
        }
        db.session.commit()
        yield built, connection, codes


def rows_under_meetings(built):
    """Return the rows of the ledger that name something under a meeting, with its address."""
    for row in ROWS:
        address = built.given(row.name, "officer").address
        is_inside = any(name.endswith("_id") for name in address)
        if row.endpoint.startswith("meetings.") and "code" in address and is_inside:
            yield row, address


def test_there_are_such_rows(office):
    built, _, _ = office
    assert len({row.endpoint for row, _ in rows_under_meetings(built)}) > 25


def found_by(app, office, state, headers, fill):
    """Return what was answered otherwise than by 404, and what was written to the database."""
    built, connection, codes = office
    found, wrote = {}, []
    for row, address in rows_under_meetings(built):
        db.session.remove()
        kept = connection.begin_nested()
        client = client_of(app, built, "officer")
        path = client.url(row.endpoint, **{**address, "code": codes[state]})
        form = fill(built.given(row.name, "officer").form)
        with noting_writes() as wrote_here:
            if row.method == "GET":
                response = client.get(path, headers=headers)
            else:
                response = client.post(path, form, headers=headers)
        db.session.remove()
        kept.rollback()
        wrote += wrote_here
        if response.status_code != 404:
            found[row.endpoint] = response.status_code
    return found, wrote


BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])


@BOTH
def test_nothing_of_another_meeting(app, office, headers):
    found, wrote = found_by(app, office, "invited", headers, dict)
    # What was typed about an item that somebody took out meanwhile is kept, in the form of a new
    # one: a page cannot tell that from an item which never was.
    assert found == {"meetings.change_agenda_item": 409}
    assert wrote == []


@BOTH
@pytest.mark.parametrize("state", ["invited", "approved"])
@pytest.mark.parametrize("text", [None, "", "x" * 30_000], ids=["nothing", "blank", "long"])
def test_nothing_of_another_meeting_by_a_wrong_form(app, office, state, headers, text):
    def fill(form):
        return {} if text is None else dict.fromkeys(form, text)

    found, wrote = found_by(app, office, state, headers, fill)
    assert {name: status for name, status in found.items() if status not in (409, 422)} == {}
    assert wrote == []
