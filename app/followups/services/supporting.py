"""Which agencies help the lead, changed while the work goes on."""

from collections.abc import Collection

from sqlalchemy import select

from app.agencies.models import MAX_SUPPORTERS, Agency
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted
from app.followups import policy
from app.followups.machine import OPEN_STATES
from app.followups.models import FollowUp
from app.history.services import record

CHANGED = "follow_up_supporters_changed"


def change_supporters(
    follow_up: FollowUp, actor: Actor, *, add: Collection[int], remove: Collection[int]
) -> None:
    """Add and remove supporting agencies of a locked follow-up (supporters loaded).

    What is added or removed already is passed over: two who change it at once do not undo each
    other. Raises `InvalidInput` at `add`.
    """
    if not policy.is_officer(actor):
        raise NotPermitted("Instansi pendukung diubah oleh petugas DP3A.")
    if follow_up.state not in OPEN_STATES:
        raise InvalidTransition(f"{follow_up.number} tidak sedang berjalan.")
    before = {agency.id for agency in follow_up.supporters}
    if follow_up.agency_id in add:
        raise InvalidInput("Instansi ini sudah menjadi penanggung jawab.", "add")
    added = _active(set(add) - before)
    removed = [row for row in follow_up.supporters if row.id in set(remove) - set(add)]
    kept = [row for row in follow_up.supporters if row not in removed]
    if len(kept) + len(added) > MAX_SUPPORTERS:
        raise InvalidInput(f"Paling banyak {MAX_SUPPORTERS} instansi pendukung.", "add")
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


def _active(ids: Collection[int]) -> list[Agency]:
    found = list(db.session.scalars(select(Agency).where(Agency.id.in_(ids)).order_by(Agency.id)))
    if len(found) != len(ids) or not all(agency.is_active for agency in found):
        raise InvalidInput("Pilih instansi yang masih aktif.", "add")
    return found
