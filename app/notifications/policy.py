"""Who may do what with a mail. The same function hides the button and guards the service."""

from app.core.actor import Actor
from app.notifications.models import Fate, OutgoingMail

READ = "outbox:read"
RESEND = "outbox:resend"
"""Codes of permissions: this room lies below the one that keeps their table."""


def can_send_again(actor: Actor, mail: OutgoingMail, *, confidential: bool) -> bool:
    """Tell whether a mail can be queued once more: not on its way, and its words are known.

    A confidential mail is asked for anew by whom it concerns: its words are gone.
    """
    return actor.has(RESEND) and mail.fate is not Fate.QUEUED and not confidential
