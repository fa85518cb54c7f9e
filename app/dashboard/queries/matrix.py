"""The matrix of agencies and clusters, short enough to be read across a room."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

from app.followups.queries.choices import IndicatorChoice
from app.followups.queries.counts import MatrixCell

FOLDED = {"kecamatan": "Kecamatan", "desa": "Desa/kelurahan"}
"""Kinds of which there are too many for a line each: they share one."""
SHORT = 12
REST = ""
"""The column of what no question asked."""


@dataclass(slots=True)
class Cell:
    """How much was asked, and how much of it is closed, waits for DP3A, and is late."""

    closed: int = 0
    submitted: int = 0
    overdue: int = 0
    total: int = 0

    @property
    def at_agency(self) -> int:
        """Return how much waits for the agencies."""
        return self.total - self.closed - self.submitted

    def add(self, more: "Cell | MatrixCell") -> None:
        """Add what another cell counts."""
        self.closed += more.closed
        self.submitted += more.submitted
        self.overdue += more.overdue
        self.total += more.total


class Column(NamedTuple):
    """One cluster. `query` narrows the address of an agency's list to it; "" where it cannot."""

    code: str
    label: str
    name: str
    query: str


@dataclass(slots=True)
class Line:
    """One agency, or all of a folded kind. `code` is None for the latter."""

    label: str
    code: str | None
    cells: defaultdict[str, Cell] = field(default_factory=lambda: defaultdict(Cell))
    overall: Cell = field(default_factory=Cell)
    agencies: set[str] = field(default_factory=set)

    def across(self, columns: Sequence[Column], url: str) -> list[tuple[str, Cell | None, str]]:
        """Return label, counts and address of each column, and of the sum at the end.

        `url` is the list of the line's own work; cells have no address without it.
        """
        shown = [
            (label, self.cells.get(code), url + query if url and query else "")
            for code, label, _, query in columns
        ]
        return [*shown, ("Semua", self.overall, "")]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Columns and lines: the furthest behind first, folded last."""

    columns: Sequence[Column]
    lines: Sequence[Line]


def overall(cells: Iterable[MatrixCell], agency_ids: Collection[int] | None = None) -> Cell:
    """Return all cells together; with `agency_ids`, those of some agencies."""
    found = Cell()
    for cell in cells:
        if agency_ids is None or cell.agency_id in agency_ids:
            found.add(cell)
    return found


def build(cells: Iterable[MatrixCell], indicators: Sequence[IndicatorChoice]) -> Matrix:
    """Arrange the cells: kecamatan and desa folded below, the most overdue on top."""
    lines: dict[str, Line] = {}
    for cell in cells:
        folded = FOLDED.get(cell.kind)
        line = lines.get(folded or cell.code)
        if line is None:
            line = Line(folded or cell.agency, None if folded else cell.code)
            lines[folded or cell.code] = line
        line.cells[cell.cluster or REST].add(cell)
        line.agencies.add(cell.code)
    for line in lines.values():
        for counted in line.cells.values():
            line.overall.add(counted)
    names = {row.cluster: row.cluster_name for row in indicators}
    columns = [
        Column(code, short_label(code, name), name, f"&klaster={quote(code)}")
        for code, name in names.items()
    ]
    if any(REST in line.cells for line in lines.values()):
        columns.append(Column(REST, "Rapat", "Tindak lanjut rapat", ""))
    return Matrix(columns, sorted(lines.values(), key=_behind))


def short_label(code: str, name: str) -> str:
    """Return what people call a cluster: "Klaster I"; its code where even that is long."""
    label = name.partition(" - ")[0]
    return label if len(label) <= SHORT else code


def _behind(line: Line) -> tuple[bool, int, int, str]:
    """Sort by what is late, then by what is unfinished; folded lines come last."""
    unfinished = line.overall.total - line.overall.closed
    return line.code is None, -line.overall.overdue, -unfinished, line.label
