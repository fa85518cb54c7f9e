"""What every change of a meeting asks first: may this person, is it open, is the page current."""

from app.core.actor import Actor
from app.core.errors import InvalidTransition, NotPermitted, StaleVersion
from app.meetings import labels, policy
from app.meetings.models import Meeting, MeetingState

CHANGED = "Rapat ini berubah sejak halaman dibuka. Periksa sekali lagi."


def require_manager(actor: Actor) -> None:
    """Refuse whoever does not prepare meetings and write their minutes. Raises `NotPermitted`."""
    if not policy.can_manage(actor):
        raise NotPermitted("Rapat disiapkan dan dicatat oleh petugas DP3A.")


def require_open(meeting: Meeting, actor: Actor, what: str) -> None:
    """Refuse to prepare a meeting that is over; `what` of it is in the words ("agendanya").

    Raises `NotPermitted` or `InvalidTransition`.
    """
    require_manager(actor)
    if not policy.can_prepare(actor, meeting):
        state = labels.STATE_LABELS[meeting.state].lower()
        raise InvalidTransition(
            f"Rapat ini sudah {state}, sehingga {what} tidak dapat diubah lagi."
        )


def require_writable(meeting: Meeting, actor: Actor, what: str = "isinya") -> None:
    """Refuse to write minutes that are not being written, or what goes with them.

    Raises `NotPermitted`, or `InvalidTransition` where they were submitted or approved.
    """
    require_manager(actor)
    if policy.can_write(actor, meeting):
        return
    if meeting.state is MeetingState.CANCELLED:
        raise InvalidTransition(f"Rapat ini dibatalkan, sehingga {what} tidak dapat diubah lagi.")
    raise InvalidTransition(
        f"Notulen ini sudah diajukan atau disahkan, sehingga {what} tidak dapat diubah lagi."
    )


def require_version(meeting: Meeting, version: int, words: str = CHANGED) -> None:
    """Refuse what was decided on an older page. Raises `StaleVersion`."""
    if meeting.version != version:
        raise StaleVersion(words)
