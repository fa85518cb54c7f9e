"""One's own account."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import passwords, queries, services
from app.accounts.actors import duty_titles
from app.accounts.forms import OwnAccountForm, OwnPasswordForm
from app.accounts.labels import ROLE_LABELS
from app.accounts.models import User
from app.accounts.services.throttle import own_password_attempts
from app.accounts.views.blueprint import bp
from app.accounts.views.sessions import come_back, start_session
from app.core import htmx
from app.core.access import signed_in
from app.core.errors import InvalidInput, NotVisible, TooMany
from app.core.identity import current_actor
from app.core.write import mutation, write

WRONG_PASSWORD = "Sandi saat ini tidak cocok."  # noqa: S105 - a sentence


@bp.get("/akun")
@signed_in
def account() -> ResponseReturnValue:
    """Show one's particulars and the form for a new password."""
    user = _own_user()
    return _page(user, _particulars_of(user), OwnPasswordForm(formdata=None))


@bp.post("/akun")
@signed_in
@mutation
def update_account() -> ResponseReturnValue:
    """Change one's particulars."""
    form = OwnAccountForm()
    try:
        if not form.validate():
            return _page(_own_user(), form, OwnPasswordForm(formdata=None), 422)
        knows = bool(form.current_password.data) and _knows_password(
            form.current_password.data or "", "current_password"
        )
        with write() as actor:
            user = services.update_own_account(
                actor,
                name=form.name.data or "",
                position=form.position.data,
                email=form.email.data,
                phone=form.phone.data,
                knows_password=knows,
            )
    except InvalidInput as error:
        form.refuse(error)
        return _page(_own_user(), form, OwnPasswordForm(formdata=None), 422)
    start_session(user)
    flash("Data akun tersimpan.", "success")
    return htmx.go_to(url_for("accounts.account"))


@bp.post("/akun/sandi")
@signed_in
@mutation
def change_own_password() -> ResponseReturnValue:
    """Change one's password: every other session ends, this one goes on."""
    form = OwnPasswordForm()
    user = _own_user()
    try:
        if not form.validate():
            return _page(user, _particulars_of(user), form, 422)
        epoch, names = user.session_epoch, (user.username, user.email, user.name)
        _knows_password(form.old_password.data or "", "old_password")
        passwords.check_new(form.password.data or "", names)
        password_hash = passwords.hash_password(form.password.data or "")
        with write() as actor:
            user = services.change_password(actor, epoch, password_hash)
    except InvalidInput as error:
        form.refuse(error)
        user = _own_user()
        return _page(user, _particulars_of(user), form, 422)
    start_session(user)
    flash("Sandi sudah diganti. Perangkat lain perlu masuk lagi dengan sandi baru.", "success")
    return htmx.go_to(url_for("accounts.account"))


def _own_user() -> User:
    actor = current_actor()
    user = queries.get_by_id(actor.user_id) if actor.user_id else None
    if user is None:
        raise NotVisible
    return user


def _knows_password(password: str, field: str) -> bool:
    """Check the current password. Raises InvalidInput on `field`, TooMany after many tries."""
    user = _own_user()
    user_id, stored = user.id, user.password_hash
    with write():
        blocked_until = services.count_try(own_password_attempts(user_id))
    if blocked_until is not None:
        raise TooMany(come_back(blocked_until))
    if not passwords.verify(password, stored):
        raise InvalidInput(WRONG_PASSWORD, field)
    return True


def _particulars_of(user: User) -> OwnAccountForm:
    return OwnAccountForm(formdata=None, obj=user)


def _page(
    user: User, form: OwnAccountForm, password_form: OwnPasswordForm, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "accounts/account.html",
        user=user,
        role_label=ROLE_LABELS[user.role],
        duties=duty_titles(user.id),
        form=form,
        password_form=password_form,
    ), status
