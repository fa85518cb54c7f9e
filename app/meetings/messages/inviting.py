"""What those invited to a meeting are told: the invitation, a change, the end of it, a reminder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.agencies.models import Membership
from app.agencies.queries import agency_team, is_team
from app.core import settings
from app.core.db import db
from app.meetings import tokens
from app.meetings.calendar import Attendee, Method, entry, hours_of, one_line, web_address
from app.meetings.models import Invitation, Meeting, MeetingState
from app.meetings.queries.invitations import INVITATION, agenda_titles, name_of
from app.meetings.queries.visibility import was_asked
from app.notifications.messages import as_text_part
from app.notifications.models import Notice
from app.notifications.registry import Recipient


@dataclass(frozen=True)
class Call:
    """A meeting in a mail to one person, with each invitation of theirs."""

    meeting: Meeting
    invitations: Sequence[Invitation]
    agenda: Sequence[str]
    was: Mapping[str, Any]
    """When and where it was to be, as the person knew it last; empty where nothing moved."""

    @property
    def title(self) -> str:
        """Return what the meeting is called, on one line."""
        return one_line(self.meeting.title)

    @property
    def hours(self) -> str:
        """Return from when to when it is."""
        return hours_of(self.meeting.starts_at, self.meeting.ends_at)

    @property
    def place(self) -> str:
        """Return where it is, on one line."""
        return one_line(self.meeting.place)

    @property
    def was_place(self) -> str:
        """Return where it was to be, on one line, with the link that it had."""
        places = (one_line(self.was["place"]), web_address(self.was["video_url"]))
        return ", ".join(part for part in places if part) or "belum ditentukan"

    @property
    def video(self) -> str:
        """Return the link of the meeting where it is held online; "" where there is none."""
        return web_address(self.meeting.video_url)

    @property
    def names(self) -> str:
        """Return who is invited of what the person answers for, joined."""
        return " dan ".join(one_line(name_of(invitation)) for invitation in self.invitations)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Return whose answer is given where: name and address, which needs no account."""
        return [
            (one_line(name_of(row)), tokens.answer_url(row.meeting_id, row.id))
            for row in self.invitations
        ]

    @property
    def particulars(self) -> list[tuple[str, str]]:
        """Return further lines of the letter: those that were filled in."""
        meeting = self.meeting
        lines = [
            ("Nomor surat", meeting.letter_number),
            ("Dasar", meeting.basis),
            ("Pimpinan rapat", _person(meeting.chair_name, meeting.chair_position)),
        ]
        return [(label, one_line(text)) for label, text in lines if text.strip()]

    @property
    def was_starting(self) -> datetime:
        """Return when it was to begin."""
        return datetime.fromisoformat(self.was["starts_at"])

    @property
    def was_hours(self) -> str:
        """Return from when to when it was to be."""
        return hours_of(self.was_starting, datetime.fromisoformat(self.was["ends_at"]))

    @property
    def time_moved(self) -> bool:
        """Tell whether it is at another time than the person knew."""
        now = self.meeting.starts_at, self.meeting.ends_at
        return now != (self.was_starting, datetime.fromisoformat(self.was["ends_at"]))

    @property
    def place_moved(self) -> bool:
        """Tell whether it is at another place, or under another link."""
        now = self.meeting.place, self.meeting.video_url
        return now != (self.was["place"], self.was["video_url"])


