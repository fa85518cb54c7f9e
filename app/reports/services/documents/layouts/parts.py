"""The parts that official documents here are put together from, with python-docx."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.reports.models import Paper
from app.reports.services.documents.context import MILLIMETRES

FONT = "Arial"
SIZE = 11
SMALL = 9
LANGUAGE = "id-ID"

LEFT, CENTRE = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
RIGHT, BOTH = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, width in parts of the whole, and what its cells say."""

    heading: str
    width: float
    value: str
    is_centred: bool = False


class Layout:
    """A Word document while it is put together, from top to bottom."""

    def __init__(self, title: str, paper: Paper, *, landscape: bool = False) -> None:
        self.word: WordDocument = docx.Document()
        self.word.core_properties.title = title
        self.word.core_properties.author = ""
        self.word.core_properties.language = LANGUAGE
        self._set_page(paper, landscape=landscape)
        self._set_styles()

    @property
    def width(self) -> float:
        """Return the width between the margins, in millimetres."""
        section = self.word.sections[0]
        whole = section.page_width or Mm(0)
        return (whole - (section.left_margin or 0) - (section.right_margin or 0)) / Mm(1)

    def saved(self) -> bytes:
        """Return the document as a file."""
        out = io.BytesIO()
        self.word.save(out)
        return out.getvalue()

    def text(
        self,
        words: str = "",
        *,
        align: WD_ALIGN_PARAGRAPH = LEFT,
        bold: bool = False,
        size: float = SIZE,
        after: float = 4,
        before: float = 0,
        indent: float = 0,
        hanging: float = 0,
        keep: bool = False,
        new_page: bool = False,
    ) -> Paragraph:
        """Add a paragraph."""
        paragraph = self.word.add_paragraph()
        write(paragraph, words, bold=bold, size=size)
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.space_after, form.space_before = Pt(after), Pt(before)
        form.left_indent = Mm(indent + hanging)
        form.first_line_indent = Mm(-hanging)
        form.keep_with_next, form.page_break_before = keep, new_page
        return paragraph

    def tag(self, code: str) -> None:
        """Add a paragraph that a template reads and nobody sees ("{%p for … %}")."""
        self.text(code, after=0)

    def heading(self, words: str, *, before: float = 8) -> None:
        """Add a heading that a table of contents could list."""
        paragraph = self.text(words, bold=True, before=before, after=3, keep=True)
        _set_level(paragraph, 2)

    def title(self, words: str, *, after: float = 2, new_page: bool = False) -> None:
        """Add the title of the document, or of a part of it that begins a `new_page`."""
        paragraph = self.text(
            words, align=CENTRE, bold=True, size=12, after=after, new_page=new_page
        )
        _set_level(paragraph, 1)

    def letterhead(self) -> None:
        """Add the *kop*: logo, government, office and address over a double line."""
        table = self.grid([25, self.width - 50, 25])
        logo, words, _ = table.rows[0].cells
        write(fresh(logo, align=CENTRE), "{{ kop.logo }}")
        lines = (
            ("{{ kop.pemerintah|upper }}", 13, True),
            ("{{ kop.instansi|upper }}", 14, True),
            ("{{ kop.alamat }}", SMALL, False),
            ("{{ kop.kontak }}", SMALL, False),
        )
        for at, (line, size, bold) in enumerate(lines):
            paragraph = fresh(words, align=CENTRE) if at == 0 else words.add_paragraph()
            paragraph.alignment = CENTRE
            paragraph.paragraph_format.space_after = Pt(1)
            write(paragraph, line, bold=bold, size=size)
        rule = self.text(size=4, after=8)
        _border(rule, "top", "thickThinSmallGap", 24)

    def facts(self, rows: Sequence[tuple[str, str]], *, label: float = 32) -> None:
        """Add lines of "Nomor : …" with the colons below each other."""
        table = self.grid([label, 5, self.width - label - 5], rows=len(rows))
        for row, (name, value) in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, (name, ":", value), strict=True):
                write(fresh(cell, room=0.5), words)
        self.text(size=4, after=2)

    def rows(
        self, columns: Sequence[Column], item: str, items: str, *, size: float = SMALL
    ) -> Table:
        """Add a table with one row for each `item` of the list `items`."""
        parts = sum(column.width for column in columns)
        widths = [self.width * column.width / parts for column in columns]
        table = self.grid(widths, rows=4, ruled=True)
        head, before, body, after = table.rows
        _repeat(head._tr)  # noqa: SLF001 - python-docx has no word for a repeated row
        write(fresh(before.cells[0]), f"{{%tr for {item} in {items} %}}")
        write(fresh(after.cells[0]), "{%tr endfor %}")
        for at, column in enumerate(columns):
            heading = fresh(head.cells[at], align=CENTRE, room=2)
            write(heading, column.heading, bold=True, size=size)
            _shade(head.cells[at], "E7E6E6")
            align = CENTRE if column.is_centred else LEFT
            write(fresh(body.cells[at], align=align, room=2), column.value, size=size)
        _whole(body._tr)  # noqa: SLF001 - as above
        self.text(size=4, after=4)
        return table

    def signatures(self, *places: Sequence[str]) -> None:
        """Add places for signatures beside each other; one alone stands on the right.

        Each is the lines above and below the space for the signature, which stays empty.
        """
        half = self.width / 2
        table = self.grid([half, half])
        cells = table.rows[0].cells[-len(places) :]
        for cell, (above, *below) in zip(cells, places, strict=True):
            for at, line in enumerate(above.split("\n")):
                paragraph = fresh(cell, align=CENTRE) if at == 0 else cell.add_paragraph()
                _closed_up(paragraph, keep=True)
                write(paragraph, line)
            gap = cell.add_paragraph()
            _closed_up(gap, keep=True)
            gap.paragraph_format.space_before = Pt(52)
            for at, line in enumerate(below):
                paragraph = cell.add_paragraph()
                _closed_up(paragraph, keep=at < len(below) - 1)
                write(paragraph, line, bold=at == 0)
        _whole(table.rows[0]._tr)  # noqa: SLF001 - as above

    def page_numbers(self) -> None:
        """Put "Halaman 1 dari 3" at the foot of each page."""
        foot = self.word.sections[0].footer.paragraphs[0]
        foot.alignment = CENTRE
        for words in ("Halaman ", "PAGE", " dari ", "NUMPAGES"):
            if words.isupper():
                _field(foot, words, size=8)
            else:
                write(foot, words, size=8)

    def running_head(self, words: str) -> None:
        """Put words at the head of each page, large and grey: what is no final document."""
        head = self.word.sections[0].header.paragraphs[0]
        head.alignment = CENTRE
        run = write(head, words, bold=True, size=16)
        run.font.color.rgb = RGBColor(0x9A, 0x1B, 0x1B)

    def contents(self, line: str, item: str, items: str) -> None:
        """Add a table of contents: a line for each `item`, until Word counts pages (F9)."""
        start = self.text(after=0)
        for kind in ("begin", None, "separate"):
            _field_part(start, kind, r'TOC \o "1-1" \h \z \u')
        self.tag(f"{{%p for {item} in {items} %}}")
        self.text("{{ loop.index }}. " + line, after=3)
        self.tag("{%p endfor %}")
        _field_part(self.text(after=0), "end", "")

    def grid(self, widths: Sequence[float], *, rows: int = 1, ruled: bool = False) -> Table:
        """Add a table of fixed widths in millimetres, with lines where `ruled`."""
        table: Table = self.word.add_table(rows=rows, cols=len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        if ruled:
            table.style = "Table Grid"
        else:
            _no_margins(table)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        return table

    def _set_page(self, paper: Paper, *, landscape: bool) -> None:
        section = self.word.sections[0]
        width, height = MILLIMETRES[paper]
        if landscape:
            width, height = height, width
            section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.left_margin, section.right_margin = Mm(25 if not landscape else 20), Mm(20)
        section.top_margin, section.bottom_margin = Mm(18), Mm(20)
        section.header_distance, section.footer_distance = Mm(8), Mm(9)

    def _set_styles(self) -> None:
        style = self.word.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(SIZE)
        style.paragraph_format.space_after = Pt(0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGE)
        style.element.get_or_add_rPr().append(language)


def write(paragraph: Paragraph, words: str, *, bold: bool = False, size: float = SIZE) -> Run:
    """Add words to a paragraph."""
    run = paragraph.add_run(words)
    run.bold, run.font.size = bold, Pt(size)
    return run


def fresh(cell: _Cell, *, align: WD_ALIGN_PARAGRAPH = LEFT, room: float = 0) -> Paragraph:
    """Return the one paragraph that a new cell has, with room above and below."""
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(room)
    paragraph.paragraph_format.space_after = Pt(room)
    return paragraph


def _closed_up(paragraph: Paragraph, *, keep: bool) -> None:
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.keep_with_next = keep


def _set_level(paragraph: Paragraph, level: int) -> None:
    element = OxmlElement("w:outlineLvl")
    element.set(qn("w:val"), str(level - 1))
    paragraph._p.get_or_add_pPr().append(element)  # noqa: SLF001 - no word in python-docx


def _border(paragraph: Paragraph, side: str, kind: str, size: int) -> None:
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", str(size)), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - no word in python-docx


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - no word in python-docx


def _repeat(row: object) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # type: ignore[attr-defined]


def _whole(row: object) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # type: ignore[attr-defined]


def _no_margins(table: Table) -> None:
    """Let what stands in a table without lines begin where the text does."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - no word in python-docx


def _field(paragraph: Paragraph, code: str, *, size: float = SIZE) -> None:
    """Add a field that Word computes ("PAGE")."""
    for kind in ("begin", None, "separate", "end"):
        _field_part(paragraph, kind, code, size=size)


def _field_part(paragraph: Paragraph, kind: str | None, code: str, *, size: float = SIZE) -> None:
    """Add one part of a field; each is a run of its own. Without a kind it is the code."""
    run = write(paragraph, "", size=size)
    element = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    else:
        element.set(qn("xml:space"), "preserve")
        element.text = code
    run._r.append(element)  # noqa: SLF001 - no word in python-docx
