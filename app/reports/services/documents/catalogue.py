"""The documents that Gugus writes: what it brings along for each, and how each is written."""

from collections.abc import Callable

from app.core import storage
from app.reports.models import DocumentKind, Letterhead, Paper
from app.reports.queries import templates
from app.reports.services.documents.context import Document
from app.reports.services.documents.docx import render_docx
from app.reports.services.documents.layouts import letters, meetings, sheets
from app.reports.services.documents.pdf import render_pdf

_BROUGHT_ALONG: dict[DocumentKind, Callable[[Paper], bytes]] = {
    DocumentKind.MINUTES: meetings.minutes,
    DocumentKind.INVITATION: meetings.invitation,
    DocumentKind.DATA_REQUEST: letters.data_request,
    DocumentKind.CORRECTION_SHEET: sheets.correction_sheet,
}


def default_template(kind: DocumentKind, paper: Paper) -> bytes:
    """Return the template that Gugus brings along, for a size of paper."""
    return _BROUGHT_ALONG[kind](paper)


def template_in_force(kind: DocumentKind, kept: Letterhead) -> bytes:
    """Return the office's own template, or the one that Gugus brings along.

    One whose bytes an administrator blanked is as if it were not there.
    """
    version = templates.in_force(kind)
    if version is None or version.file is None or version.file.blanked_at is not None:
        return default_template(kind, kept.paper)
    with storage.open_stored(version.file) as file:
        return file.read()


def compose(kind: DocumentKind, document: Document, kept: Letterhead, ending: str) -> bytes:
    """Return a document as "docx", by the template in force, or as "pdf", by our own layout.

    Raises TemplateFault where the template in force cannot be filled in.
    """
    if ending == "pdf":
        return render_pdf(kind.value, document)
    return render_docx(template_in_force(kind, kept), document)


def compose_book(document: Document, ending: str) -> bytes:
    """Return a year's minutes as "docx" or "pdf". Nobody replaces this template."""
    if ending == "pdf":
        return render_pdf("minutes_book", document)
    return render_docx(meetings.minutes_book(document.paper), document)


def compose_attendance(document: Document) -> bytes:
    """Return an attendance list to be signed, as PDF."""
    return render_pdf("attendance_list", document)
