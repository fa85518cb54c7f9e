"""Say who answers for an agency, and hand the work over when people change."""

from sqlalchemy import select

from app.accounts import services as accounts
from app.accounts.models import User
from app.accounts.permissions import Role
from app.agencies.models import Agency, Duty, Membership
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.history.services import record


def add_member(actor: Actor, agency: Agency, user: User, duty: Duty) -> Membership:
    """Give a person a duty for an agency. The agency is locked by the caller.

    Raises InvalidInput where the person has one already, or works for no agency.
    """
    if not agency.is_active:
        raise InvalidInput("Instansi ini tidak aktif. Aktifkan dahulu.", "user")
    if not user.is_active:
        raise InvalidInput("Akun ini tidak aktif.", "user")
    if user.role not in (Role.AGENCY, Role.OFFICER):
        raise InvalidInput("Hanya pengguna instansi dan petugas DP3A dapat mewakili.", "user")
    already = select(Membership.id).where(
        Membership.agency_id == agency.id,
        Membership.user_id == user.id,
        Membership.ended_at.is_(None),
    )
    if db.session.scalar(already) is not None:
        raise InvalidInput(f"{user.name} sudah bertugas untuk {agency.short_name}.", "user")
    membership = Membership(
        agency_id=agency.id, user_id=user.id, duty=duty, started_at=clock.now(), ended_at=None
    )
    db.session.add(membership)
    db.session.flush()
    record(
        actor,
        "membership_started",
        agency_id=agency.id,
        user_id=user.id,
        name=user.name,
        duty=duty.value,
    )
    return membership


def add_new_member(
    actor: Actor,
    agency: Agency,
    *,
    username: str,
    name: str,
    duty: Duty,
    email: str | None,
    phone: str | None,
    position: str | None,
    by_code: bool,
) -> tuple[User, str | None]:
    """Make an account for a person of an agency and give it a duty.

    The person is invited by mail, or let in by the one-time code that is returned.
    """
    user, code = accounts.create_user_with_entry(
        actor,
        username=username,
        name=name,
        role=Role.AGENCY,
        email=email,
        phone=phone,
        position=position,
        by_code=by_code,
    )
    add_member(actor, agency, user, duty)
    return user, code


def change_duty(actor: Actor, membership: Membership, duty: Duty) -> None:
    """Change what a person does for an agency. The same duty again is nothing."""
    if duty is membership.duty:
        return
    before, membership.duty = membership.duty, duty
    record(
        actor,
        "membership_changed",
        agency_id=membership.agency_id,
        user_id=membership.user_id,
        name=membership.user.name,
        duty_before=before.value,
        duty=duty.value,
    )


def end_membership(actor: Actor, membership: Membership, note: str) -> None:
    """End a person's duty for an agency. The work stays with the agency; the account stays too.

    `note` is what is handed over to those who stay; it may be empty.
    """
    membership.ended_at = clock.now()
    record(
        actor,
        "membership_ended",
        agency_id=membership.agency_id,
        user_id=membership.user_id,
        name=membership.user.name,
        duty=membership.duty.value,
        note=note.strip(),
    )
