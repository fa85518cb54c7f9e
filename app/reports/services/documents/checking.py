"""Look an office's own template over before it is taken: every fault, in Indonesian, with place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2.exceptions import TemplateError, TemplateSyntaxError

from app.core.errors import InvalidInput
from app.reports.services.documents.context import Document, plain
from app.reports.services.documents.docx import TemplateFault, render_docx, sources_of
from app.reports.services.documents.names import shape_of, wrong_names
from app.reports.services.documents.package import checked
from app.reports.services.documents.sandbox import NotTaken, Sandbox

MAX_BYTES = 5 * 1024 * 1024
SHOWN = 90

UNREADABLE_CODE = (
    "Penulisan tanda {{ … }} atau {% … %} di sini keliru atau tidak lengkap. Setiap “for” perlu"
    " “endfor”, setiap “if” perlu “endif”."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with a template, and where it stands."""

    sentence: str
    place: str


def faults_of(content: bytes, sample: Document) -> list[Fault]:
    """Return everything that is wrong with a template; nothing where it can be filled in.

    The content is one that `package.checked` let through.
    """
    try:
        found = list(_faults(content, sample))
        if not found:
            render_docx(content, sample)
    except TemplateFault as error:
        return [Fault(error.message, "Dokumen")]
    return list(dict.fromkeys(found))


def kept_form(content: bytes) -> bytes:
    """Return an uploaded template as it may be kept. Raises InvalidInput on the field "file"."""
    try:
        return checked(content)
    except InvalidInput as error:
        raise InvalidInput(error.message, "file") from error


def _faults(content: bytes, sample: Document) -> Iterator[Fault]:
    shape = shape_of(plain(sample.context))
    for part, source in sources_of(content):
        lines = source.split("\n")
        try:
            read = Sandbox().parse(source)
        except NotTaken as error:
            yield Fault(error.message or "", _place(part, lines, error.lineno))
        except TemplateSyntaxError as error:
            yield Fault(UNREADABLE_CODE, _place(part, lines, error.lineno))
        except TemplateError as error:
            yield Fault(error.message or "", part)
        else:
            for wrong in wrong_names(read, shape):
                yield Fault(wrong.sentence, _place(part, lines, wrong.line))


def _place(part: str, lines: list[str], line: int) -> str:
    """Return where a line of the source stands, by the words of its paragraph."""
    at = min(max(line - 1, 0), len(lines) - 1)
    words = " ".join(re.sub(r"<[^>]+>", " ", lines[at]).split())
    shown = words[:SHOWN] + ("…" if len(words) > SHOWN else "")
    return f"{part}: “{shown}”" if shown else part
