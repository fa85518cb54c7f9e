"""Bring a list of agencies in: look first, then write."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies.forms import ImportForm
from app.agencies.services.importing import import_agencies as bring_in
from app.agencies.services.reading import read_agencies
from app.agencies.views.blueprint import bp
from app.core import htmx
from app.core.access import requires
from app.core.htmx import render_page
from app.core.imports import STATUS_LABELS
from app.core.write import mutation, write


@bp.get("/instansi/impor")
@requires(Permission.AGENCY_MANAGE)
def import_agencies() -> ResponseReturnValue:
    """Ask for the file."""
    return render_page("agencies/import.html", form=ImportForm(formdata=None))


@bp.post("/instansi/impor")
@requires(Permission.AGENCY_MANAGE)
@mutation
def run_import() -> ResponseReturnValue:
    """Show what a file would do; once that was seen and confirmed, do it."""
    form = ImportForm()
    content = form.given()
    if content is None:
        form.file.errors = ["Pilih berkas YAML."]
        return render_page("agencies/import.html", status=422, form=form)
    file = read_agencies(content)
    is_confirmed = bool(form.confirmed.data) and not form.file.data
    with write() as actor:
        report = bring_in(actor, file, dry_run=not is_confirmed)
    if report.is_written:
        flash(" ".join(f"{line}." for line in report.summary), "success")
        return htmx.go_to(url_for("agencies.index"))
    return render_page(
        "agencies/import.html",
        status=422 if report.faults else 200,
        form=form,
        report=report,
        content=content.decode("utf-8-sig", "replace"),
        status_labels=STATUS_LABELS,
    )
