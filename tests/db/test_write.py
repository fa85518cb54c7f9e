"""`write()` against many at once, on files and servers of its own."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.core import identity
from app.core.actor import SYSTEM, VISITOR
from app.core.db import db
from app.core.write import is_writing, write
from app.followups.models import NumberCounter
from app.followups.services.numbers import next_numbers
from tests.factories.accounts import UserFactory
from tests.support.database import real_database

WRITES = 200
AT_ONCE = 16


@pytest.fixture
def place(tmp_path):
    from tests.conftest import TEST_DATABASE_URL

    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        yield database.app


def test_two_hundred_at_once_all_succeed_though_each_had_read_before(place):
    UserFactory()
    with write():
        next_numbers(1)

    def one(_turn):
        with place.app_context():
            db.session.scalars(select(NumberCounter)).all()  # as Flask-Login does
            with write():
                _, block = next_numbers(1)
            db.session.remove()
            return block[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        given = list(pool.map(one, range(WRITES)))
    assert sorted(given) == list(range(2, WRITES + 2))


def test_an_exception_rolls_the_block_back_and_goes_on(place):
    def count_and_fail():
        with write():
            next_numbers(5)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        count_and_fail()
    assert not is_writing()
    assert db.session.scalars(select(NumberCounter)).all() == []


def test_blocks_do_not_nest(place):
    with write(), pytest.raises(RuntimeError, match="does not nest"), write():
        pass
    assert not is_writing()


def test_who_was_signed_out_meanwhile_is_a_visitor_and_never_the_program(real_app, monkeypatch):
    monkeypatch.setitem(real_app.extensions, identity.EXTENSION, lambda: None)
    with real_app.test_request_context(), write() as actor:
        assert actor is VISITOR
        assert actor != SYSTEM
        assert not actor.permissions
    with real_app.app_context(), write() as actor:
        assert actor is SYSTEM
