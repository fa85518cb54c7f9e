"""Downloads of lists."""

from flask import request, send_file
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import clock
from app.core.access import requires
from app.core.identity import current_actor
from app.followups.forms.lists import read_list
from app.meetings import policy as meetings
from app.meetings.forms.decisions import read_decisions
from app.meetings.forms.listing import read_list as read_meetings
from app.meetings.queries.listing import years
from app.reports.services.decisions import export_decisions
from app.reports.services.follow_ups import export_list
from app.reports.services.meetings import export_meetings
from app.reports.views.blueprint import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/tindak-lanjut.xlsx")
@requires(Permission.FOLLOW_UP_READ)
def follow_ups_xlsx() -> ResponseReturnValue:
    """Download the list of follow-ups that the address asks for: the page's own address."""
    actor = current_actor()
    asked = read_list(request.args, actor)
    described = [chip.label for chip in asked.chips]
    file = export_list(asked.narrowing, asked.order, actor, described)
    name = f"tindak-lanjut-{clock.today().isoformat()}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/keputusan.xlsx")
@requires(Permission.MEETING_READ)
def decisions_xlsx() -> ResponseReturnValue:
    """Download the register of decisions that the address asks for: the page's own address."""
    actor = current_actor()
    asked = read_decisions(request.args, reads_all=meetings.is_reader_of_all(actor))
    described = [chip.label for chip in asked.chips]
    file = export_decisions(asked.narrowing, actor, described)
    name = f"keputusan-{clock.today().isoformat()}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/rapat.xlsx")
@requires(Permission.MEETING_READ)
def meetings_xlsx() -> ResponseReturnValue:
    """Download the list of meetings that the address asks for: the page's own address."""
    actor = current_actor()
    asked = read_meetings(request.args, actor, years(actor))
    described = [chip.label for chip in asked.chips]
    file = export_meetings(asked.narrowing, asked.order, actor, described)
    name = f"rapat-{clock.today().isoformat()}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
