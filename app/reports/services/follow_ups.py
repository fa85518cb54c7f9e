"""The list of follow-ups as a sheet: every column of the page, and some more."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO

from app.core import clock, formatting
from app.core.actor import Actor
from app.followups.labels import AGENCY_STATE_LABELS, KIND_LABELS, OUTCOME_LABELS, STATE_LABELS
from app.followups.machine import OPEN_STATES
from app.followups.position import Reader, reader_of
from app.followups.queries import listing
from app.followups.queries.listing import Order, Row
from app.followups.queries.narrowing import Narrowing
from app.reports.services.xlsx import Column, Sheet, write_xlsx

TITLE = "Tindak lanjut"


def export_list(
    narrowing: Narrowing, order: Order, actor: Actor, described: Sequence[str]
) -> IO[bytes]:
    """Return the list as XLSX; `described` are the filters in force, in words."""
    filters = "; ".join(described) or "tanpa saringan"
    when = formatting.moment(clock.now())
    return write_xlsx(
        Sheet(
            title=TITLE,
            lines=[f"Saringan: {filters}", f"Diunduh {actor.name}, {when}"],
            columns=columns(reader_of(actor)),
            rows=listing.stream(narrowing, order, actor),
        )
    )


def columns(reader: Reader) -> list[Column[Row]]:
    """Return the columns as one side reads them."""
    labels = STATE_LABELS if reader is Reader.DP3A else AGENCY_STATE_LABELS
    return [
        Column("No. instrumen", 12, lambda row: row.ref),
        Column("Nomor", 14, lambda row: row.number),
        Column("Pertanyaan atau tugas", 60, lambda row: row.title),
        Column("Instansi", 18, lambda row: row.agency),
        Column("Instansi pendukung", 22, lambda row: ", ".join(row.supporters)),
        Column("Keadaan", 26, lambda row: labels[row.state]),
        Column("Posisi", 16, lambda row: row.position(reader).whose),
        Column("Sejak", 12, lambda row: _day(row.state_since)),
        Column("Hari di posisi ini", 10, _days),
        Column("Batas waktu", 16, lambda row: _due(row.due_at)),
        Column("Lewat (hari)", 9, _days_late),
        Column("Putaran", 8, lambda row: row.round_no or None),
        Column("Hasil", 14, lambda row: OUTCOME_LABELS[row.outcome] if row.outcome else None),
        Column("Jenis", 18, lambda row: KIND_LABELS[row.kind]),
        Column("Klaster", 26, lambda row: row.cluster),
        Column("Indikator", 9, lambda row: row.indicator),
        Column("Evaluasi", 9, lambda row: row.cycle_year),
        Column("Bukti yang diharapkan", 30, lambda row: row.expected_proof),
        Column("Dasar", 30, lambda row: row.basis),
    ]


def _day(moment: datetime) -> date:
    return clock.local(moment).date()


def _due(moment: datetime) -> date:
    """Return a day where the whole day is meant, otherwise the day and its time."""
    return _day(moment) if clock.is_whole_day(moment) else moment


def _days(row: Row) -> int | None:
    if row.state not in OPEN_STATES:
        return None
    return max(0, formatting.days_between(row.state_since, clock.now()))


def _days_late(row: Row) -> int | None:
    if not row.position(Reader.DP3A).is_overdue:
        return None
    return formatting.days_between(row.due_at, clock.now())
