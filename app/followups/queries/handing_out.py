"""What can be handed out in a cycle, to whom, and what was already."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.agencies.models import Agency, AgencyGroup, Duty, Membership
from app.core.db import db
from app.core.errors import NotVisible
from app.core.pagination import PAGE_SIZE, Page, clamp
from app.followups.machine import State
from app.followups.models import FollowUp
from app.history.models import Event
from app.instruments.models import (
    AnswerType,
    Cluster,
    Cycle,
    Indicator,
    Question,
    QuestionAgency,
    Respondents,
)

HANDED_OUT = "follow_ups_handed_out"
EACH = {Respondents.EACH_KECAMATAN: "kecamatan", Respondents.EACH_DESA: "desa"}
"""The kind of agency that is asked, where each of a kind is."""


def current_cycle_id() -> int | None:
    """Return the cycle that work done now belongs to: the latest; None before the first."""
    return db.session.scalar(select(Cycle.id).order_by(Cycle.year.desc()).limit(1))


def get_event(cycle: Cycle, event_id: int) -> Event:
    """Return what a handing-out in the cycle came to. Raises `NotVisible`."""
    event = db.session.scalar(
        select(Event).where(
            Event.id == event_id, Event.cycle_id == cycle.id, Event.verb == HANDED_OUT
        )
    )
    if event is None:
        raise NotVisible
    return event


# -- The questions to choose from


def questions_of(cycle: Cycle, ids: Collection[int] | None = None) -> Sequence[Question]:
    """Return questions of the cycle's instrument, in its order, with cluster and agencies."""
    statement: Select[Question] = (
        select(Question)
        .join(Question.indicator)
        .join(Indicator.cluster)
        .where(Question.instrument_id == cycle.instrument_id)
        .options(
            contains_eager(Question.indicator).contains_eager(Indicator.cluster),
            selectinload(Question.question_agencies).joinedload(QuestionAgency.agency),
        )
        .order_by(Cluster.position, Indicator.position, Question.position, Question.id)
    )
    if ids is not None:
        statement = statement.where(Question.id.in_(ids))
    return db.session.scalars(statement).all()


def clusters_of(cycle: Cycle) -> Sequence[Cluster]:
    """Return the clusters of the cycle's instrument, in its order."""
    return db.session.scalars(
        select(Cluster)
        .where(Cluster.instrument_id == cycle.instrument_id)
        .order_by(Cluster.position, Cluster.id)
    ).all()


def handed_out_counts(cycle: Cycle) -> Mapping[int, tuple[int, int]]:
    """Return `{question id: (sent, drafts)}` of what is alive in the cycle."""
    is_draft = case((FollowUp.state == State.DRAFT, 1), else_=0)
    rows = db.session.execute(
        select(FollowUp.question_id, func.count() - func.sum(is_draft), func.sum(is_draft))
        .where(
            FollowUp.cycle_id == cycle.id,
            FollowUp.question_id.is_not(None),
            FollowUp.state != State.CANCELLED,
        )
        .group_by(FollowUp.question_id)
    )
    return {question_id: (sent, drafts) for question_id, sent, drafts in rows}


# -- Who would get what


