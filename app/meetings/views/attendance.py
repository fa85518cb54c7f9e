"""The attendance list, as the minute-taker fills it in while people come."""

from typing import Any

from flask import flash, make_response, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies.queries import active_agencies
from app.core import htmx
from app.core.access import requires
from app.core.errors import InvalidInput, StaleVersion
from app.core.identity import current_actor
from app.core.write import mutation, write
from app.meetings import policy
from app.meetings.forms.attendance import BoardFilterForm, PersonForm, ids_of
from app.meetings.models import Answer, Attendance, Gender, Meeting, Presence
from app.meetings.queries import attendance as queries
from app.meetings.queries import finding
from app.meetings.queries import invitations as invited
from app.meetings.queries.attendance import from_where
from app.meetings.services import attending as services
from app.meetings.views.blueprint import bp
from app.meetings.views.presenting import show

PART = "bagian"
TOTALS = "jumlah"
CHANGED = "attendance-changed"
"""What the browser is told where a change asks for the numbers to be counted anew."""


@bp.get("/rapat/<code>/daftar-hadir")
@requires(Permission.MEETING_MANAGE)
def attendance(code: str) -> ResponseReturnValue:
    """Show the attendance list; the numbers alone where htmx asks for them."""
    meeting = finding.get(code, current_actor())
    if request.args.get(PART) == TOTALS and htmx.wants_fragment():
        return show(
            "meetings/_attendance_totals.html", meeting, totals=queries.totals_of(meeting.id)
        )
    return _board(meeting)


@bp.post("/rapat/<code>/daftar-hadir")
@requires(Permission.MEETING_MANAGE)
@mutation
def add_attendance(code: str) -> ResponseReturnValue:
    """Write down somebody of any agency, invited or not, in one line."""
    form = PersonForm()
    try:
        if form.validate():
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                services.add(meeting, services.Person(**form.typed()), actor)
            flash(f"{form.name.data} dicatat.", "success")
            return htmx.go_to(url_for("meetings.attendance", code=code, _anchor="tambah"))
    except InvalidInput as refusal:
        form.refuse(refusal)
    return _board(finding.get(code, current_actor()), 422, form)


@bp.post("/rapat/<code>/daftar-hadir/undangan/<int:invitation_id>")
@requires(Permission.MEETING_MANAGE)
@mutation
def mark_attendance(code: str, invitation_id: int) -> ResponseReturnValue:
    """Write down who came of an invitation, or that nobody did."""
    form = PersonForm()
    try:
        if form.validate():
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                invitation = invited.get_locked(meeting.id, invitation_id)
                services.mark(meeting, invitation, services.Person(**form.typed()), actor)
            return _marked(code, invitation_id)
    except InvalidInput as refusal:
        form.refuse(refusal)
    return _marked(code, invitation_id, form)


@bp.get("/rapat/<code>/daftar-hadir/<int:line_id>")
@requires(Permission.MEETING_MANAGE)
def attendance_line(code: str, line_id: int) -> ResponseReturnValue:
    """Show one line to be corrected or taken off."""
    meeting = finding.get(code, current_actor())
    line = queries.get_line(meeting.id, line_id)
    return _line(meeting, line, PersonForm.of(line))


@bp.post("/rapat/<code>/daftar-hadir/<int:line_id>")
@requires(Permission.MEETING_MANAGE)
@mutation
def change_attendance(code: str, line_id: int) -> ResponseReturnValue:
    """Correct a line."""
    form = PersonForm()
    status, message = 422, ""
    try:
        if form.validate():
            with write() as actor:
                meeting = finding.get_locked(code, actor)
                line = queries.get_line_locked(meeting.id, line_id)
                services.change(meeting, line, services.Person(**form.typed()), form.seen, actor)
            flash("Daftar hadir disimpan.", "success")
            return htmx.go_to(url_for("meetings.attendance", code=code))
    except InvalidInput as refusal:
        form.refuse(refusal)
    except StaleVersion as refusal:
        status, message = refusal.status, refusal.message
    meeting = finding.get(code, current_actor())
    return _line(meeting, queries.get_line(meeting.id, line_id), form, status, message)


