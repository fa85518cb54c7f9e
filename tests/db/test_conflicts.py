"""Two people make the same thing at once: one has it, the others are told in words."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from app.agencies.models import Category, Membership
from app.agencies.services.managing import Particulars, add_agency
from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db
from app.core.errors import InvalidInput, StaleVersion
from app.core.write import write
from app.followups.models import FollowUp
from app.followups.services.numbers import next_numbers
from app.instruments.models import Cycle
from app.instruments.services.managing import create_cycle
from tests.conftest import TEST_DATABASE_URL
from tests.factories.agencies import AgencyFactory, MembershipFactory
from tests.factories.followups import FollowUpFactory
from tests.factories.instruments import CycleFactory, InstrumentFactory
from tests.support.database import real_database

AT_ONCE = 6


@pytest.fixture
def place(tmp_path):
    with real_database(TEST_DATABASE_URL, tmp_path) as database, database.app.app_context():
        yield database.app


def together(app, deed):
    """Do a deed in threads at the same moment; return what each came to, or was refused with."""
    barrier = Barrier(AT_ONCE)

    def run(number):
        with app.app_context():
            barrier.wait(timeout=30)
            try:
                with write():
                    return deed(number)
            except InvalidInput as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def blamed(answers):
    """Return the fields that were blamed, one for each refusal."""
    return [answer.field for answer in answers if isinstance(answer, InvalidInput)]


def test_one_sets_an_evaluation_up_and_the_others_are_told_at_the_year(place):
    instrument_year = InstrumentFactory(year=2026).year
    db.session.remove()

    def deed(_number):
        return create_cycle(
            SYSTEM, year=2026, instrument_year=instrument_year, target=None, stages={}
        ).year

    answers = together(place, deed)
    assert answers.count(2026) == 1
    assert blamed(answers) == ["year"] * (AT_ONCE - 1)


@pytest.mark.parametrize(
    ("code", "aliases", "field"), [("SAMA", "{}", "code"), ("A{}", "kembar", "aliases")]
)
def test_one_adds_an_agency_and_the_others_are_told_at_the_field(place, code, aliases, field):
    def deed(number):
        particulars = Particulars(
            name=f"Dinas {number}",
            short_name=f"Dns {number}",
            category=Category.OPD,
            kind="perangkat_daerah",
            parent_code="",
            aliases=[aliases.format(f"Ejaan {number}")],
        )
        return add_agency(SYSTEM, code.format(number), particulars).code

    answers = together(place, deed)
    assert blamed(answers) == [field] * (AT_ONCE - 1)


def test_the_first_numbers_of_a_year_are_given_once_each(place):
    answers = together(place, lambda number: list(next_numbers(number + 1)[1]))
    given = sorted(seq for block in answers for seq in block)
    assert given == list(range(1, len(given) + 1))


def test_a_constraint_that_no_look_foresaw_is_told_by_its_name(place):
    membership, cycle = MembershipFactory(), CycleFactory()
    again = {"agency_id": membership.agency_id, "user_id": membership.user_id}
    duty = {"duty": membership.duty, "started_at": clock.now()}
    with pytest.raises(InvalidInput) as told, write():
        db.session.execute(insert(Membership).values(**again, **duty))
    assert told.value.field == "user"
    values = {"year": cycle.year, "instrument_id": cycle.instrument_id, "created_at": clock.now()}
    with pytest.raises(InvalidInput) as told, write():
        db.session.execute(insert(Cycle).values(values))
    assert told.value.field == "year"


def test_a_question_that_an_agency_has_already_makes_the_page_out_of_date(place):
    first = FollowUpFactory(indicator=True)
    asked = {name: getattr(first, name) for name in ("cycle_id", "question_id", "agency_id")}
    other = FollowUpFactory(indicator=True)
    with pytest.raises(StaleVersion, match="sudah ada pada instansi"), write():
        db.session.execute(update(FollowUp).where(FollowUp.id == other.id).values(asked))


def test_what_no_room_speaks_of_stays_a_fault(place):
    agency = AgencyFactory()
    gone = {"agency_id": agency.id, "user_id": 999_999, "duty": "head"}
    with pytest.raises(IntegrityError), write():
        db.session.execute(insert(Membership).values(**gone, started_at=clock.now() - timedelta(1)))
