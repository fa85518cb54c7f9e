"""A regency of any size, written in bulk: agencies, people and instrument by the product's own
imports, follow-ups as rows that `flask followups verify` finds nothing wrong with."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from sqlalchemy import func, insert, select, text

from app.accounts.models import User
from app.agencies.models import Agency
from app.core import clock
from app.core.actor import SYSTEM
from app.core.base import Base
from app.core.db import db
from app.core.storage.models import StoredFile
from app.core.write import write
from app.demo.regency import data, settle
from app.followups.machine import State
from app.followups.models import (
    Comment,
    Evidence,
    FollowUp,
    FollowUpSupporter,
    NumberCounter,
    ReturnReason,
    Review,
    ReviewReason,
    ReviewRemark,
    Round,
)
from app.history.models import Event
from app.instruments.models import Cycle, Instrument, Question, Stage, StageCode
from app.instruments.services.importing import import_instrument
from app.instruments.services.reading import read_instrument
from app.notifications.models import Fate, MailNotice, Notice, OutgoingMail
from tests.bench.lives import Birth, Ids, Life, Office, Person, Rows

ORDER = (
    FollowUp,
    FollowUpSupporter,
    Event,
    StoredFile,
    Round,
    Evidence,
    Review,
    ReviewReason,
    ReviewRemark,
    Comment,
    Notice,
    OutgoingMail,
    MailNotice,
)
"""The tables that are filled, each after those that it refers to."""
WITH_ID = tuple(model for model in ORDER if "id" in model.__table__.columns)
FATES = (
    *[State.CLOSED] * 42,
    *[State.SUBMITTED] * 24,
    *[State.RETURNED] * 20,
    *[State.ASSIGNED] * 8,
    *[State.CANCELLED] * 3,
    *[State.DRAFT] * 3,
)
"""How a hundred follow-ups stand."""
LEADS = 8
"""That many agencies share one asking of every question, as the sectoral offices do."""
NOTICES_IN_MAIL = 20
BATCH = 20_000


def found_regency(password_hash: str) -> None:
    """Bring in the shipped agencies, an account for each, and the shipped instrument."""
    with write():
        settle(clock.now() - timedelta(days=4000), Random(2045), password_hash)
        report = import_instrument(SYSTEM, read_instrument(data("indicators.yaml")))
        if report.faults:
            raise RuntimeError(f"the shipped instrument has faults: {report.faults}")


def fill_evaluation(year: int, count: int, fates: tuple[State, ...] = FATES) -> None:
    """Add the evaluation of a year with so many follow-ups, those of each hundred in `fates`."""
    rows: Rows = defaultdict(list)
    with write():
        cycle_id = _open_cycle(year)
        ids = Ids({model: _last_id(model) for model in WITH_ID})
        office, agencies, questions = _office()
        # The steps of a life take some 30 days: the last ones lie shortly before today.
        years_ago = clock.today().year - year
        ago = timedelta(days=365 * years_ago)
        began = clock.now() - timedelta(days=34) - ago
        for seq in range(1, count + 1):
            asked, of = divmod(seq - 1, len(questions))
            rest = len(agencies) - LEADS
            place = LEADS + (asked * 17 + of * 7) % rest if asked else of % LEADS
            due = clock.today() + timedelta(days=of % 30 - 12) - ago
            life = Life(
                office,
                ids,
                rows,
                Birth(
                    year=year,
                    seq=seq,
                    cycle_id=cycle_id,
                    question=questions[of],
                    agency=agencies[place],
                    supporter_ids=tuple(
                        agencies[(place + step) % len(agencies)].id for step in (1, 2)
                    ),
                    due_at=clock.end_of_day(due),
                    at=began,
                ),
            )
            life.reach(fates[(seq * 37) % len(fates)])
        _write_mails(ids, rows, office)
        db.session.execute(insert(NumberCounter), [{"year": year, "last": count}])
        for model in ORDER:
            _insert(model, rows[model])
        _raise_sequences()


def settle_statistics() -> None:
    """Let PostgreSQL look at what it holds, as it does by itself within a minute or two."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _open_cycle(year: int) -> int:
    start = clock.today().replace(year=year, month=1, day=1)
    cycle = Cycle(
        year=year,
        instrument_id=db.session.scalars(select(Instrument.id)).one(),
        target="Nindya",
        created_at=clock.now(),
        stages=[
            Stage(
                code=code,
                starts_on=start + timedelta(days=60 * place),
                ends_on=start + timedelta(days=60 * place + 59),
            )
            for place, code in enumerate(StageCode)
        ],
    )
    db.session.add(cycle)
    db.session.flush()
    return cycle.id


