"""The one door through which a follow-up changes its state, round, lead or due time.

One call checks machine, policy, requirements and versions over rows loaded once, then writes the
new state, the event, the rounds and the notices: all of it, or nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import InvalidInput, InvalidTransition, NotPermitted, StaleVersion
from app.followups import machine, policy
from app.followups.labels import ACTION_LABELS, STATE_LABELS
from app.followups.machine import Action, State
from app.followups.models import MAX_WORDS, FollowUp, Opening, Outcome, Round
from app.followups.services import completeness, judging, leading, rounds
from app.followups.services.particulars import NOTHING_MORE, VERBS, Particulars
from app.history.services import record_all
from app.notifications.services import News, notify_all

OPENINGS = {
    Action.DISPATCH: Opening.DISPATCH,
    Action.RETURN: Opening.RETURN,
    Action.REOPEN: Opening.REOPEN,
}
NEEDS_WORDS = frozenset(
    {Action.RETURN, Action.REOPEN, Action.CANCEL, Action.REASSIGN, Action.EXTEND}
)
NEEDS_DUE = frozenset({Action.RETURN, Action.REOPEN, Action.EXTEND})
DECIDES = frozenset({Action.RETURN, Action.ACCEPT})
TEAM = "agency_team"


def perform(
    follow_up: FollowUp,
    action: Action,
    actor: Actor,
    particulars: Particulars = NOTHING_MORE,
    *,
    version: int | None = None,
) -> None:
    """Do one action to one follow-up. Raises as `perform_all` does."""
    versions = None if version is None else {follow_up.id: version}
    perform_all([follow_up], action, actor, particulars, versions=versions)


def perform_all(
    follow_ups: Sequence[FollowUp],
    action: Action,
    actor: Actor,
    particulars: Particulars = NOTHING_MORE,
    *,
    versions: dict[int, int] | None = None,
) -> None:
    """Do one action to follow-ups that are locked and loaded with their supporters.

    `versions` maps ids to the version that the person saw. Raises `NotPermitted`,
    `InvalidTransition`, `StaleVersion`, `InvalidInput`; then nothing has changed.
    """
    if not follow_ups:
        return
    change = _Change(action, actor, particulars, clock.now())
    for follow_up in follow_ups:
        change.check(follow_up, None if versions is None else versions.get(follow_up.id))
    change.check_particulars()
    change.check_answers(follow_ups)
    change.apply(follow_ups)


class _Change:
    """One action on many follow-ups, while it is carried out."""

    def __init__(
        self, action: Action, actor: Actor, particulars: Particulars, moment: datetime
    ) -> None:
        self.action = action
        self.actor = actor
        self.given = particulars
        self.moment = moment
        self.working: dict[int, Round] = {}

    # -- before anything changes

    def check(self, follow_up: FollowUp, version: int | None) -> None:
        """Refuse what machine, policy or a newer version forbid."""
        found = machine.transition(follow_up.state, self.action)
        if found is not None and not policy.is_on_side(self.actor, found.who, follow_up):
            raise NotPermitted(f"{ACTION_LABELS[self.action]} tidak dapat dilakukan akun ini.")
        if version is not None and version != follow_up.version:
            raise StaleVersion(
                f"{follow_up.number} sudah berubah sejak halaman ini dibuka: kini"
                f" {STATE_LABELS[follow_up.state].lower()}. Periksa kembali sebelum melanjutkan."
            )
        if found is None:
            raise InvalidTransition(
                f"{ACTION_LABELS[self.action]} tidak dapat dilakukan: {follow_up.number}"
                f" {STATE_LABELS[follow_up.state].lower()}."
            )
        holder = policy.holder(follow_up, self.moment)
        if self.action is Action.WITHDRAW and holder is not None:
            raise InvalidTransition(
                "Jawaban sedang diperiksa DP3A, sehingga tidak dapat ditarik kembali."
            )
        if self.action in DECIDES and holder not in (None, self.actor.user_id):
            raise StaleVersion("Jawaban ini sedang diperiksa petugas lain.")

    def check_particulars(self) -> None:
        """Refuse an action that lacks what it needs, at the field that lacks it."""
        given = self.given
        if len(given.words) > MAX_WORDS:
            raise InvalidInput(f"Paling panjang {MAX_WORDS} huruf.", "words")
        if self.action is Action.RETURN and not given.reason_ids:
            raise InvalidInput("Pilih paling sedikit satu alasan perbaikan.", "reasons")
        if self.action in NEEDS_WORDS and not given.words.strip():
            raise InvalidInput("Tuliskan alasannya dengan kata-kata.", "words")
        if self.action in NEEDS_DUE:
            if given.due_at is None:
                raise InvalidInput("Isi batas waktunya.", "due_on")
            if given.due_at <= self.moment:
                raise InvalidInput("Batas waktu harus sesudah saat ini.", "due_on")
        if self.action is Action.REASSIGN and given.agency_id is None:
            raise InvalidInput("Pilih instansi tujuan.", "agency")

    def check_answers(self, follow_ups: Sequence[FollowUp]) -> None:
        """Refuse to send what is not complete; keep the rounds that were found to be."""
        if self.action is Action.SUBMIT:
            self.working = completeness.complete_rounds(follow_ups)

    # -- the change itself

    def apply(self, follow_ups: Sequence[FollowUp]) -> None:
        """Write state, rounds, reviews, event and notices."""
        before = [(f.state, f.round_no, f.agency_id, f.due_at) for f in follow_ups]
        if self.action in DECIDES:
            judging.decide(follow_ups, self.actor, self.action, self.given, self.moment)
        elif self.action is Action.SUBMIT:
            rounds.freeze(follow_ups, self.working, self.actor, self.moment)
        elif self.action is Action.WITHDRAW:
            rounds.thaw(follow_ups)
        elif self.action is Action.UNDO:
            for follow_up in follow_ups:
                judging.undo(follow_up, self.actor, self.moment)
        for follow_up in follow_ups:
            self._move(follow_up)
        db.session.flush()
        if self.action in OPENINGS:
            words = self.given.words if self.action is Action.REOPEN else None
            rounds.open_next(follow_ups, OPENINGS[self.action], words, self.moment)
        elif self.action is Action.EXTEND and self.given.due_at is not None:
            rounds.extend(follow_ups, self.given.due_at)
        self._tell(follow_ups, before)

    def _move(self, follow_up: FollowUp) -> None:
        found = machine.TABLE[follow_up.state, self.action]
        state = machine.target(follow_up.state, self.action, follow_up.round_no)
        round_no = machine.next_round(follow_up.state, self.action, follow_up.round_no)
        if self.action in NEEDS_DUE and self.given.due_at is not None:
            follow_up.due_at = self.given.due_at
        if self.action is Action.REASSIGN and self.given.agency_id is not None:
            leading.hand_over(follow_up, self.given.agency_id)
        if state is not None and state is not follow_up.state:
            follow_up.state = state
            if self.action is not Action.UNDO:  # it waits since it was sent, not since then
                follow_up.state_since = self.moment
        follow_up.round_no = round_no
        accepts = self.action is Action.ACCEPT
        follow_up.outcome = self.given.outcome or Outcome.MET if accepts else None
        if self.action is not Action.EXTEND:
            follow_up.taken_by_id = None
            follow_up.taken_at = None
        if found.counts:
            follow_up.version += 1

    def _tell(
        self,
        follow_ups: Sequence[FollowUp],
        before: Sequence[tuple[State, int, int, datetime]],
    ) -> None:
        about = [
            {"follow_up_id": follow_up.id, "payload": self._payload(follow_up, was)}
            for follow_up, was in zip(follow_ups, before, strict=True)
        ]
        event_ids = record_all(self.actor, VERBS[self.action], about, at=self.moment)
        notify_all(
            [
                News(
                    event_id,
                    kind,
                    audience,
                    ids,
                    follow_up_id=follow_up.id,
                    meeting_id=self.given.meeting_id,
                    payload=self.given.told_about,
                )
                for follow_up, was, event_id in zip(follow_ups, before, event_ids, strict=True)
                for kind, audience, ids in self._news(follow_up, was)
            ]
        )

    def _payload(
        self, follow_up: FollowUp, was: tuple[State, int, int, datetime]
    ) -> dict[str, Any]:
        """Return what changed, small: enough to replay the row from its events."""
        payload: dict[str, Any] = {"round": follow_up.round_no}
        if follow_up.due_at != was[3] or self.action is Action.DISPATCH:
            payload["due_at"] = follow_up.due_at.isoformat()
            payload["due_was"] = was[3].isoformat()
        if follow_up.agency_id != was[2]:
            payload["agency_id"] = follow_up.agency_id
            payload["agency_was"] = was[2]
        if self.given.words and self.action not in DECIDES:
            payload["words"] = self.given.words.strip()
        if follow_up.outcome is not None:
            payload["outcome"] = follow_up.outcome.value
        if self.action is Action.SUBMIT and policy.acts_on_behalf(self.actor, follow_up):
            payload["on_behalf"] = True
            if self.given.by_word:
                payload["by_word"] = True
        return payload | self.given.place

    def _news(
        self, follow_up: FollowUp, was: tuple[State, int, int, datetime]
    ) -> list[tuple[str, str, dict[str, Any]]]:
        """Return what is owed: (mail kind, audience, ids of the event)."""
        if self.given.quiet:
            return []
        news = self._own_news(follow_up, was)
        if not self.given.told_as:
            return news
        return [(self.given.told_as, team, ids) for _, team, ids in news if team == TEAM]

    def _own_news(
        self, follow_up: FollowUp, was: tuple[State, int, int, datetime]
    ) -> list[tuple[str, str, dict[str, Any]]]:
        """Return what the action itself owes, in its own mail kind."""
        team = (TEAM, {"agency_id": follow_up.agency_id})
        if was[0] is State.DRAFT and self.action is not Action.DISPATCH:
            return []
        if self.action is Action.SUBMIT:
            if policy.acts_on_behalf(self.actor, follow_up):
                return [("collected", *team)]
            return [("submitted", "officers", {})]
        if self.action is Action.WITHDRAW:
            return [("withdrawn", "officers", {})]
        if self.action is Action.REASSIGN:
            return [
                ("reassigned", *team),
                ("reassigned", TEAM, {"agency_id": was[2]}),
            ]
        kind = MAIL_KINDS.get(self.action)
        return [] if kind is None else [(kind, *team)]


MAIL_KINDS = {
    Action.DISPATCH: "dispatched",
    Action.RETURN: "returned",
    Action.ACCEPT: "closed",
    Action.REOPEN: "reopened",
    Action.EXTEND: "extended",
    Action.CANCEL: "cancelled",
}
