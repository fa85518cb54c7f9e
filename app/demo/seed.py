"""Make the demo regency: an evaluation in mid-flight around today, lived through by its people."""

import io
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import exists, select, update

from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.core import clock, storage
from app.core.actor import SYSTEM, Actor
from app.core.db import db
from app.core.write import write
from app.demo import texts
from app.demo.letterhead import draw_logo, write_letterhead
from app.demo.lives import Lives, loaded, shelve, store_papers
from app.demo.meetings import hold_meetings
from app.demo.records import store_records
from app.demo.regency import Regency, data, settle
from app.followups.machine import Action, State
from app.followups.models import Comment, FollowUp, Kind
from app.followups.services.action_items import create_action_item
from app.followups.services.handing_out import hand_out
from app.followups.services.particulars import Particulars
from app.followups.services.perform import perform, perform_all
from app.followups.services.preparing import Task
from app.instruments.models import (
    Cluster,
    Cycle,
    Indicator,
    Instrument,
    Question,
    Stage,
    StageCode,
)
from app.instruments.services.importing import import_instrument
from app.instruments.services.reading import read_instrument
from app.notifications.models import Notice

BEGAN = timedelta(days=40)
HELD_BACK = ("16", "17")
"""Indicators that were not handed out yet, so that there is something to hand out."""

DUE_IN_DAYS = {"K0": -6, "K1": -2, "K2": 4, "K3": 6, "K4": 2, "K5": 8, "KD": 12}
"""When each cluster is due, in days from today."""

STAGES = (
    (StageCode.PREPARATION, -60, -41),
    (StageCode.SELF_ASSESSMENT, -40, 30),
    (StageCode.PROVINCE_VERIFICATION, 31, 60),
    (StageCode.FIELD_VERIFICATION, 61, 80),
    (StageCode.CORRECTION, 81, 83),
    (StageCode.DECIDED, 120, 120),
)
SEED = 2045
PASSWORD_FILE = "demo-password"  # noqa: S105 - the name of the file, not the password


@dataclass(frozen=True, slots=True)
class SignIn:
    """An account to try, and who it stands for."""

    username: str
    stands_for: str


SIGN_INS = (
    SignIn("petugas1", "petugas DP3A"),
    SignIn("petugas2", "petugas DP3A"),
    SignIn("dinkes", "narahubung Dinas Kesehatan"),
    SignIn("dp3a", "narahubung DP3A sendiri"),
    SignIn("sekda", "pimpinan"),
    SignIn("admin", "administrator"),
)


def demo_password(given: str, data_dir: Path) -> str:
    """Return the one password of the demo: the one given, or one made and kept by its owner."""
    if given:
        return given
    path = data_dir / PASSWORD_FILE
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(password := secrets.token_urlsafe(9))
    return password


def is_empty() -> bool:
    """Tell whether nobody has an account yet: only then is the demo brought in."""
    return not db.session.scalar(select(exists().where(User.id.is_not(None))))


def seed(password: str) -> int:
    """Bring the demo regency into an empty database; return how many follow-ups it has."""
    random = Random(SEED)
    password_hash = hash_password(password)
    stored, records = store_papers(), store_records()
    logo = storage.put(io.BytesIO(draw_logo()))
    began = clock.instant(clock.today() - BEGAN, time(9, 10))
    with write():
        with clock.set_to(began):
            regency = settle(began, random, password_hash)
            cycle = _open_cycle()
        lives = Lives(regency, shelve(stored), random)
        write_letterhead(lives.actor("petugas1"), logo)
        _hand_out(cycle, lives.actor("petugas1"), began)
        lives.live(loaded([State.ASSIGNED]), began)
        hold_meetings(cycle, lives, records, random)
        _draft_action_item(regency, lives)
        _go_astray(lives, random)
        _talk(regency, random)
        # What the regency was told of in its past is not mailed today.
        db.session.execute(update(Notice).values(turned_at=clock.now()))
        return db.session.scalar(select(db.func.count()).select_from(FollowUp)) or 0