class Standing(StrEnum):
    """What there is already of a question for an agency."""

    NEW = "new"
    DRAFT = "draft"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Target:
    """One question asked of one agency; `follow_up_id` names the draft that there is already."""

    question: Question
    agency: Agency
    supporter_ids: tuple[int, ...]
    standing: Standing
    follow_up_id: int | None = None

    @property
    def is_one_of_each(self) -> bool:
        """Tell whether one kecamatan or desa is asked among all."""
        return self.question.respondents in EACH

    @property
    def title(self) -> str:
        """Return the wording for this agency."""
        unit_text = self.question.unit_text if self.is_one_of_each else None
        return unit_text or self.question.text

    @property
    def answer_type(self) -> AnswerType:
        """Return how it is answered: a count asked of one kecamatan is a yes or no."""
        question = self.question
        if self.is_one_of_each and question.counts and question.unit_text:
            return AnswerType.YES_NO
        return question.answer_type


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who would get what of the questions chosen."""

    targets: list[Target] = field(default_factory=list)
    leaderless: list[Question] = field(default_factory=list)
    """Nobody can be asked: no active agency leads them (a group never does)."""

    def of(self, standing: Standing) -> list[Target]:
        """Return the targets of which there is this already."""
        return [target for target in self.targets if target.standing is standing]

    @property
    def draft_ids(self) -> list[int]:
        """Return the ids of the drafts that there are already."""
        drafts = self.of(Standing.DRAFT)
        return [target.follow_up_id for target in drafts if target.follow_up_id is not None]


def allocate(cycle: Cycle, question_ids: Collection[int]) -> Allocation:
    """Return who would get what. Five queries, however many questions and agencies."""
    questions = questions_of(cycle, question_ids)
    each = _active_by_kind()
    existing = _existing(cycle, question_ids)
    allocation = Allocation()
    for question in questions:
        named = [row.agency for row in question.question_agencies]
        kind = EACH.get(question.respondents)
        asked = each.get(kind, []) if kind else _lead(named)
        if not asked:
            allocation.leaderless.append(question)
        alive = existing.get(question.id, {})
        for agency in asked:
            # A question asked of one agency may have been handed on since: it is not asked twice.
            found = alive.get(agency.id) if kind else next(iter(alive.values()), None)
            allocation.targets.append(_target(question, agency, named, found))
    return allocation


def _target(
    question: Question,
    agency: Agency,
    named: Sequence[Agency],
    found: tuple[int, State, Agency] | None,
) -> Target:
    standing, follow_up_id = Standing.NEW, None
    if found is not None:
        follow_up_id, state, agency = found
        standing = Standing.DRAFT if state is State.DRAFT else Standing.LIVE
    supporters = tuple(
        dict.fromkeys(
            other.id for other in named if other.id != agency.id and other.deactivated_at is None
        )
    )
    return Target(question, agency, supporters, standing, follow_up_id)


def _lead(named: Sequence[Agency]) -> list[Agency]:
    return [named[0]] if named and named[0].deactivated_at is None else []


def _active_by_kind() -> dict[str, list[Agency]]:
    found: dict[str, list[Agency]] = {}
    for agency in db.session.scalars(
        select(Agency)
        .where(Agency.kind.in_(EACH.values()), Agency.deactivated_at.is_(None))
        .order_by(Agency.short_name, Agency.id)
    ):
        found.setdefault(agency.kind, []).append(agency)
    return found


def _existing(
    cycle: Cycle, question_ids: Collection[int]
) -> dict[int, dict[int, tuple[int, State, Agency]]]:
    """Return what is alive: `{question id: {agency id: (follow-up id, state, agency)}}`."""
    found: dict[int, dict[int, tuple[int, State, Agency]]] = {}
    for follow_up_id, question_id, state, agency in db.session.execute(
        select(FollowUp.id, FollowUp.question_id, FollowUp.state, Agency)
        .join(FollowUp.agency)
        .where(
            FollowUp.cycle_id == cycle.id,
            FollowUp.question_id.in_(question_ids),
            FollowUp.state != State.CANCELLED,
        )
        .order_by(FollowUp.id)
    ):
        if question_id is not None:
            found.setdefault(question_id, {})[agency.id] = (follow_up_id, state, agency)
    return found


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether the mail of an agency has somebody to go to."""

    focal_points: int
    with_mail: int


def reach_of(agency_ids: Collection[int]) -> Mapping[int, Reach]:
    """Return how each agency can be reached today; one that is left out has nobody."""
    rows = db.session.execute(
        select(Membership.agency_id, func.count(), func.count(User.email))
        .join(Membership.user)
        .where(
            Membership.agency_id.in_(agency_ids),
            Membership.duty.in_((Duty.FOCAL_POINT, Duty.DEPUTY)),
            Membership.ended_at.is_(None),
            User.deactivated_at.is_(None),
        )
        .group_by(Membership.agency_id)
    )
    return {agency_id: Reach(people, with_mail) for agency_id, people, with_mail in rows}


def group_names() -> Mapping[str, str]:
    """Return the names of groups of agencies by code."""
    return {group.code: group.name for group in db.session.scalars(select(AgencyGroup))}


@dataclass(slots=True)
class Share:
    """What one agency would get: how many of each cluster."""

    agency: Agency
    reach: Reach
    by_cluster: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Return how many questions it would get."""
        return self.by_cluster.total()


def shares_of(targets: Sequence[Target]) -> list[Share]:
    """Return the targets by agency, most first."""
    reach = reach_of({target.agency.id for target in targets})
    shares: dict[int, Share] = {}
    for target in targets:
        agency = target.agency
        share = shares.setdefault(agency.id, Share(agency, reach.get(agency.id, Reach(0, 0))))
        share.by_cluster[target.question.indicator.cluster.code] += 1
    return sorted(shares.values(), key=lambda share: (-share.total, share.agency.short_name))


# -- Drafts that wait


def _drafts(cycle: Cycle) -> Select[FollowUp]:
    return select(FollowUp).where(FollowUp.cycle_id == cycle.id, FollowUp.state == State.DRAFT)


def draft_ids(cycle: Cycle, up_to: int | None = None) -> Sequence[int]:
    """Return the ids of the cycle's drafts; `up_to` leaves out those made after one was shown."""
    statement = _drafts(cycle).with_only_columns(FollowUp.id)
    if up_to is not None:
        statement = statement.where(FollowUp.id <= up_to)
    return db.session.scalars(statement.order_by(FollowUp.id)).all()


def draft_count(cycle: Cycle) -> int:
    """Return how many drafts of the cycle wait."""
    return db.session.scalar(_drafts(cycle).with_only_columns(func.count())) or 0


def draft_page(cycle: Cycle, number: int) -> Page[FollowUp]:
    """Return a page of the cycle's drafts, in the instrument's order, action items first."""
    total = draft_count(cycle)
    number = clamp(number, total)
    rows = db.session.scalars(
        _drafts(cycle)
        .outerjoin(FollowUp.question)
        .order_by(func.coalesce(Question.position, -1), FollowUp.year, FollowUp.seq)
        .options(
            joinedload(FollowUp.agency),
            contains_eager(FollowUp.question),
            selectinload(FollowUp.supporters),
        )
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    return Page(rows, number, total)