def invited(recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Invite: what, when, where, agenda, what to bring, and the way to answer."""
    calls = _calls(notices, lambda call: call.meeting.state is MeetingState.INVITED)
    return _about(recipient, calls, Method.REQUEST)


def moved(recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say what changed, from what the person knew last to what holds now; not of a change back."""
    calls = _calls(
        notices,
        lambda call: (
            call.meeting.state is MeetingState.INVITED and (call.time_moved or call.place_moved)
        ),
    )
    return _about(recipient, calls, Method.REQUEST)


def cancelled(recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say that there will be no meeting, and why."""
    calls = _calls(notices, lambda call: call.meeting.state is MeetingState.CANCELLED)
    return _about(recipient, calls, Method.CANCEL)


def uninvited(recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say that an invitation is withdrawn; the entry leaves the calendar unless another stays."""
    withdrawn = {notice.audience_ids["invitation_id"] for notice in notices}
    calls = _calls(
        notices, lambda call: all(row.withdrawn_at is not None for row in call.invitations)
    )
    context = _about(recipient, calls, Method.CANCEL)
    if context is not None and _still_invited(recipient, calls[0].meeting.id, withdrawn):
        context.pop("calendar", None)
    return context


def reminded(recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Ask again for the answer that is missing."""
    calls = _calls(notices, lambda call: call.meeting.state is MeetingState.INVITED)
    return _about(recipient, calls, None)


def preview_of(meeting: Meeting, invitation: Invitation) -> tuple[str, str]:
    """Return subject and text of the mail as it would invite now (agency loaded)."""
    agenda = agenda_titles([meeting.id]).get(meeting.id, [])
    call = Call(meeting, [invitation], [one_line(title) for title in agenda], {})
    name = one_line(invitation.guest_name or f"narahubung {name_of(invitation)}")
    given = {
        "recipient": Recipient(None, name, None),
        "program_url": settings.public_url("/"),
        "calls": [call],
        "first": call,
        "count": 1,
    }
    subject, text = (
        settings.render(f"emails/{INVITATION}/{part}", given)
        for part in ("subject.txt", "body.txt")
    )
    return one_line(subject), as_text_part(text)


def people_invited(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return whom `invitation_id` means while it stands and its meeting is to be."""
    return _people(ids, Invitation.withdrawn_at.is_(None), Meeting.state == MeetingState.INVITED)


def people_unanswered(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return whom `invitation_id` means while no answer has come."""
    return _people(
        ids,
        Invitation.withdrawn_at.is_(None),
        Invitation.answer.is_(None),
        Meeting.state == MeetingState.INVITED,
    )


def people_once_invited(ids: Mapping[str, Any]) -> Sequence[Recipient]:
    """Return whom `invitation_id` means, whatever became of it: who is told that it is over."""
    return _people(ids)


def _people(ids: Mapping[str, Any], *conditions: ColumnElement[bool]) -> Sequence[Recipient]:
    row = db.session.execute(
        select(Invitation.agency_id, Invitation.guest_name, Invitation.guest_email)
        .join(Invitation.meeting)
        .where(Invitation.id == ids["invitation_id"], Invitation.sent_at.is_not(None), *conditions)
    ).one_or_none()
    if row is None:
        return []
    if row.agency_id is not None:
        return agency_team({"agency_id": row.agency_id})
    return [_guest(row.guest_name, row.guest_email)]


def _guest(name: str, address: str) -> Recipient:
    """Return a guest; one whose address is a user's is that user, and gets one mail of both."""
    user_id = None
    if address:
        user_id = db.session.scalar(
            select(User.id).where(
                func.lower(User.email) == address.lower(), User.deactivated_at.is_(None)
            )
        )
    return Recipient(user_id, name, address or None)


def _calls(notices: Sequence[Notice], still: Callable[[Call], bool]) -> list[Call]:
    """Return the meetings that are left to tell of, the soonest first: two queries."""
    ids = sorted({notice.audience_ids["invitation_id"] for notice in notices})
    rows = db.session.scalars(
        select(Invitation)
        .where(Invitation.id.in_(ids))
        .options(joinedload(Invitation.meeting), joinedload(Invitation.agency))
        .order_by(Invitation.id)
        .execution_options(populate_existing=True)
    ).all()
    was = _known_last(notices)
    agenda = agenda_titles(row.meeting_id for row in rows)
    meetings = {row.meeting_id: row.meeting for row in rows}
    calls = [
        Call(
            meeting,
            [row for row in rows if row.meeting_id == meeting.id],
            [one_line(title) for title in agenda.get(meeting.id, [])],
            was.get(meeting.id, {}),
        )
        for meeting in sorted(meetings.values(), key=lambda row: (row.starts_at, row.id))
    ]
    return [call for call in calls if still(call)]


def _known_last(notices: Sequence[Notice]) -> dict[int, Mapping[str, Any]]:
    """Return what each meeting was before the first of the changes that are told together."""
    first: dict[int, Mapping[str, Any]] = {}
    for notice in sorted(notices, key=lambda row: row.event_id):
        if notice.meeting_id is not None:
            first.setdefault(notice.meeting_id, notice.payload)
    return first


def _about(
    recipient: Recipient, calls: Sequence[Call], method: Method | None
) -> dict[str, Any] | None:
    """Return the context of a kind's templates; None where nothing is left to tell.

    A calendar takes one event at a time: two meetings in one mail are read, not imported.
    """
    if not calls:
        return None
    context: dict[str, Any] = {"calls": calls, "first": calls[0], "count": len(calls)}
    if method is not None and len(calls) == 1 and recipient.address:
        context["calendar"] = entry(
            calls[0].meeting,
            method,
            attendee=Attendee(recipient.name, recipient.address),
            description=_description(calls[0], method),
        )
    return context


def _description(call: Call, method: Method) -> str:
    if method is Method.CANCEL:
        return one_line(call.meeting.cancel_reason)
    lines = [f"{number}. {title}" for number, title in enumerate(call.agenda, 1)]
    if lines:
        lines.insert(0, "Agenda:")
    lines += [f"Jawaban {name}: {url}" for name, url in call.answers]
    return "\n".join(lines)


def _still_invited(recipient: Recipient, meeting_id: int, withdrawn: set[int]) -> bool:
    """Tell whether a person of several agencies is invited by another one of them."""
    member = exists().where(
        Membership.agency_id == Invitation.agency_id,
        Membership.user_id == User.id,
        User.id == recipient.user_id,
        is_team(),
    )
    as_guest = func.lower(Invitation.guest_email) == (recipient.address or "-").lower()
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Invitation.meeting_id == meeting_id,
                    was_asked(),
                    Invitation.id.not_in(sorted(withdrawn)),
                    or_(member, as_guest),
                )
            )
        )
    )


def _person(name: str, position: str) -> str:
    return ", ".join(part for part in (name, position) if part)
