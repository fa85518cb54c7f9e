"""Whose turn it is, since when, until when: one function of the row, wherever it is shown.

Overdue is derived here and nowhere else (its SQL twin is `queries.narrowing.is_overdue`).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from babel.dates import format_date

from app.core import clock, formatting
from app.core.actor import Actor
from app.followups import policy
from app.followups.labels import AGENCY_STATE_LABELS, OUTCOME_LABELS, STATE_LABELS
from app.followups.machine import AT_AGENCY, State
from app.followups.models import FollowUp, Outcome

REVIEWER = "DP3A"


class Reader(StrEnum):
    """From which side a follow-up is read."""

    DP3A = "dp3a"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a row decides whose turn it is. `holder` is the name of who took it for review."""

    state: State
    state_since: datetime
    due_at: datetime
    agency: str
    holder: str | None = None
    taken_at: datetime | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Whose turn it is, in the words of one reader. Each is worded when it is asked for."""

    standing: Standing
    reader: Reader
    now: datetime

    @property
    def whose(self) -> str:
        """Return whose turn it is: "Dinkes", "DP3A", or the state where it is nobody's."""
        if self.standing.state in AT_AGENCY:
            return self.standing.agency
        if self.standing.state is State.SUBMITTED:
            return REVIEWER
        return STATE_LABELS[self.standing.state]

    @property
    def short(self) -> str:
        """Return the form for lists: "Posisi: Dinkes"."""
        return f"Posisi: {self.whose}"

    @property
    def sentence(self) -> str:
        """Say it in full: "Menunggu perbaikan dari Dinkes, paling lambat Selasa, 10 Maret 2026"."""
        return _sentence(self.standing, self.reader, overdue=self.is_overdue)

    @property
    def since(self) -> str:
        """Return a second, quieter line: what brought it there, and when."""
        return _since(self.standing, self.reader)

    @property
    def state_label(self) -> str:
        """Return what this reader calls the state."""
        labels = STATE_LABELS if self.reader is Reader.DP3A else AGENCY_STATE_LABELS
        return labels[self.standing.state]

    @property
    def tone(self) -> str:
        """Return the state's code, or "late"."""
        return "late" if self.is_overdue else self.standing.state.value

    @property
    def days(self) -> int:
        """Return for how many days it has been there, as people count them."""
        return max(0, formatting.days_between(self.standing.state_since, self.now))

    @property
    def is_overdue(self) -> bool:
        """Tell whether it is the agency's turn and its time is over."""
        return is_overdue(self.standing.state, self.standing.due_at, self.now)


def reader_of(actor: Actor) -> Reader:
    """Return the side that a person reads from: officers and leaders as DP3A, others as agency."""
    return Reader.DP3A if policy.is_reader_of_all(actor) else Reader.AGENCY


def standing_of(follow_up: FollowUp) -> Standing:
    """Return the standing of a follow-up that was loaded with its agency and who took it."""
    now = clock.now()
    held = policy.holder(follow_up, now) is not None
    return Standing(
        state=follow_up.state,
        state_since=follow_up.state_since,
        due_at=follow_up.due_at,
        agency=follow_up.agency.short_name,
        holder=follow_up.taken_by.name if held and follow_up.taken_by else None,
        taken_at=follow_up.taken_at if held else None,
        outcome=follow_up.outcome,
    )


def is_overdue(state: State, due_at: datetime, now: datetime) -> bool:
    """Tell whether it is the agency's turn and its time is over."""
    return state in AT_AGENCY and due_at < now


def position(standing: Standing, reader: Reader) -> Position:
    """Say whose turn it is, since when and until when, as one side reads it."""
    return Position(standing, reader, clock.now())


def polite(name: str) -> str:
    """Name a person as one does here: "Bapak/Ibu Sari Wulandari, S.Sos."."""
    return name if name.startswith(("Bapak ", "Ibu ")) else f"Bapak/Ibu {name}"


def _sentence(standing: Standing, reader: Reader, *, overdue: bool) -> str:
    since = _day(standing.state_since)
    match standing.state:
        case State.ASSIGNED:
            return f"Menunggu jawaban dari {standing.agency}, {_until(standing, overdue=overdue)}"
        case State.RETURNED:
            return f"Menunggu perbaikan dari {standing.agency}, {_until(standing, overdue=overdue)}"
        case State.SUBMITTED:
            return _at_reviewer(standing, reader)
        case State.CLOSED:
            outcome = f", {OUTCOME_LABELS[standing.outcome].lower()}" if standing.outcome else ""
            return f"Selesai sejak {since}{outcome}"
        case State.CANCELLED:
            return f"Dibatalkan sejak {since}"
        case State.DRAFT:
            return f"Konsep, belum dikirim ke {standing.agency}"


def _at_reviewer(standing: Standing, reader: Reader) -> str:
    if standing.holder is not None:
        by = polite(standing.holder) if reader is Reader.DP3A else f"DP3A ({standing.holder})"
        at = standing.taken_at
        return f"Sedang diperiksa {by}" + (
            f" sejak pukul {formatting.clock_time(at)}" if at else ""
        )
    return f"Menunggu pemeriksaan DP3A sejak {_day(standing.state_since)}"


def _since(standing: Standing, reader: Reader) -> str:
    when = f"{_day(standing.state_since)} ({formatting.ago(standing.state_since)})"
    for_dp3a = reader is Reader.DP3A
    match standing.state:
        case State.ASSIGNED:
            return f"Dikirim {f'ke {standing.agency}' if for_dp3a else 'DP3A'} pada {when}"
        case State.RETURNED:
            return f"Dikembalikan {f'ke {standing.agency}' if for_dp3a else 'DP3A'} pada {when}"
        case State.SUBMITTED if for_dp3a:
            return f"Dikirim {standing.agency} pada {when}"
        case State.SUBMITTED:
            return f"Dikirim ke DP3A pada {when}. Tidak ada yang perlu dikerjakan sekarang."
        case State.DRAFT:
            return f"Rencana batas waktu {formatting.due(standing.due_at, long=True)}"
        case State.CLOSED | State.CANCELLED:
            return ""


def _until(standing: Standing, *, overdue: bool) -> str:
    due = formatting.due(standing.due_at, long=True)
    if overdue:
        return f"{formatting.time_left(standing.due_at)} (batas waktu {due})"
    return f"paling lambat {due}"


def _day(moment: datetime) -> str:
    """Write a day within a sentence: "5 Maret", with its year where that is not this one."""
    day = clock.local(moment).date()
    pattern = "d MMMM" if day.year == clock.today().year else "d MMMM y"
    return format_date(day, pattern, locale=formatting.LOCALE)
