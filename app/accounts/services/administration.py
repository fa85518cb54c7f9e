"""Make, change and end accounts; let people in who have no password yet."""

from datetime import timedelta

from app.accounts import policy, queries
from app.accounts.labels import ROLE_LABELS
from app.accounts.messages import AUDIENCE
from app.accounts.models import User
from app.accounts.permissions import Role
from app.accounts.services.particulars import (
    clean,
    clean_username,
    refuse_taken,
    write_down,
)
from app.accounts.tokens import CODE_LIFETIME, Purpose, code_digest, new_code
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, NotPermitted
from app.history.services import record
from app.notifications.services import News, notify

AT_ONCE = timedelta(0)
LAST_ADMIN = "Paling sedikit satu administrator harus tetap aktif."


def create_user(
    actor: Actor,
    *,
    username: str,
    name: str,
    role: Role,
    email: str | None = None,
    phone: str | None = None,
    position: str | None = None,
    password_hash: str | None = None,
) -> User:
    """Make an account. Without a password its owner is invited, or read a code out.

    Raises NotPermitted, or InvalidInput on the field to blame.
    """
    if not policy.can_create(actor, role):
        raise NotPermitted(f"Akun {ROLE_LABELS[role]} dibuat oleh administrator.")
    username = clean_username(username)
    written = clean(name=name, position=position, email=email, phone=phone)
    refuse_taken(username=username, email=written.email, but_user_id=None)
    user = User(
        username=username,
        name=written.name,
        position=written.position,
        email=written.email,
        phone=written.phone,
        role=role,
        password_hash=password_hash,
        session_epoch=0,
        preferences={},
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    record(actor, "user_created", user_id=user.id, username=username, role=role.value)
    return user


def create_user_with_entry(
    actor: Actor,
    *,
    username: str,
    name: str,
    role: Role,
    email: str | None = None,
    phone: str | None = None,
    position: str | None = None,
    by_code: bool = False,
) -> tuple[User, str | None]:
    """Make an account and let its owner in: by an invitation, or by the code that is returned.

    Raises what `create_user` raises; InvalidInput on `email` for an invitation without one.
    """
    if not by_code and not (email or "").strip():
        raise InvalidInput("Undangan memerlukan surel. Tanpa surel, pilih kode.", "email")
    user = create_user(
        actor,
        username=username,
        name=name,
        role=role,
        email=email,
        phone=phone,
        position=position,
    )
    if by_code:
        return user, issue_code(actor, user)
    invite(actor, user)
    return user, None


def invite(actor: Actor, user: User) -> None:
    """Owe a person the mail with the link to choose a first password."""
    if not policy.can_invite(actor, user):
        raise NotPermitted("Undangan hanya untuk akun bersurel yang belum memiliki sandi.")
    event_id = record(actor, "user_invited", user_id=user.id)
    notify(
        News(
            event_id=event_id,
            kind=Purpose.INVITATION,
            audience=AUDIENCE,
            audience_ids={"user_id": user.id},
        ),
        hold=AT_ONCE,
    )


def issue_code(actor: Actor, user: User) -> str:
    """Return a new one-time code to read out; an earlier one ends. Only its digest is kept."""
    if not policy.can_issue_code(actor, user):
        raise NotPermitted("Kode untuk akun ini dibuat oleh administrator.")
    code = new_code()
    user.code_hash = code_digest(code)
    user.code_expires_at = clock.now() + CODE_LIFETIME
    record(actor, "code_issued", user_id=user.id)
    return code


def update_user(
    actor: Actor,
    username: str,
    *,
    name: str,
    role: Role,
    position: str | None,
    email: str | None,
    phone: str | None,
) -> None:
    """Change an account and its role. A new role ends its sessions; a new address, its links.

    Who was invited and has not come yet is invited anew at a new address.
    """
    user, other_admins = queries.get_locked_with_admins(username)
    if not policy.can_manage(actor, user):
        raise NotPermitted("Akun diubah oleh administrator.")
    written = clean(name=name, position=position, email=email, phone=phone)
    refuse_taken(username=None, email=written.email, but_user_id=user.id)
    if role is not user.role:
        _change_role(actor, user, role, other_admins)
    changed = write_down(user, written)
    if changed:
        record(actor, "user_changed", user_id=user.id, fields=sorted(changed))
    if "email" in changed and policy.can_invite(actor, user):
        invite(actor, user)


def deactivate(actor: Actor, username: str) -> None:
    """End an account: its sessions and links end at once, its name stays in the history."""
    user, other_admins = queries.get_locked_with_admins(username)
    if not policy.can_deactivate(actor, user):
        raise NotPermitted("Akun ini tidak dapat dinonaktifkan dari sini.")
    if user.role is Role.ADMIN and not other_admins:
        raise InvalidInput(LAST_ADMIN)
    user.deactivated_at = clock.now()
    user.code_hash = None
    user.code_expires_at = None
    user.session_epoch += 1
    record(actor, "user_deactivated", user_id=user.id)


def reactivate(actor: Actor, username: str) -> None:
    """Let a person in again, with the password of before."""
    user = queries.get_locked(username)
    if not policy.can_reactivate(actor, user):
        raise NotPermitted("Akun ini masih aktif.")
    user.deactivated_at = None
    user.session_epoch += 1
    record(actor, "user_reactivated", user_id=user.id)


def _change_role(actor: Actor, user: User, role: Role, other_admins: int) -> None:
    if user.id == actor.user_id:
        raise InvalidInput("Peran sendiri diubah oleh administrator lain.", "role")
    if user.role is Role.ADMIN and user.is_active and not other_admins:
        raise InvalidInput(LAST_ADMIN, "role")
    before, user.role = user.role, role
    # Without a password there is no session to end, and the invitation stays good.
    if user.password_hash is not None:
        user.session_epoch += 1
    record(actor, "user_role_changed", user_id=user.id, role_before=before.value, role=role.value)
