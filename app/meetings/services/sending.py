"""Make the follow-ups of action items, and owe people the one mail that tells of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import insert

from app.core import clock, formatting
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput
from app.followups.services.action_items import create_action_items
from app.followups.services.particulars import Particulars
from app.followups.services.preparing import Task
from app.meetings import labels
from app.meetings.models import AgendaItem, Decision, Meeting, MeetingFollowUp
from app.meetings.queries.checking import ToSend
from app.meetings.queries.minutes import basis_of
from app.notifications.services import News, notify_all

AGENCY = "agency_team"


def particulars_of(meeting: Meeting, told_as: str) -> Particulars:
    """Return what goes with every follow-up that a meeting makes or changes."""
    return Particulars(
        told_as=told_as,
        told_about={"meeting_id": meeting.id},
        meeting_id=meeting.id,
        at=f"{meeting.title}, {formatting.long_date(meeting.starts_at)}",
        at_url=path_of(meeting),
    )


def path_of(meeting: Meeting) -> str:
    """Return the path of a meeting's page."""
    return f"/rapat/{meeting.code}"


def send(
    meeting: Meeting,
    items: Sequence[ToSend],
    agenda: Iterable[tuple[int, AgendaItem]],
    decisions: Iterable[tuple[int, Decision]],
    actor: Actor,
    *,
    told_as: str,
    due_on: date | None = None,
) -> int:
    """Make and dispatch a follow-up for each agency of each action item; return how many.

    `items` are checked (`queries.checking`); those that mean nobody are passed over, and those
    without a due time take `due_on`. The statements are as many for one as for hundreds. Raises
    `InvalidInput` at `action-<id>`.
    """
    due = [replace_due(item, due_on) for item in items if item.is_addressed]
    if not due:
        return 0
    numbers = {row.id: number for number, row in agenda}
    places = {row.id: number for number, row in decisions}
    owners = [(item, agency) for item in due for agency in item.agencies]
    tasks = [
        Task(
            title=item.row.title,
            expected_proof=item.row.expected_proof,
            lead=agency,
            supporters=item.supporters,
            due_at=clock.end_of_day(item.row.due_on or clock.today()),
            basis=basis_of(item.row, numbers, places, meeting.title),
            basis_url=labels.basis_path(meeting.code, item.row.id),
            cycle_id=meeting.cycle_id,
        )
        for item, agency in owners
    ]
    try:
        made = create_action_items(tasks, actor, particulars=particulars_of(meeting, told_as))
    except InvalidInput as error:
        item, _ = owners[error.details["task"]]
        raise InvalidInput(
            f"Tindak lanjut {item.number}: {error.message}", f"action-{item.row.id}"
        ) from error
    links = [
        {"action_item_id": item.row.id, "follow_up_id": follow_up.id}
        for (item, _), follow_up in zip(owners, made, strict=True)
    ]
    db.session.execute(insert(MeetingFollowUp), links)
    for item in due:
        item.row.sent_at = clock.now()
    return len(made)


def replace_due(item: ToSend, due_on: date | None) -> ToSend:
    """Give an action item without a due time the one that was asked for."""
    if item.row.due_on is None:
        if due_on is None or clock.end_of_day(due_on) <= clock.now():
            raise InvalidInput("Isi batas waktu, hari ini atau sesudahnya.", "due_on")
        item.row.due_on = due_on
    return item


def tell_agencies(meeting: Meeting, event_id: int, kind: str, agency_ids: Iterable[int]) -> None:
    """Owe each agency the news of a kind: with what its follow-ups owe, it leaves as one mail."""
    notify_all(
        [
            News(event_id, kind, AGENCY, {"agency_id": agency_id}, meeting_id=meeting.id)
            for agency_id in sorted(agency_ids)
        ]
    )
