"""Action items made by hand: what was agreed outside a meeting, or before there was one."""

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.followups.machine import Action, State
from app.followups.models import FollowUp, Kind
from app.followups.queries.handing_out import current_cycle_id
from app.followups.services.numbers import next_numbers
from app.followups.services.particulars import CREATED, created_payload
from app.followups.services.perform import perform
from app.followups.services.preparing import Task, check_wording, resolve
from app.followups.services.wording import words_to_find
from app.history.services import record_all
from app.instruments.models import AnswerType


def create_action_item(task: Task, actor: Actor, *, send: bool = False) -> FollowUp:
    """Make an action item as a draft; `send` dispatches it at once.

    Raises `InvalidInput` at the field that is to blame.
    """
    check_wording(task)
    meant = resolve(task)
    moment = clock.now()
    year, (seq,) = next_numbers(1)
    title = task.title.strip()
    follow_up = FollowUp(
        year=year,
        seq=seq,
        kind=Kind.ACTION_ITEM,
        agency_id=meant.lead.id,
        title=title,
        expected_proof=task.expected_proof.strip() or None,
        basis=task.basis.strip() or None,
        basis_url=task.basis_url.strip() or None,
        cycle_id=current_cycle_id(),
        answer_type=AnswerType.TEXT,
        due_at=task.due_at,
        state=State.DRAFT,
        state_since=moment,
        round_no=0,
        version=0,
        search_text="",
        created_at=moment,
        supporters=meant.supporters,
    )
    follow_up.search_text = words_to_find(follow_up.number, None, title)
    db.session.add(follow_up)
    db.session.flush()
    payload = created_payload(meant.lead.id, task.due_at)
    record_all(actor, CREATED, [{"follow_up_id": follow_up.id, "payload": payload}], at=moment)
    if send:
        perform(follow_up, Action.DISPATCH, actor)
    return follow_up