@bp.post("/rapat/<code>/daftar-hadir/<int:line_id>/hapus")
@requires(Permission.MEETING_MANAGE)
@mutation
def remove_attendance(code: str, line_id: int) -> ResponseReturnValue:
    """Take a line off the list."""
    form = PersonForm()
    try:
        with write() as actor:
            meeting = finding.get_locked(code, actor)
            line = queries.get_line_locked(meeting.id, line_id)
            services.remove(meeting, line, form.seen, actor)
    except StaleVersion as refusal:
        meeting = finding.get(code, current_actor())
        line = queries.get_line(meeting.id, line_id)
        return _line(meeting, line, PersonForm.of(line), refusal.status, refusal.message)
    flash("Baris dihapus dari daftar hadir.", "success")
    return htmx.go_to(url_for("meetings.attendance", code=code))


@bp.post("/rapat/<code>/daftar-hadir/centang")
@requires(Permission.MEETING_MANAGE)
@mutation
def confirm_attendance(code: str) -> ResponseReturnValue:
    """Tick one line that somebody wrote by the code on the wall, or all that the page showed."""
    ids = ids_of(request.form)
    with write() as actor:
        meeting = finding.get_locked(code, actor)
        count = services.confirm(meeting, ids, actor)
    flash(f"{count} kehadiran dicentang." if count else "Sudah dicentang.", "success")
    return htmx.go_to(url_for("meetings.attendance", code=code))


@bp.post("/rapat/<code>/daftar-hadir/buang")
@requires(Permission.MEETING_MANAGE)
@mutation
def discard_attendance(code: str) -> ResponseReturnValue:
    """Drop what was written by the code on the wall and has not been ticked."""
    ids = ids_of(request.form)
    with write() as actor:
        meeting = finding.get_locked(code, actor)
        count = services.discard(meeting, ids, actor)
    flash(f"{count} isian dihapus." if count else "Tidak ada yang dihapus.", "success")
    return htmx.go_to(url_for("meetings.attendance", code=code))


def _board(
    meeting: Meeting,
    status: int = 200,
    form: PersonForm | None = None,
    refused: tuple[int, PersonForm] | None = None,
) -> ResponseReturnValue:
    """Show the list; of what was refused at a seat, that seat alone with what was typed."""
    board = queries.board_of(meeting.id)
    search = BoardFilterForm(request.args)
    seats = search.narrow(board)
    if refused is not None:
        seats = [board.seat_of(refused[0])]
    return show(
        "meetings/attendance.html",
        meeting,
        status=status,
        board=board,
        totals=board.totals,
        seats=seats,
        search=search,
        form=form or PersonForm(formdata=None),
        refused=refused[1] if refused else None,
        agencies=active_agencies(),
        never_came=queries.never_came(meeting),
        **_choices(meeting),
    )


def _marked(
    code: str, invitation_id: int, refused: PersonForm | None = None
) -> ResponseReturnValue:
    """Answer a mark: the seat alone where htmx asks, else the page where it stands."""
    given = BoardFilterForm(request.args)
    status = 200 if refused is None else 422
    if htmx.wants_fragment():
        meeting = finding.get(code, current_actor())
        board = queries.board_of(meeting.id)
        context: dict[str, Any] = {
            "seat": board.seat_of(invitation_id),
            "refused": refused,
            "search": given,
            "swapped": True,
        }
        response = make_response(
            show(
                "meetings/_attendance_seat.html",
                meeting,
                status=status,
                **context,
                **_choices(meeting),
            )
        )
        response.headers["HX-Trigger"] = CHANGED
        return response
    if refused is not None:
        meeting = finding.get(code, current_actor())
        return _board(meeting, status, refused=(invitation_id, refused))
    return htmx.go_to(
        url_for(
            "meetings.attendance",
            code=code,
            kata=given.kata.data or None,
            tampil=given.tampil.data or None,
            _anchor=f"undangan-{invitation_id}",
        )
    )


def _line(
    meeting: Meeting, line: Attendance, form: PersonForm, status: int = 200, message: str = ""
) -> ResponseReturnValue:
    """Show a line; where it changed meanwhile, what is stored stands beside what was typed."""
    if message:
        form.edition.data = str(line.edition)
    return show(
        "meetings/attendance_line.html",
        meeting,
        status=status,
        line=line,
        form=form,
        message=message,
        from_where=from_where(line),
        agencies=active_agencies(),
        **_choices(meeting),
    )


def _choices(meeting: Meeting) -> dict[str, Any]:
    return {
        "Presence": Presence,
        "Gender": Gender,
        "Answer": Answer,
        "from_where_of": from_where,
        "can_write": policy.can_write(current_actor(), meeting),
    }
