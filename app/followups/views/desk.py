"""What can be done beside reading a follow-up: judge it, manage it, talk about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from app.core import clock, settings
from app.followups import answers, policy
from app.followups.forms.reviewing import (
    CommentForm,
    DueForm,
    PanelForm,
    ReviewForm,
    WordsForm,
    proposed_due,
    row_ids,
)
from app.followups.machine import Action, State
from app.followups.models import Decision, EvidenceOpening, Kind, Outcome, ReturnReason, Review
from app.followups.queries import detail, story
from app.followups.views import reading
from app.followups.views.presenting import FollowUpPage

WHOLE_QUEUE = "semua"
QUEUE_NAMES = frozenset({"q", "instansi", "klaster", "putaran", "lewat"})
MAX_QUEUE_TEXT = 600
MINUTE = timedelta(minutes=1)

REOPEN, EXTEND, CANCEL, COMMENT = "buka", "perpanjang", "batal", "komentar"


@dataclass(slots=True)
class Desk:
    """The forms beside a follow-up, as they are offered or as they came back."""

    page: FollowUpPage
    queue: str
    """The part of the queue that the officer works through; empty where none."""
    review: ReviewForm | None = None
    reasons: Sequence[ReturnReason] = ()
    is_own: bool = False
    """The officer sent the answer itself, and another one judges it."""
    openings: Sequence[EvidenceOpening] = ()
    panels: dict[str, PanelForm] = field(default_factory=dict)
    refused: str = ""
    """The panel that came back."""
    remarks: Mapping[int, str] = field(default_factory=dict)
    seen: int = 0
    """The last event that the page shows."""
    news: Sequence[dict[str, Any]] = ()
    """What happened while a form that came back was filled in."""

    @property
    def holder(self) -> str:
        """Return the name of another officer who has the submission now."""
        follow_up = self.page.follow_up
        held_by = policy.holder(follow_up, clock.now())
        if held_by in (None, self.page.actor.user_id) or follow_up.taken_by is None:
            return ""
        return follow_up.taken_by.name

    @property
    def holds(self) -> bool:
        """Tell whether the person has the submission."""
        held_by = policy.holder(self.page.follow_up, clock.now())
        return held_by is not None and held_by == self.page.actor.user_id

    @property
    def can_take(self) -> bool:
        """Tell whether the person may take the submission and has not."""
        may = policy.can_take(self.page.actor, self.page.follow_up, clock.now())
        return may and not self.holds and not self.is_own

    @property
    def can_judge(self) -> bool:
        """Tell whether a judgement is possible now."""
        return self.page.can(Action.ACCEPT) and not self.is_own

    @property
    def asks_outcome(self) -> bool:
        """Tell whether a judgement says what the answer amounts to: a question's does."""
        return self.page.follow_up.kind is Kind.INDICATOR

    @property
    def wanted(self) -> str:
        """Return the kinds of evidence that were asked for, in words."""
        return ", ".join(
            f"{slot.label} (wajib)" if slot.required else slot.label
            for slot in self.page.slots[:-1]
        )

    @property
    def stray_remarks(self) -> list[str]:
        """Return remarks that came back on pieces which the current round does not hold."""
        pieces = self.page.current.evidence if self.page.current else []
        known = {piece.id for piece in pieces}
        return [words for key, words in self.remarks.items() if key not in known and words.strip()]

    @property
    def undo_left(self) -> str:
        """Return how long the last decision can still be undone by the person; "" where not."""
        review = _last_decision(self.page)
        hold = settings.mail_hold()
        if review is None or not self.page.can(Action.UNDO):
            return ""
        if not policy.may_undo(self.page.actor, review, hold, clock.now()):
            return ""
        left = review.decided_at + hold - clock.now()
        minutes = round(left / MINUTE)
        return f"sekitar {minutes} menit lagi" if minutes else "kurang dari 1 menit lagi"

    def panel(self, key: str) -> PanelForm:
        """Return the form of a panel: as it came back, or empty."""
        if key not in self.panels:
            self.panels[key] = _blank(key)
        return self.panels[key]

    def can(self, key: str) -> bool:
        """Tell whether the person may do what a panel is for."""
        if key == COMMENT:
            return policy.can_comment(self.page.actor, self.page.follow_up)
        actions = {REOPEN: Action.REOPEN, EXTEND: Action.EXTEND, CANCEL: Action.CANCEL}
        return self.page.can(actions[key])

    @property
    def can_change_agencies(self) -> bool:
        """Tell whether lead or supporters can be changed by the person now."""
        under_way = self.page.follow_up.state in (State.ASSIGNED, State.SUBMITTED, State.RETURNED)
        return self.page.is_officer and under_way

    @property
    def can_collect(self) -> bool:
        """Tell whether the person may answer on the agency's behalf."""
        return self.page.can_answer and self.page.acts_on_behalf