def _open_cycle() -> Cycle:
    report = import_instrument(SYSTEM, read_instrument(data("indicators.yaml")))
    if report.faults:
        raise RuntimeError(f"the shipped instrument has faults: {report.faults}")
    today = clock.today() + BEGAN
    cycle = Cycle(
        year=today.year,
        instrument_id=db.session.scalars(select(Instrument.id)).one(),
        target="Nindya",
        created_at=clock.now(),
        stages=[
            Stage(
                code=code,
                starts_on=today + timedelta(days=first),
                ends_on=today + timedelta(days=last),
            )
            for code, first, last in STAGES
        ],
    )
    db.session.add(cycle)
    db.session.flush()
    return cycle


def _hand_out(cycle: Cycle, officer: Actor, began: datetime) -> None:
    today = clock.today()
    clusters = db.session.scalars(select(Cluster)).all()
    due = {
        cluster.id: clock.end_of_day(today + timedelta(days=DUE_IN_DAYS[cluster.code]))
        for cluster in clusters
    }
    questions = db.session.scalars(
        select(Question.id).join(Question.indicator).where(Indicator.number.not_in(HELD_BACK))
    ).all()
    with clock.set_to(began):
        hand_out(cycle, questions, due, officer, send=True)


def _draft_action_item(regency: Regency, lives: Lives) -> None:
    title, proof, code = texts.DRAFT_ITEM
    task = Task(
        title=title,
        expected_proof=proof,
        lead=regency.agencies[code].code,
        due_at=clock.end_of_day(clock.today() + timedelta(days=21)),
        basis=texts.BASIS,
    )
    create_action_item(task, lives.actor("petugas2"), send=False)


def _go_astray(lives: Lives, random: Random) -> None:
    """Extend some, reopen some, and take one back."""
    officer = lives.actor("petugas1")
    yesterday = clock.now() - timedelta(days=1)
    with clock.set_to(yesterday):
        later = clock.end_of_day(clock.today() + timedelta(days=7))
        late = [f for f in loaded([State.ASSIGNED]) if f.due_at < yesterday]
        extended = random.sample(late, min(6, len(late)))
        perform_all(
            extended, Action.EXTEND, officer, Particulars(words=texts.EXTENDED, due_at=later)
        )
        closed = [f for f in loaded([State.CLOSED]) if f.kind is Kind.INDICATOR]
        reopened = random.sample(closed, min(3, len(closed)))
        perform_all(
            reopened, Action.REOPEN, officer, Particulars(words=texts.REOPENED, due_at=later)
        )
        submitted = random.choice(loaded([State.SUBMITTED]))
        perform(submitted, Action.WITHDRAW, lives.focal_points[submitted.agency_id])


def _talk(regency: Regency, random: Random) -> None:
    officer = regency.users["petugas1"]
    people = {agency.id: regency.users[code.lower()] for code, agency in regency.agencies.items()}
    open_ones = loaded([State.ASSIGNED, State.RETURNED])
    moment = clock.now() - timedelta(hours=7)
    for follow_up in random.sample(open_ones, min(12, len(open_ones))):
        db.session.add_all(_exchange(follow_up, people[follow_up.agency_id], officer, moment))


def _exchange(
    follow_up: FollowUp, member: User, officer: User, moment: datetime
) -> Sequence[Comment]:
    said = [(member, text, False) for text in texts.COMMENTS[:1]]
    said += [(officer, texts.COMMENTS[1], False), (member, texts.COMMENTS[2], False)]
    said += [(officer, text, True) for text in texts.INTERNAL]
    return [
        Comment(
            follow_up_id=follow_up.id,
            author_id=author.id,
            author_duty=author.position or "",
            words=words,
            internal=internal,
            written_at=moment + timedelta(minutes=20 * number),
        )
        for number, (author, words, internal) in enumerate(said)
    ]
