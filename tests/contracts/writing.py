"""What the ledger asks of minutes while they are written."""

from collections.abc import Callable

from app.meetings.models import CarriedOutcome, Meeting
from tests.contracts.sending import Given, always
from tests.contracts.town import agency_of
from tests.factories.followups import FollowUpFactory
from tests.factories.meetings import (
    AgendaItemFactory,
    CarriedItemFactory,
    DecisionFactory,
    MeetingActionItemFactory,
)


def about_writing(meetings: dict[str, Meeting]) -> dict[str, Callable[[str], Given]]:
    """Return what is sent to one that goes on, and to one that ended with approved minutes."""
    meeting = meetings["invited"]
    here, ended = {"code": meeting.code}, {"code": meetings["ended"].code}
    item = AgendaItemFactory(meeting=meeting, title="Capaian data", notes="Dibahas.")
    decision = DecisionFactory(meeting=meeting, agenda_item=item)
    dinkes = agency_of("DINKES")
    action = MeetingActionItemFactory(meeting=meeting, agenda_item=item, agency=dinkes)
    carried = CarriedItemFactory(agenda_item=item, follow_up=FollowUpFactory(agency=dinkes))
    said = CarriedItemFactory(
        agenda_item=item, outcome=CarriedOutcome.KEEP, follow_up=FollowUpFactory(agency=dinkes)
    )
    elsewhere = DecisionFactory(meeting=meetings["draft"])
    agenda, words = {**here, "item_id": item.id}, {**here, "decision_id": decision.id}
    task, before = {**here, "item_id": action.id}, {**here, "carried_id": carried.id}
    seen = {"draft_no": "0", "edition": "0"}
    return {
        "meetings.minutes": always(here),
        "meetings.minutes:ended": always(ended),
        "meetings.screen": always(here),
        "meetings.screen:ended": always(ended),
        "meetings.save_minutes": always(here, opening="Rapat dibuka.", **seen),
        "meetings.save_notes": always(agenda, notes="Dinkes melapor.", **seen),
        "meetings.mark_agenda_item": always(agenda, outcome="discussed"),
        "meetings.add_decision": always(here, words="Data dikumpulkan.", agenda=str(item.id)),
        "meetings.save_decision": always(words, words="Disepakati.", **seen),
        "meetings.save_decision:elsewhere": always(
            {**here, "decision_id": elsewhere.id}, words="x", **seen
        ),
        "meetings.move_decision": always(words, nomor=""),
        "meetings.remove_decision": always(words),
        "meetings.add_action_item": always(here, title="Kirim data", agenda=str(item.id)),
        "meetings.save_action_item": always(task, title="Kirim data akhir", **seen),
        "meetings.move_action_item": always(task, nomor=""),
        "meetings.remove_action_item": always(task),
        "meetings.settle": always(before, outcome="keep", **seen),
        "meetings.unsettle": always({**here, "carried_id": said.id}, **seen),
    }
