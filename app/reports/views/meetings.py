"""The documents of meetings: invitation, attendance list, minutes, and a year's minutes."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.access import requires
from app.core.errors import NotVisible
from app.core.identity import current_actor
from app.core.input import whole
from app.meetings import policy
from app.meetings.queries import agenda, finding
from app.reports.models import DocumentKind, Letterhead, Paper
from app.reports.queries import letterheads
from app.reports.queries import meetings as queries
from app.reports.services.documents import catalogue, gatherings
from app.reports.services.documents import minutes as documents
from app.reports.views.blueprint import bp
from app.reports.views.sending import send_document

MOST_BLANK = 200


@bp.get("/rapat/<code>/notulen.<any(docx, pdf):ending>")
@requires(Permission.MEETING_READ)
def minutes(code: str, ending: str) -> ResponseReturnValue:
    """Write the minutes of a meeting: as they are, as approved, or one version (`versi`)."""
    actor = current_actor()
    meeting = finding.get(code, actor)
    found = queries.minutes_for(meeting, actor, whole(request.args.get("versi")) or None)
    kept = letterheads.letterhead()
    document = documents.minutes(found, kept)
    content = catalogue.compose(DocumentKind.MINUTES, document, kept, ending)
    name = f"notulen {meeting.code} {f'versi {found.version}' if found.version else 'konsep'}"
    return send_document(content, name, ending)


@bp.get("/rapat/<code>/undangan.<any(docx, pdf):ending>")
@requires(Permission.MEETING_MANAGE)
def invitation(code: str, ending: str) -> ResponseReturnValue:
    """Write the letter that invites to a meeting."""
    meeting, kept = finding.get(code, current_actor()), letterheads.letterhead()
    titles = [item.title for item in agenda.items_of(meeting)]
    to = queries.addressees_of(meeting)
    document = gatherings.invitation(meeting, titles, to, kept)
    content = catalogue.compose(DocumentKind.INVITATION, document, kept, ending)
    return send_document(content, f"undangan {meeting.code}", ending)


@bp.get("/rapat/<code>/daftar-hadir.pdf")
@requires(Permission.MEETING_READ)
def attendance_list(code: str) -> ResponseReturnValue:
    """Write the list that is signed: on `kertas`, with `kosong` blank rows at its end."""
    actor = current_actor()
    if not policy.is_reader_of_all(actor):
        raise NotVisible
    meeting, kept = finding.get(code, actor), letterheads.letterhead()
    document = gatherings.attendance_list(
        meeting,
        queries.to_sign(meeting),
        kept,
        _paper(kept),
        blank=min(whole(request.args.get("kosong")) or 0, MOST_BLANK),
    )
    content = catalogue.compose_attendance(document)
    return send_document(content, f"daftar hadir {meeting.code}", "pdf")


@bp.get("/rapat/buku-notulen/<int:year>.<any(docx, pdf):ending>")
@requires(Permission.MEETING_READ)
def minutes_book(year: int, ending: str) -> ResponseReturnValue:
    """Write the approved minutes of a year's meetings, those that the person sees, as one."""
    kept = letterheads.letterhead()
    found = queries.approved_in(year, current_actor())
    content = catalogue.compose_book(documents.minutes_book(found, year, kept), ending)
    return send_document(content, f"buku notulen {year}", ending)


def _paper(kept: Letterhead) -> Paper:
    asked = request.args.get("kertas", "")
    return Paper(asked) if asked in list(Paper) else kept.paper
