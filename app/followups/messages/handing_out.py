"""What an agency is told when work comes to it, moves, or goes away."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.followups.machine import AT_AGENCY, State
from app.followups.messages.told import Told, about, tell
from app.notifications.models import Notice
from app.notifications.registry import Recipient


def dispatched(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say what is asked and until when; not of what was cancelled or moved on since."""
    return about(tell(notices, _is_still_theirs))


def reassigned(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Tell the new lead what it owes, and the old one that it no longer does."""
    gained = tell(notices, lambda told: _comes(told) and _is_still_theirs(told))
    here = {told.follow_up.id for told in gained}
    lost = tell(notices, lambda told: not _comes(told) and told.follow_up.id not in here)
    return about([*gained, *lost], gained=gained, lost=lost)


def extended(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say the new due time and why; only while it is the agency's turn."""
    return about(tell(notices, lambda told: told.follow_up.state in AT_AGENCY))


def cancelled(_recipient: Recipient, notices: Sequence[Notice]) -> Mapping[str, Any] | None:
    """Say that nothing is owed any more, and why."""
    return about(tell(notices, lambda told: told.follow_up.state is State.CANCELLED))


def _is_still_theirs(told: Told) -> bool:
    if told.follow_up.state is State.CANCELLED:
        return False
    return told.notice.audience_ids.get("agency_id") in (None, told.follow_up.agency_id)


def _comes(told: Told) -> bool:
    return told.notice.audience_ids.get("agency_id") == told.event.payload.get("agency_id")
