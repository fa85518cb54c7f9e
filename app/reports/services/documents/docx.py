"""Write a document as DOCX: a Word template, filled in by docxtpl inside the sandbox."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from docx.opc.exceptions import OpcError
from docx.parts.story import StoryPart
from docx.shared import Emu, Mm
from docxtpl import DocxTemplate
from jinja2.exceptions import SecurityError, TemplateError
from lxml import etree
from PIL import Image

from app.core.errors import DomainError
from app.reports.services.documents.context import Document, Picture, plain
from app.reports.services.documents.sandbox import Sandbox

PICTURE_SIZES = {"logo": (22, 26)}
PHOTO_SIZE = (75, 60)
"""How large a picture may be printed, in millimetres; it keeps its shape."""

NOT_WHOLE = "Dokumen Word ini tidak utuh. Buka di Word atau LibreOffice, simpan ulang, lalu unggah."
NO_PICTURE = "Gambar tidak dapat ditaruh dalam catatan kaki."

# What the libraries raise at a file that is a ZIP of XML and still no whole document.
UNREADABLE = (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError, TypeError)


class TemplateFault(DomainError):
    """A template that cannot be filled in. The message names the placeholder or the place."""

    code = "template_fault"
    status = 422
    title = "Templat dokumen perlu diperbaiki"


class _Drawing(str):
    """A picture that draws itself where it is printed: body, header and footer keep their own."""

    __slots__ = ("content", "template")
    template: DocxTemplate
    content: bytes

    def __html__(self) -> str:
        part = self.template.current_rendering_part
        if not isinstance(part, StoryPart):
            raise SecurityError(NO_PICTURE)
        width, height = _size(self, self.content)
        inline = part.new_pic_inline(io.BytesIO(self.content), width, height).xml
        return (
            f'</w:t></w:r><w:r><w:drawing>{inline}</w:drawing></w:r><w:r><w:t xml:space="preserve">'
        )


def render_docx(template: bytes, document: Document) -> bytes:
    """Return the filled-in template as a DOCX file.

    Raises TemplateFault where the template names what is not there, or does what it may not.
    """
    filled = DocxTemplate(io.BytesIO(template))
    try:
        filled.init_docx()
        values = _drawn(plain(document.context), filled, document.pictures)
        filled.render(values, Sandbox(), autoescape=True)
        out = io.BytesIO()
        filled.save(out)
    except TemplateError as error:
        raise TemplateFault(error.message or str(error)) from error
    except UNREADABLE as error:
        raise TemplateFault(NOT_WHOLE) from error
    return out.getvalue()


def sources_of(template: bytes) -> Iterator[tuple[str, str]]:
    """Yield each part of a template as (what people call it, its source as Jinja reads it).

    A line begins before each paragraph, so that a line number names a paragraph.
    Raises TemplateFault where the document is not whole.
    """
    filled = DocxTemplate(io.BytesIO(template))
    try:
        filled.init_docx()
        yield "Isi dokumen", _lined(filled.patch_xml(filled.get_xml()))
        for uri, name in ((filled.HEADER_URI, "Kepala halaman"), (filled.FOOTER_URI, "Kaki")):
            for _, part in filled.get_headers_footers(uri):
                yield name, _lined(filled.patch_xml(filled.get_part_xml(part)))
        for part in filled.docx.part.package.iter_parts():
            if part.content_type.endswith("wordprocessingml.footnotes+xml"):
                yield "Catatan kaki", _lined(filled.patch_xml(part.blob.decode()))
        for name in ("title", "subject", "author", "comments"):
            yield "Properti dokumen", getattr(filled.docx.core_properties, name)
    except UNREADABLE as error:
        raise TemplateFault(NOT_WHOLE) from error


def _lined(source: str) -> str:
    return source.replace("<w:p>", "\n<w:p>").replace("<w:p ", "\n<w:p ")


def _drawn(value: Any, template: DocxTemplate, pictures: Mapping[str, bytes]) -> Any:
    """Return the values with each picture as something that draws itself."""
    if isinstance(value, dict):
        return {name: _drawn(inside, template, pictures) for name, inside in value.items()}
    if isinstance(value, list):
        return [_drawn(inside, template, pictures) for inside in value]
    if isinstance(value, Picture):
        if str(value) not in pictures:
            return ""
        drawing = _Drawing(value)
        drawing.template, drawing.content = template, pictures[str(value)]
        return drawing
    return value


def _size(name: str, content: bytes) -> tuple[Emu, Emu]:
    """Return how large a picture is printed: as large as its place allows, in its own shape."""
    widest, highest = PICTURE_SIZES.get(str(name), PHOTO_SIZE)
    with Image.open(io.BytesIO(content)) as image:
        shape = image.width / image.height
    width = min(widest, highest * shape)
    return Emu(Mm(width)), Emu(Mm(width / shape))
