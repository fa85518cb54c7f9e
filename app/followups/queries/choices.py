"""What the filters of the list can be set to, for this person."""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import func, select

from app.agencies.models import Agency, AgencyAlias, spelling_key
from app.core.actor import Actor
from app.core.db import db
from app.followups import policy
from app.followups.models import FollowUp
from app.followups.queries.narrowing import Evaluation, rests_on
from app.followups.queries.visibility import visible_to
from app.instruments.models import Cluster, Cycle, Indicator

SEPARATOR = ", "
"""Between what a basis names, the widest first: "Rapat Koordinasi I, Agenda 2, Keputusan 3"."""


class AgencyChoice(NamedTuple):
    """An agency to choose, with the spellings that an address may name it by."""

    id: int
    code: str
    short_name: str
    name: str

    def is_called(self, text: str) -> bool:
        """Tell whether a text names this agency: its code, short name or name, as matched."""
        own = {spelling_key(said) for said in (self.code, self.short_name, self.name)}
        return spelling_key(text) in own


class IndicatorChoice(NamedTuple):
    """An indicator to choose, and the cluster that it is in."""

    cluster: str
    cluster_name: str
    number: str
    title: str


def evaluations() -> Sequence[Evaluation]:
    """Return the evaluations, the latest first."""
    found = db.session.execute(select(Cycle.id, Cycle.year).order_by(Cycle.year.desc())).all()
    return [
        Evaluation(cycle_id, year, is_latest=at == 0) for at, (cycle_id, year) in enumerate(found)
    ]


def basis_called(address: str, actor: Actor) -> str:
    """Return what a basis is called in words; "" where nothing that the person sees does.

    Of several, what their words begin with alike: that is the page on which they stand.
    """
    first, last = db.session.execute(
        select(func.min(FollowUp.basis), func.max(FollowUp.basis)).where(
            visible_to(actor), rests_on(address)
        )
    ).one()
    pieces = zip((first or "").split(SEPARATOR), (last or "").split(SEPARATOR), strict=False)
    return SEPARATOR.join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pieces))


def indicators(evaluation: Evaluation | None) -> Sequence[IndicatorChoice]:
    """Return the indicators of an evaluation's instrument in their order; none without one."""
    if evaluation is None:
        return []
    found = db.session.execute(
        select(Cluster.code, Cluster.name, Indicator.number, Indicator.short_title)
        .join(Indicator.cluster)
        .join(Cycle, Cycle.instrument_id == Cluster.instrument_id)
        .where(Cycle.id == evaluation.id)
        .order_by(Cluster.position, Indicator.position, Indicator.id)
    )
    return [IndicatorChoice(*row) for row in found]


def agencies(actor: Actor) -> Sequence[AgencyChoice]:
    """Return the agencies that a person may choose between, by name: all, or its own."""
    statement = select(Agency.id, Agency.code, Agency.short_name, Agency.name).order_by(
        Agency.short_name, Agency.id
    )
    if not policy.is_reader_of_all(actor):
        statement = statement.where(Agency.id.in_(sorted(actor.agency_ids)))
    return [AgencyChoice(*row) for row in db.session.execute(statement)]


def code_called(text: str, offered: Sequence[AgencyChoice]) -> str | None:
    """Return the code of the agency on offer that a text names, by any of its spellings."""
    for agency in offered:
        if agency.is_called(text):
            return agency.code
    alias = select(AgencyAlias.agency_id).where(AgencyAlias.key == spelling_key(text))
    meant = db.session.scalar(alias)
    return next((agency.code for agency in offered if agency.id == meant), None)
