"""The templates that an office can replace by its own Word files."""

import io

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core import htmx, storage
from app.core.access import requires
from app.core.errors import InvalidInput, NotVisible
from app.core.htmx import render_page
from app.core.input import whole
from app.core.storage import StoredBytes
from app.core.write import mutation, write
from app.reports.forms import TemplateForm
from app.reports.labels import KIND_HINTS, KIND_LABELS, KIND_SLUGS
from app.reports.models import DocumentKind
from app.reports.queries import letterheads, templates
from app.reports.services import templates as services
from app.reports.services.documents import catalogue, checking, samples
from app.reports.services.documents.checking import Fault
from app.reports.services.documents.placeholders import PLACEHOLDERS
from app.reports.services.documents.sandbox import FILTERS
from app.reports.views.blueprint import bp
from app.reports.views.sending import send_document

_KINDS = {slug: kind for kind, slug in KIND_SLUGS.items()}


@bp.get("/dokumen/templat/<slug>")
@requires(Permission.DOCUMENT_MANAGE)
def template(slug: str) -> ResponseReturnValue:
    """Show a template: what it can say, how to replace it, and what it was before."""
    return _page(_kind(slug), TemplateForm(formdata=None))


@bp.post("/dokumen/templat/<slug>")
@requires(Permission.DOCUMENT_MANAGE)
@mutation
def replace_template(slug: str) -> ResponseReturnValue:
    """Take an office's own template, once it could be filled in without a fault."""
    kind = _kind(slug)
    form = TemplateForm()
    chosen = request.files.get("file")
    try:
        stored, faults = _stored(kind)
        if faults:
            return _page(kind, form, faults, 422)
        with write() as actor:
            name = (chosen.filename or "") if chosen else ""
            services.replace_template(actor, kind, stored, name, whole(form.seen.data) or 0)
    except InvalidInput as error:
        form.refuse(error)
        return _page(kind, form, status=422)
    flash(f"Templat {KIND_LABELS[kind].lower()} diganti.", "success")
    return htmx.go_to(url_for("reports.template", slug=slug))


@bp.post("/dokumen/templat/<slug>/pakai")
@requires(Permission.DOCUMENT_MANAGE)
@mutation
def restore_template(slug: str) -> ResponseReturnValue:
    """Go back to an earlier template (`number`), or to the one that Gugus brings along (0)."""
    kind = _kind(slug)
    number, seen = (whole(request.form.get(name)) or 0 for name in ("number", "seen"))
    with write() as actor:
        services.restore_template(actor, kind, number, seen)
    flash(f"Templat {KIND_LABELS[kind].lower()} diganti.", "success")
    return htmx.go_to(url_for("reports.template", slug=slug))


@bp.get("/dokumen/templat/<slug>.docx")
@requires(Permission.DOCUMENT_MANAGE)
def download_template(slug: str) -> ResponseReturnValue:
    """Download the template in force; with `bawaan` the one that Gugus brings along."""
    kind, kept = _kind(slug), letterheads.letterhead()
    if "bawaan" in request.args:
        content = catalogue.default_template(kind, kept.paper)
    else:
        content = catalogue.template_in_force(kind, kept)
    return send_document(content, f"templat {slug}", "docx")


@bp.get("/dokumen/templat/<slug>/versi/<int:number>.docx")
@requires(Permission.DOCUMENT_MANAGE)
def download_version(slug: str, number: int) -> ResponseReturnValue:
    """Download an office's own template that was in force."""
    version = templates.get_version(_kind(slug), number)
    if version.file is None:
        raise NotVisible
    return storage.send(version.file, version.file_name, private=True)


@bp.get("/dokumen/templat/<slug>/contoh.<any(docx, pdf):ending>")
@requires(Permission.DOCUMENT_MANAGE)
def sample(slug: str, ending: str) -> ResponseReturnValue:
    """Show a document with invented content, by the template in force."""
    kind, kept = _kind(slug), letterheads.letterhead()
    content = catalogue.compose(kind, samples.sample(kind, kept), kept, ending)
    return send_document(content, f"contoh {slug}", ending)


def _kind(slug: str) -> DocumentKind:
    if slug not in _KINDS:
        raise NotVisible
    return _KINDS[slug]


def _stored(kind: DocumentKind) -> tuple[StoredBytes, list[Fault]]:
    """Look an uploaded template over and put it away; nothing is put away where it has faults."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        raise InvalidInput("Pilih berkas Word (.docx) dahulu.", "file")
    try:
        arrived = storage.put(chosen.stream, limit=checking.MAX_BYTES)
    except InvalidInput as error:
        raise InvalidInput(error.message, "file") from error
    content = checking.kept_form(storage.path_of(arrived.sha256).read_bytes())
    faults = checking.faults_of(content, samples.sample(kind, letterheads.letterhead()))
    return storage.put(io.BytesIO(content)), faults


def _page(
    kind: DocumentKind, form: TemplateForm, faults: list[Fault] | None = None, status: int = 200
) -> ResponseReturnValue:
    versions = templates.versions_of(kind)
    form.seen.data = str(versions[0].number if versions else 0)
    return render_page(
        "reports/template.html",
        status=status,
        form=form,
        faults=faults or [],
        kind=kind,
        slug=KIND_SLUGS[kind],
        label=KIND_LABELS[kind],
        hint=KIND_HINTS[kind],
        versions=versions,
        groups=PLACEHOLDERS[kind],
        filters=FILTERS,
        limit_megabytes=checking.MAX_BYTES // 1024**2,
    )
