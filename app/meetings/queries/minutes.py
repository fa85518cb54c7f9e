"""The minutes as plain data: what a frozen version keeps, a comparison reads, a document says."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.agencies.models import Duty, Membership
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotVisible
from app.followups.models import FollowUp
from app.meetings import policy
from app.meetings.models import (
    AgendaItem,
    Attendance,
    CarriedItem,
    Decision,
    FileKind,
    Invitation,
    Meeting,
    MeetingActionItem,
    MeetingFile,
    MinutesVersion,
)
from app.meetings.queries.addressing import cluster_name, group_name
from app.meetings.queries.attendance import confirmed_lines, headcount, line_content
from app.meetings.queries.live import agenda_of, decisions_of
from app.meetings.queries.order import by_place

Content = dict[str, Any]


def content_of(meeting_id: int) -> Content:
    """Return everything that the minutes of a meeting say now, as plain data.

    Numbers are places (`order.by_place`); the ids of rows tell what is the same in another version.
    Attendance that waits for the minute-taker's tick is not in it.
    """
    meeting = db.session.scalars(
        select(Meeting).where(Meeting.id == meeting_id).options(joinedload(Meeting.cycle))
    ).one()
    agenda = agenda_of(meeting_id)
    numbers = {item.id: number for number, item in enumerate(agenda, 1)}
    decisions = decisions_of(meeting_id)
    attendance = confirmed_lines(meeting_id)
    return {
        "meeting": _particulars(meeting),
        "letter": _letter(meeting),
        "opening": meeting.opening,
        "closing": meeting.closing,
        "agenda": [_agenda_item(item, numbers[item.id]) for item in agenda],
        "attendance": [line_content(line) for line in attendance],
        "absent": _absent(meeting_id, attendance),
        "totals": headcount(attendance),
        "decisions": [
            {
                "id": decision.id,
                "number": number,
                "agenda_number": numbers.get(decision.agenda_item_id or 0),
                "words": decision.words,
            }
            for number, decision in enumerate(decisions, 1)
        ],
        "actions": _actions(meeting_id, numbers, decisions),
        "carried": _carried(meeting_id),
        "photos": _photos(meeting_id),
    }


MOVING = frozenset({"focal_points", "follow_ups", "was_due_at"})
"""What minutes say and their writers do not: it goes on by itself after the meeting."""


def is_as_written(before: Content, after: Content) -> bool:
    """Tell whether two contents say the same, but for what goes on after the meeting by itself."""
    return bool(_as_written(before) == _as_written(after))


def _as_written(content: Any) -> Any:
    if isinstance(content, dict):
        kept = {name: value for name, value in content.items() if name not in MOVING}
        return {name: _as_written(value) for name, value in kept.items()}
    return [_as_written(one) for one in content] if isinstance(content, list) else content


def basis_of(
    item: MeetingActionItem, agenda: dict[int, int], decisions: dict[int, int], meeting: str = ""
) -> str:
    """Return what an action item rests on: "Rapat Koordinasi I …, Agenda 3, Keputusan 2".

    `agenda` and `decisions` map ids to numbers; without `meeting` the meeting is not named.
    """
    parts = [meeting]
    if item.agenda_item_id in agenda:
        parts.append(f"Agenda {agenda[item.agenda_item_id]}")
    if item.decision_id in decisions:
        parts.append(f"Keputusan {decisions[item.decision_id]}")
    return ", ".join(part for part in parts if part)


def versions_of(meeting: Meeting) -> Sequence[MinutesVersion]:
    """Return the approved versions with who approved them, the newest first."""
    return db.session.scalars(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting.id)
        .options(joinedload(MinutesVersion.approved_by))
        .order_by(MinutesVersion.number.desc())
    ).all()


def version_of(meeting: Meeting, number: int, actor: Actor) -> MinutesVersion:
    """Return one version of the minutes of a meeting that the person sees. Raises `NotVisible`."""
    if not policy.can_read_versions(actor, meeting):
        raise NotVisible
    version = db.session.scalar(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting.id, MinutesVersion.number == number)
        .options(joinedload(MinutesVersion.approved_by))
    )
    if version is None:
        raise NotVisible
    return version


def newest_version(meeting_id: int) -> MinutesVersion | None:
    """Return the newest approved version of a meeting, for whoever was asked to come."""
    return db.session.scalar(
        select(MinutesVersion)
        .where(MinutesVersion.meeting_id == meeting_id)
        .order_by(MinutesVersion.number.desc())
        .limit(1)
    )


def _particulars(meeting: Meeting) -> Content:
    return {
        "code": meeting.code,
        "title": meeting.title,
        "kind": meeting.kind.value,
        "ordinal": meeting.ordinal,
        "year": meeting.year,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": (meeting.ended_at or meeting.ends_at).isoformat(),
        "place": meeting.place,
        "video_url": meeting.video_url,
        "basis": meeting.basis,
        "chair_name": meeting.chair_name,
        "chair_position": meeting.chair_position,
        "minute_taker_name": meeting.minute_taker_name,
        "minute_taker_position": meeting.minute_taker_position,
        "minutes_number": meeting.minutes_number,
        "cycle": meeting.cycle.year if meeting.cycle else None,
    }


def _letter(meeting: Meeting) -> Content:
    return {
        "number": meeting.letter_number,
        "date": meeting.letter_date.isoformat() if meeting.letter_date else None,
        "nature": meeting.letter_nature,
        "attachments": meeting.letter_attachments,
        "subject": meeting.letter_subject,
        "bring": meeting.bring,
        "contact": meeting.contact,
    }


def _agenda_item(item: AgendaItem, number: int) -> Content:
    return {
        "id": item.id,
        "number": number,
        "title": item.title,
        "presenter": item.presenter,
        "minutes": item.minutes,
        "outcome": item.outcome.value,
        "notes": item.notes,
    }


def _absent(meeting_id: int, attendance: Sequence[Attendance]) -> list[str]:
    """Return the agencies that were invited and have no line of the list."""
    there = {line.agency_id for line in attendance}
    invited = db.session.scalars(
        select(Invitation)
        .where(
            Invitation.meeting_id == meeting_id,
            Invitation.withdrawn_at.is_(None),
            Invitation.agency_id.is_not(None),
        )
        .options(joinedload(Invitation.agency))
    )
    names = [
        invitation.agency.short_name
        for invitation in invited
        if invitation.agency and invitation.agency_id not in there
    ]
    return sorted(names, key=str.lower)


def _actions(
    meeting_id: int, agenda: dict[int, int], decisions: Sequence[Decision]
) -> list[Content]:
    wanted = by_place(
        select(MeetingActionItem).where(MeetingActionItem.meeting_id == meeting_id),
        MeetingActionItem,
    )
    items = db.session.scalars(
        wanted.options(
            joinedload(MeetingActionItem.agency),
            joinedload(MeetingActionItem.group),
            selectinload(MeetingActionItem.follow_ups).joinedload(FollowUp.agency),
        )
    ).all()
    numbers = {decision.id: number for number, decision in enumerate(decisions, 1)}
    people = _focal_points({item.agency_id for item in items if item.agency_id})
    return [
        {
            "id": item.id,
            "number": number,
            "title": item.title,
            "expected_proof": item.expected_proof,
            "addressee": addressee_of(item),
            "supporters": split_names(item.supporters),
            "focal_points": people.get(item.agency_id or 0, []),
            "due_on": item.due_on.isoformat() if item.due_on else None,
            "basis": basis_of(item, agenda, numbers),
            "follow_ups": [
                {"number": follow_up.number, "agency": follow_up.agency.short_name}
                for follow_up in item.follow_ups
            ],
            "withdrawn_reason": item.withdrawn_reason,
        }
        for number, item in enumerate(items, 1)
    ]


def addressee_of(item: MeetingActionItem) -> str:
    """Return whom an action item (agency, group loaded) is for; what was typed where nobody is."""
    if item.agency is not None:
        return item.agency.short_name
    if item.group is not None:
        return group_name(item.group)
    if item.cluster_code is not None:
        return cluster_name(item.cluster_code, item.addressee)
    return item.addressee


def split_names(typed: str) -> list[str]:
    """Return the names between the commas."""
    return [name.strip() for name in typed.split(",") if name.strip()]


def _focal_points(agency_ids: set[int]) -> dict[int, list[str]]:
    """Return the names of the focal points of agencies today."""
    found: dict[int, list[str]] = {}
    if not agency_ids:
        return found
    for membership in db.session.scalars(
        select(Membership)
        .where(
            Membership.agency_id.in_(sorted(agency_ids)),
            Membership.ended_at.is_(None),
            Membership.duty == Duty.FOCAL_POINT,
        )
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    ):
        if membership.user.deactivated_at is None:
            found.setdefault(membership.agency_id, []).append(membership.user.name)
    return found


def _carried(meeting_id: int) -> list[Content]:
    items = db.session.scalars(
        select(CarriedItem)
        .where(CarriedItem.meeting_id == meeting_id)
        .options(joinedload(CarriedItem.follow_up).joinedload(FollowUp.agency))
        .order_by(CarriedItem.id)
    )
    return [
        {
            "number": item.follow_up.number,
            "title": item.follow_up.title,
            "agency": item.follow_up.agency.short_name,
            "outcome": item.outcome.value if item.outcome else None,
            "words": item.words,
            "said_by": item.said_by,
            "due_at": item.due_at.isoformat() if item.due_at else None,
            "was_due_at": (item.was_due_at or item.follow_up.due_at).isoformat(),
        }
        for item in items
    ]


def _photos(meeting_id: int) -> list[Content]:
    files = db.session.scalars(
        select(MeetingFile)
        .where(
            MeetingFile.meeting_id == meeting_id,
            MeetingFile.kind == FileKind.PHOTO,
            MeetingFile.removed_at.is_(None),
        )
        .order_by(MeetingFile.id)
    )
    return [
        {
            "file_id": file.id,
            "caption": file.caption,
            "dated": file.dated.isoformat() if file.dated else None,
        }
        for file in files
    ]
