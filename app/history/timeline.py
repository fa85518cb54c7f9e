"""Events as a page tells them: when, what, by whom. What else there is to say, each room says."""

from app.core.formatting import moment
from app.history.models import Event


def told(event: Event, title: str, detail: str = "") -> dict[str, str]:
    """Return an event for the macro `timeline`, with its actor as it was then."""
    return {
        "at": moment(event.at),
        "iso": event.at.isoformat(),
        "title": title,
        "who": ", ".join(part for part in (event.actor_name, event.actor_duty) if part),
        "detail": detail,
    }
