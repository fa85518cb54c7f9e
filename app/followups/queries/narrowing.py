"""What a list of follow-ups is narrowed to, as a value and as conditions of a query.

Every condition is on the follow-up's own row, or a subquery on it: so one query counts what any
of them leaves, and none needs a join.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select, true

from app.agencies.models import Agency
from app.core import search
from app.core.actor import Actor
from app.followups import numbering, policy
from app.followups.machine import AT_AGENCY, OPEN_STATES, State
from app.followups.models import FollowUp, FollowUpSupporter, Kind
from app.followups.queries.visibility import visible_to
from app.instruments.models import Cluster, Indicator, Question


class Place(StrEnum):
    """At whose desk a follow-up lies."""

    AGENCY = "instansi"
    REVIEWER = "dp3a"
    DONE = "selesai"


class Part(StrEnum):
    """What an agency is to a follow-up."""

    LEAD = "penanggung-jawab"
    SUPPORTER = "pendukung"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The evaluation whose work is looked at: its id and its year."""

    id: int
    year: int
    is_latest: bool = True


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to. Nothing given leaves everything that the person sees.

    `cycle` None means all evaluations. `state`, `place`, `overdue` are what the counts on top of
    the list stand for: those leave them aside.
    """

    cycle: Evaluation | None = None
    words: str = ""
    agency_ids: tuple[int, ...] = ()
    part: Part | None = None
    cluster: str | None = None
    indicator: str | None = None
    kind: Kind | None = None
    round_from: int | None = None
    state: State | None = None
    place: Place | None = None
    overdue: bool = False
    basis_url: str = ""
    """Where it was decided: an address, or all that stands under one ("/rapat/RK-2026-02")."""


PLACES = {
    Place.AGENCY: AT_AGENCY,
    Place.REVIEWER: frozenset({State.SUBMITTED}),
    Place.DONE: frozenset({State.CLOSED}),
}


IS_AT_AGENCY = FollowUp.state.in_(sorted(AT_AGENCY))


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Return the condition that the agency's time is over. `position.is_overdue` in SQL."""
    return and_(IS_AT_AGENCY, FollowUp.due_at < now)


def of_cycle(cycle: Evaluation | None) -> ColumnElement[bool]:
    """Return the condition that a follow-up is work of an evaluation.

    What belongs to none is work of the latest one as long as it is open, and in its own year.
    """
    if cycle is None:
        return true()
    if not cycle.is_latest:
        return FollowUp.cycle_id == cycle.id
    unfinished = sorted(OPEN_STATES | {State.DRAFT})
    loose = or_(FollowUp.state.in_(unfinished), FollowUp.year >= cycle.year)
    return or_(FollowUp.cycle_id == cycle.id, and_(FollowUp.cycle_id.is_(None), loose))


def base(narrowing: Narrowing, actor: Actor) -> ColumnElement[bool]:
    """Return the condition without what the counts stand for, for what the person sees."""
    conditions = [visible_to(actor), of_cycle(narrowing.cycle), _words(narrowing.words)]
    conditions.append(_agency(narrowing, actor))
    if narrowing.cluster is not None or narrowing.indicator is not None:
        conditions.append(_questions(narrowing))
    if narrowing.kind is not None:
        conditions.append(FollowUp.kind == narrowing.kind)
    if narrowing.round_from is not None:
        conditions.append(FollowUp.round_no >= narrowing.round_from)
    if narrowing.basis_url:
        conditions.append(rests_on(narrowing.basis_url))
    return and_(*conditions)


def rests_on(address: str) -> ColumnElement[bool]:
    """Return the condition that a follow-up's basis is an address, or a place on that page.

    As ranges, which an index serves: "$" and "0" are the signs after "#" and "/".
    """
    url = FollowUp.basis_url
    below = [and_(url >= address + sign, url < address + end) for sign, end in ("#$", "/0")]
    return or_(url == address, *below)


def counted(narrowing: Narrowing, now: datetime) -> ColumnElement[bool]:
    """Return the condition of what the counts stand for: state, place, overdue."""
    conditions: list[ColumnElement[bool]] = [true()]
    if narrowing.state is not None:
        conditions.append(FollowUp.state == narrowing.state)
    if narrowing.place is not None:
        conditions.append(FollowUp.state.in_(sorted(PLACES[narrowing.place])))
    if narrowing.overdue:
        conditions.append(is_overdue(now))
    return and_(*conditions)


_REF = re.compile(r"\d{1,2}[a-z]?(\.\d+[a-z]?)+")


def _words(words: str) -> ColumnElement[bool]:
    """Look for words, for a number ("TL-2026-0123") or the instrument's own ("16.1")."""
    number = numbering.parse(words)
    if number is not None:
        return and_(FollowUp.year == number[0], FollowUp.seq == number[1])
    terms = search.searchable(words).split()[: search.MAX_WORDS]
    found = [or_(search.matches(FollowUp.search_text, term), _led_by(term)) for term in terms]
    for ref in terms:
        if _REF.fullmatch(ref):  # "1.1" means 1.1 and 1.1a, not 21.1
            starts = FollowUp.search_text.startswith(ref, autoescape=True)
            found.append(or_(starts, FollowUp.search_text.contains(f" {ref}", autoescape=True)))
    return and_(true(), *found)


def _led_by(term: str) -> ColumnElement[bool]:
    """Find work by what its lead agency is called *now*: name, code or any of its spellings."""
    called = select(Agency.id).where(search.matches(Agency.search_text, term))
    return FollowUp.agency_id.in_(called)


def _agency(narrowing: Narrowing, actor: Actor) -> ColumnElement[bool]:
    """Narrow to agencies: those named, or the person's own where only the part is."""
    reads_all = policy.is_reader_of_all(actor)
    agencies = narrowing.agency_ids
    if not agencies:
        if narrowing.part is None or not actor.agency_ids:
            return true()
        agencies = tuple(sorted(actor.agency_ids))
    leads = FollowUp.agency_id.in_(agencies)
    supports = FollowUp.id.in_(
        select(FollowUpSupporter.follow_up_id).where(FollowUpSupporter.agency_id.in_(agencies))
    )
    if narrowing.part is Part.SUPPORTER:
        return supports
    if narrowing.part is Part.LEAD or reads_all:
        return leads
    return or_(leads, supports)


def _questions(narrowing: Narrowing) -> ColumnElement[bool]:
    questions = select(Question.id).join(Question.indicator)
    if narrowing.cluster is not None:
        questions = questions.join(Indicator.cluster).where(Cluster.code == narrowing.cluster)
    if narrowing.indicator is not None:
        questions = questions.where(Indicator.number == narrowing.indicator)
    return FollowUp.question_id.in_(questions)
