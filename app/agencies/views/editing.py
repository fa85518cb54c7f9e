"""Add, change, end and reactivate an agency."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.agencies import queries
from app.agencies.forms import AgencyForm, NewAgencyForm, ReasonForm
from app.agencies.models import Agency, Category
from app.agencies.services import managing
from app.agencies.services.managing import Particulars
from app.agencies.views.blueprint import bp
from app.agencies.views.reading import detail_page
from app.core import htmx
from app.core.access import requires
from app.core.errors import InvalidInput, StaleVersion
from app.core.htmx import render_page
from app.core.write import mutation, write


@bp.get("/instansi/baru")
@requires(Permission.AGENCY_MANAGE)
def new_agency() -> ResponseReturnValue:
    """Show the form of a new agency."""
    form = NewAgencyForm(formdata=None)
    _offer(form, None)
    return render_page("agencies/new.html", form=form)


@bp.post("/instansi/baru")
@requires(Permission.AGENCY_MANAGE)
@mutation
def add_agency() -> ResponseReturnValue:
    """Add an agency."""
    form = NewAgencyForm(request.form)
    _offer(form, None)
    if not form.validate():
        return render_page("agencies/new.html", status=422, form=form)
    try:
        with write() as actor:
            code = managing.add_agency(actor, form.code.data or "", _particulars(form)).code
    except InvalidInput as error:
        form.refuse(error)
        return render_page("agencies/new.html", status=422, form=form)
    flash("Instansi ditambahkan. Tambahkan narahubungnya.", "success")
    return htmx.go_to(url_for("agencies.detail", code=code))


@bp.get("/instansi/<code>/ubah")
@requires(Permission.AGENCY_MANAGE)
def edit_agency(code: str) -> ResponseReturnValue:
    """Show the form of an agency."""
    agency = queries.get_by_code(code)
    form = AgencyForm(
        formdata=None,
        name=agency.name,
        short_name=agency.short_name,
        category=agency.category.value,
        kind=agency.kind,
        parent=agency.parent.code if agency.parent else "",
        aliases="\n".join(sorted(alias.alias for alias in agency.aliases)),
        seen=queries.fingerprint_of(agency),
    )
    _offer(form, agency)
    return render_page("agencies/edit.html", form=form, agency=agency, is_stale=False)


@bp.post("/instansi/<code>/ubah")
@requires(Permission.AGENCY_MANAGE)
@mutation
def change_agency(code: str) -> ResponseReturnValue:
    """Change an agency."""
    agency = queries.get_by_code(code)
    form = AgencyForm(request.form)
    _offer(form, agency)
    if not form.validate():
        return render_page("agencies/edit.html", status=422, form=form, agency=agency)
    try:
        with write() as actor:
            managing.change_agency(actor, code, _particulars(form), form.seen.data or "")
    except InvalidInput as error:
        form.refuse(error)
        agency = queries.get_by_code(code)
        return render_page("agencies/edit.html", status=422, form=form, agency=agency)
    except StaleVersion:
        # What was typed stays, beside what is stored now; saving again is then a choice.
        agency = queries.get_by_code(code)
        form.seen.data = queries.fingerprint_of(agency)
        return render_page(
            "agencies/edit.html", status=409, form=form, agency=agency, is_stale=True
        )
    flash("Perubahan instansi tersimpan.", "success")
    return htmx.go_to(url_for("agencies.detail", code=code))


@bp.post("/instansi/<code>/nonaktifkan")
@requires(Permission.AGENCY_MANAGE)
@mutation
def deactivate_agency(code: str) -> ResponseReturnValue:
    """End an agency's part in the work."""
    form = ReasonForm(request.form)
    if not form.validate():
        return detail_page(queries.get_by_code(code), form, 422)
    try:
        with write() as actor:
            managing.deactivate_agency(actor, queries.get_locked(code), form.reason.data or "")
    except InvalidInput as error:
        form.refuse(error)
        return detail_page(queries.get_by_code(code), form, 422)
    flash("Instansi dinonaktifkan. Riwayat dan pekerjaannya tetap tersimpan.", "success")
    return htmx.go_to(url_for("agencies.detail", code=code))


@bp.post("/instansi/<code>/aktifkan")
@requires(Permission.AGENCY_MANAGE)
@mutation
def reactivate_agency(code: str) -> ResponseReturnValue:
    """Let an agency take part again."""
    with write() as actor:
        managing.reactivate_agency(actor, queries.get_locked(code))
    flash("Instansi aktif kembali.", "success")
    return htmx.go_to(url_for("agencies.detail", code=code))


def _offer(form: AgencyForm, agency: Agency | None) -> None:
    parents = [(parent.code, parent.short_name) for parent in queries.possible_parents(agency)]
    if agency is not None and agency.parent and agency.parent.code not in dict(parents):
        parents.append((agency.parent.code, agency.parent.short_name))
    form.offer(list(queries.kinds()), parents)


def _particulars(form: AgencyForm) -> Particulars:
    return Particulars(
        name=form.name.data or "",
        short_name=form.short_name.data or "",
        category=Category(form.category.data),
        kind=form.kind.data,
        parent_code=form.parent.data,
        aliases=(form.aliases.data or "").splitlines(),
    )
