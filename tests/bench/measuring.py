"""Play the cases: interleaved with the references, so that a busy moment weighs on all alike."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from flask import Flask
from sqlalchemy import select

from app.accounts.actors import actor_of
from app.accounts.models import User
from app.core.db import WRITING, db
from app.followups.queries import handing_out as queries
from app.followups.services import handing_out
from app.instruments.models import Cycle
from tests.bench.browsing import (
    Answer,
    Browser,
    InProcess,
    OverTheLine,
    Pass,
    UnexpectedAnswerError,
    counted_statements,
    first_visit,
    pass_of,
)
from tests.bench.cases import page_cases, users, write_cases
from tests.bench.server import FRAMED, PAGE, WRITE
from tests.support.office import FLASK, ROOT, Office, free_port

SERVER = (sys.executable, "-m", "tests.bench.server")
WARM_UP = 3


@dataclass(slots=True)
class Measured:
    """One row of the table, at one size of the database."""

    name: str
    seconds: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    queries: int = 0
    most_queries: int | None = None

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return quantiles(self.seconds, n=20, method="inclusive")[-1]

    @property
    def quick(self) -> float:
        """Return what the quickest tenth stays below: there, a busy machine weighs least."""
        return quantiles(self.seconds, n=10, method="inclusive")[0]

    def note(self, answer: Answer) -> None:
        """Take an answer into account."""
        self.seconds.append(answer.seconds)
        self.busy.append(answer.busy)
        self.sizes.append(answer.size)

    @property
    def size(self) -> int:
        return int(median(self.sizes)) if self.sizes else 0


@dataclass(slots=True)
class Run:
    """Everything that was measured at one size."""

    follow_ups: int
    page_reference: Measured
    write_reference: Measured
    pages: list[Measured]
    writes: list[Measured]
    first_visit: int = 0
    later_visit: int = 0


@contextmanager
def served(environment: dict[str, str], command: tuple[str, ...] = SERVER) -> Iterator[Office]:
    """Serve the database in a process of its own, and wait until it is ready."""
    port = free_port()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment | {"PORT": str(port)},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        office = Office(process, port, Path(environment["DATA_DIR"]), log)
        try:
            until = time.monotonic() + 30
            while office.status("/health/ready") != 200:
                if process.poll() is not None or time.monotonic() > until:
                    raise UnexpectedAnswerError("the server did not get ready")
                time.sleep(0.01)
            yield office
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


class Player:
    """Plays cases over the line and, to count queries, inside this process."""

    def __init__(self, app: Flask, port: int) -> None:
        self.app, self.port = app, port
        self.people = users(app)
        self.passes: dict[str, Pass] = {}
        self.lines: dict[str, OverTheLine] = {}

    def line(self, username: str) -> OverTheLine:
        if username not in self.lines:
            self.lines[username] = OverTheLine(self.port, self.pass_for(username))
        return self.lines[username]

    def inside(self, username: str) -> Browser:
        return InProcess(self.app, self.pass_for(username))

    def pass_for(self, username: str) -> Pass:
        if username not in self.passes:
            self.passes[username] = pass_of(self.app, self.people.get(username))
        return self.passes[username]

    def play_pages(self, rounds: int) -> tuple[Measured, list[Measured]]:
        """Open every page in turn, so many times; return the reference and the pages."""
        cases = page_cases(self.app)
        reference = Measured("reference: a table of 50 rows", queries=1)
        framed = Measured("the same, signed in, framed", queries=3)
        found = [Measured(case.name, most_queries=case.queries) for case in cases]
        for case, row in zip(cases, found, strict=True):
            with counted_statements() as sent:
                _expect(self.inside(case.username).get(case.path).status, 200, case.name)
            row.queries = len(sent)
        for turn in range(rounds + WARM_UP):
            for username, path, row in [
                ("", PAGE, reference),
                ("petugas1", FRAMED, framed),
                *((case.username, case.path, row) for case, row in zip(cases, found, strict=True)),
            ]:
                answer = self.line(username).get(path)
                _expect(answer.status, 200, row.name)
                if turn >= WARM_UP:
                    row.note(answer)
        return reference, [framed, *found]

    def play_writes(self, rounds: int) -> tuple[Measured, list[Measured]]:
        """Send every form in turn, so many times; return the reference and the writes."""
        cases = write_cases(self.app)
        reference = Measured("reference: one row inserted", queries=1)
        found = [Measured(case.name) for case in cases]
        for case, row in zip(cases, found, strict=True):
            username, number = next(case.work)
            send = case.prepare(self.inside(username), number, 0)
            with counted_statements() as sent:
                send()
            row.queries = len(sent)
        for turn in range(1, rounds + WARM_UP + 1):
            answer = self.line("").post(WRITE, {}, {})
            _expect(answer.status, 200, reference.name)
            if turn > WARM_UP:
                reference.note(answer)
            for case, row in zip(cases, found, strict=True):
                username, number = next(case.work)
                answer = case.prepare(self.line(username), number, turn)()
                if turn > WARM_UP:
                    row.note(answer)
        return reference, found


def measure(app: Flask, environment: dict[str, str], follow_ups: int, rounds: int) -> Run:
    """Measure pages and writes at the size that the database has now."""
    with served(environment) as office:
        player = Player(app, office.port)
        page_reference, pages = player.play_pages(rounds)
        case = next(case for case in page_cases(app) if case.name == "detail, agency")
        visited = player.line(case.username)
        first = first_visit(visited, case.path)
        later = visited.get(case.path).size
        write_reference, writes = player.play_writes(rounds)
    return Run(follow_ups, page_reference, write_reference, pages, writes, first, later)


def measure_dispatch(
    app: Flask, environment: dict[str, str], years: list[int]
) -> tuple[Measured, Measured]:
    """Dispatch the drafts of evaluations: by the service alone, taken back; then by its POST."""
    service, post = Measured("dispatch, service"), Measured("dispatch, POST")
    officer = users(app)["petugas1"]
    with served(environment) as office:
        player = Player(app, office.port)
        for year in years:
            with app.app_context():
                cycle = db.session.scalars(select(Cycle).where(Cycle.year == year)).one()
                ids = queries.draft_ids(cycle)
                with counted_statements() as sent:
                    service.seconds.append(_dispatch_and_take_back(ids, officer))
                service.queries = len(sent)
            form = {"tindakan": "semua", "sampai": max(ids), "form_token": f"bench-{year}"}
            answer = player.line("petugas1").post(f"/evaluasi/{year}/bagikan/konsep", form, {})
            _expect(answer.status, 303, post.name)
            post.seconds.append(answer.seconds)
    return service, post


def measure_start(environment: dict[str, str], times: int) -> tuple[list[float], int, int]:
    """Start web and worker; return seconds to ready, and both together at rest: RSS, PSS bytes."""
    seconds, resident, shared = [], 0, 0
    for _ in range(times):
        began = time.perf_counter()
        with served(environment, (*FLASK, "serve")) as office:
            seconds.append(time.perf_counter() - began)
            time.sleep(4)
            both = [office.process.pid, *office.children()]
            resident = sum(_memory(pid, "Rss:") for pid in both)
            shared = sum(_memory(pid, "Pss:") for pid in both)
    return seconds, resident, shared


def _memory(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) * 1024


def _dispatch_and_take_back(ids: list[int], officer: User) -> float:
    """Return the seconds that the service took; nothing of it stays."""
    db.session.rollback()
    db.session.connection(execution_options={WRITING: True})
    began = time.perf_counter()
    handing_out.dispatch(ids, actor_of(officer))
    seconds = time.perf_counter() - began
    db.session.rollback()
    return seconds


def _expect(status: int, wanted: int, name: str) -> None:
    if status != wanted:
        raise UnexpectedAnswerError(f"{name}: answered {status}, not {wanted}")
