"""The register of decisions as a sheet: a line for each action item, or for a decision without."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO, NamedTuple

from app.core import clock, formatting
from app.core.actor import Actor
from app.followups.labels import AGENCY_STATE_LABELS, STATE_LABELS
from app.meetings import policy
from app.meetings.labels import KIND_LABELS
from app.meetings.queries import decisions
from app.meetings.queries.decisions import ActionItem, Narrowing, Row
from app.reports.services.xlsx import Column, Sheet, write_xlsx

TITLE = "Keputusan rapat"
WITHDRAWN = "Dibatalkan"


class Line(NamedTuple):
    """A line of the sheet."""

    row: Row
    item: ActionItem | None


def export_decisions(narrowing: Narrowing, actor: Actor, described: Sequence[str]) -> IO[bytes]:
    """Return the register as XLSX; `described` are the filters in force, in words."""
    filters = "; ".join(described) or "tanpa saringan"
    when = formatting.moment(clock.now())
    found = decisions.register(narrowing, actor)
    return write_xlsx(
        Sheet(
            title=TITLE,
            lines=[f"Saringan: {filters}", f"Diunduh {actor.name}, {when}"],
            columns=columns(reads_all=policy.is_reader_of_all(actor)),
            rows=_lines(decisions.with_agenda(found.rows)),
        )
    )


def columns(*, reads_all: bool) -> list[Column[Line]]:
    """Return the columns as one side reads them."""
    labels = STATE_LABELS if reads_all else AGENCY_STATE_LABELS

    def state(item: ActionItem) -> str:
        if item.withdrawn:
            return WITHDRAWN
        return labels[item.tally.state] if item.tally.state else ""

    return [
        Column("Keputusan", 10, lambda line: line.row.number),
        Column("Isi keputusan", 70, lambda line: line.row.words),
        Column("Rapat", 40, lambda line: line.row.title),
        Column("Nomor rapat", 14, lambda line: line.row.code),
        Column("Tanggal", 12, lambda line: clock.local(line.row.starts_at).date()),
        Column("Jenis rapat", 30, lambda line: KIND_LABELS[line.row.kind]),
        Column("Agenda", 40, _agenda),
        Column("Tindak lanjut", 50, lambda line: line.item.title if line.item else None),
        Column("Untuk", 20, lambda line: line.item.addressee if line.item else None),
        Column("Batas waktu", 12, _due_on),
        Column("Nomor tindak lanjut", 16, lambda line: line.item.tally.number if line.item else ""),
        Column("Keadaan", 26, lambda line: state(line.item) if line.item else None),
        Column("Dikirim", 8, lambda line: _seen(line.item)),
        Column("Selesai", 8, lambda line: _closed(line.item)),
    ]


def _lines(rows: Iterator[Row]) -> Iterator[Line]:
    for row in rows:
        if not row.items:
            yield Line(row, None)
        for item in row.items:
            yield Line(row, item)


def _agenda(line: Line) -> str | None:
    return f"{line.row.agenda[0]}. {line.row.agenda[1]}" if line.row.agenda else None


def _due_on(line: Line) -> date | None:
    return line.item.due_on if line.item else None


def _seen(item: ActionItem | None) -> int | None:
    """Return to how many agencies it was sent, of those that the reader sees."""
    return item.tally.total or None if item else None


def _closed(item: ActionItem | None) -> int | None:
    return item.tally.closed if item and item.tally.total else None
