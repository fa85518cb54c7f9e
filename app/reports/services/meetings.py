"""The list of meetings as a sheet: every column of the page, and some more."""

from collections.abc import Sequence
from typing import IO

from app.core import clock, formatting
from app.core.actor import Actor
from app.meetings import policy
from app.meetings.labels import KIND_LABELS, MINUTES_LABELS, STATE_LABELS
from app.meetings.models import MeetingState
from app.meetings.queries import listing
from app.meetings.queries.listing import Narrowing, Order, Row
from app.reports.services.xlsx import Column, Sheet, write_xlsx

TITLE = "Rapat"


def export_meetings(
    narrowing: Narrowing, order: Order, actor: Actor, described: Sequence[str]
) -> IO[bytes]:
    """Return the list as XLSX; `described` are the filters in force, in words."""
    filters = "; ".join(described) or "tanpa saringan"
    when = formatting.moment(clock.now())
    return write_xlsx(
        Sheet(
            title=TITLE,
            lines=[f"Saringan: {filters}", f"Diunduh {actor.name}, {when}"],
            columns=columns(reads_all=policy.is_reader_of_all(actor)),
            rows=listing.stream(narrowing, order, actor),
        )
    )


def columns(*, reads_all: bool) -> list[Column[Row]]:
    """Return the columns; who is invited and how far drafts are, only to who reads all."""
    shown: list[Column[Row]] = [
        Column("Nomor", 14, lambda row: row.code),
        Column("Rapat", 60, lambda row: row.title),
        Column("Jenis", 34, lambda row: KIND_LABELS[row.kind]),
        Column("Tanggal", 12, lambda row: clock.local(row.starts_at).date()),
        Column("Waktu", 28, lambda row: row.hours),
        Column("Tempat", 36, lambda row: row.place or None),
        Column("Tautan rapat daring", 36, lambda row: row.video_url or None),
        Column("Keadaan", 14, lambda row: STATE_LABELS[row.state]),
        Column("Notulen", 24, lambda row: _minutes(row, reads_all=reads_all)),
    ]
    if not reads_all:
        return shown
    return [
        *shown,
        Column("Diundang", 10, lambda row: row.invited or None),
        Column("Menjawab", 10, lambda row: row.answered if row.invited else None),
    ]


def _minutes(row: Row, *, reads_all: bool) -> str | None:
    if row.state is not MeetingState.ENDED:
        return None
    if reads_all:
        return MINUTES_LABELS[row.minutes_state]
    return "Disahkan" if row.has_minutes else "Menyusul"
