"""Which agencies help the lead, changed while the work goes on."""

from collections.abc import Collection, Sequence

from app.agencies.models import MAX_SUPPORTERS
from app.agencies.services.naming import TOO_MANY, active_with_spellings, find_supporters
from app.core.actor import Actor
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted
from app.followups import policy
from app.followups.machine import OPEN_STATES
from app.followups.models import FollowUp
from app.history.services import record

CHANGED = "follow_up_supporters_changed"


def change_supporters(
    follow_up: FollowUp, actor: Actor, *, add: Sequence[str], remove: Collection[int]
) -> None:
    """Add and remove supporting agencies of a locked follow-up (supporters loaded).

    `add` are names as they were typed, `remove` ids. What is added or removed already is passed
    over: two who change it at once do not undo each other. Raises `InvalidInput` at the entry to
    blame ("add-1").
    """
    if not policy.is_officer(actor):
        raise NotPermitted("Instansi pendukung diubah oleh petugas DP3A.")
    if follow_up.state not in OPEN_STATES:
        raise InvalidTransition(f"{follow_up.number} tidak sedang berjalan.")
    named = find_supporters(add, active_with_spellings(), follow_up.agency_id, "add")
    added = [row for row in named if row not in follow_up.supporters]
    removed = [row for row in follow_up.supporters if row.id in remove and row not in named]
    kept = [row for row in follow_up.supporters if row not in removed]
    if len(kept) + len(added) > MAX_SUPPORTERS:
        raise InvalidInput(TOO_MANY, "add-0")
    if not added and not removed:
        return
    follow_up.supporters = sorted([*kept, *added], key=lambda row: (row.short_name, row.id))
    record(
        actor,
        CHANGED,
        follow_up_id=follow_up.id,
        added=[row.short_name for row in added],
        removed=[row.short_name for row in removed],
    )
