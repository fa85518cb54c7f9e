"""Who may do what to an account. Pure: nothing is loaded here."""

from app.accounts.models import User
from app.accounts.permissions import Permission, Role
from app.core.actor import SYSTEM, Actor


def can_create(actor: Actor, role: Role) -> bool:
    """Tell whether the actor may make an account of a role.

    Officers make the accounts of agencies' focal points, and no others.
    """
    if actor == SYSTEM or actor.has(Permission.USER_MANAGE):
        return True
    return role is Role.AGENCY and actor.has(Permission.AGENCY_MANAGE)


def can_manage(actor: Actor, _user: User) -> bool:
    """Tell whether the actor may change an account and its role."""
    return actor.has(Permission.USER_MANAGE)


def can_deactivate(actor: Actor, user: User) -> bool:
    """Tell whether the actor may end an account. Nobody ends its own."""
    return can_manage(actor, user) and user.is_active and user.id != actor.user_id


def can_reactivate(actor: Actor, user: User) -> bool:
    """Tell whether the actor may let a person in again."""
    return can_manage(actor, user) and not user.is_active


def can_invite(actor: Actor, user: User) -> bool:
    """Tell whether the actor may mail a person the link to choose a first password."""
    return (
        can_create(actor, user.role)
        and user.is_active
        and user.email is not None
        and user.password_hash is None
    )


def can_issue_code(actor: Actor, user: User) -> bool:
    """Tell whether the actor may read a one-time code out to a person.

    Administrators may for everyone but themselves; officers for people of agencies alone, or a
    code would be a way to become an administrator.
    """
    if not user.is_active or user.id == actor.user_id:
        return False
    if actor == SYSTEM:
        return True
    if not actor.has(Permission.USER_ISSUE_CODE):
        return False
    return actor.has(Permission.USER_MANAGE) or user.role is Role.AGENCY
