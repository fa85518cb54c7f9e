"""Choose a password without being signed in: by a link in a mail, or by a code."""

from flask import flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import passwords, queries, services
from app.accounts.forms import CodeForm, ForgottenForm, NewPasswordForm
from app.accounts.models import User
from app.accounts.services.throttle import code_attempts, reset_attempts
from app.accounts.tokens import read_link_token
from app.accounts.views.blueprint import bp
from app.accounts.views.sessions import HOME, come_back, start_session, visitor_address
from app.core import htmx
from app.core.access import public
from app.core.errors import InvalidInput
from app.core.write import mutation, write

CHOSEN = "Sandi baru sudah berlaku. Pakai sandi ini saat masuk berikutnya."


@bp.get("/lupa-sandi")
@public
def forgotten() -> ResponseReturnValue:
    """Ask whose password is to be chosen anew."""
    return render_template("accounts/forgotten.html", form=ForgottenForm(formdata=None))


@bp.post("/lupa-sandi")
@public
@mutation
def request_reset() -> ResponseReturnValue:
    """Owe the mail with the link; the answer is the same whether or not there is an account."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form), 422
    login = form.login.data or ""
    with write():
        blocked_until = services.count_try(reset_attempts(login, visitor_address()))
    if blocked_until is not None:
        form.refuse(InvalidInput(come_back(blocked_until)))
        return render_template("accounts/forgotten.html", form=form), 429
    with write():
        services.request_password_reset(login)
    return htmx.go_to(url_for("accounts.reset_requested"))


@bp.get("/lupa-sandi/terkirim")
@public
def reset_requested() -> ResponseReturnValue:
    """Say where to look for the mail, and what to do without one."""
    return render_template("accounts/reset_requested.html")


@bp.get("/sandi/<token>")
@public
def choose_by_link(token: str) -> ResponseReturnValue:
    """Show the form that a link opens."""
    user = _owner(token)
    if user is None:
        return make_response(render_template("accounts/link_ended.html"), 410)
    return _choose_page(NewPasswordForm(formdata=None), user.username)


@bp.post("/sandi/<token>")
@public
@mutation
def set_by_link(token: str) -> ResponseReturnValue:
    """Set the password, which ends the link, and sign in."""
    form = NewPasswordForm()
    owner = _owner(token)
    if owner is None:
        return make_response(render_template("accounts/link_ended.html"), 410)
    if not form.validate():
        return _choose_page(form, owner.username, 422)
    username, names = owner.username, (owner.username, owner.email, owner.name)
    try:
        passwords.check_new(form.password.data or "", names)
        password_hash = passwords.hash_password(form.password.data or "")
        with write():
            user = services.choose_password_by_link(token, password_hash)
    except InvalidInput as error:
        form.refuse(error)
        return _choose_page(form, username, 422)
    return _signed_in(user)


@bp.get("/kode")
@public
def choose_by_code() -> ResponseReturnValue:
    """Show the form for a code that was read out."""
    typed = CodeForm(formdata=None, data={"username": request.args.get("username", "")[:40]})
    return render_template("accounts/choose_by_code.html", form=typed)


@bp.post("/kode")
@public
@mutation
def set_by_code() -> ResponseReturnValue:
    """Set the password, which uses the code up, and sign in."""
    form = CodeForm()
    if not form.validate():
        return render_template("accounts/choose_by_code.html", form=form), 422
    username, password = form.username.data or "", form.password.data or ""
    try:
        passwords.check_new(password, (username.strip().lower(),))
        with write():
            blocked_until = services.count_try(code_attempts(username, visitor_address()))
        if blocked_until is not None:
            form.refuse(InvalidInput(come_back(blocked_until)))
            return render_template("accounts/choose_by_code.html", form=form), 429
        password_hash = passwords.hash_password(password)
        with write():
            user = services.choose_password_by_code(username, form.code.data or "", password_hash)
    except InvalidInput as error:
        form.refuse(error)
        return render_template("accounts/choose_by_code.html", form=form), 422
    return _signed_in(user)


def _owner(token: str) -> User | None:
    """Return whose link a token is, while the link is good."""
    read = read_link_token(token)
    user = queries.get_by_id(read[0]) if read else None
    if read is None or user is None or not user.is_active or user.session_epoch != read[1]:
        return None
    return user


def _choose_page(form: NewPasswordForm, username: str, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/choose_by_link.html", form=form, username=username), status


def _signed_in(user: User) -> ResponseReturnValue:
    start_session(user)
    flash(CHOSEN, "success")
    return htmx.go_to(HOME)
