"""What is measured: pages as each role opens them, and the writes of the main job."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.agencies.models import Agency
from app.core.db import db
from app.core.pagination import PAGE_SIZE
from app.followups.machine import State
from app.followups.models import FollowUp, ReturnReason
from app.instruments.models import Cycle
from app.meetings.models import AgendaItem, Meeting, MeetingActionItem
from tests.bench.browsing import PARTIAL, Answer, Browser, UnexpectedAnswerError, form_with

LISTS, DETAILS = 8, 14
"""How many queries a page may take: lists and homes, details and the review."""
NOTE = "Sumber: rekapitulasi bidang, diperbarui"

Play = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class PageCase:
    """A page as somebody opens it."""

    name: str
    username: str
    path: str
    queries: int


@dataclass(frozen=True, slots=True)
class WriteCase:
    """A POST as somebody sends it: each time on a follow-up of its own, or in one meeting."""

    name: str
    work: Iterator[tuple[str, str]]
    """Who does it to which follow-up: (username, number), without end."""
    field: str
    """A field of the form on the page that is sent."""
    path: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 303
    under: str = "/tindak-lanjut/"
    """Below what address the page lies."""
    words: str = "note"
    """The field that says something else each time."""

    def prepare(self, browser: Browser, number: str, turn: int) -> Play:
        """Open the page, fill in its form, and return the sending of it."""
        form = form_with(browser.get(f"{self.under}{number}").body, self.field)
        form |= self.changes
        if self.words in form:
            form[self.words] = f"{NOTE} ({turn})"
        path = f"{self.under}{number}{self.path}"

        def send() -> Answer:
            answer = browser.post(path, form, self.headers)
            if answer.status != self.status:
                said = answer.body.decode(errors="replace")
                raise UnexpectedAnswerError(f"{self.name}: {answer.status} {said[:2000]}")
            return answer

        return send


def page_cases(app: Flask) -> list[PageCase]:
    """Return the pages, at what the latest evaluation holds."""
    with app.app_context():
        latest = db.session.scalars(select(Cycle.id).order_by(Cycle.year.desc())).first()
        listed = select(func.count()).where(FollowUp.cycle_id == latest)
        last = -(-(db.session.scalar(listed) or 1) // PAGE_SIZE)
        waiting = select(func.count()).where(FollowUp.state == State.SUBMITTED)
        last_waiting = -(-(db.session.scalar(waiting) or 1) // PAGE_SIZE)
        own = _numbers(latest, State.RETURNED, "DINKES")[0]
        to_judge = _numbers(latest, State.SUBMITTED, "DINKES")[0]
        closed = _numbers(latest, State.CLOSED, "DINKES")[0]
        meeting = _meeting()
    officer, agency = "petugas1", "dinkes"
    every = "/tindak-lanjut"
    return [
        PageCase("home, agency", agency, "/", LISTS),
        PageCase("home, officer", officer, "/", LISTS),
        PageCase("home, leader", "sekda", "/", LISTS),
        PageCase("home, admin", "admin", "/", LISTS),
        PageCase("list, officer", officer, every, LISTS),
        PageCase("list, last page", officer, f"{every}?halaman={last}", LISTS),
        PageCase("list, filtered", officer, f"{every}?klaster=K3&keadaan=returned", LISTS),
        PageCase("list, by agency", officer, f"{every}?urut=instansi", LISTS),
        PageCase("list, by question", officer, f"{every}?urut=-pertanyaan", LISTS),
        PageCase("list, searched", officer, f"{every}?q=anak+kecamatan", LISTS),
        PageCase("list, agency", agency, every, LISTS),
        PageCase("list, leader", "sekda", every, LISTS),
        PageCase("queue", officer, "/antrean", LISTS),
        PageCase("queue, last page", officer, f"/antrean?hal={last_waiting}", LISTS),
        PageCase("detail, agency", agency, f"{every}/{own}", DETAILS),
        PageCase("detail, closed", officer, f"{every}/{closed}", DETAILS),
        PageCase("review, officer", officer, f"{every}/{to_judge}", DETAILS),
        PageCase("meeting", officer, f"/rapat/{meeting.code}", DETAILS),
        PageCase("agenda", officer, f"/rapat/{meeting.code}/agenda", DETAILS),
        PageCase("attendance", officer, f"/rapat/{meeting.code}/daftar-hadir", DETAILS),
        PageCase("minutes, live", officer, f"/rapat/{meeting.code}/notulen", DETAILS),
        PageCase("check, ending", officer, f"/rapat/{meeting.code}/akhiri", DETAILS),
        PageCase("screen", officer, f"/rapat/{meeting.code}/layar", DETAILS),
    ]


def write_cases(app: Flask) -> list[WriteCase]:
    """Return the writes, with follow-ups of the latest evaluation to do them to."""
    with app.app_context():
        latest = db.session.scalars(select(Cycle.id).order_by(Cycle.year.desc())).first()
        returned = _with_focal_points(latest, State.RETURNED)
        submitted = _numbers(latest, State.SUBMITTED)
        reason = db.session.scalars(select(ReturnReason.id).order_by(ReturnReason.id)).first()
        meeting = _meeting()
        items = select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.id)
        item = db.session.scalars(items.order_by(AgendaItem.position)).first()
        actions = select(MeetingActionItem.id).where(MeetingActionItem.agenda_item_id == item)
        action = db.session.scalars(actions.order_by(MeetingActionItem.id)).first()
    drafts, to_send = returned[::2], returned[1::2]
    to_return = [("petugas1", number) for number in submitted[::2]]
    to_accept = [("petugas1", number) for number in submitted[1::2]]
    excuse = {"no_evidence_reason": "Daftar hadir menyusul."}
    why = {"reasons": str(reason), "words": "Mohon lampirkan rekap per kecamatan."}
    return [
        WriteCase("save draft", cycle(drafts), "draft_no", "/konsep", {}, PARTIAL, 200),
        WriteCase(
            "save minutes",
            cycle([("petugas1", f"{meeting.code}/notulen")]),
            "notes",
            f"/agenda/{item}/konsep",
            headers=PARTIAL,
            status=200,
            under="/rapat/",
            words="notes",
        ),
        WriteCase(
            "address an action",
            cycle([("petugas1", f"{meeting.code}/notulen")]),
            "supporters",
            f"/tindak-lanjut/{action}/konsep",
            headers=PARTIAL,
            status=200,
            under="/rapat/",
            words="addressee",
        ),
        WriteCase("submit", iter(to_send), "draft_no", "/kirim", excuse),
        WriteCase("return", iter(to_return), "reasons", "/kembalikan", why),
        WriteCase("accept", iter(to_accept), "outcome", "/selesai"),
    ]


def users(app: Flask) -> dict[str, User]:
    """Return everybody by username."""
    with app.app_context():
        found = {user.username: user for user in db.session.scalars(select(User))}
        db.session.expunge_all()
        return found


def _meeting() -> Meeting:
    return db.session.scalars(select(Meeting).order_by(Meeting.id)).one()


def _numbers(cycle_id: int | None, state: State, agency: str | None = None) -> list[str]:
    wanted = select(FollowUp).where(FollowUp.cycle_id == cycle_id, FollowUp.state == state)
    if agency is not None:
        wanted = wanted.join(FollowUp.agency).where(Agency.code == agency)
    return [row.number for row in db.session.scalars(wanted.order_by(FollowUp.id))]


def _with_focal_points(cycle_id: int | None, state: State) -> list[tuple[str, str]]:
    found = db.session.execute(
        select(Agency.code, FollowUp)
        .join(FollowUp.agency)
        .where(FollowUp.cycle_id == cycle_id, FollowUp.state == state)
        .order_by(FollowUp.id)
    )
    return [(code.lower(), row.number) for code, row in found]
