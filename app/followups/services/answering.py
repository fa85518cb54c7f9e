"""Send an answer to DP3A."""

from app.core.actor import Actor
from app.followups.machine import Action
from app.followups.models import FollowUp
from app.followups.services.perform import perform


def submit(follow_up: FollowUp, actor: Actor, *, version: int | None) -> None:
    """Send the working copy of a locked follow-up.

    Raises as `perform` does, `InvalidInput` with `faults` by field for all that is missing.
    """
    perform(follow_up, Action.SUBMIT, actor, version=version)
