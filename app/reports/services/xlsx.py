"""Write lists as XLSX: a row at a time, so that memory stays the same whatever the length."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Generic, TypeVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.core import clock

T = TypeVar("T")

Value = str | int | date | datetime | None

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet could take for a formula at the beginning of a text."""
LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column of a sheet: its heading, its width in characters, and a row's value in it."""

    heading: str
    width: int
    value: Callable[[T], Value]


@dataclass(frozen=True, slots=True)
class Sheet(Generic[T]):
    """What a sheet says: a title, lines that explain it, columns and rows."""

    title: str
    lines: Sequence[str]
    columns: Sequence[Column[T]]
    rows: Iterable[T]


def write_xlsx(sheet: Sheet[T]) -> IO[bytes]:
    """Return an XLSX file, open at its beginning. Texts stay texts, dates are real dates."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": sheet.title, "created": clock.local(clock.now())})
        _Writer(book, book.add_worksheet(sheet.title[:31])).write(sheet)
    file.seek(0)
    return file


class _Writer:
    """One worksheet while it is written, from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, page: Worksheet) -> None:
        top = {"valign": "top"}
        self.page = page
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.heading: Format = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "bg_color": "#f1e8f3"} | top
        )
        self.text: Format = book.add_format({"text_wrap": True} | top)
        self.guarded: Format = book.add_format({"text_wrap": True, "quote_prefix": True} | top)
        self.number: Format = book.add_format(top)
        self.day: Format = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"} | top)
        self.moment: Format = book.add_format(
            {"num_format": "dd/mm/yyyy hh:mm", "align": "left"} | top
        )

    def write(self, sheet: Sheet[T]) -> None:
        """Write title, explaining lines, headings (frozen, with a filter) and rows."""
        page = self.page
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width)
        page.write_string(0, 0, sheet.title, self.title)
        for line_no, line in enumerate(sheet.lines, 1):
            page.write_string(line_no, 0, line)
        head = len(sheet.lines) + 2
        for at, column in enumerate(sheet.columns):
            page.write_string(head, at, column.heading, self.heading)
        last = head
        for last, row in enumerate(sheet.rows, head + 1):
            for at, column in enumerate(sheet.columns):
                self.cell(last, at, column.value(row))
        page.freeze_panes(head + 1, 0)
        page.autofilter(head, 0, max(last, head + 1), len(sheet.columns) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(head)

    def cell(self, row: int, column: int, value: Value) -> None:
        """Write one cell as what it is."""
        if value is None or value == "":
            self.page.write_blank(row, column, None, self.text)
        elif isinstance(value, datetime):
            local = clock.local(value).replace(tzinfo=None)
            self.page.write_datetime(row, column, local, self.moment)
        elif isinstance(value, date):
            self.page.write_datetime(row, column, datetime.combine(value, time.min), self.day)
        elif isinstance(value, int):
            self.page.write_number(row, column, value, self.number)
        else:
            style = self.guarded if value.startswith(FORMULA_SIGNS) else self.text
            self.page.write_string(row, column, value[:LONGEST_CELL], style)