def _office() -> tuple[Office, list[Agency], list[Question]]:
    agencies = list(db.session.scalars(select(Agency).order_by(Agency.id)))
    people = {user.username: user for user in db.session.scalars(select(User))}
    officer = people["petugas1"]
    reasons = db.session.scalars(select(ReturnReason.id).order_by(ReturnReason.position))
    focal_points = {
        agency.id: Person(user.id, user.name, f"Narahubung {agency.short_name}")
        for agency in agencies
        if (user := people.get(agency.code.lower()))
    }
    leading = [agency for agency in agencies if agency.id in focal_points]
    # Dinas Kesehatan is the agency that the benchmark signs in as: it leads wherever it can.
    leading.sort(key=lambda agency: (agency.code != "DINKES", agency.id))
    questions = list(db.session.scalars(select(Question).order_by(Question.position)))
    office = Office(Person(officer.id, officer.name, "Petugas DP3A"), focal_points, tuple(reasons))
    return office, leading, questions


def _write_mails(ids: Ids, rows: Rows, office: Office) -> None:
    """Write the mails that told of the notices, a few dozen follow-ups in each."""
    by_kind = defaultdict(list)
    for notice in rows[Notice]:
        by_kind[notice["kind"]].append(notice)
    for kind, notices in by_kind.items():
        for first in range(0, len(notices), NOTICES_IN_MAIL):
            told = notices[first : first + NOTICES_IN_MAIL]
            agency_id = told[0]["audience_ids"].get("agency_id")
            person = office.focal_points.get(agency_id, office.officer)
            mail_id = ids.next(OutgoingMail)
            body = "\n".join(f"Tindak lanjut {notice['follow_up_id']}: {kind}." for notice in told)
            rows[OutgoingMail].append(
                {
                    "id": mail_id,
                    "user_id": person.user_id,
                    "kind": kind,
                    "to_name": person.name,
                    "to_address": f"orang{person.user_id}@kutaitimur.test",
                    "message_id": f"<{mail_id}@bench.test>",
                    "subject": f"{len(told)} tindak lanjut",
                    "body_text": body,
                    "body_html": f"<p>{body}</p>",
                    "search_text": person.name.lower(),
                    "fate": Fate.SENT,
                    "created_at": told[0]["created_at"],
                    "attempts": 1,
                    "next_attempt_at": told[0]["created_at"],
                    "sent_at": told[0]["created_at"],
                    "trail": [],
                }
            )
            rows[MailNotice] += [{"mail_id": mail_id, "notice_id": notice["id"]} for notice in told]


def _insert(model: type[Base], rows: list[dict[str, object]]) -> None:
    for first in range(0, len(rows), BATCH):
        db.session.execute(insert(model.__table__), rows[first : first + BATCH])


def _last_id(model: type[Base]) -> int:
    return db.session.scalar(select(func.max(model.__table__.c.id))) or 0


def _raise_sequences() -> None:
    """Let PostgreSQL go on counting after the ids that were given here."""
    if db.engine.dialect.name != "postgresql":
        return
    for model in WITH_ID:
        name = model.__tablename__
        db.session.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")
        )
