"""Sign in and out."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import passwords, queries, services
from app.accounts.forms import SignInForm
from app.accounts.models import User
from app.accounts.services.throttle import Attempt, sign_in_attempts
from app.accounts.views.blueprint import bp
from app.accounts.views.expired import Carried, carried_along, sign_in_page
from app.accounts.views.sessions import (
    HOME,
    come_back,
    end_session,
    local_path,
    start_session,
    visitor_address,
)
from app.core import htmx
from app.core.access import public, signed_in
from app.core.actor import VISITOR
from app.core.errors import InvalidInput
from app.core.identity import current_actor
from app.core.write import mutation, write

NO_MATCH = "Nama pengguna atau sandi tidak cocok."


@bp.get("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form, or lead on who is signed in already."""
    target = local_path(request.args.get("next"))
    if current_actor() is not VISITOR:
        return redirect(target or HOME, code=303)
    return sign_in_page(SignInForm(formdata=None), target=target)


@bp.post("/masuk")
@public
@mutation
def check_sign_in() -> ResponseReturnValue:
    """Sign in, and go on to where the person was going."""
    form = SignInForm()
    target = local_path(request.form.get("next"))
    carried = carried_along(request.form)
    if not form.validate():
        return sign_in_page(form, target=target, carried=carried, status=422)
    account = queries.find_by_login(form.login.data or "")
    attempts = sign_in_attempts(
        form.login.data or "", visitor_address(), account.id if account else None
    )
    with write():
        blocked_until = services.count_try(attempts)
    if blocked_until is not None:
        form.refuse(InvalidInput(come_back(blocked_until)))
        return sign_in_page(form, target=target, carried=carried, status=429)
    user = _check(form.login.data or "", form.password.data or "", attempts)
    if user is None:
        form.refuse(InvalidInput(NO_MATCH))
        return sign_in_page(form, target=target, carried=carried, status=422)
    start_session(user)
    return _resume(carried) if carried else htmx.go_to(target or HOME)


@bp.post("/keluar")
@signed_in
@mutation
def sign_out() -> ResponseReturnValue:
    """Sign out. The session is the browser's: nothing is written."""
    end_session()
    return htmx.go_to(url_for("accounts.sign_in"))


def _check(login: str, password: str, attempts: list[Attempt]) -> User | None:
    """Return the account that a login and its password open, noted as signed in; else None."""
    user = queries.find_by_login(login)
    stored = user.password_hash if user is not None and user.is_active else None
    if not passwords.verify(password, stored) or user is None or stored is None:
        return None
    new_hash = passwords.hash_password(password) if passwords.is_outdated(stored) else None
    user_id, epoch = user.id, user.session_epoch
    with write():
        return services.note_sign_in(user_id, epoch, attempts=attempts, new_hash=new_hash)


def _resume(carried: Carried) -> ResponseReturnValue:
    return render_template("accounts/resume.html", carried=carried)
