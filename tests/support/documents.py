"""Documents as people have them: words of a Word file, words of a PDF, what LibreOffice makes."""

import io
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph


def open_docx(content: bytes) -> Document:
    """Open a Word file as python-docx does; one that is not whole is an error."""
    return docx.Document(io.BytesIO(content))


def words_of(content: bytes) -> str:
    """Return the words of a Word file, from its head to its foot, one paragraph a line."""
    document = open_docx(content)
    section = document.sections[0]
    parts = (section.header, document, section.footer)
    return "\n".join(line for part in parts for line in _lines(part))


def _lines(part: object) -> Iterator[str]:
    for item in part.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(item, Paragraph):
            yield item.text
        elif isinstance(item, Table):
            for row in item.rows:
                for cell in row.cells:
                    yield from _lines(cell)


def rows_of(content: bytes, heading: str) -> list[list[str]]:
    """Return the rows of the table whose head has a heading, without the head."""
    for table in open_docx(content).tables:
        head = [cell.text for cell in table.rows[0].cells]
        if heading in head:
            return [[cell.text for cell in row.cells] for row in table.rows[1:]]
    raise AssertionError(f"no table has a column {heading!r}")


def with_part(content: bytes, name: str, body: str | bytes) -> bytes:
    """Return a Word file with one part of its package replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for kept in old.namelist():
            if kept != name:
                new.writestr(kept, old.read(kept))
        new.writestr(name, body)
    return out.getvalue()


def part_of(content: bytes, name: str) -> str:
    """Return one part of a Word file's package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name).decode()


def pdf_words(content: bytes) -> str:
    """Return the words of a PDF, as poppler reads them."""
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return read.stdout.decode()


def pdf_size(content: bytes) -> tuple[int, int]:
    """Return width and height of a PDF's first page, in millimetres."""
    read = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True)
    line = next(line for line in read.stdout.decode().splitlines() if line.startswith("Page size"))
    width, height = (float(word) for word in line.split() if word[0].isdigit())
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


def as_libreoffice_prints(content: bytes, folder: Path) -> bytes:
    """Return a Word file as the PDF that LibreOffice makes of it."""
    path = folder / "dokumen.docx"
    path.write_bytes(content)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profil", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return (folder / "dokumen.pdf").read_bytes()
