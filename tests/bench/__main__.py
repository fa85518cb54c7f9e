"""Measure Gugus: `make bench`, or `python -m tests.bench --help`. docs/performance.md reads it."""

import argparse
import logging
import tempfile
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.accounts.passwords import hash_password
from app.core import assets, clock
from app.core.db import db
from app.followups.machine import State
from config import Config
from tests.bench.measuring import measure, measure_dispatch, measure_start
from tests.bench.meetings import hold_meeting
from tests.bench.report import print_dispatch, print_run, print_start
from tests.bench.rows import fill_evaluation, found_regency, settle_statistics
from tests.bench.server import metadata, register_references
from tests.support.database import MIGRATIONS, config_for, empty_database
from tests.support.office import environment as office_environment

A_YEAR = 3_500
YEARS = 10
ROUNDS = 25
DISPATCHES = 3


def main() -> None:
    """Make a database, serve it, measure, and print. A benchmark does not fail."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--database", default="", help="a PostgreSQL server to make a database on; else SQLite"
    )
    parser.add_argument("--quick", action="store_true", help="few rows and rounds: does it run?")
    given = parser.parse_args()
    count, rounds = (300, 3) if given.quick else (A_YEAR, ROUNDS)
    logging.disable(logging.WARNING)
    with (
        tempfile.TemporaryDirectory(prefix="gugus-bench-") as folder,
        empty_database(given.database, Path(folder)) as url,
    ):
        config = config_for(Path(folder), url)
        bench(create_app(config), config, count=count, rounds=rounds)


def bench(app: Flask, config: Config, *, count: int, rounds: int) -> None:
    """Measure one evaluation, then ten, then the dispatch of one more, then the start."""
    environment = office_environment(
        config.DATA_DIR, DATABASE_URL=config.DATABASE_URL, SECRET_KEY=config.SECRET_KEY
    )
    register_references(app)
    with app.app_context():
        assets.build(app)
        upgrade(MIGRATIONS)
        metadata.create_all(db.engine)
        year = clock.today().year
        found_regency(hash_password("kata sandi untuk diukur"))
        fill_evaluation(year, count)
        hold_meeting(year)
        settle_statistics()
    small = measure(app, environment, count, rounds)
    print_run(small, None)
    with app.app_context():
        for before in range(1, YEARS):
            fill_evaluation(year - before, count)
        settle_statistics()
    print_run(measure(app, environment, count * YEARS, rounds), small)
    later = [year + ahead for ahead in range(1, DISPATCHES + 1)]
    with app.app_context():
        for ahead in later:
            fill_evaluation(ahead, count, fates=(State.DRAFT,))
        settle_statistics()
    print_dispatch(measure_dispatch(app, environment, later), count)
    print_start(*measure_start(environment, 3))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


if __name__ == "__main__":
    main()
