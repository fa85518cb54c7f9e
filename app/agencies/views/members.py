"""Who answers for an agency: add, change a duty, end it."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import queries as accounts
from app.accounts.permissions import Permission
from app.agencies import queries
from app.agencies.forms import DutyForm, EndForm, MemberForm, NewMemberForm
from app.agencies.labels import DUTY_HINTS
from app.agencies.models import Agency, Duty
from app.agencies.services import memberships
from app.agencies.views.blueprint import bp
from app.core import htmx
from app.core.access import requires
from app.core.errors import InvalidInput
from app.core.htmx import render_page
from app.core.write import mutation, write


@bp.get("/instansi/<code>/anggota/tambah")
@requires(Permission.AGENCY_MANAGE)
def choose_member(code: str) -> ResponseReturnValue:
    """Show the form that gives a person with an account a duty."""
    agency = queries.get_by_code(code)
    return _member_page(agency, MemberForm(formdata=None))


@bp.post("/instansi/<code>/anggota/tambah")
@requires(Permission.AGENCY_MANAGE)
@mutation
def add_member(code: str) -> ResponseReturnValue:
    """Give a person with an account a duty."""
    agency = queries.get_by_code(code)
    form = MemberForm(request.form)
    _offer(form, agency)
    if not form.validate():
        return _member_page(agency, form, 422)
    try:
        with write() as actor:
            memberships.add_member(
                actor,
                queries.get_locked(code),
                accounts.get_by_username(form.user.data),
                Duty(form.duty.data),
            )
    except InvalidInput as error:
        form.refuse(error)
        return _member_page(queries.get_by_code(code), form, 422)
    return _done("Anggota ditambahkan.", code)


@bp.get("/instansi/<code>/anggota/baru")
@requires(Permission.AGENCY_MANAGE)
def new_member(code: str) -> ResponseReturnValue:
    """Show the form for a person without an account."""
    agency = queries.get_by_code(code)
    return _new_page(agency, NewMemberForm(formdata=None))


@bp.post("/instansi/<code>/anggota/baru")
@requires(Permission.AGENCY_MANAGE)
@mutation
def create_member(code: str) -> ResponseReturnValue:
    """Make an account for a person, with a duty."""
    form = NewMemberForm(request.form)
    if not form.validate():
        return _new_page(queries.get_by_code(code), form, 422)
    try:
        with write() as actor:
            user, entry_code = memberships.add_new_member(
                actor,
                queries.get_locked(code),
                username=form.username.data or "",
                name=form.name.data or "",
                duty=Duty(form.duty.data),
                email=form.email.data,
                phone=form.phone.data,
                position=form.position.data,
                by_code=form.means.data == "code",
            )
    except InvalidInput as error:
        form.refuse(error)
        return _new_page(queries.get_by_code(code), form, 422)
    if entry_code is not None:
        return render_page("accounts/code.html", user=user, code=entry_code)
    return _done(f"Akun dibuat. Undangan dikirim ke {user.email}.", code)


@bp.post("/instansi/<code>/anggota/<int:membership_id>/tugas")
@requires(Permission.AGENCY_MANAGE)
@mutation
def change_duty(code: str, membership_id: int) -> ResponseReturnValue:
    """Change what a person does for an agency."""
    form = DutyForm(request.form, prefix=f"m{membership_id}-")
    if not form.validate():
        flash("Pilih salah satu tugas.", "error")
        return htmx.go_to(url_for("agencies.detail", code=code))
    with write() as actor:
        membership = queries.get_membership_locked(queries.get_locked(code), membership_id)
        memberships.change_duty(actor, membership, Duty(form.duty.data))
    return _done("Tugas tersimpan.", code)


@bp.post("/instansi/<code>/anggota/<int:membership_id>/akhiri")
@requires(Permission.AGENCY_MANAGE)
@mutation
def end_membership(code: str, membership_id: int) -> ResponseReturnValue:
    """End a person's duty for an agency."""
    form = EndForm(request.form, prefix=f"e{membership_id}-")
    if not form.validate():
        flash("Catatan serah terima paling panjang 1.000 huruf.", "error")
        return htmx.go_to(url_for("agencies.detail", code=code))
    with write() as actor:
        membership = queries.get_membership_locked(queries.get_locked(code), membership_id)
        memberships.end_membership(actor, membership, form.note.data or "")
    return _done("Tugas diakhiri. Pekerjaan tetap pada instansi.", code)


def _done(sentence: str, code: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return htmx.go_to(url_for("agencies.detail", code=code))


def _offer(form: MemberForm, agency: Agency) -> None:
    people = queries.possible_members(agency.id)
    form.offer([(user.username, f"{user.name} ({user.username})") for user in people])


def _member_page(agency: Agency, form: MemberForm, status: int = 200) -> ResponseReturnValue:
    _offer(form, agency)
    return render_page(
        "agencies/choose_member.html", status=status, agency=agency, form=form, hints=DUTY_HINTS
    )


def _new_page(agency: Agency, form: NewMemberForm, status: int = 200) -> ResponseReturnValue:
    return render_page(
        "agencies/new_member.html", status=status, agency=agency, form=form, hints=DUTY_HINTS
    )
