"""Hand the questions of an instrument out to the agencies that hold the data: set-based."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput
from app.followups.machine import Action, State
from app.followups.models import FollowUp, Kind
from app.followups.queries.detail import lock_all
from app.followups.queries.handing_out import HANDED_OUT, Standing, Target, allocate
from app.followups.services.making import Draft, make
from app.followups.services.perform import perform_all
from app.followups.services.wording import listed
from app.history.services import record
from app.instruments.models import Cycle


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning came to: new drafts, drafts that were there, and what was sent before."""

    created: list[int]
    drafts: list[int]
    skipped: int
    leaderless: int


def plan(
    cycle: Cycle,
    question_ids: Collection[int],
    due_by_cluster: Mapping[int, datetime],
    actor: Actor,
) -> Planned:
    """Make a draft of each question for each agency that it asks, in a locked cycle.

    `due_by_cluster` maps the id of each cluster chosen from to its due time. What is alive for an
    agency already is left alone. Raises `InvalidInput` where a due time is missing or past.
    """
    allocation = allocate(cycle, question_ids)
    new = allocation.of(Standing.NEW)
    _check_dues(new, due_by_cluster)
    return Planned(
        created=_create(cycle, new, due_by_cluster, actor),
        drafts=allocation.draft_ids,
        skipped=len(allocation.of(Standing.LIVE)),
        leaderless=len(allocation.leaderless),
    )


def hand_out(
    cycle: Cycle,
    question_ids: Collection[int],
    due_by_cluster: Mapping[int, datetime],
    actor: Actor,
    *,
    send: bool,
) -> int:
    """Make drafts; `send` dispatches them and those that were there. Return the event's id."""
    planned = plan(cycle, question_ids, due_by_cluster, actor)
    sent = dispatch([*planned.created, *planned.drafts], actor) if send else []
    return _note(cycle, actor, sent, planned=planned)


def dispatch_drafts(cycle: Cycle, follow_up_ids: Collection[int], actor: Actor) -> int:
    """Send drafts of a locked cycle to their agencies. Return the event's id.

    What was sent or cancelled meanwhile is left alone. Raises `InvalidInput` where nothing was
    chosen, or something is due already.
    """
    if not follow_up_ids:
        raise InvalidInput("Pilih paling sedikit satu konsep.", "drafts")
    return _note(cycle, actor, dispatch(follow_up_ids, actor, cycle_id=cycle.id))


def dispatch(
    follow_up_ids: Collection[int], actor: Actor, *, cycle_id: int | None = None
) -> list[FollowUp]:
    """Lock drafts and send them; return those that were still drafts."""
    drafts = [
        follow_up
        for follow_up in lock_all(sorted(follow_up_ids))
        if follow_up.state is State.DRAFT and cycle_id in (None, follow_up.cycle_id)
    ]
    moment = clock.now()
    late = [follow_up.number for follow_up in drafts if follow_up.due_at <= moment]
    if late:
        raise InvalidInput(
            f"Batas waktunya sudah lewat: {listed(late)}. Ubah dahulu batas waktunya.", "drafts"
        )
    perform_all(drafts, Action.DISPATCH, actor)
    return drafts


def _check_dues(targets: Sequence[Target], due_by_cluster: Mapping[int, datetime]) -> None:
    moment = clock.now()
    clusters = {
        target.question.indicator.cluster.id: target.question.indicator.cluster
        for target in targets
    }
    for cluster in clusters.values():
        due_at = due_by_cluster.get(cluster.id)
        if due_at is None:
            raise InvalidInput(f"Isi batas waktu {cluster.name}.", "due_on")
        if due_at <= moment:
            raise InvalidInput(f"Batas waktu {cluster.name} harus sesudah saat ini.", "due_on")


def _create(
    cycle: Cycle, targets: Sequence[Target], due_by_cluster: Mapping[int, datetime], actor: Actor
) -> list[int]:
    drafts = [
        Draft(
            kind=Kind.INDICATOR,
            agency_id=target.agency.id,
            supporter_ids=target.supporter_ids,
            title=target.title,
            cycle_id=cycle.id,
            question_id=target.question.id,
            ref=target.question.ref,
            answer_type=target.answer_type,
            due_at=due_by_cluster[target.question.indicator.cluster.id],
        )
        for target in targets
    ]
    return make(drafts, actor)


def _note(
    cycle: Cycle, actor: Actor, sent: Sequence[FollowUp], *, planned: Planned | None = None
) -> int:
    return record(
        actor,
        HANDED_OUT,
        cycle_id=cycle.id,
        sent=len(sent),
        agencies=len({follow_up.agency_id for follow_up in sent}),
        created=len(planned.created) if planned else 0,
        skipped=planned.skipped if planned else 0,
        leaderless=planned.leaderless if planned else 0,
    )
