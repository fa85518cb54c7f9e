"""What only real commits show: counts that are exact, names that stay unique, links used once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts import queries, services
from app.accounts.actors import actor_of
from app.accounts.models import Throttle, User
from app.accounts.permissions import Role
from app.accounts.services.throttle import Attempt, Limit
from app.accounts.tokens import Purpose, new_link_token
from app.core.actor import SYSTEM
from app.core.db import db
from app.core.errors import DomainError
from app.core.write import write
from tests.conftest import TEST_DATABASE_URL
from tests.support.client import Client
from tests.support.database import real_database

AT_ONCE = 8
LIMIT = Limit("test", tries=5, seconds=3600)


@pytest.fixture(scope="module")
def own_app(tmp_path_factory):
    with real_database(TEST_DATABASE_URL, tmp_path_factory.mktemp("races")) as database:
        yield database.app


def together(app, work: Callable[[int], Any], times: int = AT_ONCE) -> list[Any]:
    """Run work at the same moment in threads; return what each returned or was refused with."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        barrier.wait()
        results = []
        for repeat in range(times // AT_ONCE):
            with app.app_context():
                try:
                    results.append(work(number + repeat * AT_ONCE))
                except DomainError as refusal:
                    results.append(refusal)
        return results

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [result for results in pool.map(run, range(AT_ONCE)) for result in results]


def make_user(app, username, **values):
    with app.app_context(), write():
        values = {"name": "Ani", "role": Role.AGENCY, **values}
        return services.create_user(SYSTEM, username=username, **values).id


def test_exactly_as_many_tries_pass_as_the_limit_allows(own_app):
    def attempt(_number):
        with write():
            return services.count_try([Attempt(LIMIT, "dinkes 10.0.0.1")])

    answers = together(own_app, attempt, times=200)
    assert len(answers) == 200
    assert answers.count(None) == LIMIT.tries
    with own_app.app_context():
        tries = db.session.scalars(
            select(Throttle.tries).where(Throttle.key.startswith("test:"))
        ).one()
        assert tries == 200


def test_subjects_do_not_share_a_count_and_old_windows_go(own_app):
    from datetime import timedelta

    from app.core import clock

    with own_app.app_context():
        for subject in ("a", "b"):
            with write():
                assert services.count_try([Attempt(LIMIT, subject)]) is None
        with clock.shifted(timedelta(hours=2)), write():
            services.count_try([Attempt(LIMIT, "c")])
        left = select(func.count()).where(Throttle.key.startswith("test:"))
        assert db.session.scalar(left) == 1


def test_one_of_many_simultaneous_sign_ins_beyond_the_limit_is_let_through_to_the_password(own_app):
    answers = together(
        own_app,
        lambda _: Client(own_app).post("/masuk", {"login": "siapa", "password": "x"}).status_code,
        times=16,
    )
    assert sorted(answers) == [422] * 10 + [429] * 6


@pytest.mark.parametrize("field", ["username", "email"])
def test_one_of_many_gets_a_name_and_the_others_are_told_on_the_field(own_app, field):
    def create(number):
        values = {"username": f"{field}{number}", "email": f"{field}{number}@kutaitimur.test"}
        values[field] = "sama@kutaitimur.test" if field == "email" else "sama"
        with write():
            return services.create_user(SYSTEM, name="Ani", role=Role.AGENCY, **values).id

    results = together(own_app, create)
    refused = [result for result in results if isinstance(result, DomainError)]
    assert len(refused) == AT_ONCE - 1
    assert {refusal.field for refusal in refused} == {field}


def test_a_link_and_a_code_are_used_once_by_whoever_is_first(own_app):
    user_id = make_user(own_app, "sekali")
    with own_app.app_context(), write():
        user = queries.get_locked("sekali")
        token = new_link_token(user, Purpose.INVITATION)

    def by_link(number):
        with write():
            return services.choose_password_by_link(token, f"hash {number}").password_hash

    results = together(own_app, by_link)
    assert sum(isinstance(result, str) for result in results) == 1
    with own_app.app_context(), write():
        code = services.issue_code(SYSTEM, queries.get_locked("sekali"))

    def by_code(number):
        with write():
            return services.choose_password_by_code("sekali", code, f"hash {number}").id

    results = together(own_app, by_code)
    assert results.count(user_id) == 1


def test_administrators_who_end_each_other_leave_one(own_app):
    names = [f"admin{number}" for number in range(AT_ONCE)]
    for name in names:
        make_user(own_app, name, role=Role.ADMIN)

    def end_the_next(number):
        actor = actor_of(queries.get_by_username(names[number]))
        with write():
            services.deactivate(actor, names[(number + 1) % AT_ONCE])

    together(own_app, end_the_next)
    with own_app.app_context():
        admins = select(func.count()).where(User.role == Role.ADMIN, User.deactivated_at.is_(None))
        assert db.session.scalar(admins) == 1