def open_desk(page: FollowUpPage, queue: str = "", *, review: ReviewForm | None = None) -> Desk:
    """Return the desk of a page; `review` is a judgement that came back."""
    desk = Desk(
        page, queue if page.is_officer else "", seen=page.events[0].id if page.events else 0
    )
    if not page.is_officer:
        return desk
    if page.follow_up.state is State.SUBMITTED or review is not None:
        current = page.current
        own = current is not None and current.submitted_by_id == page.actor.user_id
        desk.is_own = own and detail.another_officer_exists(page.actor)
        desk.reasons = detail.return_reasons()
        desk.review = review if review is not None else _blank_review(page)
    if any(piece.restricted for round_ in page.rounds for piece in round_.evidence):
        desk.openings = story.openings_of(page.follow_up)
    return desk


def reopen_desk(
    page: FollowUpPage,
    given: Mapping[str, str],
    *,
    review: ReviewForm | None = None,
    panel: tuple[str, PanelForm] | None = None,
) -> Desk:
    """Return the desk with what was typed into the form that came back, and what happened since."""
    desk = open_desk(page, given.get("antrean", ""), review=review)
    if review is not None:
        desk.remarks = review.remarks(given)
    if panel is not None:
        desk.refused, desk.panels[panel[0]] = panel
    seen = whole(given.get("seen", ""), desk.seen)
    desk.news = reading.timeline([event for event in page.events if event.id > seen])
    return desk


def queue_text(arguments: Mapping[str, str]) -> str:
    """Write a part of the queue so that an address or a form can carry it."""
    return urlencode(arguments) or WHOLE_QUEUE


def queue_arguments(text: str) -> dict[str, str] | None:
    """Read what `queue_text` wrote; None where nobody works through the queue."""
    if not text:
        return None
    return {name: value for name, value in parse_qsl(text[:MAX_QUEUE_TEXT]) if name in QUEUE_NAMES}


def queue_url(arguments: Mapping[str, str], page: int = 1) -> str:
    """Return the address of a part of the queue."""
    given: dict[str, Any] = {**arguments, "hal": page if page > 1 else None}
    return url_for("followups.queue", **given)


def whole(text: str, otherwise: int = -1) -> int:
    """Read a whole number that a form carried."""
    return next(iter(row_ids([text])), otherwise)


def _last_decision(page: FollowUpPage) -> Review | None:
    if page.follow_up.state is State.RETURNED:
        return page.correction
    if page.current is None:
        return None
    live = reading.live_reviews(page.current)
    return next((review for review in live if review.decision is Decision.ACCEPT), None)


def _blank(key: str) -> PanelForm:
    if key in (REOPEN, EXTEND):
        return DueForm(formdata=None, prefix=f"{key}-", data={"due_on": proposed_due()})
    kind = CommentForm if key == COMMENT else WordsForm
    return kind(formdata=None, prefix=f"{key}-")


def _blank_review(page: FollowUpPage) -> ReviewForm:
    current = page.current
    negative = current is not None and answers.is_negative(page.spec, current.answer)
    outcome = Outcome.UNAVAILABLE if negative else Outcome.MET
    data = {"due_on": proposed_due(), "outcome": outcome.value}
    return ReviewForm(formdata=None, data=data)
