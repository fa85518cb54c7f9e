"""The accounts of others."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import policy, queries, services
from app.accounts.actors import duty_titles
from app.accounts.forms import NewUserForm, UserFilterForm, UserForm
from app.accounts.labels import ROLE_HINTS, ROLE_LABELS, STATUS_LABELS, Status
from app.accounts.models import User
from app.accounts.permissions import Permission, Role
from app.accounts.queries import UserFilter
from app.accounts.views.blueprint import bp
from app.accounts.views.presenting import column_urls, filter_chips, list_url, timeline_of
from app.core import htmx
from app.core.access import requires
from app.core.errors import InvalidInput
from app.core.identity import current_actor
from app.core.pagination import page_number
from app.core.write import mutation, write


@bp.get("/pengguna")
@requires(Permission.USER_READ)
def list_users() -> ResponseReturnValue:
    """List the accounts."""
    wanted = _wanted()
    return render_template(
        "accounts/list_users.html",
        page=queries.list_users(wanted, page_number(request.args.get("page"))),
        page_url=lambda number: list_url(wanted, page=number),
        columns=column_urls(wanted),
        active_filters=filter_chips(wanted),
        counts=queries.count_by_status(),
        statuses=STATUS_LABELS,
        status_url=lambda status: url_for("accounts.list_users", status=status),
        filter_form=UserFilterForm(request.args),
        role_labels=ROLE_LABELS,
        can_manage=current_actor().has(Permission.USER_MANAGE),
    )


@bp.get("/pengguna/baru")
@requires(Permission.USER_MANAGE)
def new_user() -> ResponseReturnValue:
    """Show the form for a new account."""
    return _new_page(NewUserForm(formdata=None))


@bp.post("/pengguna/baru")
@requires(Permission.USER_MANAGE)
@mutation
def create_user() -> ResponseReturnValue:
    """Make an account, and invite its owner or show the code to read out."""
    form = NewUserForm()
    if not form.validate():
        return _new_page(form, 422)
    try:
        with write() as actor:
            user, code = services.create_user_with_entry(
                actor,
                username=form.username.data or "",
                name=form.name.data or "",
                role=Role(form.role.data),
                email=form.email.data,
                phone=form.phone.data,
                position=form.position.data,
                by_code=form.means.data == "code",
            )
    except InvalidInput as error:
        form.refuse(error)
        return _new_page(form, 422)
    if code is not None:
        return _code_page(user, code)
    flash(f"Akun dibuat. Undangan dikirim ke {user.email}.", "success")
    return htmx.go_to(url_for("accounts.show_user", username=user.username))


@bp.get("/pengguna/<username>")
@requires(Permission.USER_READ)
def show_user(username: str) -> ResponseReturnValue:
    """Show an account, what may be done to it, and its history."""
    user = queries.get_by_username(username)
    actor = current_actor()
    return render_template(
        "accounts/show_user.html",
        user=user,
        role_label=ROLE_LABELS[user.role],
        duties=duty_titles(user.id),
        events=timeline_of(queries.history_of(user.id)),
        can_manage=policy.can_manage(actor, user),
        can_deactivate=policy.can_deactivate(actor, user),
        can_reactivate=policy.can_reactivate(actor, user),
        can_invite=policy.can_invite(actor, user),
        can_issue_code=policy.can_issue_code(actor, user),
    )


@bp.get("/pengguna/<username>/ubah")
@requires(Permission.USER_MANAGE)
def edit_user(username: str) -> ResponseReturnValue:
    """Show the form of an account."""
    user = queries.get_by_username(username)
    return _edit_page(user, UserForm(formdata=None, obj=user, data={"role": user.role.value}))


@bp.post("/pengguna/<username>/ubah")
@requires(Permission.USER_MANAGE)
@mutation
def update_user(username: str) -> ResponseReturnValue:
    """Change an account and its role."""
    form = UserForm()
    if not form.validate():
        return _edit_page(queries.get_by_username(username), form, 422)
    try:
        with write() as actor:
            services.update_user(
                actor,
                username,
                name=form.name.data or "",
                role=Role(form.role.data),
                position=form.position.data,
                email=form.email.data,
                phone=form.phone.data,
            )
    except InvalidInput as error:
        form.refuse(error)
        return _edit_page(queries.get_by_username(username), form, 422)
    return _done("Perubahan akun tersimpan.", username)


@bp.post("/pengguna/<username>/nonaktifkan")
@requires(Permission.USER_MANAGE)
@mutation
def deactivate_user(username: str) -> ResponseReturnValue:
    """End an account."""
    with write() as actor:
        services.deactivate(actor, username)
    return _done("Akun dinonaktifkan. Sesi yang terbuka sudah berakhir.", username)


@bp.post("/pengguna/<username>/aktifkan")
@requires(Permission.USER_MANAGE)
@mutation
def reactivate_user(username: str) -> ResponseReturnValue:
    """Let a person in again."""
    with write() as actor:
        services.reactivate(actor, username)
    return _done("Akun aktif kembali.", username)


@bp.post("/pengguna/<username>/undangan")
@requires(Permission.USER_ISSUE_CODE)
@mutation
def invite_user(username: str) -> ResponseReturnValue:
    """Mail the link to choose a first password."""
    with write() as actor:
        services.invite(actor, queries.get_locked(username))
    return _done("Undangan dikirim lewat surel.", username)


@bp.post("/pengguna/<username>/kode")
@requires(Permission.USER_ISSUE_CODE)
@mutation
def issue_code(username: str) -> ResponseReturnValue:
    """Show a one-time code, once: in this answer, and neither in an address nor in a log."""
    with write() as actor:
        user = queries.get_locked(username)
        code = services.issue_code(actor, user)
    return _code_page(user, code)


def _wanted() -> UserFilter:
    role, status = request.args.get("role", ""), request.args.get("status", "")
    sort = request.args.get("sort", "name")
    return UserFilter(
        words=request.args.get("q", "").strip()[:200],
        role=Role(role) if role in set(Role) else None,
        status=Status(status) if status in set(Status) else None,
        sort=sort if sort.removeprefix("-") in queries.SORTS else "name",
    )


def _done(sentence: str, username: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return htmx.go_to(url_for("accounts.show_user", username=username))


def _code_page(user: User, code: str) -> ResponseReturnValue:
    return render_template("accounts/code.html", user=user, code=code)


def _new_page(form: NewUserForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/new_user.html", form=form, role_hints=_role_hints()), status


def _edit_page(user: User, form: UserForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "accounts/edit_user.html", form=form, user=user, role_hints=_role_hints()
    ), status


def _role_hints() -> dict[str, Any]:
    return {role.value: hint for role, hint in ROLE_HINTS.items()}
