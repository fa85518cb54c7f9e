"""The history of evaluations as pages show it."""

from collections.abc import Sequence
from datetime import date

from app.core.formatting import number, short_date
from app.history.models import Event
from app.history.timeline import told
from app.instruments.labels import EVENT_LABELS, STAGE_LABELS
from app.instruments.models import StageCode


def timeline_of(events: Sequence[Event]) -> list[dict[str, str]]:
    """Return the history of an evaluation for the macro `timeline`."""
    return [
        told(event, EVENT_LABELS.get(event.verb, event.verb), _detail(event)) for event in events
    ]


def _detail(event: Event) -> str:
    known = event.payload
    match event.verb:
        case "cycle_created":
            return f"Dengan instrumen {known['instrument']}"
        case "cycle_changed":
            said = [
                f"Instrumen {known['instrument']}",
                f"Predikat yang dituju: {known['target'] or 'belum ditentukan'}",
            ]
            dated = [code for code in StageCode if code in known["stages"]]
            return "\n".join([*said, *(_stage(code, *known["stages"][code]) for code in dated)])
        case "follow_ups_handed_out":
            sent, agencies = number(known["sent"]), number(known["agencies"])
            return f"{sent} permintaan dikirim ke {agencies} instansi"
        case _:
            return ""


def _stage(code: StageCode, starts_on: str, ends_on: str) -> str:
    days = dict.fromkeys(short_date(date.fromisoformat(day)) for day in (starts_on, ends_on))
    return f"{STAGE_LABELS[code]}: {' sampai '.join(days)}"
