"""Action items: what was agreed in a meeting or outside of one, one by one or all at once."""

from collections.abc import Sequence

from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.followups.machine import Action
from app.followups.models import FollowUp, Kind
from app.followups.queries.detail import lock_all
from app.followups.queries.handing_out import current_cycle_id
from app.followups.services.making import Draft, make
from app.followups.services.particulars import NOTHING_MORE, Particulars
from app.followups.services.perform import perform_all
from app.followups.services.preparing import Resolved, Task, check_wording, known_for, resolve
from app.instruments.models import AnswerType


def create_action_item(
    task: Task, actor: Actor, particulars: Particulars = NOTHING_MORE, *, send: bool = False
) -> FollowUp:
    """Make an action item as a draft; `send` dispatches it at once.

    Raises `InvalidInput` at the field that is to blame.
    """
    return create_action_items([task], actor, particulars=particulars, send=send)[0]


def create_action_items(
    tasks: Sequence[Task],
    actor: Actor,
    *,
    particulars: Particulars = NOTHING_MORE,
    send: bool = True,
) -> list[FollowUp]:
    """Make an action item of each task, in their order, and dispatch them all.

    Without `send` they stay drafts. The statements are as many for one as for hundreds. They come
    back locked, with their supporters. Raises `InvalidInput` at the field of the first task that
    cannot be asked, whose place among them is `details["task"]`; then nothing was made.
    """
    if not tasks:
        return []
    known = known_for(tasks)
    resolved = []
    for place, task in enumerate(tasks):
        try:
            check_wording(task)
            resolved.append(resolve(task, known))
        except InvalidInput as error:
            raise InvalidInput(error.message, error.field, task=place) from error
    current = current_cycle_id() if any(task.cycle_id is None for task in tasks) else None
    drafts = [_draft(task, meant, current) for task, meant in zip(tasks, resolved, strict=True)]
    ids = make(drafts, actor, particulars)
    made = {follow_up.id: follow_up for follow_up in lock_all(ids)}
    if send:
        perform_all(list(made.values()), Action.DISPATCH, actor, particulars)
    return [made[follow_up_id] for follow_up_id in ids]


def _draft(task: Task, meant: Resolved, current: int | None) -> Draft:
    return Draft(
        kind=Kind.ACTION_ITEM,
        agency_id=meant.lead.id,
        supporter_ids=[agency.id for agency in meant.supporters],
        title=task.title.strip(),
        expected_proof=task.expected_proof.strip() or None,
        basis=task.basis.strip() or None,
        basis_url=task.basis_url.strip() or None,
        cycle_id=current if task.cycle_id is None else task.cycle_id,
        answer_type=AnswerType.TEXT,
        due_at=task.due_at,
    )
