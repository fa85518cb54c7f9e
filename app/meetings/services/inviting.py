"""Choose whom to invite, send the invitations, ask for answers again, withdraw one."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from app.accounts.services.particulars import clean
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition
from app.history.services import record
from app.meetings import policy
from app.meetings.models import MAX_INVITED, MAX_LINE, Invitation, Meeting, MeetingState
from app.meetings.queries import invitations as queries
from app.meetings.queries.invitations import Selection, name_of
from app.meetings.queries.visibility import was_asked
from app.meetings.services.guarding import require_open
from app.meetings.services.telling import tell_each

REMINDED_AGAIN_AFTER = timedelta(days=1)
"""Within this time a second reminder is asked about first."""
INVITED = "daftar undangannya"
"""What a refusal calls it."""
NAMED = 60
"""How many names an event keeps; beyond them it counts."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest as typed: somebody who is asked by name and has no account."""

    name: str
    position: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""


def add_agencies(meeting: Meeting, selection: Selection, actor: Actor) -> int:
    """Put agencies on the list, and return how many; nobody is told before the list is sent.

    Those on it stay as they are, and one that was withdrawn is asked anew. Raises `InvalidInput`
    where nobody is chosen or the list would be too long.
    """
    require_open(meeting, actor, INVITED)
    chosen = queries.chosen(selection)
    if not chosen:
        raise InvalidInput("Pilih paling sedikit satu instansi.", "agencies")
    known = {
        row.agency_id: row
        for row in db.session.scalars(
            select(Invitation)
            .where(Invitation.meeting_id == meeting.id, Invitation.agency_id.is_not(None))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    new = [agency for agency in chosen if agency.id not in known]
    again = [
        known[agency.id]
        for agency in chosen
        if agency.id in known and known[agency.id].withdrawn_at is not None
    ]
    _refuse_too_many(meeting, len(new) + len(again))
    if new:
        db.session.execute(
            insert(Invitation), [{"meeting_id": meeting.id, "agency_id": row.id} for row in new]
        )
    for invitation in again:
        _ask_anew(meeting, invitation)
    added = {row.id for row in new} | {row.agency_id for row in again}
    names = [agency.short_name for agency in chosen if agency.id in added]
    if names:
        record(
            actor,
            "invitees_listed",
            meeting_id=meeting.id,
            count=len(names),
            names=names[:NAMED],
        )
    return len(names)


def add_guest(meeting: Meeting, guest: Guest, actor: Actor) -> Invitation:
    """Put a guest on the list. Raises `InvalidInput` on the field to blame."""
    require_open(meeting, actor, INVITED)
    _refuse_too_many(meeting, 1)
    invitation = Invitation(meeting_id=meeting.id)
    _describe(invitation, guest)
    _refuse_twice(meeting, invitation)
    db.session.add(invitation)
    record(
        actor,
        "invitees_listed",
        meeting_id=meeting.id,
        count=1,
        names=[invitation.guest_name],
    )
    return invitation


def change_guest(meeting: Meeting, invitation: Invitation, guest: Guest, actor: Actor) -> bool:
    """Correct what is known of a guest; return whether the invitation was sent anew.

    A guest who was told at another address is told again at the new one.
    """
    require_open(meeting, actor, INVITED)
    if invitation.agency_id is not None:
        raise InvalidTransition("Data instansi diubah pada halaman instansinya.")
    address = invitation.guest_email
    _describe(invitation, guest)
    _refuse_twice(meeting, invitation)
    event_id = record(actor, "guest_changed", meeting_id=meeting.id, names=[invitation.guest_name])
    moved = bool(invitation.guest_email) and invitation.guest_email != address
    told_again = moved and invitation.sent_at is not None and invitation.withdrawn_at is None
    if told_again:
        tell_each(meeting, event_id, [invitation.id], queries.INVITATION)
    return told_again


def send(meeting: Meeting, actor: Actor) -> int:
    """Send the invitations that have not been sent, and return how many.

    The first time makes the meeting known: from then on those invited see it. Raises
    `InvalidInput` where there is nobody to send to, or the time is past.
    """
    require_open(meeting, actor, INVITED)
    unsent = db.session.scalars(
        select(Invitation.id)
        .where(
            Invitation.meeting_id == meeting.id,
            Invitation.sent_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.id)
    ).all()
    if not unsent:
        raise InvalidInput("Semua yang ada dalam daftar sudah diundang.")
    moment = clock.now()
    if meeting.ends_at <= moment:
        raise InvalidInput("Waktu rapat sudah lewat. Ubah waktunya lebih dahulu.")
    db.session.execute(
        update(Invitation)
        .where(Invitation.id.in_(unsent))
        .values(sent_at=moment)
        .execution_options(synchronize_session=False)
    )
    if meeting.state is MeetingState.DRAFT:
        meeting.state = MeetingState.INVITED
        meeting.invited_at = moment
        meeting.version += 1
    event_id = record(actor, "invitations_sent", meeting_id=meeting.id, count=len(unsent))
    tell_each(meeting, event_id, unsent, queries.INVITATION)
    return len(unsent)


def remind(meeting: Meeting, actor: Actor, *, again: bool = False) -> int:
    """Ask those who have not answered once more, and return how many they are now.

    Who answers before the mail leaves is not asked. Raises `InvalidInput` where nobody is left,
    or where they were reminded within a day and `again` does not say that this is meant.
    """
    require_open(meeting, actor, INVITED)
    moment = clock.now()
    if not policy.takes_answers(meeting, moment):
        raise InvalidTransition("Undangan belum dikirim, atau rapat sudah selesai.")
    waiting = db.session.execute(
        select(Invitation.id, Invitation.reminded_at)
        .where(
            Invitation.meeting_id == meeting.id,
            was_asked(),
            Invitation.answer.is_(None),
        )
        .order_by(Invitation.id)
    ).all()
    if not waiting:
        raise InvalidInput("Semua yang diundang sudah menjawab.")
    last = max((row.reminded_at for row in waiting if row.reminded_at), default=None)
    if not again and last is not None and moment - last < REMINDED_AGAIN_AFTER:
        raise InvalidInput("Mereka sudah diingatkan hari ini. Centang bila memang perlu lagi.")
    ids = [row.id for row in waiting]
    db.session.execute(
        update(Invitation)
        .where(Invitation.id.in_(ids))
        .values(reminded_at=moment)
        .execution_options(synchronize_session=False)
    )
    event_id = record(actor, "invitees_reminded", meeting_id=meeting.id, count=len(ids))
    tell_each(meeting, event_id, ids, "meeting_reminder")
    return len(ids)


def withdraw(meeting: Meeting, invitation: Invitation, actor: Actor) -> bool:
    """Take an invitation back; return whether those invited are told, for they knew of it."""
    require_open(meeting, actor, INVITED)
    if invitation.withdrawn_at is not None:
        raise InvalidTransition("Undangan ini sudah ditarik kembali.")
    invitation.withdrawn_at = clock.now()
    event_id = record(
        actor, "invitation_withdrawn", meeting_id=meeting.id, names=[name_of(invitation)]
    )
    knows = invitation.sent_at is not None and invitation.id not in queries.waiting_ids(meeting.id)
    if knows:
        tell_each(meeting, event_id, [invitation.id], "meeting_uninvited")
    return knows


def _refuse_too_many(meeting: Meeting, more: int) -> None:
    listed = db.session.scalar(
        select(func.count())
        .select_from(Invitation)
        .where(Invitation.meeting_id == meeting.id, Invitation.withdrawn_at.is_(None))
    )
    if (listed or 0) + more > MAX_INVITED:
        raise InvalidInput(f"Paling banyak {MAX_INVITED} undangan untuk satu rapat.", "agencies")


def _ask_anew(meeting: Meeting, invitation: Invitation) -> None:
    """Put a withdrawn invitation back on the list, as one that nobody knows of.

    A calendar that was told to drop the entry takes it up again only under a higher SEQUENCE.
    """
    if invitation.sent_at is not None:
        meeting.sequence += 1
    invitation.withdrawn_at = invitation.sent_at = invitation.reminded_at = None
    invitation.answer = invitation.answered_at = None
    invitation.answer_name = invitation.answer_position = invitation.answer_note = ""


def _describe(invitation: Invitation, guest: Guest) -> None:
    written = clean(name=guest.name, position=guest.position, email=guest.email, phone=guest.phone)
    organisation = " ".join(guest.organisation.split())
    if len(organisation) > MAX_LINE:
        raise InvalidInput(f"Paling panjang {MAX_LINE} huruf.", "organisation")
    invitation.guest_name = written.name
    invitation.guest_position = written.position or ""
    invitation.guest_organisation = organisation
    invitation.guest_email = written.email or ""
    invitation.guest_phone = written.phone or ""


def _refuse_twice(meeting: Meeting, invitation: Invitation) -> None:
    """Raise `InvalidInput` where the same address, or the same unreachable name, is invited."""
    same = func.lower(Invitation.guest_name) == invitation.guest_name.lower()
    if invitation.guest_email:
        same = Invitation.guest_email == invitation.guest_email
    found = db.session.scalar(
        select(Invitation.id)
        .where(
            Invitation.meeting_id == meeting.id,
            Invitation.withdrawn_at.is_(None),
            Invitation.agency_id.is_(None),
            same,
            Invitation.id != (invitation.id or 0),
        )
        .limit(1)
    )
    if found is not None:
        field = "email" if invitation.guest_email else "name"
        raise InvalidInput("Tamu ini sudah ada dalam daftar undangan.", field)
