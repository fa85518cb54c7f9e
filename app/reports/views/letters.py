"""The letters and sheets that are made of follow-ups."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies.models import Agency
from app.core import clock
from app.core.access import requires
from app.core.actor import Actor
from app.core.errors import NotVisible
from app.core.htmx import render_page
from app.core.identity import current_actor
from app.followups.queries.narrowing import Evaluation
from app.reports.forms import DataRequestForm
from app.reports.models import DocumentKind
from app.reports.queries import follow_ups, letterheads
from app.reports.queries.follow_ups import Returned
from app.reports.services.documents import catalogue, letters, sheets
from app.reports.services.documents.letters import Letter
from app.reports.views.blueprint import bp
from app.reports.views.sending import send_document

NO_EVALUATION = "Evaluasi Kabupaten Layak Anak"
SUBJECT, HEAD = "Permintaan Data {evaluation}", "Kepala {agency}"


@bp.get("/dokumen/permintaan-data")
@requires(Permission.FOLLOW_UP_MANAGE)
def new_data_request() -> ResponseReturnValue:
    """Show what is to be written down for the letter that asks an agency for data."""
    agency = _agency(current_actor())
    evaluation = follow_ups.latest_evaluation()
    form = _form()
    if "tanggal" not in request.args:
        form.tanggal.data = clock.today()
        form.hal.data = SUBJECT.format(evaluation=_named(evaluation))
        form.kepada.data = HEAD.format(agency=agency.name)
        form.sifat.data, form.lampiran.data = letters.NATURE, letters.ATTACHMENTS
    return _letter_page(form, agency)


@bp.get("/dokumen/permintaan-data.<any(docx, pdf):ending>")
@requires(Permission.FOLLOW_UP_MANAGE)
def data_request(ending: str) -> ResponseReturnValue:
    """Write the letter that asks an agency for data."""
    actor = current_actor()
    agency, form = _agency(actor), _form()
    if not form.validate():
        return _letter_page(form, agency, 422)
    evaluation, kept = follow_ups.latest_evaluation(), letterheads.letterhead()
    document = letters.data_request(
        _letter(form, agency, _named(evaluation)),
        follow_ups.asked_of(agency, evaluation, actor, everything=bool(form.semua.data)),
        kept,
        agency=agency.name,
        short_name=agency.short_name,
        evaluation=_named(evaluation),
    )
    content = catalogue.compose(DocumentKind.DATA_REQUEST, document, kept, ending)
    return send_document(content, f"permintaan data {agency.short_name}", ending)


@bp.get("/dokumen/lembar-perbaikan.<any(docx, pdf):ending>")
@requires(Permission.FOLLOW_UP_READ)
def correction_sheet(ending: str) -> ResponseReturnValue:
    """Write what came back to an agency and what is to be done."""
    actor = current_actor()
    agency = _agency(actor)
    rows = follow_ups.returned_to(agency, follow_ups.latest_evaluation(), actor)
    return _sheet(agency, rows, ending, agency.short_name)


@bp.get("/tindak-lanjut/<number>/lembar-perbaikan.<any(docx, pdf):ending>")
@requires(Permission.FOLLOW_UP_READ)
def correction_of_one(number: str, ending: str) -> ResponseReturnValue:
    """Write what came back of one follow-up."""
    agency, rows = follow_ups.returned_one(number, current_actor())
    if not rows:
        raise NotVisible("Tindak lanjut ini belum pernah dikembalikan untuk perbaikan.")
    return _sheet(agency, rows, ending, number)


def _sheet(agency: Agency, rows: list[Returned], ending: str, called: str) -> ResponseReturnValue:
    kept = letterheads.letterhead()
    document = sheets.correction_sheet(
        rows,
        kept,
        agency=agency.name,
        short_name=agency.short_name,
        evaluation=_named(follow_ups.latest_evaluation()),
    )
    content = catalogue.compose(DocumentKind.CORRECTION_SHEET, document, kept, ending)
    return send_document(content, f"lembar perbaikan {called}", ending)


def _agency(actor: Actor) -> Agency:
    return follow_ups.agency_of(request.args.get("instansi", ""), actor)


def _form() -> DataRequestForm:
    return DataRequestForm(formdata=request.args)


def _letter(form: DataRequestForm, agency: Agency, evaluation: str) -> Letter:
    return Letter(
        day=form.tanggal.data or clock.today(),
        number=form.nomor.data or "",
        nature=form.sifat.data or "",
        attachments=form.lampiran.data or "",
        subject=form.hal.data or SUBJECT.format(evaluation=evaluation),
        to=(form.kepada.data or HEAD.format(agency=agency.name),),
        contact=form.narahubung.data or "",
    )


def _named(evaluation: Evaluation | None) -> str:
    return f"Evaluasi KLA {evaluation.year}" if evaluation else NO_EVALUATION


def _letter_page(form: DataRequestForm, agency: Agency, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    asked = follow_ups.asked_of(agency, follow_ups.latest_evaluation(), actor, everything=False)
    return render_page(
        "reports/data_request.html", status=status, form=form, agency=agency, count=len(asked)
    )
