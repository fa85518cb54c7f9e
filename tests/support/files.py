"""Files as offices send them: whole ones, and the ones that are refused."""

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def pdf(words: str = "") -> bytes:
    """Return a small PDF that no other call with other words returns."""
    return PDF + f"% {words}\n".encode()


def image(kind: str = "JPEG", size: tuple[int, int] = (64, 48), colour: str = "teal") -> bytes:
    """Return a picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def package(entries: dict[str, str]) -> bytes:
    """Return a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def office(content_type: str, **entries: str) -> bytes:
    """Return what opens a Word or Excel file."""
    return package(
        {"[Content_Types].xml": f'<Types><Override ContentType="{content_type}"/></Types>'}
        | {"word/document.xml": "<w/>"}
        | entries
    )
